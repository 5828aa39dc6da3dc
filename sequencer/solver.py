"""Solving: level after level, each plan checked twice before it leaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from sequencer.audit import audit, price
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.errors import Disagreement
from sequencer.explain.conflict import closed_packages, together
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.interrupt import listening
from sequencer.objective import HOLLOW, distance, goals
from sequencer.outcome import SEED, Level, Limits, Outcome, Status
from sequencer.problem import Cell, Problem, Term
from sequencer.timetable import Choices

#: Part of the time left that a level may use when others follow.
SHARE = 2 / 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come: the level being solved, its best plan and bound (None while unknown)."""

    term: str
    unit: str
    value: int | None
    bound: int | None
    seconds: float


def solve(
    instance: Instance,
    *,
    objective: Sequence[Goal | str] | None = None,
    limits: Limits | None = None,
    near: Choices | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Find the best timetable, proven if time allows; among equally good ones the cheapest, as far as time allows.

    Parameters
    ----------
    instance : Instance
        Left unchanged.
    objective : sequence of Goal or str, optional
        Terms in order of importance; a name alone has tolerance 0. Default: the plan's.
    limits : Limits, optional
        For the whole solve. Default: ``Limits()``.
    near : mapping of str to Choice, optional
        An earlier timetable, or part of one: among equally good and cheap timetables the one nearest to it is chosen.
    progress : callable, optional
        Called with every better plan and bound, on a thread of the solver.

    Returns
    -------
    Outcome
        Whatever is known when the search ends, also by Ctrl-C: infeasible and unknown are answers.

    Raises
    ------
    UsageError
        If a term is unknown, doubled, or lacks its data in the instance.
    Disagreement
        If a plan fails the re-check by the rules or by the audit.

    Notes
    -----
    Terms are minimised in order; term i under ``f_j <= v_j + tolerance_j`` for all j < i, v_j the best value found
    (models/problem.md, section 6).
    """
    with listening() as stop:
        problem = compile_instance(instance)
        wanted = goals(problem, instance.plan.objective if objective is None else objective)
        search_ = _Levels(problem, wanted, limits or Limits(), progress, stop)
        search_.notes = closed_packages(instance, problem)
        status = Status.INFEASIBLE if search_.notes else search_.run()
        if status is Status.OPTIMAL:
            search_.tidy(near or {})
        if status is Status.INFEASIBLE and not search_.notes:
            search_.notes = together(problem, search_.limits, stop)
        search_.notes += tuple(HOLLOW[term.name] for term, _ in wanted if not term.tables)
    choices = values = None
    if search_.cells is not None:
        choices = problem.choices(search_.cells)
        values = recheck(instance, problem, search_.cells, choices)
    return Outcome(
        status=status,
        instance=instance,
        problem=problem,
        choices=choices,
        levels=search_.levels(values),
        values=values,
        engine="cpsat",
        seconds=None if search_.limits.deterministic else round(time.monotonic() - search_.began, 3),
        interrupted=stop.is_set(),
        notes=search_.notes,
    )


def recheck(instance: Instance, problem: Problem, cells: Mapping[str, Cell], choices: Choices) -> dict[str, int]:
    """Return the value of every term after rules and audit have both accepted a plan and agree on its price.

    Raises
    ------
    Disagreement
        With both views, if either objects or the prices differ.
    """
    breaches, findings = list(problem.breaches(cells)), audit(instance, choices)
    if breaches or findings:
        views = [f"rules: {breach}" for breach in breaches] + [f"audit: {finding}" for finding in findings]
        raise Disagreement("a plan that was found does not pass the re-check:\n" + "\n".join(views))
    values, prices = problem.values(cells), price(instance, choices)
    if any(values[name] != prices.get(name) for name in values):
        raise Disagreement(f"two prices for one plan: rules {values}, audit {prices}")
    return values


@dataclass
class _Levels:
    """The lexicographic search, and what it knows so far."""

    problem: Problem
    goals: Sequence[tuple[Term, int]]
    limits: Limits
    progress: Callable[[Progress], None] | None
    stop: threading.Event
    cells: Mapping[str, Cell] | None = None
    found: list[tuple[int, int | None]] = field(default_factory=list)  # by level: best value, bound
    notes: tuple[str, ...] = ()
    spent: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def run(self) -> Status:
        """Solve level after level until all are proven or the limits are reached."""
        try:
            for position, (term, _) in enumerate(self.goals):
                status = self._level(position, term)
                if status is not Status.OPTIMAL and self.cells is None:
                    return status
                if self.stop.is_set() or self._left() <= 0:
                    break
        except KeyboardInterrupt:  # pressed again: do not even wait for the search to end
            self.stop.set()
        except MemoryError:
            self.notes += ("memory ran out; the best plan so far is shown",)
        proven = len(self.found) == len(self.goals) and all(value == bound for value, bound in self.found)
        if self.cells is None:
            return Status.UNKNOWN
        return Status.OPTIMAL if proven else Status.FEASIBLE

    def tidy(self, near: Choices) -> None:
        """Among the plans proven best, look for the cheapest, then for the one nearest to an earlier plan.

        It takes at most as long as the levels did, or a second; the plan it ends with is as good in every level.
        """
        last = len(self.goals) - 1
        caps = [(goal, self.found[i][0] + (tol if i < last else 0)) for i, (goal, tol) in enumerate(self.goals)]
        seconds = min(self._left(), max(1.0, self.limits.seconds - self._left()))
        for term in (self.problem.terms["cost"], distance(self.problem, near)):
            if any(term.name == goal.name for goal, _ in self.goals) or not term.tables or self.stop.is_set():
                continue
            limits = replace(self.limits, seconds=max(seconds, 0.01))
            run = search.run(self.problem, term, caps, self.cells, limits=limits, stop=self.stop)
            self.cells = run.cells or self.cells
            if self.cells is not None:
                caps.append((term, self.problem.value(term, self.cells)))

    def _level(self, position: int, term: Term) -> Status:
        run = self._search(position, term)
        if run.cells is None and self.cells is None and run.status is Status.UNKNOWN:
            run = self._any_plan()
        if run.status is Status.INFEASIBLE:
            if self.cells is not None:
                raise Disagreement(f"{term.name}: reported infeasible, although a plan that keeps every cap is known")
            return self._prove_infeasible()
        cells = run.cells or self.cells  # out of time: the plan of the level before is the best known here, too
        if cells is None:
            return run.status
        self.cells = cells
        value = self.problem.value(term, cells)
        bound = value if run.bound is None and run.status is Status.OPTIMAL else run.bound
        if bound is not None and (bound > value or (run.status is Status.OPTIMAL and bound != value)):
            raise Disagreement(f"{term.name}: {run.status}, with bound {bound} and a plan of value {value}")
        self.found.append((value, bound))
        self._better_earlier(cells)
        self._report(term, value, bound)
        return run.status

    def _better_earlier(self, cells: Mapping[str, Cell]) -> None:
        """Take over what a later plan does better in an earlier, unproven level, so that later caps hold it to that."""
        for i, (value, bound) in enumerate(self.found):
            self.found[i] = (min(value, self.problem.value(self.goals[i][0], cells)), bound)

    def _search(self, position: int, term: Term) -> search.Run:
        left = self._left()
        seconds = left if position == len(self.goals) - 1 else left * SHARE
        caps = [(goal, self.found[i][0] + tolerance) for i, (goal, tolerance) in enumerate(self.goals[:position])]
        limits = replace(self.limits, seconds=seconds)
        report = partial(self._report, term)
        run = search.run(self.problem, term, caps, self.cells, limits=limits, stop=self.stop, progress=report)
        self.spent += run.spent
        return run

    def _any_plan(self) -> search.Run:
        """Look for any plan at all in the time that is left: it is worth more than none."""
        limits = replace(self.limits, seconds=max(0.01, self._left()))
        run = search.run(self.problem, None, [], None, limits=limits, stop=self.stop)
        self.spent += run.spent
        return run

    def _prove_infeasible(self) -> Status:
        """Prove it a second time, told otherwise or searched otherwise: solvers have been wrong about this before."""
        told = search.best_for(self.goals[0][0])
        other = OverCells if told is OverDates else OverDates
        for formulation, presolve in ((other, True), (told, False)):
            limits = replace(self.limits, seconds=max(1.0, self._left() * SHARE), seed=(self.limits.seed + 1) % SEED)
            run = search.run(
                self.problem, None, [], None, limits=limits, stop=self.stop, formulation=formulation, presolve=presolve
            )
            self.spent += run.spent
            if run.cells is not None:
                raise Disagreement("reported infeasible, but a second search with other settings found a plan")
            if run.status is Status.INFEASIBLE:
                return Status.INFEASIBLE
        self.notes += ("a search reports that no plan exists; a second one could not confirm it in time",)
        return Status.UNKNOWN

    def _report(self, term: Term, value: int | None, bound: int | None) -> None:
        if self.progress is not None:
            self.progress(Progress(term.name, term.unit, value, bound, time.monotonic() - self.began))

    def _left(self) -> float:
        used = self.spent if self.limits.deterministic else time.monotonic() - self.began
        return max(0.0, self.limits.seconds - used)

    def levels(self, values: Mapping[str, int] | None) -> tuple[Level, ...]:
        """Return what is known of each level; ``values`` are those of the plan returned."""
        levels = []
        for i, (term, tolerance) in enumerate(self.goals):
            value, bound = self.found[i] if i < len(self.found) else (None, None)
            achieved = None if values is None else values[term.name]
            if achieved is not None:
                value = achieved if value is None else min(value, achieved)
            proof = None if bound is None else "exact"
            levels.append(
                Level(
                    term=term.name,
                    unit=term.unit,
                    value=value,
                    bound=bound,
                    tolerance=tolerance,
                    achieved=achieved,
                    proof=proof,
                )
            )
        return tuple(levels)

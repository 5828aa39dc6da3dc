"""The lexicographic search: level after level, each under the best values of those before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from sequencer.engine.run import WRONG, Engine, Run
from sequencer.engine.steps import Step
from sequencer.engine.tables import extent, open_masks
from sequencer.errors import Disagreement
from sequencer.outcome import Level, Limits, Status
from sequencer.problem import Cell, Problem, Term
from sequencer.solving.objective import distance, too_large
from sequencer.solving.sources import ALONE, NOBODY, Source, joined, proof_of, source, told
from sequencer.timetable import Choices

#: Part of the time left that a level may use when others follow.
SHARE = 2 / 3

#: Part of it that may be spent on asking whether a maximum can be as small as its largest package alone allows.
GLANCE = 1 / 4


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a solve has come: the level being solved, its best plan and bound (None while unknown)."""

    term: str
    unit: str
    value: int | None
    bound: int | None
    seconds: float


@dataclass
class Levels:
    """The lexicographic search, and what it knows so far.

    Attributes
    ----------
    engine : Engine
        What is asked, level after level.
    goals : sequence of (Term, int)
        The terms in order, each with its tolerance.
    progress : callable or None
        Called with every better plan and bound, on a thread of the solver.
    stop : threading.Event
        Ends the search soon after it is set.
    frozen : sequence of (Term, int)
        Terms to hold at every level, and the most each may reach.
    cells : mapping of str to Cell, or None
        The best plan so far; given at the start, it keeps what is frozen.
    found : list of (int, int or None)
        Best value and bound of each level begun.
    sources : dict of int to Source
        Where these come from, by position of the level.
    notes : tuple of str
        What else must be said.
    spent : float
        The solver's repeatable units of work, used up.
    took : float
        How much of the limit on time the levels used up.
    tidied : bool
        Whether ties are broken, and that is proven.
    """

    problem: Problem
    engine: Engine
    goals: Sequence[tuple[Term, int]]
    limits: Limits
    progress: Callable[[Progress], None] | None
    stop: threading.Event
    frozen: Sequence[tuple[Term, int]] = ()
    cells: Mapping[str, Cell] | None = None
    found: list[tuple[int, int | None]] = field(default_factory=list)
    sources: dict[int, Source] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    spent: float = 0.0
    took: float = 0.0
    tidied: bool = False
    began: float = field(default_factory=time.monotonic)

    def run(self) -> Status:
        """Solve level after level until all are proven or the limits are reached."""
        with self.keeping():
            for position, (term, _) in enumerate(self.goals):
                status = self._level(position, term)
                if status is not Status.OPTIMAL and self.cells is None:
                    return status
                if self.stop.is_set() or self.left() <= 0:
                    break
        self.took = self.used()
        if self.cells is None:
            return Status.UNKNOWN
        return Status.OPTIMAL if self.proven else Status.FEASIBLE

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep what is known when memory runs out or Ctrl-C is pressed again."""
        try:
            yield
        except KeyboardInterrupt:  # do not even wait for the search to end
            self.stop.set()
        except MemoryError:
            self.notes += ("memory ran out; the best plan so far is shown",)

    def tidy(self, near: Choices, *, nearest: bool = False) -> None:
        """Among the plans proven best, look for the cheapest, then the nearest to an earlier plan (``nearest``: first).

        It takes at most as long as the levels did, or a second; the plan it ends with is as good in every level.
        """
        last = len(self.goals) - 1
        caps = [*self.caps(last), (self.goals[last][0], self.found[last][0])]
        seconds = min(self.left(), max(1.0, self.took))
        proven = True
        for term in (self.problem.terms["cost"], distance(self.problem, near))[:: -1 if nearest else 1]:
            if any(term.name == goal.name for goal, _ in self.goals) or not term.tables:
                continue
            if self.stop.is_set() or too_large(term):
                proven = False
                continue
            limits = replace(self.limits, seconds=max(seconds, 0.01))
            run = self.engine.run(self.problem, term, caps, self.cells, limits=limits, stop=self.stop)
            self._hear(run)
            proven &= run.status is Status.OPTIMAL
            self.cells = self._better(term, run.cells)
            if self.cells is not None:
                caps.append((term, self.problem.value(term, self.cells)))
        self.tidied = proven

    def _level(self, position: int, term: Term) -> Status:
        before = None if self.cells is None else self.problem.value(term, self.cells)
        began = time.monotonic()
        run = self._search(position, term)
        if run.cells is None and self.cells is None and run.status is Status.UNKNOWN:
            run = self._any_plan(term, run, began)
        if run.status is Status.INFEASIBLE and self.cells is not None and proof_of(run, self.engine) == "numeric":
            self.say(f"{term.name}: {self.engine.name} claims that there is no plan, although one is known")
            run = replace(run, status=Status.UNKNOWN)
        if run.status is Status.INFEASIBLE:
            if self.cells is not None:
                raise Disagreement(f"{term.name}: reported infeasible, although a plan that keeps every cap is known")
            return self._prove_infeasible()
        cells = self._better(term, run.cells)
        if cells is None:
            return run.status
        self.cells = cells
        value = self.problem.value(term, cells)
        bound = value if run.bound is None and run.status is Status.OPTIMAL else run.bound
        if bound is not None and (bound > value or (run.status is Status.OPTIMAL and bound != value)):
            raise Disagreement(f"{term.name}: {run.status}, with bound {bound} and a plan of value {value}")
        found = None if run.cells is None else self.problem.value(term, run.cells)
        run = told(run, self.engine, self._since(began), found, before)
        self.sources[position] = source(run, self.engine, value, bound)
        self.found.append((value, bound))
        self._better_earlier(cells)
        self._report(term, value, bound)
        return run.status

    def _better(self, term: Term, cells: Mapping[str, Cell] | None) -> Mapping[str, Cell] | None:
        """Return the better of a plan just found and the best so far; a search out of time may end with a worse one."""
        if cells is None or self.cells is None:
            return cells or self.cells
        return min(self.cells, cells, key=lambda plan: self.problem.value(term, plan))

    def _better_earlier(self, cells: Mapping[str, Cell]) -> None:
        """Take over what a later plan does better in an earlier, unproven level, so that later caps hold it to that.

        The levels after that one are then known by this plan only: what they reached before may be out of reach under
        the better value. Their bounds remain, since they were proven under a looser cap, up to the first level whose
        value rises: with its tolerance it allows more than before.
        """
        better = looser = False
        for i, (value, bound) in enumerate(self.found):
            here = self.problem.value(self.goals[i][0], cells)
            refuted = bound is not None and here < bound and not looser
            kept = self._unrefuted(i, here) if refuted else bound
            self.found[i] = (here if better else min(value, here), None if looser else kept)
            self._source_anew(i, improved=better or here < value, unbounded=looser)
            looser |= better and here > value
            better |= here < value

    def _unrefuted(self, position: int, value: int) -> int | None:
        """Return what remains of a bound that a later plan lies below; Disagreement if it was proven exactly."""
        said = self.sources[position]
        if said.proof == "exact":
            raise Disagreement(f"{self.goals[position][0].name}: a later plan of {value} lies below what was proven")
        self.say(WRONG)
        self.sources[position] = said.certified()
        return None if said.certificate is None else said.certificate.bound

    def _source_anew(self, position: int, *, improved: bool, unbounded: bool) -> None:
        """Keep what is said of an earlier level true: its plan is the one just found, or its bound is forgotten."""
        said, last = self.sources.get(position), max(self.sources, default=position)
        if said is None or position == last:
            return
        if improved:
            said = said.improved(self.sources[last].found_by)
        self.sources[position] = said.unbounded() if unbounded else said

    def caps(self, position: int) -> list[tuple[Term, int]]:
        """Return what is held at a level: what is frozen, and the levels before it at their best and tolerance."""
        held = [(goal, self.found[i][0] + tolerance) for i, (goal, tolerance) in enumerate(self.goals[:position])]
        return [*self.frozen, *held]

    def _search(self, position: int, term: Term) -> Run:
        left = self.left()
        seconds = left if position == len(self.goals) - 1 else left * SHARE
        caps = self.caps(position)
        self.say(self.engine.begin(self.problem, term, caps))
        if term.maximum:
            used = self.used()
            run = self.at_bound(term, caps, seconds * GLANCE)
            if run is not None:
                return run
            seconds -= self.used() - used
        limits = replace(self.limits, seconds=max(seconds, 0.01))
        report = partial(self._report, term)
        run = self.engine.run(self.problem, term, caps, self.cells, limits=limits, stop=self.stop, progress=report)
        self._hear(run)
        return run

    def at_bound(self, term: Term, caps: Sequence[tuple[Term, int]], seconds: float) -> Run | None:
        """Look for a plan in which a maximum is no larger than the package that must be last allows; None without one.

        Such a plan is proven best.
        """
        between = extent(term, open_masks(self.problem, caps))
        if between is None:
            return None
        bound = between[0]
        limits = replace(self.limits, seconds=max(seconds, 0.01))
        at_bound = [*caps, (term, bound)]
        run = self.engine.find(self.problem, at_bound, limits=limits, stop=self.stop)
        self._hear(run)
        if run.cells is None:
            return None
        when = None if self.limits.deterministic else round(run.spent, 3)
        known = Step(ALONE, None if when is None else 0.0, None, bound)
        steps = (known, Step(run.by or self.engine.name, when, bound, None))
        return replace(run, status=Status.OPTIMAL, bound=bound, spent=0.0, proof="exact", steps=steps)

    def _any_plan(self, term: Term, asked: Run, began: float) -> Run:
        """Look for any plan at all in the time that is left: it is worth more than none. What was proven remains."""
        asked = told(replace(asked, proof=proof_of(asked, self.engine)), self.engine, self._since(began), None, None)
        limits = replace(self.limits, seconds=max(0.01, self.left()))
        run = self.engine.run(self.problem, None, self.frozen, None, limits=limits, stop=self.stop)
        self._hear(run)
        value = None if run.cells is None else self.problem.value(term, run.cells)
        run = joined(asked, told(run, self.engine, self._since(began), value, None), value)
        self.say(run.note)
        return run

    def _prove_infeasible(self) -> Status:
        """Prove it a second time, told otherwise or searched otherwise: solvers have been wrong about this before."""
        limits = replace(self.limits, seconds=max(1.0, self.left()))
        for _, run in self.engine.others(self.problem, self.goals[0][0], self.frozen, limits=limits, stop=self.stop):
            self._hear(run)
            if run.cells is not None:
                raise Disagreement("reported infeasible, but a second search with other settings found a plan")
            if run.status is Status.INFEASIBLE:
                return Status.INFEASIBLE
        self.notes += ("a search reports that no plan exists; a second one could not confirm it in time",)
        return Status.UNKNOWN

    def _hear(self, run: Run) -> None:
        """Count what a search has used up, and keep what it says."""
        self.spent += run.spent
        self.say(run.note)

    def say(self, note: str) -> None:
        """Keep what else must be said, once; nothing if it is empty."""
        if note and note not in self.notes:
            self.notes += (note,)

    def _report(self, term: Term, value: int | None, bound: int | None) -> None:
        if self.progress is not None:
            self.progress(Progress(term.name, term.unit, value, bound, time.monotonic() - self.began))

    def _since(self, began: float) -> float | None:
        """Return the seconds since a moment; None where the same bytes are wanted every time."""
        return None if self.limits.deterministic else round(time.monotonic() - began, 3)

    def used(self) -> float:
        """Return how much of the limit on time is used up."""
        return self.spent if self.limits.deterministic else time.monotonic() - self.began

    def left(self) -> float:
        """Return how much of the limit on time is left."""
        return max(0.0, self.limits.seconds - self.used())

    @property
    def proven(self) -> bool:
        """Whether every level is proven."""
        return len(self.found) == len(self.goals) and all(value == bound for value, bound in self.found)

    def levels(self, values: Mapping[str, int] | None) -> tuple[Level, ...]:
        """Return what is known of each level; ``values`` are those of the plan returned."""
        levels = []
        for i, (term, tolerance) in enumerate(self.goals):
            value, bound = self.found[i] if i < len(self.found) else (None, None)
            achieved = None if values is None else values[term.name]
            if achieved is not None:
                value = achieved if value is None else min(value, achieved)
            levels.append(self.sources.get(i, NOBODY).level(term, tolerance, value, bound, achieved))
        return tuple(levels)

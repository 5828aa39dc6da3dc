"""Solving: level after level, each plan checked twice before it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sequencer.audit import audit, price
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.engine.run import Engine, Stoppable
from sequencer.errors import Disagreement
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.interrupt import listening
from sequencer.outcome import Haste, Limits, Outcome, Status
from sequencer.problem import Cell, Problem, Term
from sequencer.reasons.conflict import closed_packages, together
from sequencer.solving.engines import by_name
from sequencer.solving.haste import price_of_haste
from sequencer.solving.informed import Informed, Known
from sequencer.solving.levels import Levels, Progress
from sequencer.solving.objective import HOLLOW, goals
from sequencer.solving.verify import prove_again
from sequencer.timetable import Choices, Uses


def solve(
    instance: Instance,
    *,
    objective: Sequence[Goal | str] | None = None,
    limits: Limits | None = None,
    near: Choices | None = None,
    nearest: bool = False,
    haste: bool = True,
    engine: str = "auto",
    dump: Path | str | None = None,
    overwrite: bool = False,
    verify: bool = False,
    caps: Mapping[str, int] | None = None,
    ties: bool = True,
    known: Known | None = None,
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
    nearest : bool
        Whether among equally good timetables the nearest is chosen before the cheapest.
    haste : bool
        Whether to say what a later exit would change, in a few times the time that the plan itself took.
    engine : str
        What solves: ``auto`` (chooses and combines), ``cpsat`` (CP-SAT), ``milp`` (PuLP with HiGHS) or ``milp-cbc``
        (PuLP with CBC, where it has it).
    dump : Path or str, optional
        File that ``milp`` writes its model to, as MPS or LP by its suffix: that of the last level solved, with the
        earlier levels as caps; those of earlier levels stand beside it.
    overwrite : bool
        Whether a file of that name may be replaced.
    verify : bool
        Whether every claim is proven a second time, in as long again at most.
    caps : mapping of str to int, optional
        Terms that are held, and the most each may reach; in the objective or not. Infeasible then means: no plan keeps
        them, and nothing is said of why.
    ties : bool
        Whether the cheapest and nearest of equally good timetables is looked for, in as long again at most.
    known : Known, optional
        Timetables to begin from, and what is proven of the instance already: what that settles is not searched.
    progress : callable, optional
        Called with every better plan and bound, on a thread of the solver.

    Returns
    -------
    Outcome
        Whatever is known when the search ends, also by Ctrl-C: infeasible and unknown are answers.

    Raises
    ------
    UsageError
        If a term is unknown, doubled, or lacks its data in the instance; if the engine is unknown or cannot do what is
        asked.
    Disagreement
        If a plan fails the re-check by the rules or by the audit, or a claim the second proof.

    Notes
    -----
    Terms are minimised in order; term i under ``f_j <= v_j + tolerance_j`` for all j < i, v_j the best value found
    (models/problem.md, section 6).
    """
    with listening() as stop:
        problem = compile_instance(instance)
        wanted = goals(problem, instance.plan.objective if objective is None else objective)
        limits = limits or Limits()
        solver = by_name(engine, dump, overwrite=overwrite, deterministic=limits.deterministic)
        solver = solver if known is None else Informed(solver, known)
        _make_ready(solver, problem, wanted, limits, stop)
        held = [(term, (caps or {})[term.name]) for term, _ in goals(problem, tuple(caps))] if caps else []
        levels = Levels(problem, solver, wanted, limits, progress, stop, frozen=held)
        closed = closed_packages(instance, problem, levels.limits, stop)
        levels.notes = closed
        if closed:
            levels.say(solver.begin(problem, wanted[0][0], []))
        status = Status.INFEASIBLE if closed else levels.run()
        if status is Status.OPTIMAL and ties:
            with levels.keeping():
                levels.tidy(near or {}, nearest=nearest)
        if status is Status.INFEASIBLE and not closed and not held:
            with levels.keeping():
                levels.notes += together(instance, problem, levels.limits, stop)
        levels.notes += tuple(HOLLOW[term.name] for term, _ in wanted if not term.tables)
        choices = values = uses = None
        seconds = time.monotonic() - levels.began
        if levels.cells is not None:
            choices, uses = problem.choices(levels.cells), allot(problem, levels.cells)
            values = recheck(instance, problem, levels.cells, uses)
        later: tuple[Haste, ...] = ()
        if haste:
            with levels.keeping():
                later = price_of_haste(levels, status)
        verified = prove_again(levels, status) if verify else None
    return Outcome(
        status=status,
        instance=instance,
        problem=problem,
        choices=choices,
        levels=levels.levels(values),
        values=values,
        engine=levels.engine.name,
        seconds=None if levels.limits.deterministic else round(seconds, 3),
        interrupted=stop.is_set(),
        notes=levels.notes,
        uses=uses or None,
        haste=later,
        verified=verified,
    )


def _make_ready(
    solver: Engine, problem: Problem, wanted: Sequence[tuple[Term, int]], limits: Limits, stop: Stoppable
) -> None:
    """Let an engine be compiled before the clock starts, if it is one that is."""
    if solver.name == "auto" and not limits.deterministic:  # what must repeat itself is left to CP-SAT
        from sequencer.auto.ready import make_ready  # noqa: PLC0415 - takes time to import

        make_ready(problem, [term for term, _ in wanted], stop)


def recheck(instance: Instance, problem: Problem, cells: Mapping[str, Cell], uses: Uses) -> dict[str, int]:
    """Return the value of every term after rules and audit have both accepted a plan and agree on its price.

    Raises
    ------
    Disagreement
        With both views, if either objects or the prices differ.
    """
    choices = problem.choices(cells)
    breaches, findings = list(problem.breaches(cells, uses)), audit(instance, choices, uses)
    if breaches or findings:
        views = [f"rules: {breach}" for breach in breaches] + [f"audit: {finding}" for finding in findings]
        raise Disagreement("a plan that was found does not pass the re-check:\n" + "\n".join(views))
    values, prices = problem.values(cells), price(instance, choices)
    if any(values[name] != prices.get(name) for name in values):
        raise Disagreement(f"two prices for one plan: rules {values}, audit {prices}")
    return values

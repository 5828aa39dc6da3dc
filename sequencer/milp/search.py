"""One MILP solve: what a solver claims in floating point is judged in whole numbers before it is passed on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sequencer.binaries.over_binaries import OverBinaries
from sequencer.engine.run import Caps, Progress, Run
from sequencer.errors import Disagreement, UsageError
from sequencer.milp.answer import Answer, Solver, Verdict, Watch
from sequencer.milp.judge import keeps
from sequencer.milp.rows import Rows
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term

TRUSTED = 10**7  # the largest number in a row up to which a solver's tolerances cannot add up to a whole unit

LARGE = "numbers above ten million in a row leave floating point no proof: the engine cpsat can prove more"

#: How far below a bound the truth may lie: so much, and this part of the bound.
NOISE, NOISE_PART = 1e-6, 1e-12

WRONG = (
    "floating point was not exact enough: a plan that was found breaks a promise once it is rounded, and is left out"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as rows; what it counts is ``least`` and ``unit`` times its objective."""

    model: OverBinaries
    rows: Rows
    unit: int
    least: int

    def bound(self, value: float | None) -> int | None:
        """Return the least value that a plan can have, given a bound of the solver on the objective; None if unknown.

        The objective takes whole numbers only: the bound is the first of them that is not clearly below the solver's.
        """
        if value is None:
            return None
        return self.least + self.unit * math.ceil(value - NOISE - NOISE_PART * abs(value))

    def plain(self) -> Told:
        """Return the problem with the term itself as its objective, as far as floating point can count that."""
        try:
            self.model.count(self.unit, self.least)
        except UsageError:
            return self
        return Told(self.model, self.rows, 1, 0)


def tell(problem: Problem, term: Term | None, caps: Caps) -> Told | None:
    """Return a problem as rows; None if a package has no open cell.

    Parameters
    ----------
    term : Term or None
        What to minimise.
    caps : sequence of (Term, int)
        Terms to hold, and the most each may reach.

    Raises
    ------
    UsageError
        If numbers are too large for floating point.
    """
    rows = Rows()
    model = OverBinaries.of(problem, caps, rows)
    return None if model is None else Told(model, rows, *model.minimise(term))


def run(
    solve: Solver,
    problem: Problem,
    term: Term | None,
    caps: Caps,
    hint: Mapping[str, Cell] | None,
    *,
    limits: Limits,
    stop: threading.Event,
    progress: Progress | None = None,
) -> Run:
    """Minimise a term while others stay at most at given values; see ``Engine.run``.

    A plan that breaks a rule or a cap once its values are rounded is withheld: floating point has failed there, and
    nothing is known but the bound.

    Raises
    ------
    Disagreement
        If the solver's bound lies above the value of a plan that breaks no rule.
    """
    began = time.monotonic()
    try:
        told = tell(problem, term, caps)
    except UsageError as error:  # a plan that earlier levels have found must not be lost for it
        return Run(Status.UNKNOWN, None, None, time.monotonic() - began, str(error))
    if told is None:
        return Run(Status.INFEASIBLE, None, None, time.monotonic() - began)
    left = limits.seconds - (time.monotonic() - began)
    if stop.is_set() or left <= 0:
        return Run(Status.UNKNOWN, None, None, time.monotonic() - began)
    start = {} if hint is None else told.model.start(hint)
    watch = None if progress is None or term is None else _watch(progress, told)
    answer = solve(told.rows, start, limits=replace(limits, seconds=left), stop=stop, watch=watch)
    return replace(_judged(told, answer, problem, term, caps), spent=time.monotonic() - began)


def _judged(told: Told, answer: Answer, problem: Problem, term: Term | None, caps: Caps) -> Run:
    """Return what is known after a search."""
    if told.rows.largest > TRUSTED:
        answer = replace(answer, verdict=Verdict.STOPPED, bound=None, note=answer.note or LARGE)
    if answer.verdict is Verdict.INFEASIBLE:
        return Run(Status.INFEASIBLE, None, None, 0.0)
    bound = None if term is None else told.bound(answer.bound)
    if answer.values is None:
        return Run(Status.UNKNOWN, None, bound, 0.0, answer.note)
    cells = told.model.chosen(answer.values)
    if not keeps(problem, caps, cells, told.model.uses(answer.values)):
        return Run(Status.UNKNOWN, None, bound, 0.0, WRONG)
    if term is None:
        return Run(Status.FEASIBLE, cells, None, 0.0, answer.note)
    value = problem.value(term, cells)
    if bound is not None and bound > value:
        raise Disagreement(f"{term.name}: a bound of {bound}, and a plan of value {value} that breaks no rule")
    proven = answer.verdict is Verdict.OPTIMAL and bound == value
    return Run(Status.OPTIMAL if proven else Status.FEASIBLE, cells, bound, 0.0, answer.note)


def _watch(progress: Progress, told: Told) -> Watch:
    """Return what passes on values and bounds of the objective, counted as the term counts."""

    def watch(value: float | None, bound: float | None) -> None:
        reached = None if value is None else told.least + told.unit * round(value)
        progress(reached, told.bound(bound))

    return watch

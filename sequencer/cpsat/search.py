"""One CP-SAT solve: bounded, repeatable, reporting as it goes, and stopped by Ctrl-C without losing its best plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Formulation, total, weighted
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.cpsat.solver import Hearing, integer, ready, solve
from sequencer.engine.run import Caps, Progress, Run, Stoppable
from sequencer.engine.tables import Masks, open_masks
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term

#: Called with every better plan.
Found: TypeAlias = Callable[[Mapping[str, Cell]], None]


def run(
    problem: Problem,
    term: Term | None,
    caps: Caps,
    hint: Mapping[str, Cell] | None,
    *,
    limits: Limits,
    stop: Stoppable,
    progress: Progress | None = None,
    formulation: Callable[[Problem, Masks], Formulation] | None = None,
    presolve: bool = True,
    floor: int | None = None,
    found: Found | None = None,
    by_tree: bool = False,
) -> Run:
    """Minimise a term while others stay at most at given values; see ``Engine.run``.

    Parameters
    ----------
    formulation : callable, optional
        How the problem is told; the default suits the term.
    presolve : bool
        Whether the solver may simplify the model first; turned off to prove a status a second way.
    floor : int, optional
        What a maximum is known to reach at least; it must be proven.
    found : callable, optional
        Called with every better plan, on a thread of the solver.
    by_tree : bool
        Whether one thread looks for the bound by a tree over it, rather than for plans.

    Raises
    ------
    Disagreement
        If the solver calls the model invalid.
    """
    began = time.monotonic()
    masks = open_masks(problem, caps)
    if not all(mask.any() for mask in masks.values()):
        return Run(Status.INFEASIBLE, None, None, 0.0)
    make = formulation or best_for(term)
    told = make(problem, masks)
    for rule in problem.rules:
        if stop.is_set() or (not limits.deterministic and time.monotonic() - began > limits.seconds):
            return Run(Status.UNKNOWN, None, None, time.monotonic() - began)
        told.post(rule)
    unit = _aim(told, problem, term, caps, floor)
    if hint is not None:
        told.hint(hint)
    left = limits.seconds if limits.deterministic else limits.seconds - (time.monotonic() - began)
    solver = ready(limits, max(left, 0.01), presolve=presolve, light=make is OverCells)
    solver.parameters.optimize_with_lb_tree_search = by_tree
    watch = None if (progress is None and found is None) or term is None else _Watch(told, progress, found, unit)
    status = solve(solver, told.model, stop, watch)
    spent = solver.deterministic_time if limits.deterministic else time.monotonic() - began
    if status == cp_model.MODEL_INVALID:
        raise Disagreement(f"CP-SAT calls the model invalid: {told.model.validate()}")
    if status in {cp_model.INFEASIBLE, cp_model.UNKNOWN}:
        nothing = Status.INFEASIBLE if status == cp_model.INFEASIBLE else Status.UNKNOWN
        return Run(nothing, None, None, spent)
    if term is None:
        return Run(Status.FEASIBLE, told.chosen(solver), None, spent)
    bound = integer(solver.best_objective_bound, unit)
    proven = Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE
    return Run(proven, told.chosen(solver), bound, spent)


def _aim(told: Formulation, problem: Problem, term: Term | None, caps: Caps, floor: int | None) -> int:
    """Post caps and objective; return the unit that the objective is counted in. Caps on maxima are in the masks."""
    for capped, most in caps:
        if not capped.maximum:
            terms, unit = total(capped, problem.paths, told.literals)
            told.model.add(weighted(terms) <= most // unit)
    if term is None:
        return 1
    if term.maximum:
        told.minimise_latest(term, floor)
        return 1
    terms, unit = total(term, problem.paths, told.literals)
    told.model.minimize(weighted(terms))
    return unit


def best_for(term: Term | None) -> type[OverCells | OverDates]:
    """Return the formulation that is strongest for a term: over cells for sums, over dates otherwise."""
    return OverDates if term is None or term.maximum else OverCells


class _Watch(Hearing):
    """Passes on every better plan and bound, counted in ``unit``."""

    def __init__(self, told: Formulation, progress: Progress | None, found: Found | None, unit: int) -> None:
        super().__init__()
        self._told = told
        self._progress = progress
        self._found = found
        self._unit = unit
        self._value: int | None = None

    def on_solution_callback(self) -> None:
        """Report a better plan."""
        self._value = integer(self.objective_value, self._unit)
        if self._found is not None:
            self._found(self._told.chosen(self))
        if self._progress is not None:
            self._progress(self._value, integer(self.best_objective_bound, self._unit))

    def on_bound(self, bound: float) -> None:
        """Report a better bound."""
        if self._progress is not None:
            self._progress(self._value, integer(bound, self._unit))

"""One CP-SAT solve: bounded, repeatable, reporting as it goes, and stopped by Ctrl-C without losing its best plan."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Formulation, Masks, open_masks, total
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term

EXACT = 2**53  # beyond it a double cannot hold every integer, and bounds arrive as doubles

#: Called with the best value and the bound, each None while unknown, whenever one of them improves.
Progress = Callable[[int | None, int | None], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What one solve found: the cells of its best plan, a bound on the term it minimised, and the limit it used up."""

    status: Status
    cells: Mapping[str, Cell] | None
    bound: int | None
    spent: float


def run(
    problem: Problem,
    term: Term | None,
    caps: Sequence[tuple[Term, int]],
    hint: Mapping[str, Cell] | None,
    *,
    limits: Limits,
    stop: threading.Event,
    progress: Progress | None = None,
    formulation: Callable[[Problem, Masks], Formulation] | None = None,
    presolve: bool = True,
) -> Run:
    """Minimise a term while others stay at most at given values.

    Parameters
    ----------
    problem : Problem
    term : Term or None
        None: find any plan.
    caps : sequence of (Term, int)
        Terms to hold, and the most each may reach.
    hint : mapping of str to Cell, or None
        A schedule to begin from; the best one known keeps every cap.
    limits : Limits
        For this solve alone.
    stop : threading.Event
        Ends the search soon after it is set; the best plan so far is returned.
    progress : callable, optional
        Runs on a thread of the solver.
    formulation : callable, optional
        How the problem is told; the default suits the term.
    presolve : bool
        Whether the solver may simplify the model first; turned off to prove a status a second way.

    Raises
    ------
    Disagreement
        If the solver calls the model invalid, or reports a bound that cannot be exact.
    """
    told = (formulation or best_for(term))(problem, open_masks(problem, caps))
    for capped, most in caps:  # caps on maxima are in the masks
        if not capped.maximum:
            told.model.add(total(capped, problem.paths, told.literals) <= most)
    if term is not None and term.maximum:
        told.minimise_latest(term)
    elif term is not None:
        told.model.minimize(total(term, problem.paths, told.literals))
    if hint is not None:
        told.hint(hint)
    solver = _solver(limits, presolve=presolve)
    status = _solve(solver, told.model, stop, progress if term is not None else None)
    spent = solver.deterministic_time if limits.deterministic else solver.wall_time
    if status == cp_model.MODEL_INVALID:
        raise Disagreement(f"CP-SAT calls the model invalid: {told.model.validate()}")
    if status in {cp_model.INFEASIBLE, cp_model.UNKNOWN}:
        found = Status.INFEASIBLE if status == cp_model.INFEASIBLE else Status.UNKNOWN
        return Run(found, None, None, spent)
    cells = told.chosen(solver)
    bound = None if term is None else _integer(solver.best_objective_bound)
    return Run(Status.OPTIMAL if status == cp_model.OPTIMAL else Status.FEASIBLE, cells, bound, spent)


def best_for(term: Term | None) -> Callable[[Problem, Masks], Formulation]:
    """Return the formulation that is strongest for a term: over cells for sums, over dates otherwise."""
    return OverDates if term is None or term.maximum else OverCells


def _solver(limits: Limits, *, presolve: bool) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = limits.seed
    parameters.catch_sigint_signal = False
    parameters.cp_model_presolve = presolve
    if limits.deterministic:
        parameters.num_workers = 1
        parameters.max_deterministic_time = limits.seconds
    else:
        parameters.num_workers = limits.workers or os.cpu_count() or 1
        parameters.max_time_in_seconds = limits.seconds
    return solver


def _solve(
    solver: cp_model.CpSolver, model: cp_model.CpModel, stop: threading.Event, progress: Progress | None
) -> cp_model.CpSolverStatus:
    """Solve on a thread of its own, so that the main thread can hear Ctrl-C and ask the solver to stop."""
    answer: list[cp_model.CpSolverStatus] = []
    failure: list[BaseException] = []
    watch = None if progress is None else _Watch(progress)
    if watch is not None:
        solver.best_bound_callback = watch.on_bound

    def work() -> None:
        try:
            answer.append(solver.solve(model, watch))
        except BaseException as error:  # carried to the calling thread and raised there
            failure.append(error)

    thread = threading.Thread(target=work, name="cp-sat", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
        if stop.is_set():
            solver.stop_search()  # again and again: a search that has not quite begun does not hear the first call
    if failure:
        raise failure[0]
    return answer[0]


class _Watch(cp_model.CpSolverSolutionCallback):
    """Passes on every better plan and bound."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._value: int | None = None

    def on_solution_callback(self) -> None:
        """Report a better plan."""
        self._value = _integer(self.objective_value)
        self._progress(self._value, _bound(self.best_objective_bound))

    def on_bound(self, bound: float) -> None:
        """Report a better bound."""
        self._progress(self._value, _bound(bound))


def _bound(bound: float) -> int | None:
    return _integer(bound) if math.isfinite(bound) else None


def _integer(value: float) -> int:
    """Return the least integer not below a value or bound that the solver keeps as an integer."""
    if not abs(value) < EXACT:
        raise Disagreement(f"the objective reached {value:g}: too large to be exact; choose a larger money unit")
    return math.ceil(value - 1e-6)

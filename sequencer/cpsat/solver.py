"""CP-SAT itself: made ready, run so that Ctrl-C is heard, and its numbers read as integers."""

from __future__ import annotations

import math
import os
import threading

from ortools.sat.python import cp_model

from sequencer.engine.run import Stoppable
from sequencer.outcome import Limits

EXACT = 2**53 - 1  # beyond it a double cannot hold every integer, and bounds arrive as doubles


class Hearing(cp_model.CpSolverSolutionCallback):
    """Hears of solutions and bounds, on a thread of the solver."""

    def on_bound(self, bound: float) -> None:
        """Hear of a better bound; nothing comes of it unless it is said what."""


def ready(limits: Limits, seconds: float, *, presolve: bool, light: bool) -> cp_model.CpSolver:
    """Return a solver.

    Parameters
    ----------
    presolve : bool
        Whether it may simplify the model first.
    light : bool
        Whether the model is as simple already as one over cells.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = limits.seed
    parameters.catch_sigint_signal = False
    parameters.cp_model_presolve = presolve
    if light:  # over cells the model is presolved already: probing and merging cost more than they bring
        parameters.cp_model_probing_level = 0
        parameters.max_presolve_iterations = 1
        parameters.find_big_linear_overlap = False
        parameters.merge_at_most_one_work_limit = 0
    if limits.deterministic:
        parameters.num_workers = 1
        parameters.max_deterministic_time = seconds
    else:
        parameters.num_workers = limits.workers or os.cpu_count() or 1
        parameters.max_time_in_seconds = seconds
    return solver


def small(units: float) -> cp_model.CpSolver:
    """Return a solver for a small question, the same answer every time; ``units`` are the solver's own, about seconds.

    Unless told otherwise, CP-SAT takes Ctrl-C for itself and leaves it deadly to the program.
    """
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = units
    return solver


def solve(
    solver: cp_model.CpSolver, model: cp_model.CpModel, stop: Stoppable, watch: Hearing | None
) -> cp_model.CpSolverStatus:
    """Solve on a thread of its own, so that the main thread can hear Ctrl-C and ask the solver to stop."""
    answer: list[cp_model.CpSolverStatus] = []
    failure: list[BaseException] = []
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


def integer(value: float, unit: int) -> int | None:
    """Return what the solver keeps as an integer, in units, or the least integer not below a bound between two.

    None where nothing is known yet, or a double cannot hold the integer exactly.
    """
    return math.ceil(value - 1e-6) * unit if abs(value) < EXACT else None

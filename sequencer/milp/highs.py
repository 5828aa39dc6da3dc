"""HiGHS on a PuLP problem: started from a hint, stopped when asked, its bound read from HiGHS itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping

import highspy
import numpy as np
import pulp

from sequencer.binaries.rows import Var
from sequencer.milp.answer import GAP, Answer, Verdict, Watch
from sequencer.milp.rows import Rows
from sequencer.outcome import Limits

INTERRUPTS = (
    highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
    highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
    highspy.cb.HighsCallbackType.kCallbackIpmInterrupt,
)

#: How a search ends when nothing goes wrong.
USUAL = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
    highspy.HighsModelStatus.kTimeLimit,
    highspy.HighsModelStatus.kInterrupt,
)

EXACT = 1e-9  # how far a value may lie from a whole number, and a row be broken

#: Options that make HiGHS slower and its answers right.
CAREFUL: Mapping[str, object] = {
    "presolve": "off",  # HiGHS 1.14 presolves feasible problems to infeasible ones
    "mip_allow_restart": False,  # which would presolve again
    "mip_feasibility_tolerance": EXACT,
    "primal_feasibility_tolerance": EXACT,
    "dual_feasibility_tolerance": EXACT,
}


def solve(
    rows: Rows,
    start: Mapping[Var, int],
    *,
    limits: Limits,
    stop: threading.Event,
    watch: Watch | None,
    options: Mapping[str, object] = CAREFUL,
) -> Answer:
    """Minimise the objective of a problem; see ``Solver``. Values that are not given to start from, HiGHS finds.

    It runs on a thread of its own, so that the main thread hears Ctrl-C. HiGHS keeps helpers for each thread that calls
    it, as many as the first call asks for: so that number, too, is free in every solve.
    """
    solver = pulp.HiGHS(
        msg=False,
        gapRel=0.0,
        gapAbs=GAP,
        threads=limits.workers or os.cpu_count() or 1,
        timeLimit=limits.seconds,
        random_seed=limits.seed,
        **options,
    )
    found: list[Answer] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            model = build(solver, rows)
            if start:
                begin(model, rows, start)
            found.append(_run(model, rows, stop, watch))
        except BaseException as error:  # carried to the calling thread and raised there
            failure.append(error)

    thread = threading.Thread(target=work, name="highs", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
    if failure:
        raise failure[0]
    return found[0]


def build(solver: pulp.HiGHS, rows: Rows) -> highspy.Highs:
    """Return a problem as HiGHS has it, with the options of a solver."""
    solver.createAndConfigureSolver(rows.problem)
    solver.buildSolverModel(rows.problem)
    return rows.problem.solverModel


def begin(model: highspy.Highs, rows: Rows, start: Mapping[Var, int]) -> None:
    """Let HiGHS begin from some values; it looks for those of the other variables."""
    order = _columns(rows)
    columns = np.array([order[var] for var in start], dtype=np.int32)
    model.setSolution(len(columns), columns, np.array(list(start.values()), dtype=np.float64))


def _columns(rows: Rows) -> list[int]:
    """Return the column of each variable: PuLP 3 sorts them by name, PuLP 4 keeps their order."""
    kept = getattr(rows.problem, "exported_variables", rows.problem.variables)  # PuLP 4, PuLP 3
    columns = {variable.name: column for column, variable in enumerate(kept())}
    return [columns[variable.name] for variable in rows.listed]


def _run(model: highspy.Highs, rows: Rows, stop: threading.Event, watch: Watch | None) -> Answer:
    """Run HiGHS and read what it found."""

    def on_interrupt(
        kind: int, _: str, out: highspy.cb.HighsCallbackOutput, answer: highspy.cb.HighsCallbackInput, __: object
    ) -> None:
        if watch is not None and kind == int(INTERRUPTS[0]):
            watch(_known(out.mip_primal_bound), None)  # the bound may be of a search within the search (ADR 0012)
        answer.user_interrupt = stop.is_set()

    model.setCallback(on_interrupt, None)
    for kind in INTERRUPTS:
        model.startCallback(kind)
    model.run()
    status, info = model.getModelStatus(), model.getInfo()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Answer(Verdict.INFEASIBLE, None, None)  # every variable has bounds: nothing here is unbounded
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = model.getSolution().col_value
    optimal = status == highspy.HighsModelStatus.kOptimal and feasible
    return Answer(
        Verdict.OPTIMAL if optimal else Verdict.STOPPED,
        [values[column] for column in _columns(rows)] if feasible else None,
        _known(info.mip_dual_bound),
        "" if status in USUAL else f"HiGHS ended early: {model.modelStatusToString(status)}",
    )


def _known(value: float) -> float | None:
    return value if abs(value) < highspy.kHighsInf else None

"""HiGHS on a PuLP problem: started from a hint, stopped when asked, its bound read from HiGHS itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence

import highspy
import numpy as np
import pulp

from sequencer.milp.answer import GAP, Answer, Verdict, Watch
from sequencer.milp.rows import Rows, Var
from sequencer.outcome import Limits

INTERRUPTS = (
    highspy.cb.HighsCallbackType.kCallbackMipInterrupt,
    highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
    highspy.cb.HighsCallbackType.kCallbackIpmInterrupt,
)

_ALONE = threading.Lock()  # HiGHS keeps one pool of threads for the whole process


def solve(
    rows: Rows,
    start: Mapping[Var, int],
    *,
    limits: Limits,
    presolve: bool,
    stop: threading.Event,
    watch: Watch | None,
) -> Answer:
    """Minimise the objective of a problem; see ``Solver``. Values that are not given to start from, HiGHS finds."""
    solver = pulp.HiGHS(
        msg=False,
        gapRel=0.0,
        gapAbs=GAP,
        threads=limits.workers or os.cpu_count() or 1,
        timeLimit=limits.seconds,
        random_seed=limits.seed,
        presolve="on" if presolve else "off",
    )
    columns = {variable.name: column for column, variable in enumerate(rows.problem.variables())}
    order = [columns[variable.name] for variable in rows.variables]
    found: list[Answer] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            with _ALONE:
                highspy.Highs.resetGlobalScheduler(True)  # or else a number of threads is for ever
                solver.createAndConfigureSolver(rows.problem)
                solver.buildSolverModel(rows.problem)
                found.append(_run(rows.problem.solverModel, order, start, stop, watch))
        except BaseException as error:  # carried to the calling thread and raised there
            failure.append(error)

    thread = threading.Thread(target=work, name="highs", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.05)  # so that the main thread hears Ctrl-C
    if failure:
        raise failure[0]
    return found[0]


def _run(
    model: highspy.Highs, order: Sequence[int], start: Mapping[Var, int], stop: threading.Event, watch: Watch | None
) -> Answer:
    """Run HiGHS; ``order`` is the column of each variable."""

    def on_interrupt(
        kind: int, _: str, out: highspy.cb.HighsCallbackOutput, answer: highspy.cb.HighsCallbackInput, __: object
    ) -> None:
        if watch is not None and kind == int(INTERRUPTS[0]):
            watch(_known(out.mip_primal_bound), _known(out.mip_dual_bound))
        answer.user_interrupt = stop.is_set()

    if start:
        columns = np.array([order[var] for var in start], dtype=np.int32)
        model.setSolution(len(columns), columns, np.array(list(start.values()), dtype=np.float64))
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
        [values[column] for column in order] if feasible else None,
        _known(info.mip_dual_bound),
    )


def _known(value: float) -> float | None:
    return value if abs(value) < highspy.kHighsInf else None

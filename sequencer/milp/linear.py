"""Linear programs in arrays, told to HiGHS: relaxations with their prices, and searches over few cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.matrix import Arrays
from sequencer.engine.run import Stoppable
from sequencer.milp.answer import GAP
from sequencer.milp.highs import EXACT, INTERRUPTS

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Relaxed:
    """A linear program solved.

    Attributes
    ----------
    value : float
        Infinity where there is no solution.
    values : float array, length N
    prices : float array, length R
        What one more unit of each row would bring; not negative but for rows that must be met exactly.
    """

    value: float
    values: Floats
    prices: Floats

    @property
    def has_solution(self) -> bool:
        """Whether there is one."""
        return self.value < np.inf


@dataclass(frozen=True, eq=False, slots=True)
class Searched:
    """What branch and bound found, in floating point.

    Attributes
    ----------
    values : float array, or None
    best : float or None
        Objective of these values.
    done : bool
        Whether HiGHS says that nothing better is left.
    """

    values: Floats | None
    best: float | None
    done: bool


def load(program: Arrays, *, whole: bool) -> highspy.Highs:
    """Return a program as HiGHS has it."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.sides)
    model.col_cost_ = program.cost.astype(np.float64)
    model.col_lower_ = np.zeros(len(program.cost))
    model.col_upper_ = program.tops.astype(np.float64)
    upper = program.sides.astype(np.float64)
    model.row_upper_ = upper
    model.row_lower_ = np.where(program.equalities, upper, -highspy.kHighsInf)
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(integer)] for integer in program.wholes]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = program.starts.astype(np.int32)
    model.a_matrix_.index_ = program.index.astype(np.int32)
    model.a_matrix_.value_ = program.value.astype(np.float64)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.passModel(model)
    return highs


def relax(program: Arrays, seconds: float, stop: Stoppable, *, presolve: bool = True) -> Relaxed | None:
    """Solve a program in fractions; None if it was not solved to the end.

    Parameters
    ----------
    presolve : bool
        Whether HiGHS may simplify the program first. What it then says of programs without a solution is not relied on:
        None.

    Notes
    -----
    Costs count also where only a solution is asked for: without them, dual simplex took fifteen times as long.
    """
    highs = load(program, whole=False)
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("presolve", "choose" if presolve else "off")
    _until(highs, stop, None)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible and not presolve:
        return Relaxed(np.inf, np.zeros(len(program.cost)), np.zeros(len(program.sides)))
    if status != highspy.HighsModelStatus.kOptimal:
        return None
    solution = highs.getSolution()
    prices = -np.array(solution.row_dual)
    return Relaxed(
        value=highs.getInfo().objective_function_value,
        values=np.array(solution.col_value),
        prices=np.where(program.equalities, prices, np.maximum(prices, 0)),
    )


def search(
    program: Arrays,
    start: tuple[NDArray[np.int64], NDArray[np.bool_]],
    seconds: float,
    stop: Stoppable,
    watch: Callable[[Floats], None],
    *,
    presolve: bool,
) -> Searched:
    """Search for the best integers by branch and bound.

    Parameters
    ----------
    start : int array, bool array
        Values to begin from, and of which variables.
    watch : callable
        Told of each better solution, on a thread of the solver. Bounds that HiGHS tells on the way are not passed on:
        some are of a search within the search, such as the one that completes ``start``, and above the optimum.
    presolve : bool
        Whether HiGHS may simplify the program first. Its version 1.14 then loses solutions now and then: nothing is to
        be concluded from what it does not find.
    """
    highs = load(program, whole=True)
    options: dict[str, float | bool | str] = {
        "time_limit": seconds,
        "mip_rel_gap": 0.0,
        "mip_abs_gap": GAP,
        "presolve": "on" if presolve else "off",
        "mip_allow_restart": presolve,  # which would presolve again
        "mip_feasibility_tolerance": EXACT,
        "primal_feasibility_tolerance": EXACT,
        "dual_feasibility_tolerance": EXACT,
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    known = np.flatnonzero(start[1])
    highs.setSolution(len(known), known.astype(np.int32), start[0][known].astype(np.float64))
    _until(highs, stop, watch)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    done = status in {
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kObjectiveBound,
    }
    values = np.array(highs.getSolution().col_value) if feasible else None
    best = info.objective_function_value if feasible else None
    return Searched(values, best, done)


def _until(highs: highspy.Highs, stop: Stoppable, watch: Callable[[Floats], None] | None) -> None:
    """Let HiGHS end soon after ``stop`` is set, and tell what it finds on the way."""
    better = highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution

    def hear(
        kind: int, _: str, out: highspy.cb.HighsCallbackOutput, answer: highspy.cb.HighsCallbackInput, __: object
    ) -> None:
        if watch is not None and kind == int(better):
            watch(np.array(out.mip_solution))
        answer.user_interrupt = stop.is_set()

    highs.setCallback(hear, None)
    for kind in (*INTERRUPTS, *((better,) if watch is not None else ())):
        highs.startCallback(kind)


class Elastic:
    """Rows that variables must meet for changing right sides, each to be broken at a price; kept warm.

    Parameters
    ----------
    program : Arrays
        Its objective does not count.
    """

    def __init__(self, program: Arrays) -> None:
        self._program = program
        rows, short = len(program.sides), np.flatnonzero(program.equalities)
        sizes = np.ones(rows)
        np.maximum.at(sizes, program.row, np.abs(program.value).astype(np.float64))
        self._highs = load(program, whole=False)
        self._highs.changeColsCost(len(program.cost), np.arange(len(program.cost), dtype=np.int32), 0.0 * program.tops)
        for row, sign in ((np.arange(rows), -1.0), (short, 1.0)):
            count = len(row)
            self._highs.addCols(
                count, 1 / sizes[row], np.zeros(count), np.full(count, highspy.kHighsInf), count,
                np.arange(count, dtype=np.int32), row.astype(np.int32), np.full(count, sign),
            )  # fmt: skip

    def short(self, sides: Floats) -> tuple[float, Floats]:
        """Return by how much right sides are missed at least, in units of each row's largest entry, and prices."""
        upper = np.asarray(sides, np.float64)
        lower = np.where(self._program.equalities, upper, -highspy.kHighsInf)
        self._highs.changeRowsBounds(len(upper), np.arange(len(upper), dtype=np.int32), lower, upper)
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return 0.0, np.zeros(len(upper))
        prices = -np.array(self._highs.getSolution().row_dual)
        missed = self._highs.getInfo().objective_function_value
        return missed, np.where(self._program.equalities, prices, np.maximum(prices, 0))

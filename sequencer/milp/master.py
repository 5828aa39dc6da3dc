"""The master program of a column generation: how little must be missing if plans of places are mixed [1]_.

References
----------
.. [1] G. B. Dantzig and P. Wolfe, "Decomposition principle for linear programs", Operations Research 8 (1960).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray

from sequencer.places.split import Columns

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

HALF = 0.5  # a share above it is 1, where shares are whole


class Master:
    """Rows that places share, what is missing in each, and plans of places as columns.

    Parameters
    ----------
    sides : int array, length R
        Right sides.
    equalities : bool array, length R
    others : Columns
        What other variables take.
    tops : int array
        The most each of these may be.
    blocks : int
        How many places there are: of each, plans are mixed to one.
    """

    def __init__(self, sides: Ints, equalities: Bools, others: Columns, tops: Ints, blocks: int) -> None:
        self._size = np.maximum(1.0, np.abs(sides).astype(np.float64))
        self._sides = sides / self._size
        self._equalities = equalities
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        for side, equal in zip(self._sides.tolist(), equalities.tolist(), strict=True):
            self._row(side if equal else -highspy.kHighsInf, side)
        for _ in range(blocks):
            self._row(1.0, 1.0)
        self._count = 0
        for row, equal in enumerate(equalities.tolist()):
            self._add(1.0, highspy.kHighsInf, [row], [-1.0])
            if equal:
                self._add(1.0, highspy.kHighsInf, [row], [1.0])
        self._missing = self._count
        for column, top in enumerate(tops.tolist()):
            at = slice(*others.at[column : column + 2])
            unit = max(1.0, float(top))  # counted in the most that it may be: numbers are near 1 then
            self._add(0.0, top / unit, others.row[at], others.entry[at] * unit / self._size[others.row[at]])
        self._plans = self._count

    def _row(self, low: float, high: float) -> None:
        self._highs.addRow(low, high, 0, np.zeros(0, np.int32), np.zeros(0))

    def _add(self, cost: float, top: float, rows: Sequence[int] | Ints, values: Sequence[float] | Floats) -> None:
        index, entries = np.asarray(rows, np.int32), np.asarray(values, np.float64)
        self._highs.addCol(cost, 0.0, top, len(index), index, entries)
        self._count += 1

    def add(self, block: int, taken: Floats) -> None:
        """Add a plan of a place: what it takes of each row."""
        rows = np.flatnonzero(taken)
        values = np.append(taken[rows] / self._size[rows], 1.0)
        self._add(0.0, highspy.kHighsInf, np.append(rows, len(self._size) + block), values)

    def allow(self, plans: Bools) -> None:
        """Say which of the plans may be mixed."""
        columns = np.arange(self._plans, self._count, dtype=np.int32)
        tops = np.where(plans, highspy.kHighsInf, 0.0)
        self._highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), tops)

    def ask(self, rows: Bools) -> None:
        """Say which rows must be kept."""
        for row in range(len(rows)):
            side = float(self._sides[row]) if rows[row] else highspy.kHighsInf
            self._highs.changeRowBounds(row, side if rows[row] and self._equalities[row] else -highspy.kHighsInf, side)

    def solve(self, seconds: float) -> tuple[float, Floats] | None:
        """Return how much is missing, and the price of each row; None if it was not found."""
        if not self._run(seconds):
            return None
        duals = np.array(self._highs.getSolution().row_dual)
        return float(self._highs.getInfo().objective_function_value), -duals[: len(self._size)] / self._size

    def whole(self, seconds: float) -> Ints | None:
        """Return which plans to take, one for each place, so that nothing is missing; None if none are found.

        They are found in floating point: who uses them looks at them again.
        """
        highs, plans = self._highs, np.arange(self._plans, self._count, dtype=np.int32)
        lacking = np.arange(self._missing, dtype=np.int32)
        highs.changeColsBounds(len(lacking), lacking, np.zeros(len(lacking)), np.zeros(len(lacking)))
        highs.changeColsIntegrality(len(plans), plans, np.full(len(plans), highspy.HighsVarType.kInteger))
        found = self._run(seconds)
        values = np.array(highs.getSolution().col_value)
        highs.changeColsIntegrality(len(plans), plans, np.full(len(plans), highspy.HighsVarType.kContinuous))
        infinite = np.full(len(lacking), highspy.kHighsInf)
        highs.changeColsBounds(len(lacking), lacking, np.zeros(len(lacking)), infinite)
        return np.flatnonzero(values[self._plans :] > HALF) if found else None

    def _run(self, seconds: float) -> bool:
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + seconds)
        self._highs.run()
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

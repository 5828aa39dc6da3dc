"""The linear program over plans of places: which of them together, in parts, take no more than there is."""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int32]


class Master:
    """A linear program that grows by columns; rows that places share first, then one for each place.

    Parameters
    ----------
    sides : float array, length R
    equalities : bool array, length R
    places : int
    dear : float array, length R
        What a unit costs by which a row is broken: no price exceeds it.
    """

    def __init__(self, sides: Floats, equalities: NDArray[np.bool_], places: int, dear: Floats) -> None:
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.rows = len(sides)
        low = np.where(equalities, sides, -highspy.kHighsInf)
        model = highspy.HighsLp()
        total = self.rows + places
        short = np.flatnonzero(equalities)
        model.num_col_, model.num_row_ = self.rows + len(short), total
        model.col_cost_ = np.concatenate([dear, dear[short]])
        model.col_lower_ = np.zeros(model.num_col_)
        model.col_upper_ = np.full(model.num_col_, highspy.kHighsInf)
        model.row_lower_ = np.concatenate([low, np.ones(places)])
        model.row_upper_ = np.concatenate([sides, np.ones(places)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.arange(model.num_col_ + 1, dtype=np.int32)
        model.a_matrix_.index_ = np.concatenate([np.arange(self.rows), short]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate([-np.ones(self.rows), np.ones(len(short))])
        self.highs.passModel(model)
        self.elastic = model.num_col_
        self.count = model.num_col_

    def add(self, costs: Sequence[float], tops: Sequence[float], starts: Indices, rows: Indices, entries: Floats) -> None:
        """Add columns, given as the entries of each, one column after the other."""
        count = len(costs)
        self.highs.addCols(
            count,
            np.asarray(costs, np.float64),
            np.zeros(count),
            np.asarray(tops, np.float64),
            len(rows),
            starts.astype(np.int32),
            rows.astype(np.int32),
            entries.astype(np.float64),
        )
        self.count += count

    def solve(self) -> tuple[float, Floats, Floats, Floats]:
        """Return the value, the price of each shared row, what each place pays, and the values of columns."""
        self.highs.run()
        solution = self.highs.getSolution()
        dual = np.array(solution.row_dual)
        return (
            self.highs.getInfo().objective_function_value,
            -dual[: self.rows],
            dual[self.rows :],
            np.array(solution.col_value)[self.elastic :],
        )

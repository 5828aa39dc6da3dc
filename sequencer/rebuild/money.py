"""What plans must keep so that payments exist: rows over cells alone, found as plans are found that cannot be paid.

Let the rows of money be ``A x + D y <= b`` with cells x and payments y, 0 <= y <= t. For prices ``p``, not negative but
for rows that are equations, every plan that can be paid has ``p A x <= p b - p D y <= p b - sum of min(0, p D) t``
(models/problem.md, proposition 16). Prices in whole numbers make it a row of whole numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.matrix import Arrays
from sequencer.milp.linear import Elastic
from sequencer.problem import Bridge
from sequencer.rebuild.board import Cut
from sequencer.rebuild.layout import Layout

DIGITS = 1000  # the largest price of a cut
MISSED = 1e-6  # of the largest entry of a row: what floating point may miss


class Money:
    """The rows of money of a program.

    Attributes
    ----------
    rows : int array
        Their positions in the program; none without a money rule.
    """

    def __init__(self, layout: Layout) -> None:
        arrays, rules = layout.program.arrays, layout.program.problem.rules
        money = np.array([*(isinstance(rule, Bridge) for rule in rules), False, False])[layout.program.rules]
        self.rows = np.flatnonzero(money)
        self._layout = layout
        position = np.full(len(money), -1, np.int64)
        position[self.rows] = np.arange(len(self.rows))
        on = money[arrays.row]
        row, var, value = position[arrays.row[on]], arrays.index[on], arrays.value[on]
        cell = layout.on[var]
        self._row, self._cell, self._value = (part[cell >= 0] for part in (row, cell, value))
        payments = np.unique(var[cell < 0])
        at = np.full(len(arrays.cost), -1, np.int64)
        at[payments] = np.arange(len(payments))
        counts = np.bincount(row[cell < 0], minlength=len(self.rows))
        self._program = Arrays(
            cost=np.zeros(len(payments), np.int64),
            tops=arrays.tops[payments],
            wholes=arrays.wholes[payments],
            starts=np.concatenate([[0], np.cumsum(counts)]),
            index=at[var[cell < 0]],
            value=value[cell < 0],
            sides=arrays.sides[self.rows],
            equalities=arrays.equalities[self.rows],
        )
        self._elastic = Elastic(self._program) if len(self.rows) else None

    @property
    def on(self) -> NDArray[np.int64]:
        """The cell, in the order of cuts, of each variable of the program."""
        return self._layout.on

    def missing(self, chosen: NDArray[np.int64]) -> Cut | None:
        """Return a row that a plan breaks because it cannot be paid, not even in fractions; None if it can."""
        weights = np.zeros(len(self._layout.on))
        weights[self._layout.var[chosen]] = 1
        found = self.short(weights)
        if found is None:
            return None
        cut = found[1]
        return cut if int(cut.need[chosen].sum()) > cut.side else None

    def short(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], Cut] | None:
        """Return prices of the rows, and the cut they imply, where cells taken in some parts cannot be paid.

        Parameters
        ----------
        weights : float array
            How much of each variable of the program is taken; those that are no cells do not count.
        """
        if self._elastic is None:
            return None
        takes = np.bincount(self._row, self._value * weights[self._layout.var[self._cell]], len(self.rows))
        missed, prices = self._elastic.short((self._program.sides - takes).astype(np.float64))
        if missed <= MISSED:
            return None
        told = self._whole(prices)
        return told.astype(np.float64), self._implied(told)

    def cut(self, prices: NDArray[np.float64]) -> Cut:
        """Return the row over cells that some prices of the rows of money imply."""
        return self._implied(self._whole(prices))

    def _whole(self, prices: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.rint(prices / max(1e-12, float(np.abs(prices).max(initial=0))) * DIGITS).astype(np.int64)

    def _implied(self, told: NDArray[np.int64]) -> Cut:
        need = np.zeros(len(self._layout.var), np.int64)
        np.add.at(need, self._cell, told[self._row] * self._value)
        paid = np.zeros(len(self._program.tops), np.int64)
        np.add.at(paid, self._program.index, told[self._program.row] * self._program.value)
        pairs = zip(paid.tolist(), self._program.tops.tolist(), strict=True)
        return Cut(need, int(told @ self._program.sides) - sum(min(0, value) * top for value, top in pairs))

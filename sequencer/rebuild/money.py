"""What plans must keep so that payments exist: rows over cells alone, found as plans are found that cannot be paid.

Let the rows of money be ``A x + D y <= b`` with cells x and payments y, 0 <= y <= t. For prices ``p``, not negative but
for rows that are equations, every plan that can be paid has ``p A x <= p b - p D y <= p b - sum of min(0, p D) t``
(models/problem.md, proposition 15). Prices in whole numbers make it a row of whole numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.matrix import Arrays
from sequencer.milp.linear import Elastic
from sequencer.problem import Bridge
from sequencer.rebuild.board import Cut, Layout

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

    def missing(self, chosen: NDArray[np.int64]) -> Cut | None:
        """Return a row that a plan breaks because it cannot be paid, not even in fractions; None if it can."""
        if self._elastic is None:
            return None
        taken = np.zeros(len(self._layout.var), np.bool_)
        taken[chosen] = True
        on = taken[self._cell]
        takes = np.zeros(len(self.rows), np.int64)
        np.add.at(takes, self._row[on], self._value[on])
        missed, prices = self._elastic.short(self._program.sides - takes)
        if missed <= MISSED:
            return None
        cut = self.cut(prices)
        return cut if int(cut.need[chosen].sum()) > cut.side else None

    def cut(self, prices: NDArray[np.float64]) -> Cut:
        """Return the row over cells that some prices of the rows of money imply."""
        told = np.rint(prices / max(1e-12, float(np.abs(prices).max(initial=0))) * DIGITS).astype(np.int64)
        need = np.zeros(len(self._layout.var), np.int64)
        np.add.at(need, self._cell, told[self._row] * self._value)
        paid = np.zeros(len(self._program.tops), np.int64)
        np.add.at(paid, self._program.index, told[self._program.row] * self._program.value)
        pairs = zip(paid.tolist(), self._program.tops.tolist(), strict=True)
        return Cut(need, int(told @ self._program.sides) - sum(min(0, value) * top for value, top in pairs))

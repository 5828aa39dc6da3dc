"""Rows of whole numbers in a PuLP problem; written so that PuLP 3.3 and 4 both take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pulp

from sequencer.binaries import rows
from sequencer.binaries.sums import Sum
from sequencer.errors import UsageError

LARGEST = 10**12  # of any number in a row: files of models hold twelve digits
LARGEST_SUM = 10**15  # doubles hold every integer up to here

_expression: Any = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)  # PuLP 4, PuLP 3


class Rows(rows.Rows):
    """A PuLP problem whose rows have integer coefficients.

    Attributes
    ----------
    problem : pulp.LpProblem
    listed : list of pulp.LpVariable
        The variables in the order they were made.
    largest : int
        The largest number in any row or in the objective.
    """

    def __init__(self) -> None:
        super().__init__()
        self.problem = pulp.LpProblem("handover", pulp.LpMinimize)
        self.listed: list[pulp.LpVariable] = []
        self.largest = 0
        self._names: Counter[str] = Counter()

    def counted(self, values: Sequence[float]) -> float:
        """Return the value of the objective where its variables are integers."""
        pairs = zip(self.objective.vars.tolist(), self.objective.values.tolist(), strict=True)
        return float(sum(value * round(values[var]) for var, value in pairs))

    def _named(self, count: int, name: Callable[[int], str], most: int, *, whole: bool) -> None:
        category = pulp.LpInteger if whole else pulp.LpContinuous
        self.listed += [self.problem.add_variable(name(i), 0, most, category) for i in range(count)]

    def _kept(self, name: str, row: Sum, side: int, *, equal: bool) -> None:
        told = self._told(row, side)
        self.problem.addConstraint(told == side if equal else told <= side, self._unused(name))

    def _aimed(self, row: Sum) -> None:
        self.problem.setObjective(self._told(row, 0))

    def _told(self, row: Sum, side: int) -> Any:  # noqa: ANN401 - PuLP has no types
        """Return a row as an expression."""
        largest = max(abs(side), int(np.abs(row.values).max(initial=0)))
        if largest >= LARGEST or rows.total(np.abs(row.values), self.tops[row.vars]) >= LARGEST_SUM:
            message = "numbers are too large for a solver that reckons in floating point: state money or people in"
            raise UsageError(f"{message} thousands, or take the engine cpsat")
        self.largest = max(self.largest, largest)
        pairs = zip(row.vars.tolist(), row.values.tolist(), strict=True)
        return _expression([(self.listed[var], value) for var, value in pairs])

    def _unused(self, name: str) -> str:
        """Return a name that no other row has."""
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}_{self._names[name]}"

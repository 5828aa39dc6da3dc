"""Rows of whole numbers in a PuLP problem; written so that PuLP 3.3 and 4 both take them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pulp

from sequencer.errors import UsageError

#: Position of a variable.
Var: TypeAlias = int

#: Variables and their coefficients; the sum they stand for. A variable may stand in it several times.
Terms: TypeAlias = Sequence[tuple[Var, int]]

LARGEST = 10**12  # of any number in a row: files of models hold twelve digits
LARGEST_SUM = 10**15  # doubles hold every integer up to here

_expression: Any = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)  # PuLP 4, PuLP 3


class Rows:
    """A PuLP problem whose rows have integer coefficients, as small as they can be.

    Attributes
    ----------
    problem : pulp.LpProblem
    variables : list of pulp.LpVariable
        In the order they were made.
    largest : int
        The largest number in any row or in the objective.
    objective : mapping of int to int
        The coefficient of each variable in the sum that is minimised.
    """

    def __init__(self) -> None:
        self.problem = pulp.LpProblem("handover", pulp.LpMinimize)
        self.variables: list[pulp.LpVariable] = []
        self.largest = 0
        self._most: list[int] = []
        self._whole: list[bool] = []
        self._names: Counter[str] = Counter()
        self.objective: Mapping[Var, int] = {}

    def variable(self, name: str, most: int, *, whole: bool = True) -> Var:
        """Return a new variable from 0 to ``most``; ``whole``: an integer."""
        category = pulp.LpInteger if whole else pulp.LpContinuous
        self.variables.append(self.problem.add_variable(name, 0, most, category))
        self._most.append(most)
        self._whole.append(whole)
        return len(self.variables) - 1

    def at_most(self, name: str, terms: Iterable[tuple[Var, int]], most: int) -> None:
        """Keep a sum at most at a number; what no values can break is left out.

        A row of integers is divided by the greatest number that divides its coefficients, its right side rounded down.

        Raises
        ------
        UsageError
            If numbers are too large for floating point.
        """
        row = _collected(terms)
        if sum(max(0, value) * self._most[var] for var, value in row.items()) <= most:
            return
        if not row:
            row, most = {0: -1}, -self._most[0] - 1  # no values keep it
        unit = math.gcd(*row.values()) if all(self._whole[var] for var in row) else 1
        self.problem.addConstraint(self._sum(row, unit, most) <= most // unit, self._unused(name))

    def equal(self, name: str, terms: Iterable[tuple[Var, int]], value: int) -> None:
        """Keep a sum of some variables at a number; raises ``UsageError`` as ``at_most`` does."""
        self.problem.addConstraint(self._sum(_collected(terms), 1, value) == value, self._unused(name))

    def minimise(self, terms: Iterable[tuple[Var, int]]) -> None:
        """Make a sum the objective; raises ``UsageError`` as ``at_most`` does."""
        objective = _collected(terms)
        self.problem.setObjective(self._sum(objective, 1, 0))
        self.objective = objective

    def counted(self, values: Sequence[float]) -> float:
        """Return the value of the objective where its variables are integers."""
        return float(sum(value * round(values[var]) for var, value in self.objective.items()))

    def _sum(self, row: Mapping[Var, int], unit: int, side: int) -> Any:  # noqa: ANN401 - PuLP has no types
        """Return a row as an expression, in units."""
        largest = max(map(abs, (side, *row.values())), default=0)
        if max(largest // unit // LARGEST, sum(abs(row[var]) * self._most[var] for var in row) // unit // LARGEST_SUM):
            message = "numbers are too large for a solver that reckons in floating point: state money or people in"
            raise UsageError(f"{message} thousands, or take the engine cpsat")
        self.largest = max(self.largest, largest // unit)
        return _expression([(self.variables[var], value // unit) for var, value in row.items()])

    def _unused(self, name: str) -> str:
        """Return a name that no other row has."""
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}_{self._names[name]}"


def _collected(terms: Iterable[tuple[Var, int]]) -> dict[Var, int]:
    """Return the coefficient of each variable, none of them 0."""
    row: Counter[Var] = Counter()
    for var, value in terms:
        row[var] += value
    return {var: value for var, value in row.items() if value}

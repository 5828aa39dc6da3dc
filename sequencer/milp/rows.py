"""Rows of whole numbers in a PuLP problem; written so that PuLP 3.3 and 4 both take them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import pulp

from sequencer.errors import UsageError

#: Position of a variable.
Var: TypeAlias = int

#: Variables and their coefficients; the sum they stand for. A variable may stand in it several times.
Terms: TypeAlias = Sequence[tuple[Var, int]]

#: Of any sum of a row. Doubles hold every integer up to here, and HiGHS takes no larger coefficients.
LARGEST = 10**15

_expression: Any = getattr(pulp.LpAffineExpression, "from_list", pulp.LpAffineExpression)  # PuLP 4, PuLP 3


class Rows:
    """A PuLP problem whose rows have integer coefficients, as small as they can be.

    Attributes
    ----------
    problem : pulp.LpProblem
    variables : list of pulp.LpVariable
        In the order they were made.
    """

    def __init__(self) -> None:
        self.problem = pulp.LpProblem("handover", pulp.LpMinimize)
        self.variables: list[pulp.LpVariable] = []
        self._most: list[int] = []
        self._whole: list[bool] = []
        self._names: Counter[str] = Counter()

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
        """
        row = self._collected(terms)
        if sum(max(0, value) * self._most[var] for var, value in row.items()) <= most:
            return
        if not row:
            row, most = {0: -1}, -self._most[0] - 1  # no values keep it
        unit = math.gcd(*row.values()) if all(self._whole[var] for var in row) else 1
        pairs = [(self.variables[var], value // unit) for var, value in row.items()]
        self.problem.addConstraint(_expression(pairs) <= most // unit, self._unused(name))

    def equal(self, name: str, terms: Iterable[tuple[Var, int]], value: int) -> None:
        """Keep a sum at a number."""
        row = self._collected(terms)
        if row:
            pairs = [(self.variables[var], factor) for var, factor in row.items()]
            self.problem.addConstraint(_expression(pairs) == value, self._unused(name))
        elif value:
            self.at_most(name, [], -1)

    def minimise(self, terms: Iterable[tuple[Var, int]]) -> None:
        """Make a sum the objective."""
        row = self._collected(terms)
        self.problem.setObjective(_expression([(self.variables[var], value) for var, value in row.items()]))

    def _collected(self, terms: Iterable[tuple[Var, int]]) -> dict[Var, int]:
        """Return the coefficient of each variable, none of them 0."""
        row: Counter[Var] = Counter()
        for var, value in terms:
            row[var] += value
        if sum(abs(value) * self._most[var] for var, value in row.items()) > LARGEST:
            message = "the numbers are too large for a solver that reckons in floating point: state money or people"
            raise UsageError(f"{message} in thousands, or leave out --engine")
        return {var: value for var, value in row.items() if value}

    def _unused(self, name: str) -> str:
        """Return a name that no other row has."""
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name}_{self._names[name]}"

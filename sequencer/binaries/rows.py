"""Rows of whole numbers, however they are kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from sequencer.binaries.sums import Integers, Sum, added, once, ones

#: Position of a variable.
Var: TypeAlias = int


CHOICE, CAP = -1, -2  # rows that tell no rule: a package takes one cell, and a term keeps a cap
LARGE = 2**62  # up to here sums of 64 bits cannot run over


class Rows(ABC):
    """Variables from 0 to a most, and rows over them, as small as they can be.

    Attributes
    ----------
    count : int
        How many variables there are.
    about : int
        What the rows that come next tell: the position of a rule, ``CHOICE`` or ``CAP``.
    divided : int
        What the row kept last was divided by.
    objective : Sum
        What is minimised.
    """

    def __init__(self) -> None:
        self.count = 0
        self.about = CHOICE
        self.divided = 1
        self.objective = added([])
        self._tops = np.zeros(64, np.int64)
        self._wholes = np.zeros(64, np.bool_)

    def variable(self, name: str, most: int, *, whole: bool = True) -> Var:
        """Return a new variable from 0 to ``most``; ``whole``: an integer."""
        return int(self.variables(1, lambda _: name, most, whole=whole)[0])

    def variables(self, count: int, name: Callable[[int], str], most: int, *, whole: bool = True) -> Integers:
        """Return new variables from 0 to ``most``, each named by its position among them."""
        first = self.count
        self.count += count
        if self.count > len(self._tops):
            room = max(self.count, 2 * len(self._tops))
            self._tops, self._wholes = np.resize(self._tops, room), np.resize(self._wholes, room)
        self._tops[first : self.count], self._wholes[first : self.count] = most, whole
        self._named(count, name, most, whole=whole)
        return np.arange(first, self.count, dtype=np.int64)

    @property
    def tops(self) -> Integers:
        """The most that each variable may be."""
        return self._tops[: self.count]

    @property
    def wholes(self) -> Integers:
        """1 for each variable that is an integer, else 0."""
        return self._wholes[: self.count].astype(np.int64)

    def at_most(self, name: str, terms: Sum, most: int) -> None:
        """Keep a sum at most at a number; what no values can break is left out.

        A row of integers is divided by the greatest number that divides its coefficients, its right side rounded down.

        Raises
        ------
        UsageError
            If numbers are too large to be kept.
        """
        row = terms.collected()
        if total(np.maximum(row.values, 0), self._tops[row.vars]) <= most:
            return
        if not len(row):
            row, most = once(0, -1), -int(self._tops[0]) - 1  # no values keep it
        unit = int(np.gcd.reduce(row.values)) if self._wholes[row.vars].all() else 1
        self.divided = unit
        self._kept(name, Sum(row.vars, row.values // unit), most // unit, equal=False)

    def exclude(self, name: str, some: Integers, others: Integers) -> None:
        """Let at most one of some binaries and others be 1; one that is among both, never.

        It is ``at_most``, sooner: most rows are of this kind.
        """
        found = np.sort(np.concatenate((some, others)))
        if len(found) > 1 and (found[1:] > found[:-1]).all():
            self.divided = 1
            self._kept(name, ones(found), 1, equal=False)
        else:
            self.at_most(name, ones(found), 1)

    def equal(self, name: str, terms: Sum, value: int) -> None:
        """Keep a sum of some variables at a number; raises ``UsageError`` as ``at_most`` does."""
        self.divided = 1
        self._kept(name, terms.collected(), value, equal=True)

    def minimise(self, terms: Sum) -> None:
        """Make a sum the objective; raises ``UsageError`` as ``at_most`` does."""
        row = terms.collected()
        self._aimed(row)
        self.objective = row

    @abstractmethod
    def _named(self, count: int, name: Callable[[int], str], most: int, *, whole: bool) -> None:
        """Hear of new variables."""

    @abstractmethod
    def _kept(self, name: str, row: Sum, side: int, *, equal: bool) -> None:
        """Keep a row, each variable of which stands in it once."""

    @abstractmethod
    def _aimed(self, row: Sum) -> None:
        """Keep the objective, each variable of which stands in it once."""


def total(values: Integers, tops: Integers) -> int:
    """Return the sum of products, which may be too large for 64 bits."""
    if float(np.abs(values).astype(np.float64) @ tops) < LARGE:
        return int(values @ tops)
    return sum(value * top for value, top in zip(values.tolist(), tops.tolist(), strict=True))

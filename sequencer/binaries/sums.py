"""Sums of variables with whole coefficients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Whole numbers in a row.
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Sum:
    """Variables and their coefficients; the sum they stand for. A variable may stand in it several times.

    Attributes
    ----------
    vars : int array, length N
        Positions of variables.
    values : int array, length N
        Their coefficients.
    """

    vars: Integers
    values: Integers

    def __add__(self, other: Sum) -> Sum:
        return added([self, other])

    def __mul__(self, factor: int) -> Sum:
        return Sum(self.vars, self.values * factor)

    def __neg__(self) -> Sum:
        return Sum(self.vars, -self.values)

    def __len__(self) -> int:
        return len(self.vars)

    def collected(self) -> Sum:
        """Return the same sum with each variable once, in order, and no coefficient of 0."""
        found, values = self.vars, self.values
        if not (found[1:] > found[:-1]).all():
            order = np.argsort(found, kind="stable")
            found, values = found[order], values[order]
            starts = np.flatnonzero(np.diff(found, prepend=-1))
            if len(starts) < len(found):
                found, values = found[starts], np.add.reduceat(values, starts)
        kept = values != 0
        return Sum(found[kept], values[kept])


def added(parts: Iterable[Sum]) -> Sum:
    """Return the sum of several sums."""
    listed = list(parts)
    if not listed:
        return Sum(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Sum(np.concatenate([part.vars for part in listed]), np.concatenate([part.values for part in listed]))


def ones(variables: Integers) -> Sum:
    """Return the sum of some variables."""
    return Sum(variables, np.ones(len(variables), np.int64))


def once(variable: int, value: int = 1) -> Sum:
    """Return a variable times a number."""
    return Sum(np.array([variable], np.int64), np.array([value], np.int64))


def split(at: Integers, vars_: Integers, values: Integers, count: int) -> list[Sum]:
    """Return ``count`` sums from entries, each with the position of the sum it belongs to."""
    order = np.argsort(at, kind="stable")
    ends = np.searchsorted(at[order], np.arange(1, count))
    parts = zip(np.split(vars_[order], ends), np.split(values[order], ends), strict=True)
    return [Sum(found, coefficients) for found, coefficients in parts]

"""Rows of whole numbers as one sparse matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.rows import Rows
from sequencer.binaries.sums import Integers, Sum, added

EXACT = 2.0**53  # floating point adds whole numbers below it without an error
ROUNDED = 1e-6  # the part of a larger sum that it misses at most, with room to spare


@dataclass(frozen=True, eq=False, slots=True)
class Arrays:
    """A linear program in whole numbers: minimise a sum of N variables from 0 to their tops under R rows.

    Attributes
    ----------
    cost : int array, length N
    tops : int array, length N
    wholes : bool array, length N
        Whether a variable must be an integer.
    starts : int array, length R + 1
        Where the entries of each row begin.
    index, value : int array
        The variable and coefficient of each entry, row by row.
    sides : int array, length R
        What each row may come to at most.
    equalities : bool array, length R
        Whether it must come to just that.
    """

    cost: Integers
    tops: Integers
    wholes: NDArray[np.bool_]
    starts: Integers
    index: Integers
    value: Integers
    sides: Integers
    equalities: NDArray[np.bool_]

    @property
    def row(self) -> Integers:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.sides)), np.diff(self.starts))

    @property
    def largest(self) -> int:
        """The largest number in any row or in the objective."""
        return max(int(np.abs(part).max(initial=0)) for part in (self.value, self.cost, self.sides))

    @property
    def reach(self) -> float:
        """What no row, nor the objective, comes to more than, whatever signs its entries have."""
        most = np.abs(self.value) * self.tops[self.index].astype(np.float64)
        return max(
            float(np.add.reduceat(np.append(most, 0.0), self.starts[:-1]).max(initial=0.0)),
            float(np.abs(self.cost) @ self.tops.astype(np.float64)),
            float(np.abs(self.sides).max(initial=0)),
        )

    def without(self, columns: NDArray[np.bool_], choices: Integers) -> Part:
        """Return the program with some variables at 0.

        Rows that nothing can break any more are left out.

        Parameters
        ----------
        columns : bool array, length N
            Those that are 0.
        choices : int array, length N
            Variables with the same number are a choice, of which one is 1 and all others are 0; -1: any others.
        """
        left = np.flatnonzero(~columns)
        position = np.full(len(columns), -1, np.int64)
        position[left] = np.arange(len(left))
        kept = position[self.index] >= 0
        row, index, value = self.row[kept], position[self.index[kept]], self.value[kept]
        most = np.maximum(value, 0) * self.tops[left][index].astype(np.float64)
        reach = _reach(row, most, choices[left][index], len(self.sides))
        missed = np.where(reach < EXACT, 0.0, reach * ROUNDED)  # sums of whole numbers below are exact
        needed = self.equalities | (reach + missed > self.sides)
        on = needed[row]
        counts = np.bincount(row[on], minlength=len(self.sides))[needed]
        program = Arrays(
            cost=self.cost[left],
            tops=self.tops[left],
            wholes=self.wholes[left],
            starts=np.concatenate([[0], np.cumsum(counts)]),
            index=index[on],
            value=value[on],
            sides=self.sides[needed],
            equalities=self.equalities[needed],
        )
        return Part(program, left, np.flatnonzero(needed))


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """What is left of a program.

    Attributes
    ----------
    arrays : Arrays
    columns, rows : int array
        Where its variables and rows stand in the program.
    """

    arrays: Arrays
    columns: Integers
    rows: Integers


def _reach(row: Integers, most: NDArray[np.float64], choices: Integers, rows: int) -> NDArray[np.float64]:
    """Return what each row comes to at most, from what each entry does: of a choice, the largest entry counts."""
    single = choices < 0
    reach = np.zeros(rows)
    np.add.at(reach, row[single], most[single])
    row, most, choices = row[~single], most[~single], choices[~single]
    count = int(choices.max(initial=0)) + 1
    key = row * count + choices
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    if len(starts):
        np.add.at(reach, row[order][starts], np.maximum.reduceat(most[order], starts))
    return reach


class Matrix(Rows):
    """Rows kept as arrays.

    Attributes
    ----------
    names : list of str, length R
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self._parts: list[Sum] = []
        self._sides: list[int] = []
        self._equal: list[bool] = []
        self._about: list[int] = []
        self._divided: list[int] = []

    def arrays(self) -> Arrays:
        """Return rows and objective."""
        cost = np.zeros(self.count, np.int64)
        cost[self.objective.vars] = self.objective.values
        entries = added(self._parts)
        return Arrays(
            cost=cost,
            tops=self.tops,
            wholes=self._wholes[: self.count],
            starts=np.concatenate([[0], np.cumsum([len(part) for part in self._parts], dtype=np.int64)]),
            index=entries.vars,
            value=entries.values,
            sides=np.array(self._sides, np.int64),
            equalities=np.array(self._equal, np.bool_),
        )

    @property
    def rules(self) -> Integers:
        """What each row tells: the position of a rule, ``CHOICE`` or ``CAP``."""
        return np.array(self._about, np.int64)

    @property
    def units(self) -> Integers:
        """How much of what a rule counts a unit of each row stands for."""
        return np.array(self._divided, np.int64)

    def _named(self, count: int, name: Callable[[int], str], most: int, *, whole: bool) -> None:
        """Names of variables are not kept."""

    def _kept(self, name: str, row: Sum, side: int, *, equal: bool) -> None:
        self.names.append(name)
        self._parts.append(row)
        self._sides.append(side)
        self._equal.append(equal)
        self._about.append(self.about)
        self._divided.append(self.divided)

    def _aimed(self, row: Sum) -> None:
        """Do nothing: the objective is kept already."""

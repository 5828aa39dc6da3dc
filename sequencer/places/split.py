"""Entries of a program column by column: those of cells, and those of all other variables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.matrix import Arrays


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """Entries of a matrix, column by column.

    Attributes
    ----------
    at : int array, length N + 1
        Where the entries of each column begin.
    row, entry : int array
    """

    at: NDArray[np.int64]
    row: NDArray[np.int64]
    entry: NDArray[np.int64]

    def only(self, position: NDArray[np.int64]) -> Columns:
        """Return the entries of some rows: ``position`` is the new one of each, -1 for those left out."""
        row = position[self.row]
        kept = row >= 0
        at = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])[self.at]
        return Columns(at, row[kept], self.entry[kept])


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """The rows of a program that are priced.

    Attributes
    ----------
    rows : int array, length R
        Their positions in the program.
    cells : Columns
        What each cell takes of them.
    others : Columns
        What each variable that is no cell takes of them.
    tops : int array
        The most that each of those may be.
    """

    rows: NDArray[np.int64]
    cells: Columns
    others: Columns
    tops: NDArray[np.int64]

    def only(self, rows: NDArray[np.bool_]) -> Split:
        """Return some of the rows; variables that are no cells and stand in none of them are left out."""
        position = np.where(rows, np.cumsum(rows) - 1, -1)
        others = self.others.only(position)
        used = np.diff(others.at) > 0
        at = np.concatenate([[0], others.at[1:][used]])  # what is left out has no entries
        left = Columns(at, others.row, others.entry)
        return Split(self.rows[rows], self.cells.only(position), left, self.tops[used])


def split(program: Arrays, priced: NDArray[np.bool_], var: NDArray[np.int64]) -> Split:
    """Return some rows of a program column by column.

    Parameters
    ----------
    priced : bool array
        Which rows.
    var : int array, length J
        The variable that each cell is.
    """
    rows = np.flatnonzero(priced)
    position = np.full(len(priced), -1, np.int64)
    position[rows] = np.arange(len(rows))
    cell = np.full(len(program.cost), -1, np.int64)
    cell[var] = np.arange(len(var))
    others = np.flatnonzero(cell < 0)
    beside = np.full(len(program.cost), -1, np.int64)
    beside[others] = np.arange(len(others))
    on = priced[program.row]
    row, index, value = position[program.row[on]], program.index[on], program.value[on]
    taken = cell[index] >= 0
    return Split(
        rows=rows,
        cells=columns(cell[index[taken]], row[taken], value[taken], len(var)),
        others=columns(beside[index[~taken]], row[~taken], value[~taken], len(others)),
        tops=program.tops[others],
    )


def columns(column: NDArray[np.int64], row: NDArray[np.int64], entry: NDArray[np.int64], count: int) -> Columns:
    """Return entries, each with its column, column by column."""
    order = np.argsort(column, kind="stable")
    at = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=count))])
    return Columns(at.astype(np.int64), row[order], entry[order])

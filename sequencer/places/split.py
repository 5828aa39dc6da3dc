"""Rows of a matrix told apart: those of single places, and those that places share."""

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
    row: NDArray[np.int32]
    entry: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Split:
    """A matrix by places.

    Attributes
    ----------
    inner : Columns
        What each cell takes of the rows of its place, whose entries are never negative.
    rows_at : int array, length B + 1
        Where the rows of each place begin.
    room : int array
        Their right sides.
    inner_rows : int array
        Their positions in the matrix.
    shared : Columns
        What each cell takes of the rows that places share.
    aside : Columns
        What each variable that is no cell takes of those.
    others : int array
        The variables that are no cells.
    rows : int array
        Positions in the matrix of the rows that places share.
    """

    inner: Columns
    rows_at: NDArray[np.int32]
    room: NDArray[np.int64]
    inner_rows: NDArray[np.int64]
    shared: Columns
    aside: Columns
    others: NDArray[np.int64]
    rows: NDArray[np.int64]


def split(
    program: Arrays, aside: NDArray[np.bool_], priced: NDArray[np.bool_], var: NDArray[np.int64], place: NDArray[np.int64], places: int
) -> Split:
    """Return the rows of a matrix by places.

    Parameters
    ----------
    aside : bool array, length R
        Rows to leave out: what they say is known otherwise.
    priced : bool array, length R
        Rows that count as shared in any case.
    var : int array, length J
        The variable that each cell is.
    place : int array, length J
        The place of each cell.
    places : int
        How many places there are.
    """
    count, sides, row = len(program.cost), program.sides, program.row
    cell_of = np.full(count, -1, np.int64)
    cell_of[var] = np.arange(len(var))
    others = np.flatnonzero(cell_of < 0)
    place_of = np.full(count, -1, np.int64)
    place_of[var] = place
    at = place_of[program.index]
    first, last = np.full(len(sides), places, np.int64), np.full(len(sides), -2, np.int64)
    np.minimum.at(first, row, at)
    np.maximum.at(last, row, at)
    least = np.zeros(len(sides), np.int64)
    np.minimum.at(least, row, program.value)
    inner = (first == last) & (first >= 0) & (least >= 0) & ~program.equalities & ~aside & ~priced
    across_ = ~inner & ~aside
    inner_rows = np.flatnonzero(inner)
    inner_rows = inner_rows[np.argsort(first[inner_rows], kind="stable")]
    rows = np.flatnonzero(across_)
    position = np.full(len(sides), -1, np.int64)
    position[inner_rows] = np.arange(len(inner_rows))
    position[rows] = np.arange(len(rows))
    cells, is_inner, is_shared = cell_of[program.index], inner[row], across_[row]
    column_of = np.full(count, -1, np.int64)
    column_of[others] = np.arange(len(others))
    beside = is_shared & (cells < 0)
    within, across = is_inner & (cells >= 0), is_shared & (cells >= 0)
    return Split(
        inner=columns(cells[within], position[row[within]], program.value[within], len(var)),
        rows_at=np.searchsorted(first[inner_rows], np.arange(places + 1)).astype(np.int32),
        room=sides[inner_rows],
        inner_rows=inner_rows,
        shared=columns(cells[across], position[row[across]], program.value[across], len(var)),
        aside=columns(
            column_of[program.index[beside]], position[row[beside]], program.value[beside], len(others)
        ),
        others=others,
        rows=rows,
    )


def columns(
    column: NDArray[np.int64], row: NDArray[np.int64], entry: NDArray[np.int64], count: int
) -> Columns:
    """Return entries, each with its column, column by column."""
    order = np.argsort(column, kind="stable")
    at = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=count))])
    return Columns(at.astype(np.int64), row[order].astype(np.int32), entry[order])

"""The binaries of one package, one for each open cell, and the months that its events take in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.rows import Rows
from sequencer.binaries.sums import Integers, ones
from sequencer.problem import Cell, Path
from sequencer.vocabulary import Event

WIDTH = 24  # letters of a package's name that are part of the names of its binaries


@dataclass(frozen=True, eq=False, slots=True)
class Dated:
    """Months in which an event can come, in order, each with the binary of a cell that puts it there.

    Attributes
    ----------
    dates, vars : int array, length N
    """

    dates: Integers
    vars: Integers

    def until(self, month: int) -> Integers:
        """Return the binaries of cells that put the event in a month or earlier."""
        return self.vars[: np.searchsorted(self.dates, month, side="right")]

    def after(self, month: int) -> Integers:
        """Return the binaries of cells that put the event later than a month."""
        return self.vars[np.searchsorted(self.dates, month, side="right") :]

    def within(self, first: int, last: int) -> Dated:
        """Return what lies in some months, both ends included."""
        kept = slice(*np.searchsorted(self.dates, [first, last + 1]))
        return Dated(self.dates[kept], self.vars[kept])


class PackageBinaries:
    """The binaries of one package; exactly one of them is 1.

    Attributes
    ----------
    vars : int array, length N
        The binary of each open cell.
    """

    def __init__(self, rows: Rows, position: int, path: Path, mask: NDArray[np.bool_]) -> None:
        self._path = path
        self._at = np.nonzero(mask)
        label = f"{position}_{re.sub('[^A-Za-z0-9]', '_', path.package)[:WIDTH]}"
        self.vars = rows.variables(len(self._at[0]), lambda i: f"x_{label}_{self._named(i)}", 1)
        rows.equal(f"one_{label}", ones(self.vars), 1)

    def _named(self, i: int) -> str:
        return f"{self._at[0][i]}_{month(self._path.months[self._at[1][i]])}"

    @cached_property
    def cells(self) -> list[Cell]:
        """The open cells."""
        options, columns = (indices.tolist() for indices in self._at)
        return [Cell(k, self._path.months[i]) for k, i in zip(options, columns, strict=True)]

    def cell(self, position: int) -> Cell:
        """Return one of the open cells."""
        return Cell(int(self._at[0][position]), self._path.months[int(self._at[1][position])])

    @property
    def at(self) -> tuple[Integers, Integers]:
        """Where the open cells stand in tables of shape (K, T)."""
        return self._at[0], self._at[1]

    @property
    def options(self) -> Integers:
        """The option of each open cell."""
        return self._at[0]

    @property
    def transfers(self) -> Integers:
        """The transfer month of each open cell."""
        return self._path.months.start + self._at[1]

    def dates(self, event: Event) -> Integers:
        """Return the month of an event in each open cell."""
        return self.entries(self._path.dates(event))

    def dated(self, event: Event) -> Dated:
        """Return the months in which an event can come, in order."""
        dates = self.dates(event)
        order = np.argsort(dates, kind="stable")
        return Dated(dates[order], self.vars[order])

    def taken(self, cell: Cell) -> Integers:
        """Return the binary of a cell; none where it is not open."""
        option, column = self._at
        found: Integers = self.vars[(option == cell.option) & (column == cell.transfer - self._path.months.start)]
        return found

    def entries(self, table: NDArray[np.int64]) -> Integers:
        """Return the entries of a table, shape (K, T), in the open cells."""
        return table[self._at]

    def spread(self, tables: NDArray[np.int64]) -> tuple[Integers, Integers, Integers]:
        """Return the entries of some tables, shape (B, K, T), that are not 0: which table, binary and entry."""
        values = tables[:, self._at[0], self._at[1]]
        tables_, positions = np.nonzero(values)
        return tables_, self.vars[positions], values[tables_, positions]


def month(number: int) -> str:
    """Return a month as part of a name; a minus sign would not be allowed there."""
    return f"m{number}" if number >= 0 else f"past{-number}"

"""The binaries of one package, one for each open cell, and the months that its events take in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.milp.rows import Rows, Terms, Var
from sequencer.problem import Cell, Path
from sequencer.vocabulary import Event

#: The months in which an event can come, each with the binary of a cell that puts it there.
Dated: TypeAlias = Sequence[tuple[int, Var]]

WIDTH = 24  # letters of a package's name that are part of the names of its binaries


class PackageBinaries:
    """The binaries of one package; exactly one of them is 1.

    Attributes
    ----------
    cells : list of Cell
        The open cells.
    vars : list of Var
        The binary of each.
    """

    def __init__(self, rows: Rows, position: int, path: Path, mask: NDArray[np.bool_]) -> None:
        self._path = path
        self._at = np.nonzero(mask)
        options, columns = (indices.tolist() for indices in self._at)
        self.cells = [Cell(k, path.months[i]) for k, i in zip(options, columns, strict=True)]
        label = f"{position}_{re.sub('[^A-Za-z0-9]', '_', path.package)[:WIDTH]}"
        self.vars = [rows.variable(f"x_{label}_{k}_{month(t)}", 1) for k, t in self.cells]
        rows.equal(f"one_{label}", [(var, 1) for var in self.vars], 1)

    def dated(self, event: Event) -> Dated:
        """Return the months in which an event can come, in order."""
        return sorted((self._path.date(cell, event), var) for cell, var in zip(self.cells, self.vars, strict=True))

    def entries(self, table: NDArray[np.int64]) -> list[int]:
        """Return the entries of a table, shape (K, T), in the open cells."""
        values: list[int] = table[self._at].tolist()
        return values

    def sums(self, tables: NDArray[np.int64]) -> Iterator[tuple[int, Terms]]:
        """Yield the position of each of some tables, shape (B, K, T), with an entry that is not 0, and its sum."""
        options, columns = self._at
        values = tables[:, options, columns]
        for b in np.flatnonzero(values.any(axis=1)).tolist():
            yield b, [(self.vars[i], int(values[b, i])) for i in np.flatnonzero(values[b]).tolist()]


def month(number: int) -> str:
    """Return a month as part of a name; a minus sign would not be allowed there."""
    return f"m{number}" if number >= 0 else f"past{-number}"

"""Where packages and cells stand on boards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sequencer.binaries.program import Program
from sequencer.problem import Cell
from sequencer.rebuild.state import Ints


@dataclass(frozen=True, eq=False)
class Layout:
    """Where packages and cells stand on boards of a program.

    Attributes
    ----------
    program : Program
    names : tuple of str, length P
        Packages, those of a place together.
    starts : int array, length P + 1
        Where the cells of each begin.
    var : int array, length J
        The variable of each cell; those of a package stand by their cost, the cheapest first.
    on : int array
        The cell of each variable; -1 for one that is no cell.
    """

    program: Program
    names: tuple[str, ...]
    starts: Ints
    var: Ints
    on: Ints

    @classmethod
    def of(cls, program: Program, places: Sequence[str]) -> Layout:
        """Return the layout of a program whose packages stand in an order."""
        vars_, cost = [], program.arrays.cost
        for name in places:
            package = program.told.packages[name]
            vars_.append(package.vars[np.lexsort((package.transfers, cost[package.vars]))])
        var = np.concatenate(vars_)
        on = np.full(len(cost), -1, np.int64)
        on[var] = np.arange(len(var))
        starts = np.concatenate([[0], np.cumsum([len(part) for part in vars_])])
        return cls(program, tuple(places), starts.astype(np.int64), var, on)

    @property
    def counts(self) -> Ints:
        """How many cells each package has."""
        counts: Ints = np.diff(self.starts)
        return counts

    def order(self, p: int) -> Ints:
        """Return the position, among the cells of a package, of each of its cells on the board."""
        mine = self.var[self.starts[p] : self.starts[p + 1]]
        order: Ints = mine - self.program.told.packages[self.names[p]].vars[0]
        return order

    def cells(self, chosen: Ints) -> dict[str, Cell]:
        """Return a schedule from the cell of each package on the board."""
        return {
            name: self.program.told.packages[name].cell(int(self.order(p)[chosen[p] - self.starts[p]]))
            for p, name in enumerate(self.names)
        }

    def chosen(self, cells: Mapping[str, Cell]) -> Ints:
        """Return the cell of each package on the board in a schedule; -1 for one that is not open."""
        found = np.full(len(self.names), -1, np.int64)
        for p, name in enumerate(self.names):
            package = self.program.told.packages[name]
            at = np.flatnonzero((package.options == cells[name].option) & (package.transfers == cells[name].transfer))
            if len(at):
                found[p] = self.on[package.vars[at[0]]]
        return found

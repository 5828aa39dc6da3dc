"""CP-SAT variables: one literal for each open cell, and sums of tables over cells in their shortest form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sequencer.problem import Cell, Path, Problem
from sequencer.vocabulary import Event

#: Variables and their coefficients; the sum they stand for.
Terms: TypeAlias = list[tuple[cp_model.IntVar, int]]


class PackageVariables:
    """The variables of one package.

    ``chosen[k][i]`` says that option k is taken with the i-th of its open months ``months[k]``; exactly one holds.
    ``by[k][i]`` says that option k is taken with that month or an earlier one; steps are made when first asked for.
    A sum of a table over cells is written over steps where the table changes seldom (needs that last for months) and
    over cells where it is mostly 0 (needs at events): the same sum, with fewer entries.
    """

    def __init__(self, model: cp_model.CpModel, path: Path, mask: NDArray[np.bool_]) -> None:
        self.path = path
        self._model = model
        self.months = [[path.months[i] for i in np.flatnonzero(row)] for row in mask]
        self._columns = [np.flatnonzero(row) for row in mask]
        self.chosen = [[model.new_bool_var("") for _ in months] for months in self.months]
        model.add_exactly_one(var for row in self.chosen for var in row)
        self._by: list[list[cp_model.IntVar]] | None = None

    @property
    def by(self) -> list[list[cp_model.IntVar]]:
        """The steps of each option, in the order of its open months."""
        if self._by is None:
            self._by = [self._steps(row) for row in self.chosen]
        return self._by

    def _steps(self, chosen: list[cp_model.IntVar]) -> list[cp_model.IntVar]:
        steps = chosen[:1]  # the first step is the first cell itself
        for cell in chosen[1:]:
            step = self._model.new_bool_var("")
            self._model.add(step == steps[-1] + cell)
            steps.append(step)
        return steps

    def total(self, table: NDArray[np.int64]) -> Terms:
        """Return the sum of a table, shape (K, T), over the chosen cell."""
        terms: Terms = []
        for k, columns in enumerate(self._columns):
            values = table[k, columns]
            changes = values - np.append(values[1:], 0)
            if np.count_nonzero(changes) < np.count_nonzero(values):
                terms += [(self.by[k][i], int(changes[i])) for i in np.flatnonzero(changes)]
            else:
                terms += [(self.chosen[k][i], int(values[i])) for i in np.flatnonzero(values)]
        return terms

    def happened(self, event: Event, month: int) -> list[cp_model.IntVar]:
        """Return literals, at most one of which holds, that say that an event comes in a month or earlier."""
        found = []
        for k, option in enumerate(self.path.options):
            count = int(np.searchsorted(self.months[k], month - option.offset(event), side="right"))
            if count:
                found.append(self.by[k][count - 1])
        return found

    def dates(self, event: Event) -> list[int]:
        """Return the months in which an event can come, in order."""
        options = zip(self.path.options, self.months, strict=True)
        return sorted({month + option.offset(event) for option, months in options for month in months})

    def cells(self) -> list[tuple[Cell, cp_model.IntVar]]:
        """Return every open cell and its literal."""
        return [
            (Cell(k, month), var)
            for k, (months, row) in enumerate(zip(self.months, self.chosen, strict=True))
            for month, var in zip(months, row, strict=True)
        ]


def variables(model: cp_model.CpModel, problem: Problem) -> Mapping[str, PackageVariables]:
    """Return the variables of every package; a package without an open cell makes the model infeasible."""
    return {name: PackageVariables(model, path, problem.open_cells(name)) for name, path in problem.paths.items()}

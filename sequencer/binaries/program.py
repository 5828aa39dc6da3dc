"""A whole question as one linear program: the least value of a term under all rules and some caps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.matrix import Arrays, Matrix
from sequencer.binaries.over_binaries import OverBinaries
from sequencer.engine.run import Caps
from sequencer.engine.tables import Masks
from sequencer.problem import Cell, Problem, Term


@dataclass(frozen=True, eq=False, slots=True)
class Program:
    """A problem as one linear program.

    Attributes
    ----------
    told : OverBinaries
        Its variables.
    arrays : Arrays
    rules : int array, length R
        What each row tells, as in ``Matrix``.
    units : int array, length R
        How much of what its rule counts a unit of each row stands for.
    names : tuple of str, length R
        Rows, as they are named in files of models.
    unit, least : int
        The term is ``least`` and ``unit`` times the objective.
    """

    problem: Problem
    term: Term
    caps: Caps
    told: OverBinaries
    arrays: Arrays
    rules: NDArray[np.int64]
    units: NDArray[np.int64]
    names: tuple[str, ...]
    unit: int
    least: int

    @property
    def spread(self) -> float:
        """By how much the cells of a package differ in the objective: the median where they do, and at least 1."""
        spans = [int(np.ptp(self.arrays.cost[package.vars])) for package in self.told.packages.values()]
        return max(1.0, float(np.median([span for span in spans if span > 0] or [1])))

    def vector(self, cells: Mapping[str, Cell]) -> NDArray[np.int64]:
        """Return a schedule as values of variables; those that are no cells are 0."""
        found = np.zeros(len(self.arrays.cost), np.int64)
        found[np.concatenate([package.taken(cells[name]) for name, package in self.told.packages.items()])] = 1
        return found

    def value(self, objective: int) -> int:
        """Return the value of the term where the objective has a value."""
        return self.least + self.unit * objective

    @property
    def choices(self) -> NDArray[np.int64]:
        """For each variable the position of the package whose cell it is; -1 for one that is none."""
        found = np.full(len(self.arrays.cost), -1, np.int64)
        for p, package in enumerate(self.told.packages.values()):
            found[package.vars] = p
        return found

    def objective(self, value: int) -> int:
        """Return the objective where the term has a value."""
        return (value - self.least) // self.unit


def tell(problem: Problem, term: Term, caps: Caps, masks: Masks | None = None) -> Program | None:
    """Return a question as one linear program; None if a package has no open cell.

    Parameters
    ----------
    masks : mapping of str to bool array, optional
        The cells to choose from; default: all that are open.
    """
    matrix = Matrix()
    told = OverBinaries.of(problem, caps, matrix, masks)
    if told is None:
        return None
    unit, least = told.minimise(term)
    return Program(
        problem=problem,
        term=term,
        caps=caps,
        told=told,
        arrays=matrix.arrays(),
        rules=matrix.rules,
        units=matrix.units,
        names=tuple(matrix.names),
        unit=unit,
        least=least,
    )

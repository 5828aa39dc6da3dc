"""Prices of rows: what a set of them proves about a sum, place by place, in whole numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.program import Program
from sequencer.errors import UsageError
from sequencer.places import kernel
from sequencer.places.divide import Places

Floats = NDArray[np.float64]

EXACT = 2.0**52  # floating point adds whole numbers below it without an error
FINEST = 2**20  # parts of a unit that prices are told in


@dataclass(frozen=True, eq=False, slots=True)
class Proven:
    """What prices prove; everything is counted in parts of the objective, and is exact.

    Attributes
    ----------
    parts : int
        How many parts a unit of the objective has.
    prices : float array, length R
        The prices that count, in parts: whole numbers, 0 for rows that places keep by themselves.
    bound : int
        No plan has a smaller objective, in parts.
    through : float array, length J
        By how much the objective exceeds ``bound`` at least, in parts, in every plan that takes a cell.
    """

    parts: int
    prices: Floats
    bound: int
    through: Floats

    @property
    def least(self) -> int:
        """The least objective that a plan can have."""
        return -(-self.bound // self.parts)

    @property
    def height(self) -> float:
        """The bound in units of the objective."""
        return self.bound / self.parts


class NoPlanError(Exception):
    """Links leave a place no choice of open cells at all: there is no plan, and nothing to be bounded."""


class Pricer:
    """Evaluates prices of the rows of a program by places.

    Parameters
    ----------
    program : Program
    places : Places
    """

    def __init__(self, program: Program, places: Places) -> None:
        self.program = program
        self.places = places
        self.cost = program.arrays.cost[places.var].astype(np.float64)

    def parts(self, prices: Floats) -> int:
        """Return how finely prices can be told so that nothing is lost to rounding; 0 if they are too large."""
        finest = EXACT / 4 / max(1.0, self._largest(prices, 1))
        return int(min(FINEST, 2.0 ** math.floor(math.log2(finest))))

    def prove(self, prices: Floats) -> Proven:
        """Return what prices prove by the forests of links in all places.

        Parameters
        ----------
        prices : float array, length R
            A price for each row of the program; they are rounded to parts first, and made smaller if they are too large
            to be exact. Where rows are not met exactly, only what is not negative counts. Those of rows that places
            keep by themselves do not count.

        Raises
        ------
        UsageError
            If costs alone are too large to be exact.
        NoPlanError
            If links leave a place no choice of cells.
        """
        parts = self.parts(prices)
        while not parts and prices.any():
            prices = np.where(np.abs(prices) < 1, 0.0, prices / 2)
            parts = self.parts(prices)
        return self.evaluate(np.rint(prices * parts), max(1, parts))

    def evaluate(self, told: Floats, parts: int) -> Proven:
        """Return what prices in whole parts prove; see ``prove``.

        Parameters
        ----------
        told : float array, length R
            Whole numbers.

        Raises
        ------
        UsageError
            If numbers are too large to be added without an error.
        NoPlanError
            If links leave a place no choice of cells.
        """
        if not self._largest(told, parts) <= EXACT / 2:  # also where it is no number
            raise UsageError("prices or costs are too large to be evaluated in whole numbers")
        split, forest = self.places.split, self.places.forest
        price = np.where(self.places.equalities, told[split.rows], np.maximum(told[split.rows], 0))
        cost = np.empty_like(self.cost)
        kernel.priced(split.cells.at, split.cells.row, split.cells.entry, price, self.cost * parts, cost)
        value, through = np.empty_like(cost), np.empty_like(cost)
        totals, least = np.empty(self.places.count), np.empty(int(forest.least_at[-1]))
        kernel.all_through(forest, cost, value, least, np.empty_like(least), totals, through)
        if not np.isfinite(totals).all():
            raise NoPlanError
        prices = np.zeros_like(told)
        prices[split.rows] = price
        return Proven(parts, prices, int(totals.sum()) + self._apart(price), through)

    def _apart(self, price: Floats) -> int:
        """Return the least of what does not depend on cells: variables that are none, and right sides."""
        split = self.places.split
        other_cost = np.empty(len(split.tops))
        kernel.priced(
            split.others.at, split.others.row, split.others.entry, price, np.zeros_like(other_cost), other_cost
        )
        other = zip(other_cost.tolist(), split.tops.tolist(), strict=True)
        pay = zip(price.tolist(), self.places.sides.tolist(), strict=True)
        least: int = sum(int(each) * top for each, top in other if each < 0)
        least -= sum(int(each) * side for each, side in pay)
        return least

    def _largest(self, prices: Floats, parts: int) -> float:
        """Return a number that no sum of an evaluation exceeds, if units have so many parts."""
        arrays = self.program.arrays
        sizes = np.abs(arrays.cost) * float(parts)
        sizes += np.bincount(arrays.index, np.abs(prices[arrays.row] * arrays.value), len(arrays.cost))
        largest = np.maximum.reduceat(sizes[self.places.var], self.places.forest.cells[:-1]).sum()
        sizes[self.places.var] = 0  # of each package one cell counts, and has been counted
        return float(largest + np.abs(prices) @ np.abs(arrays.sides).astype(np.float64) + sizes @ arrays.tops)

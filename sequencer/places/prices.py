"""Prices of rows: what a set of them proves about a sum, place by place, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.program import Program
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
    bound : int
        No plan has a smaller objective, in parts.
    through : float array, length J
        By how much the objective exceeds ``bound`` at least, in parts, in every plan that takes a cell.
    reduced : float array, length J
        Cost and prices of what each cell takes of rows that places share, in parts.
    floors : float array, length B
        What the plan of each place costs at least at those costs, in parts.
    """

    parts: int
    bound: int
    through: Floats
    reduced: Floats
    floors: Floats

    @property
    def least(self) -> int:
        """The least objective that a plan can have."""
        return -(-self.bound // self.parts)


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
        """Return how finely prices can be told so that nothing is lost to rounding."""
        arrays = self.program.arrays
        sizes = np.bincount(arrays.index, np.abs(prices[arrays.row] * arrays.value), len(arrays.cost))
        sizes += np.abs(arrays.cost)
        largest = np.maximum.reduceat(sizes[self.places.var], self.places.forest.cells[:-1]).sum()
        largest += float(np.abs(prices) @ np.abs(arrays.sides)) + float(sizes @ arrays.tops)
        return max(1, int(min(FINEST, 2.0 ** np.floor(np.log2(EXACT / 4 / max(1.0, largest))))))

    def prove(self, prices: Floats) -> Proven:
        """Return what prices prove by the forests of links in all places.

        Parameters
        ----------
        prices : float array, length R
            A price for each row of the program; they are rounded to parts first. Where rows are not met exactly, only
            what is not negative counts. Those of rows that places keep by themselves do not count.
        """
        split, forest = self.places.split, self.places.forest
        parts = self.parts(prices)
        told = np.rint(prices * parts)
        shared, inner = told[split.rows], np.maximum(told[split.inner_rows], 0)
        shared = np.where(self.places.equalities, shared, np.maximum(shared, 0))
        reduced, relaxed = np.empty_like(self.cost), np.empty_like(self.cost)
        kernel.priced(split.shared.at, split.shared.row, split.shared.entry, shared, self.cost * parts, reduced)
        kernel.priced(split.inner.at, split.inner.row, split.inner.entry, inner, reduced, relaxed)
        value, through = np.empty_like(self.cost), np.empty_like(self.cost)
        totals = np.empty(self.places.count)
        least = np.empty(int(forest.least_at[-1]))
        kernel.all_through(forest, relaxed, value, least, np.empty_like(least), totals, through)
        own = np.array([inner[a:b] @ forest.room[a:b] for a, b in zip(forest.rows_at, forest.rows_at[1:], strict=False)])
        aside = np.empty(len(self.places.tops))
        kernel.priced(split.aside.at, split.aside.row, split.aside.entry, shared, np.zeros_like(aside), aside)
        other = sum(int(price) * top for price, top in zip(aside.tolist(), self.places.tops.tolist(), strict=True) if price < 0)
        pay = sum(int(price) * side for price, side in zip(shared.tolist(), self.places.sides.tolist(), strict=True) if price)
        floors = totals - own
        return Proven(parts, int(floors.sum()) + other - pay, through, reduced, floors)

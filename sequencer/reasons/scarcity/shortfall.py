"""Whether what is shared can suffice at all: dates of each place told exactly, all that places share in fractions.

Rows of what is shared (pools, reserves, money) are priced, and what is left falls apart into places, whose cheapest
plans are found by a dynamic program over links (models/problem.md, proposition 17, without costs). Prices at which the
cheapest plans together take more than all there is prove that there is no plan (proposition 23). Whoever suggests
prices, they are rounded and evaluated in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.program import tell
from sequencer.engine.run import Caps
from sequencer.engine.tables import Masks, open_masks
from sequencer.places import kernel
from sequencer.places.divide import Places, divide
from sequencer.problem import Bridge, Link, Problem, Reserve, Supply, Term, Window
from sequencer.reasons.parts import DEFINED

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

FINE = 2.0**50  # no sum of an evaluation exceeds it: floating point adds such whole numbers without an error
NOTHING = Term("nothing", "", maximum=False, tables={})


@dataclass(frozen=True, eq=False, slots=True)
class Prices:
    """Prices of rows in whole numbers.

    Attributes
    ----------
    told : float array, length R
        Of each row that is priced; not negative but for equations.
    cost : float array, length J
        What each cell takes at these prices.
    there : int
        What all that is shared comes to at these prices, at most.
    fine : float
        Parts of a unit that they are told in.
    """

    told: Floats
    cost: Floats
    there: int
    fine: float


class Shortfall:
    """Shared rules of a problem as rows over all cells that hold by definition, and places as forests of links.

    Widths, gates, longest lags, and links between places are left out, so that more is admitted.

    Attributes
    ----------
    names : tuple of str, length R
        The rows that are priced; ``rules``: the positions of their rules.
    """

    def __init__(self, problem: Problem, places: Places, names: Sequence[str], rules: Ints) -> None:
        self.problem = problem
        self.places = places
        self.names = names
        self.rules = rules
        split = places.split
        self._sizes = tuple(np.abs(columns.entry) for columns in (split.cells, split.others))

    @classmethod
    def of(cls, problem: Problem, caps: Caps = ()) -> Shortfall | None:
        """Return the shared rules of a problem as rows; None if a package has no cell, or nothing is shared.

        Caps on maxima close cells; those on sums are left out.
        """
        at = [i for i, rule in enumerate(problem.rules) if isinstance(rule, Supply | Reserve | Bridge)]
        shared = [problem.rules[i] for i in at]
        program = tell(replace(problem, rules=tuple(shared), terms={}), NOTHING, (), _defined(problem, caps))
        if program is None or not shared:
            return None
        links = [rule for rule in problem.rules if isinstance(rule, Link)]
        told = replace(program, problem=replace(problem, rules=(*shared, *links)))
        places = divide(told)
        rows = places.split.rows
        names = tuple(program.names[row] for row in rows)
        return cls(problem, places, names, np.array(at, np.int64)[program.rules[rows]])

    def only(self, problem: Problem, positions: Sequence[int]) -> Shortfall:
        """Return some of the rules as rows.

        Parameters
        ----------
        problem : Problem
            Some rules of this one, over the same packages.
        positions : sequence of int
            Where each of its rules stands in this one.
        """
        at = np.full(len(self.problem.rules), -1, np.int64)
        at[list(positions)] = np.arange(len(positions))
        kept = at[self.rules] >= 0
        names = [name for name, is_kept in zip(self.names, kept.tolist(), strict=True) if is_kept]
        return Shortfall(problem, self.places.only(kept), names, at[self.rules[kept]])

    def round(self, prices: Floats) -> Prices:
        """Return prices as whole numbers, as fine as they can be added without an error."""
        split, sides = self.places.split, self.places.sides
        prices = np.where(self.places.equalities, prices, np.maximum(prices, 0))
        fine = FINE / max(1.0, self._largest(np.abs(prices)))
        told = np.rint(prices * fine)
        cost, zero = np.empty(len(self.places.var)), np.zeros(len(self.places.var))
        kernel.priced(split.cells.at, split.cells.row, split.cells.entry, told, zero, cost)
        other = np.empty(len(split.tops))
        kernel.priced(split.others.at, split.others.row, split.others.entry, told, np.zeros(len(split.tops)), other)
        there = sum(int(price) * side for price, side in zip(told.tolist(), sides.tolist(), strict=True))
        there -= sum(int(each) * top for each, top in zip(other.tolist(), split.tops.tolist(), strict=True) if each < 0)
        return Prices(told, cost, there, fine)

    def _largest(self, prices: Floats) -> float:
        """Return a number that no sum at some prices exceeds."""
        split, forest = self.places.split, self.places.forest
        found = []
        for columns, sizes in zip((split.cells, split.others), self._sizes, strict=True):
            count = len(columns.at) - 1
            found.append(np.empty(count))
            kernel.priced(columns.at, columns.row, sizes, prices, np.zeros(count), found[-1])
        cells, others = found
        largest = np.maximum.reduceat(cells, forest.cells[:-1]).sum()
        return float(largest + others @ split.tops + prices @ np.abs(self.places.sides))


def _defined(problem: Problem, caps: Caps) -> Masks:
    """Return the cells that hold by definition, and by caps."""
    rules = tuple(rule for rule in problem.rules if isinstance(rule, Window) and rule.id in DEFINED)
    return open_masks(replace(problem, rules=rules), caps)

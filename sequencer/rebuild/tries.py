"""In which order ruin and recreate tries the cells of a package: by their cost, and by what they take from others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.rebuild.layout import Layout

Floats = NDArray[np.float64]

#: By turns: how much of the prices counts, and how much chance, as a part of what the cells of a package differ by.
MIXES = ((1.0, 0.02), (1.0, 0.1), (1.0, 0.3), (0.0, 0.0), (0.5, 0.1))


@dataclass(frozen=True, eq=False, slots=True)
class Lead:
    """What a relaxation says about where to look.

    Attributes
    ----------
    prices : float array, length R
        Of rows of the program.
    ranks : float array, length P
        When each package, by name, is expected to transfer.
    near : bool array
        Which variables of the program are cells worth trying; at least one of each package.
    """

    prices: Floats
    ranks: Floats
    near: NDArray[np.bool_]


class Tries:
    """Orders of cells.

    Cheap cells taken first use up what others need more: the prices of a relaxation say what that is worth. Chance, and
    turns without prices, lead to plans that one order never leads to.

    Parameters
    ----------
    layout : Layout
    lead : Lead, optional
        Without it the cheapest cells always come first.
    seed : int

    Attributes
    ----------
    far : bool array, length J
        Which cells are tried after all others.
    """

    def __init__(self, layout: Layout, lead: Lead | None, seed: int) -> None:
        arrays = layout.program.arrays
        self._random = np.random.default_rng(seed)
        self._cost = arrays.cost[layout.var].astype(np.float64)
        self._chance = layout.program.spread
        self._package = np.repeat(np.arange(len(layout.names)), layout.counts)
        self.far = np.zeros(len(layout.var), np.bool_) if lead is None else ~lead.near[layout.var]
        self._taken = None
        if lead is not None and lead.prices.any():
            paid = lead.prices[arrays.row] * arrays.value
            self._taken = np.bincount(arrays.index, paid, len(arrays.cost))[layout.var]
        self._standing = self._sorted(self._cost)

    def order(self) -> NDArray[np.int64]:
        """Return all cells, those of a package together, in the order of the next turn."""
        if self._taken is None:
            return self._standing
        part, chance = MIXES[self._random.integers(len(MIXES))]
        return self._sorted(
            self._cost + part * self._taken + chance * self._chance * self._random.random(len(self._cost))
        )

    def _sorted(self, worth: Floats) -> NDArray[np.int64]:
        order: NDArray[np.int64] = np.lexsort((worth, self.far, self._package))
        return order

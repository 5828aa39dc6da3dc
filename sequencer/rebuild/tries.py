"""In which order ruin and recreate tries the cells of a package: by their cost, and by what they take from others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sequencer.rebuild.board import Layout

Floats = NDArray[np.float64]

#: By turns: how much of the prices counts, and how much chance, as a part of what the cells of a package differ by.
MIXES = ((1.0, 0.02), (1.0, 0.1), (1.0, 0.3), (0.0, 0.0), (0.5, 0.1))


class Tries:
    """Orders of cells.

    Cheap cells taken first use up what others need more: the prices of a relaxation say what that is worth. Chance, and
    turns without prices, lead to plans that one order never leads to.

    Parameters
    ----------
    layout : Layout
    prices : float array, length R, optional
        Prices of rows of the program, from its relaxation; without them the cheapest cells always come first.
    seed : int
    """

    def __init__(self, layout: Layout, prices: Floats | None, seed: int) -> None:
        arrays = layout.program.arrays
        self._random = np.random.default_rng(seed)
        self._cost = arrays.cost[layout.var].astype(np.float64)
        self._chance = layout.program.spread
        self._package = np.repeat(np.arange(len(layout.names)), np.diff(layout.starts))
        self._taken = None
        if prices is not None and prices.any():
            self._taken = np.bincount(arrays.index, prices[arrays.row] * arrays.value, len(arrays.cost))[layout.var]

    def order(self) -> NDArray[np.int64]:
        """Return all cells, those of a package together, in the order of the next turn."""
        if self._taken is None:
            return np.arange(len(self._cost))  # they stand by their cost
        part, chance = MIXES[self._random.integers(len(MIXES))]
        worth: Floats = self._cost + part * self._taken + chance * self._chance * self._random.random(len(self._cost))
        order: NDArray[np.int64] = np.lexsort((worth, self._package))
        return order

"""The cheapest plan of one place, cell by cell, compiled; see ``sequencer/places/kernel.py`` for forests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.compiled import kernel
from sequencer.places.kernel import Forest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@kernel
def cheapest(f: Forest, place: int, value: Floats, chosen: Ints) -> None:
    """Fill ``chosen`` with the cell that each package of a place takes in one cheapest plan, after ``upward``."""
    for p in range(f.places[place], f.places[place + 1]):
        q = f.parent[p]
        asked = 0 if q < 0 else f.asked[f.asked_at[p] + chosen[q] - f.cells[q]]
        best = np.inf
        for j in range(f.cells[p], f.cells[p + 1]):
            if f.key[j] >= asked and value[j] < best:
                best, chosen[p] = value[j], j

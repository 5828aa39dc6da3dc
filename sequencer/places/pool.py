"""Plans of places, and the linear program that combines them."""
from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sequencer.places import kernel
from sequencer.places.divide import Places
from sequencer.places.prices import Pricer
from sequencer.milp.master import Master

Floats = NDArray[np.float64]


class Pool:
    """Plans of places found so far.

    Attributes
    ----------
    plans : list of (int, int array)
        The place of each, and the cells of its packages.
    """

    def __init__(self, places: Places, cost: Floats, master: Master) -> None:
        self.places = places
        self.cost = cost
        self.master = master
        self.plans: list[tuple[int, NDArray[np.int64]]] = []
        self._known: set[tuple[int, bytes]] = set()
        self.costs: list[float] = []
        self.uses: list[tuple[NDArray[np.int32], Floats]] = []

    def add(self, plans: list[tuple[int, NDArray[np.int64]]]) -> int:
        """Add plans that are new; return how many were."""
        shared = self.places.split.shared
        starts, rows, entries, costs = [0], [], [], []
        for place, chosen in plans:
            key = (place, chosen.tobytes())
            if key in self._known:
                continue
            self._known.add(key)
            spans = [np.arange(shared.at[j], shared.at[j + 1]) for j in chosen]
            at = np.concatenate(spans)
            row, where = np.unique(shared.row[at], return_inverse=True)
            entry = np.bincount(where, weights=shared.entry[at], minlength=len(row))
            self.plans.append((place, chosen))
            self.costs.append(float(self.cost[chosen].sum()))
            self.uses.append((row, entry))
            costs.append(self.costs[-1])
            rows.append(np.append(row, self.master.rows + place))
            entries.append(np.append(entry, 1.0))
            starts.append(starts[-1] + len(rows[-1]))
        if costs:
            self.master.add(costs, [np.inf] * len(costs), np.array(starts[:-1]), np.concatenate(rows), np.concatenate(entries))
        return len(costs)

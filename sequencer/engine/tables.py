"""Tables over the cells of a package, as every formulation over cells needs them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.run import Caps
from sequencer.problem import Demand, Path, Problem, Term

#: The open cells of each package, shape (K, T).
Masks: TypeAlias = Mapping[str, NDArray[np.bool_]]

MOST = 512  # tables kept at once; packages alike follow one another


def open_masks(problem: Problem, caps: Caps) -> Masks:
    """Return the cells that no window closes and that keep every cap on a maximum, for each package."""
    masks = {name: problem.open_cells(name) for name in problem.paths}
    for term, most in caps:
        if term.maximum:
            for name, table in term.tables.items():
                masks[name] &= table <= most
    return masks


def extent(term: Term, masks: Masks) -> tuple[int, int] | None:
    """Return the least and the most that a maximum over open cells can be, each package for itself.

    None if it counts no package, or one that has no open cell.
    """
    entries = [table[masks[name]] for name, table in term.tables.items()]
    if not entries or not all(entry.size for entry in entries):
        return None
    return max(int(entry.min()) for entry in entries), max(int(entry.max()) for entry in entries)


def need_tables(buckets: Sequence[range], demands: Iterable[Demand], path: Path) -> NDArray[np.int64]:
    """Return what a package needs by bucket and cell, shape (B, K, T), from running sums of the monthly amounts."""
    tables = np.zeros((len(buckets), *path.shape), dtype=np.int64)
    starts = np.array([months.start for months in buckets], dtype=np.int64)  # also where there is none
    stops = np.array([months.stop for months in buckets], dtype=np.int64)
    transfer = np.array(path.months)[:, None]
    for demand in demands:
        horizon = len(demand.amounts)
        is_even = demand.amounts.count(demand.amounts[0]) == horizon  # as most are: looking up running sums takes long
        running = np.concatenate([[0], np.cumsum(demand.amounts)])
        for k, option in enumerate(path.options):
            if demand.option not in {None, k}:
                continue
            begin = np.zeros_like(transfer) if demand.begin is None else transfer + option.offset(demand.begin)
            end = np.full_like(transfer, horizon) if demand.end is None else transfer + option.offset(demand.end)
            if demand.months is not None:
                end = begin + demand.months
            first = np.minimum(np.maximum(begin, starts), stops)  # several times as fast as clip
            last = np.maximum(np.minimum(end, stops), first)
            total = (last - first) * demand.amounts[0] if is_even else running[last] - running[first]
            tables[:, k, :] += total.T
    return tables


class NeedTables:
    """What packages need by bucket and cell, made once for packages that need the same."""

    def __init__(self) -> None:
        self._known: dict[Hashable, NDArray[np.int64]] = {}

    def of(self, buckets: Sequence[range], demands: Sequence[Demand], path: Path) -> NDArray[np.int64]:
        """Return what some demands of one package sum up to in each bucket and cell, shape (B, K, T)."""
        asked = tuple((demand.begin, demand.end, demand.months, demand.option, demand.amounts) for demand in demands)
        key = (tuple(buckets), asked, path.options, path.months)
        if key not in self._known:
            if len(self._known) == MOST:
                self.clear()
            self._known[key] = need_tables(buckets, demands, path)
        return self._known[key]

    def clear(self) -> None:
        """Forget all tables."""
        self._known.clear()

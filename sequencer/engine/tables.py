"""Tables over the cells of a package, as every formulation over cells needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.run import Caps
from sequencer.problem import Demand, Path, Problem, Term

#: The open cells of each package, shape (K, T).
Masks: TypeAlias = Mapping[str, NDArray[np.bool_]]


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
            tables[:, k, :] += (running[last] - running[first]).T
    return tables

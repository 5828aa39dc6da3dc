"""How much a plan in the making uses of every supply, and how much it may use before that costs it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.tables import MOST, need_tables
from sequencer.problem import Demand, Path, Problem, Reserve
from sequencer.problem.demand import Drawn

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(eq=False)
class Load:
    """What is used of one supply, or of all money.

    Attributes
    ----------
    rule : Drawn
    aim : float array, shape (B,)
        What the plan should not use more of in each bucket; infinite where it may use any amount.
    used : int array, shape (B,)
    """

    rule: Drawn
    aim: Floats
    used: Ints
    _known: dict[Hashable, Ints] = field(default_factory=dict)

    @classmethod
    def empty(cls, rule: Drawn) -> Load:
        """Return a load of nothing, without an aim."""
        buckets = len(rule.buckets)
        return cls(rule, np.full(buckets, np.inf), np.zeros(buckets, dtype=np.int64))

    def table(self, package: str, path: Path) -> Ints:
        """Return what a package needs by bucket and cell, shape (B, K, T)."""
        return _table(self.rule.buckets, self.rule.demands_of[package], path, self._known)

    def excess(self, need: Ints) -> Floats:
        """Return how far each of n cells with needs of shape (B, n) would exceed the aim, in needs of one bucket."""
        with np.errstate(invalid="ignore"):
            over = np.clip(self.used[:, None] + need - self.aim[:, None], 0, need)
        total: Floats = over.sum(axis=0) / max(1, int(need.max(initial=0)))
        return total

    def add(self, need: Ints) -> None:
        """Add the needs of a package, shape (B,)."""
        self.used += need


def _table(buckets: Sequence[range], demands: Sequence[Demand], path: Path, known: dict[Hashable, Ints]) -> Ints:
    """Return what some demands come to by bucket and cell, shape (B, K, T).

    A demand that is the same in all months is a multiple of one of 1, and those are ``known`` once they are made.
    """
    found = np.zeros((len(buckets), *path.shape), dtype=np.int64)
    for demand in demands:
        amount = demand.amounts[0]
        if any(other != amount for other in demand.amounts):
            found += need_tables(buckets, [demand], path)
            continue
        key = (demand.begin, demand.end, demand.months, demand.option, path.options, path.months)
        if key not in known:
            if len(known) == MOST:
                known.clear()
            one = replace(demand, amounts=(1,) * len(demand.amounts))
            known[key] = need_tables(buckets, [one], path)
        found += amount * known[key]
    return found


@dataclass(eq=False)
class Watchmen:
    """The k largest relapse needs of each month under one reserve.

    Attributes
    ----------
    rule : Reserve
    aim : float
        People that the force should not have to exceed.
    top : int array, shape (k, H)
        The largest needs of each month.
    """

    rule: Reserve
    aim: float
    top: Ints
    _known: dict[Hashable, Ints] = field(default_factory=dict)

    @classmethod
    def empty(cls, rule: Reserve, share: float) -> Watchmen:
        """Return a reserve for nobody, whose aim is a share of the k largest needs there could ever be."""
        largest = sorted((max(mine[0].amounts) for mine in rule.demands_of.values()), reverse=True)
        return cls(rule, share * sum(largest[: rule.k]), np.zeros((rule.k, len(rule.people)), dtype=np.int64))

    def table(self, package: str, path: Path) -> Ints:
        """Return what a relapse would need by month and cell, shape (H, K, T)."""
        months = [range(month, month + 1) for month in range(len(self.rule.people))]
        return _table(months, self.rule.demands_of[package], path, self._known)

    def excess(self, need: Ints) -> Floats:
        """Return how far each of n cells with needs of shape (H, n) would exceed the aim, in such needs."""
        least, total = self.top.min(axis=0), self.top.sum(axis=0)
        new = total[:, None] + np.clip(need - least[:, None], 0, None)
        over: Floats = np.clip(new - np.maximum(self.aim, total)[:, None], 0, None).sum(axis=0)
        return over / max(1, int(need.max(initial=0)))

    def add(self, need: Ints) -> None:
        """Add the needs of a package, shape (H,)."""
        self.top = np.sort(np.vstack([self.top, need]), axis=0)[1:]

    @property
    def people(self) -> Ints:
        """The people needed in each month."""
        people: Ints = self.top.sum(axis=0)
        return people


def empty_loads(problem: Problem) -> dict[tuple[str, str], Load]:
    """Return an empty load for each supply, by resource and pool; money stands under ``money``."""
    found = {(rule.resource, rule.pool): Load.empty(rule) for rule in problem.supplies}
    if problem.bridge is not None:
        found["money", ""] = Load.empty(problem.bridge)
    return found


def drawn_on(loads: Mapping[tuple[str, str], Load]) -> dict[str, list[Load]]:
    """Return the loads that each package adds to."""
    found: dict[str, list[Load]] = {}
    for load in loads.values():
        for name in load.rule.demands_of:
            found.setdefault(name, []).append(load)
    return found

"""How much a plan in the making uses of every supply, and how much it may use before that costs it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.tables import need_tables
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
        """Return what a package needs by bucket and cell, shape (B, K, T); tables that many share are held once."""
        demands = self.rule.demands_of[package]
        if not all(_steady(demand) for demand in demands):
            return need_tables(self.rule.buckets, demands, path)
        shape = tuple((demand.begin, demand.end, demand.months, demand.option, demand.amounts[0]) for demand in demands)
        key = (shape, path.options, path.months)
        if len(self.rule.buckets) < len(path.months):  # money differs between packages: sharing would only fill memory
            return need_tables(self.rule.buckets, demands, path)
        if key not in self._known:
            self._known[key] = need_tables(self.rule.buckets, demands, path)
        return self._known[key]

    def excess(self, need: Ints) -> Floats:
        """Return how far each of n cells with needs of shape (B, n) would exceed the aim, in needs of one bucket."""
        with np.errstate(invalid="ignore"):
            over = np.clip(self.used[:, None] + need - self.aim[:, None], 0, need)
        total: Floats = over.sum(axis=0) / max(1, int(need.max(initial=0)))
        return total


def _steady(demand: Demand) -> bool:
    return min(demand.amounts) == max(demand.amounts)


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

    @classmethod
    def empty(cls, rule: Reserve, share: float) -> Watchmen:
        """Return a reserve for nobody, whose aim is a share of the k largest needs there could ever be."""
        largest = sorted((max(mine[0].amounts) for mine in rule.demands_of.values()), reverse=True)
        return cls(rule, share * sum(largest[: rule.k]), np.zeros((rule.k, len(rule.people)), dtype=np.int64))

    def tables(self, package: str, path: Path) -> Ints:
        """Return what a relapse would need by month and cell, shape (H, K, T)."""
        months = [range(month, month + 1) for month in range(len(self.rule.people))]
        return need_tables(months, self.rule.demands_of[package], path)

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

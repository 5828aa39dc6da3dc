"""Prices of rows in whole parts, and what rules come to at them, in the instance or in a changed one."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.matrix import Arrays, Matrix
from sequencer.binaries.over_binaries import OverBinaries
from sequencer.engine.tables import need_tables
from sequencer.problem import Demand, Path, Rule, Supply

Floats: TypeAlias = NDArray[np.float64]

#: A row: its name, and how many rows of that name come before it.
Key: TypeAlias = tuple[str, int]

EXACT = 2.0**52  # floating point adds whole numbers below it without an error


def keys(names: Sequence[str]) -> list[Key]:
    """Return rows by name; those of one name are counted."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        found.append((name, seen.get(name, 0)))
        seen[name] = seen.get(name, 0) + 1
    return found


@dataclass(frozen=True, eq=False, slots=True)
class Weight:
    """What rows come to at their prices, so that ``cells`` of a plan and ``apart`` are at most 0 together.

    Attributes
    ----------
    cells : float array, length J
        For each cell; whole numbers.
    apart : int
        What does not depend on cells: the least of other variables, less right sides.
    size : float
        No sum on the way exceeds it.
    """

    cells: Floats
    apart: int
    size: float


class Weights:
    """Prices of rows in whole parts.

    A row of whole variables may have been divided when its price was found. It is divided by the same number wherever
    it is told again, entries and right side rounded down: that keeps all whole values that kept it before.

    Parameters
    ----------
    told : OverBinaries
        Its cells come before all other variables.
    prices : mapping of Key to (int, int)
        Price in parts, and by what the row was divided; other rows have the price 0.
    paths : mapping of str to Path
    """

    def __init__(self, told: OverBinaries, prices: Mapping[Key, tuple[int, int]], paths: Mapping[str, Path]) -> None:
        self._told = told
        self._prices = prices
        self._paths = paths
        self.count = sum(len(package.vars) for package in told.packages.values())

    def of_rule(self, position: int, rule: Rule, *, hangs: bool) -> Weight:
        """Return what a rule comes to, told anew in the place of the one at a position.

        Parameters
        ----------
        hangs : bool
            Whether places keep its least lag by themselves.
        """
        matrix = Matrix()
        matrix.variables(self.count, str, 1)
        told = copy.copy(self._told)
        told.rows = matrix
        told.tell(position, rule)
        kept = [not (hangs and name.startswith("L1")) for name in matrix.names]
        return self.of_rows(matrix.names, matrix.arrays(), matrix.units, np.array(kept, np.bool_))

    def of_rows(self, names: Sequence[str], rows: Arrays, units: NDArray[np.int64], kept: NDArray[np.bool_]) -> Weight:
        """Return what those rows come to that are kept; of equations, prices may be negative."""
        told = [self._prices.get(key, (0, 1)) for key in keys(names)]
        price = np.array([price for price, _ in told], np.float64)
        divisor = np.array([divisor for _, divisor in told], np.int64)
        price = np.where(kept, np.where(rows.equalities, price, np.maximum(price, 0)), 0)
        beside = np.zeros(len(names), np.bool_)  # rows with other variables are never rounded
        beside[rows.row[rows.index >= self.count]] = True
        price[(divisor > 1) & (beside | rows.equalities)] = 0
        entry = rows.value * units[rows.row] // divisor[rows.row]
        side = rows.sides * units // divisor
        drawn = price[rows.row] * entry
        total = np.bincount(rows.index, drawn, len(rows.tops))
        other = zip(total[self.count :].tolist(), rows.tops[self.count :].tolist(), strict=True)
        pay = zip(price.tolist(), side.tolist(), strict=True)
        apart = sum(int(each) * top for each, top in other if each < 0) - sum(int(each) * most for each, most in pay)
        size = float(np.bincount(rows.index, np.abs(drawn), len(rows.tops)).max(initial=0))
        size += float(np.abs(price) @ np.abs(side)) + float(np.abs(total[self.count :]) @ rows.tops[self.count :])
        return Weight(total[: self.count].astype(np.float64), apart, size)

    def needs(self, position: int, rule: Supply, package: str, demands: Sequence[Demand]) -> Floats:
        """Return what the needs of a package, told in the place of those it has of a supply, come to in its cells."""
        own = self._told.packages[package]
        told = [self._prices.get((f"S1_b{b}_r{position}", 0), (0, 1)) for b in range(len(rule.buckets))]
        priced = [b for b, (price, _) in enumerate(told) if price > 0]
        if not priced or not demands:
            return np.zeros(len(own.vars))
        tables = need_tables([rule.buckets[b] for b in priced], demands, self._paths[package])
        divisor = np.array([told[b][1] for b in priced], np.int64)[:, None, None]
        price = np.array([told[b][0] for b in priced], np.int64)[:, None, None]
        return own.entries((tables // divisor * price).sum(axis=0)).astype(np.float64)

    def held(self, position: int, capacity: Sequence[int]) -> int:
        """Return what capacities of a supply come to."""
        told = (self._prices.get((f"S1_b{b}_r{position}", 0), (0, 1)) for b in range(len(capacity)))
        return sum(max(0, price) * (amount // divisor) for (price, divisor), amount in zip(told, capacity, strict=True))

    def capped(self, term: str, entries: NDArray[np.int64]) -> Floats:
        """Return what entries of a package come to in the cap of a sum."""
        price, divisor = self._prices.get((f"cap_{term}", 0), (0, 1))
        return (max(0, price) * (entries // divisor)).astype(np.float64)

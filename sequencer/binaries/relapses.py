"""The reserve as rows: which packages may be fragile in one month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sequencer.binaries.package_binaries import month
from sequencer.binaries.rows import Rows
from sequencer.binaries.sums import Sum, added, once
from sequencer.problem import Demand, Reserve

#: Of a package that may be fragile in a month: its position, the need of its relapse, and what is 1 if it is fragile.
Fragile: TypeAlias = tuple[int, int, Sum]

PAIR = 2  # relapses at once


def post_reserve(
    rows: Rows, rule: Reserve, name: str, sums: Callable[[tuple[Demand, ...], tuple[range, ...]], list[Sum]]
) -> None:
    """In every month the k largest needs of fragile packages fit into the force; ``sums`` adds up needs by month."""
    months = tuple(range(at, at + 1) for at in rule.binding)
    fragile = {package: sums(rule.fragility(package), months) for package in rule.demands_of}
    for position, at in enumerate(rule.binding):
        row, people = f"{name}_{month(at)}", rule.people[at]
        small: list[Fragile] = []
        for p, (package, lasting) in enumerate(fragile.items()):
            need = rule.demands_of[package][0].amounts[at]
            if need > people:
                rows.at_most(f"{row}_closed_{p}", lasting[position], 0)
            elif need and len(lasting[position]):
                small.append((p, need, lasting[position]))
        if rule.k >= PAIR:
            _pairs(rows, row, small, people)
        if rule.k > PAIR:
            _crowds(rows, row, small, people, rule.k)
            _any(rows, row, _relevant(small, people, rule.k), people, rule.k)


def _pairs(rows: Rows, name: str, fragile: Sequence[Fragile], people: int) -> None:
    """No two whose needs together exceed the force: at most one large one, and none beside a small one (prop. 8)."""
    large = [(need, lasting) for _, need, lasting in fragile if 2 * need > people]
    if len(large) > 1:
        rows.at_most(f"{name}_large", added(lasting for _, lasting in large), 1)
    for p, need, lasting in fragile:
        beside = added(there for other, there in large if need + other > people)
        if len(beside) and 2 * need <= people:
            rows.at_most(f"{name}_{p}", lasting + beside, 1)


def _crowds(rows: Rows, name: str, fragile: Sequence[Fragile], people: int, k: int) -> None:
    """At most j - 1 of those whose need exceeds a j-th part of the force (prop. 15): true anyway, and far stronger."""
    for j in range(PAIR + 1, k + 1):
        crowd = [lasting for _, need, lasting in fragile if j * need > people]
        if len(crowd) >= j:
            rows.at_most(f"{name}_crowd_{j}", added(crowd), j - 1)


def _relevant(fragile: Sequence[Fragile], people: int, k: int) -> list[Fragile]:
    """Return the packages whose relapse could be one too many: beside the k - 1 largest others it exceeds the force."""
    largest = sorted((need for _, need, _ in fragile), reverse=True)[:k]
    return [entry for entry in fragile if entry[1] + sum(largest) - max(entry[1], largest[-1]) > people]


def _any(rows: Rows, name: str, fragile: Sequence[Fragile], people: int, k: int) -> None:
    """Bound the k largest needs by a threshold and what exceeds it (prop. 7)."""
    if not fragile:
        return
    threshold = rows.variable(f"threshold_{name}", people, whole=False)
    excess = []
    for p, need, lasting in fragile:
        over = rows.variable(f"over_{name}_{p}", need, whole=False)
        rows.at_most(f"{name}_{p}", added([lasting * need, once(threshold, -1), once(over, -1)]), 0)
        excess.append(once(over))
    rows.at_most(name, added([once(threshold, k), *excess]), people)

"""The reserve as rows: a threshold for each month, and what exceeds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sequencer.milp.package_binaries import month
from sequencer.milp.rows import Rows, Terms
from sequencer.problem import Demand, Reserve


def post_reserve(
    rows: Rows, rule: Reserve, name: str, sums: Callable[[tuple[Demand, ...], tuple[range, ...]], list[Terms]]
) -> None:
    """In every month the k largest needs of fragile packages fit into the force; ``sums`` adds up needs by month.

    For any threshold their sum is at most k times it plus all that exceeds it, and exactly that for the k-th largest.
    """
    binding = [at for at, people in enumerate(rule.people) if _largest(rule, at) > people]
    months = tuple(range(at, at + 1) for at in binding)
    fragile = {
        package: sums(tuple(replace(demand, amounts=(1,) * len(demand.amounts)) for demand in demands), months)
        for package, demands in rule.demands_of.items()
    }
    for position, at in enumerate(binding):
        row, people = f"{name}_{month(at)}", rule.people[at]
        small: dict[int, tuple[int, Terms]] = {}
        for p, (package, lasting) in enumerate(fragile.items()):
            need = rule.demands_of[package][0].amounts[at]
            if need > people:
                rows.at_most(f"{row}_closed_{p}", lasting[position], 0)
            elif need and lasting[position]:
                small[p] = (need, lasting[position])
        if rule.k > 1:
            _any(rows, row, small, people, rule.k)


def _largest(rule: Reserve, at: int) -> int:
    """Return the sum of the k largest needs in a month if every package were fragile."""
    return sum(sorted((demands[0].amounts[at] for demands in rule.demands_of.values()), reverse=True)[: rule.k])


def _any(rows: Rows, name: str, fragile: Mapping[int, tuple[int, Terms]], people: int, k: int) -> None:
    """Bound the k largest needs."""
    if sum(sorted((need for need, _ in fragile.values()), reverse=True)[:k]) <= people:
        return
    threshold = rows.variable(f"threshold_{name}", people, whole=False)
    excess = []
    for p, (need, lasting) in fragile.items():
        over = rows.variable(f"excess_{name}_{p}", need, whole=False)
        rows.at_most(f"{name}_{p}", [*((var, need) for var, _ in lasting), (threshold, -1), (over, -1)], 0)
        excess.append((over, 1))
    rows.at_most(name, [(threshold, k), *excess], people)

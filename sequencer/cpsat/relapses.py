"""The reserve told to CP-SAT: which packages may be fragile in one month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr, Formulation
from sequencer.problem import Reserve

#: For each package that may be fragile in a month: the need of its relapse, and 1 if it is fragile, else 0.
Fragile: TypeAlias = Mapping[str, tuple[int, Expr]]

PAIR = 2  # relapses at once


def post_reserve(told: Formulation, rule: Reserve) -> None:
    """In every month the k largest needs of fragile packages fit into the force."""
    months = [range(month, month + 1) for month in rule.binding]
    fragile = {name: told.sums(rule.fragility(name), months) for name in rule.demands_of}
    for position, month in enumerate(rule.binding):
        people, small = rule.people[month], {}
        for name, lasting in fragile.items():
            need = rule.demands_of[name][0].amounts[month]
            if need > people:
                told.model.add(lasting[position] <= 0)
            elif need:
                small[name] = (need, lasting[position])
        if rule.k == PAIR:
            _pairs(told.model, small, people)
        elif rule.k > PAIR:
            _any(told.model, small, people, rule.k)


def _pairs(model: cp_model.CpModel, fragile: Fragile, people: int) -> None:
    """No two of the packages whose needs together exceed the force: at most one large one, and none beside a small."""
    large = {name: entry for name, entry in fragile.items() if 2 * entry[0] > people}
    if len(large) > 1:
        model.add(sum(lasting for _, lasting in large.values()) <= 1)
    for name, (need, lasting) in fragile.items():
        beside = [other for size, other in large.values() if need + size > people]
        if beside and name not in large:
            model.add(lasting + sum(beside) <= 1)


def _any(model: cp_model.CpModel, fragile: Fragile, people: int, k: int) -> None:
    """Bound the k largest needs.

    For any threshold their sum is at most k times it plus all that exceeds it, and exactly that for the k-th largest.
    """
    threshold = model.new_int_var(0, people, "")
    excess = []
    for need, lasting in fragile.values():
        over = model.new_int_var(0, need, "")
        model.add(over >= need * lasting - threshold)
        excess.append(over)
    model.add(k * threshold + sum(excess) <= people)

"""Repairs, against trying: each works, nothing of it is needless, nothing cheaper works, and nobody is put at risk."""

from __future__ import annotations

import itertools

import pytest
from repairing import EVERYDAY, MANY, SMALL, cheaper, has_plan, is_right, repaired, timetables, without_plan


def tried(seed: int, most: int) -> None:
    instance = without_plan(seed)
    if instance is None:
        return
    found = repaired(seed)
    assert [r.cost for r in found.found] == sorted(r.cost for r in found.found)
    assert found.found or found.uncured or not found.sure
    for repair in found.found:
        is_right(instance, repair)
        assert not repair.accepts_risk
    claimed = found.found[0].cost if found.found and found.found[0].cheapest else 4.0 if found.uncured else 0.0
    if timetables(instance) <= SMALL // 4:
        assert not any(map(has_plan, itertools.islice(cheaper(instance, claimed), most)))


@pytest.mark.parametrize("seed", EVERYDAY)
def test_repairs_work_and_nothing_less_or_cheaper_does(seed: int) -> None:
    tried(seed, 400)


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_many_repairs_work_and_nothing_less_or_cheaper_does(seed: int) -> None:
    tried(seed, 10_000)


def test_enough_is_drawn_to_mean_something() -> None:
    found = [repaired(seed) for seed in EVERYDAY if without_plan(seed)]
    assert sum(bool(one.found) for one in found) > 5
    assert sum(bool(one.uncured) for one in found) > 3
    assert sum(len(repair.changes) > 1 for one in found for repair in one.found) > 3

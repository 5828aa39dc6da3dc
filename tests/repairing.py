"""What tests of repairs share: instances without a plan, and what makes a repair right, by trying."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import draw_instance

from sequencer import Instance, Limits, UsageError, read
from sequencer.compile import compile_instance
from sequencer.instance.contradictions import contradictions
from sequencer.instance.levers import addresses
from sequencer.questions.repairs import Repair, Repairs, repairs
from sequencer.questions.trying.ways import COSTS

TOP = Path(__file__).parent.parent
INFEASIBLE = sorted(path.parent for path in (TOP / "instances" / "infeasible").glob("*/plan.toml"))
LIMITS = Limits(seconds=5, workers=1)
SHORT = Limits(seconds=2, workers=1)
EVERYDAY, MANY = range(48), range(1000, 1300)
SMALL = 400  # timetables that are tried for each change
TENTHS = {"points per month", "times"}  # units that are turned in steps of a tenth
GUARDS = re.compile(r"(criteria|limits|reserves|needs|relapse)\..*")


def has_plan(instance: Instance) -> bool:
    """Return whether there is a plan, by enumeration."""
    return any(True for _ in every_plan(compile_instance(instance), MoneyOracle(instance)))


def timetables(instance: Instance) -> int:
    count = 1
    for path in compile_instance(instance).paths.values():
        count *= len(path.options) * len(path.months)
    return count


@cache
def without_plan(seed: int) -> Instance | None:
    """Return a drawn instance if it is small, makes sense and has no plan."""
    instance = draw_instance(seed)
    if contradictions(instance) or timetables(instance) > SMALL or has_plan(instance):
        return None
    return instance


def drawn(seeds: range) -> list[Instance]:
    return [instance for instance in map(without_plan, seeds) if instance is not None]


@cache
def repaired(seed: int) -> Repairs:
    instance = without_plan(seed)
    assert instance is not None
    return repairs(instance, most=2, limits=SHORT)


def changed(instance: Instance, repair: Repair, less: str = "") -> Instance:
    """Return the instance as repaired, with one step less of one change."""
    changes = {}
    for change in repair.changes:
        step = 0.1 if change.unit in TENTHS else 1
        by = abs(float(change.change)) - (step if change.address == less else 0)
        if round(by, 3) > 0:
            changes[change.address] = f"{change.change[0]}{round(by, 3):g}"
    return instance.but(changes)


def is_right(instance: Instance, repair: Repair) -> None:
    """Check by trying that a repair works, and that no part of it does if that is claimed."""
    assert has_plan(changed(instance, repair))
    assert sum(change.cost for change in repair.changes) == pytest.approx(repair.cost)
    assert repair.accepts_risk == any(GUARDS.fullmatch(change.address) for change in repair.changes)
    if repair.minimal:
        assert not any(has_plan(changed(instance, repair, change.address)) for change in repair.changes)


def cheaper(instance: Instance, cost: float) -> Iterator[Instance]:
    """Yield the instance with every one or two changes of up to three units that cost less in all."""
    moves = []
    for address, lever in addresses(instance).items():
        nothing = lever.value is None or (lever.field == "revenue" and not lever.value)
        if not lever.relax or nothing or GUARDS.fullmatch(address):
            continue
        step = 0.1 if lever.unit in TENTHS else 1
        sign = "+" if lever.relax > 0 else "-"
        moves += [(address, f"{sign}{n * step:g}", n * step * COSTS[lever.unit]) for n in (1, 2, 3)]
    pairs = ([a, b] for a, b in itertools.combinations(moves, 2) if a[0] != b[0])
    for chosen in itertools.chain(([move] for move in moves), pairs):
        if sum(price for _, _, price in chosen) < cost - 1e-9:
            with contextlib.suppress(UsageError):  # a value beyond its range is no repair
                yield instance.but({address: change for address, change, _ in chosen})


@cache
def of_folder(folder: Path) -> Repairs:
    """Return the repairs of a shipped instance."""
    return repairs(read(folder), limits=Limits(seconds=30, workers=1))


def as_changes(repair: Repair) -> dict[str, str]:
    """Return changes as they are given to ``but``."""
    return {change.address: change.change for change in repair.changes}

"""The MILP formulation admits exactly the timetables that break no rule, and what its solvers claim is held to that."""

from __future__ import annotations

from pathlib import Path

import pulp
import pytest
from hypothesis import event, given, seed
from milp_rows import admitted_by_milp
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import instances
from test_cpsat import ORDERS, finds_the_optimum, settings_for, small

from sequencer import Status, read, solve
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice

HAS_CBC = hasattr(pulp, "PULP_CBC_CMD")
SOON = 30.0  # seconds within which a search that is told to stop has stopped, on a busy machine


@pytest.fixture(scope="module")
def example(worked: Path) -> Instance:
    return read(worked)


def admits_exactly(instance: Instance) -> None:
    """Too loose and too tight both fail: the two sets of timetables are equal."""
    problem = small(instance)
    allowed = set(every_plan(problem, MoneyOracle(instance)))
    event("feasible" if allowed else "infeasible")
    assert admitted_by_milp(problem) == allowed


@seed(7)
@settings_for(250)
@given(instances())
def test_milp_admits_exactly_what_the_rules_allow(instance: Instance) -> None:
    admits_exactly(instance)


@pytest.mark.slow
@seed(8)
@settings_for(4000)
@given(instances())
def test_milp_admits_exactly_what_the_rules_allow_in_many_draws(instance: Instance) -> None:
    admits_exactly(instance)


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@seed(9)
@settings_for(15)
@given(instances())
def test_levels_are_those_of_enumeration(order: tuple[str, ...], instance: Instance) -> None:
    finds_the_optimum(instance, order, 0, engine="milp", proof="numeric")


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@pytest.mark.parametrize("tolerance", [0, 2])
@seed(10)
@settings_for(150)
@given(instances())
def test_levels_are_those_of_enumeration_in_many_draws(
    order: tuple[str, ...], tolerance: int, instance: Instance
) -> None:
    finds_the_optimum(instance, order, tolerance, engine="milp", proof="numeric")


def test_the_worked_example_is_proven(example: Instance) -> None:
    outcome = solve(example, engine="milp", haste=False)
    assert outcome.status is Status.OPTIMAL
    assert [(level.value, level.bound, level.proof) for level in outcome.levels] == [
        (12, 12, "numeric"),
        (118_000_000, 118_000_000, "numeric"),
        (31, 31, "numeric"),
    ]
    assert outcome.choices == {
        "arden/policing": Choice("intensive", 4),
        "belmont/policing": Choice("none", 7),
        "arden/clinics": Choice("none", 9),
    }


@pytest.mark.skipif(not HAS_CBC, reason="this PuLP brings no CBC")
def test_cbc_proves_the_same(top: Path) -> None:
    for folder in ("worked-example", "bridge-share", "reserve", "link-width"):
        instance = read(top / "instances" / "tiny" / folder)
        first, second = (solve(instance, engine=engine, haste=False) for engine in ("milp", "milp-cbc"))
        assert first.status is second.status is Status.OPTIMAL
        known = [[(level.value, level.bound, level.proof) for level in outcome.levels] for outcome in (first, second)]
        assert known[0] == known[1]


@pytest.mark.skipif(not HAS_CBC, reason="this PuLP brings no CBC")
@seed(11)
@settings_for(8)
@given(instances())
def test_levels_of_cbc_are_those_of_enumeration(instance: Instance) -> None:
    finds_the_optimum(instance, ORDERS[0], 0, engine="milp-cbc", proof="numeric")

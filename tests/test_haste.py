"""The price of haste is what the best plans with a later exit would have, found by trying every plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from money_oracle import MoneyOracle
from oracles import best, every_plan

from sequencer import Limits, Status, read, solve
from sequencer.problem import Term


@pytest.mark.parametrize("name", ["worked-example", "options", "bridge-share", "reserve", "link-gate"])
def test_risk_and_cost_are_those_of_the_best_plans_with_a_later_exit(top: Path, name: str) -> None:
    instance = read(top / "instances" / "tiny" / name)
    outcome = solve(instance)
    problem, values = outcome.problem, outcome.values
    assert values is not None
    others = [level.term for level in outcome.levels if level.term != "exit"]
    plans = list(every_plan(problem, MoneyOracle(instance) if instance.funded else None))
    assert [entry.later for entry in outcome.haste] == [0, 3, 6]
    for entry in outcome.haste:
        assert entry.proven
        assert entry.cheapest
        assert entry.exit == min(values["exit"] + entry.later, problem.horizon)
        allowed = [
            plan
            for plan in plans
            if problem.value(problem.terms["exit"], dict(zip(problem.paths, plan, strict=True))) <= entry.exit
        ]
        goals = [(term, 0) for term in [*others, "cost"]]
        expected = dict(zip([*others, "cost"], best(problem, allowed, goals), strict=True))
        assert entry.cost == expected["cost"]
        assert entry.risk == expected.get("risk", entry.risk)
        assert entry.achieved is not None
        assert entry.achieved <= entry.exit


def test_without_time_the_price_of_haste_is_that_of_the_plan_known_and_unproven(timor: Path) -> None:
    outcome = solve(read(timor), limits=Limits(seconds=0.6, deterministic=True))
    assert outcome.values is not None
    now, *later = outcome.haste
    assert len(later) == 2
    for entry in later:
        assert not entry.proven
        assert entry.risk is not None
        assert entry.risk <= outcome.values["risk"]
    assert now.risk == outcome.values["risk"]


def test_it_can_be_left_out_and_is_not_asked_without_a_plan(top: Path) -> None:
    assert solve(read(top / "instances" / "tiny" / "options"), haste=False).haste == ()
    nothing = solve(read(top / "instances" / "infeasible" / "money-gap"))
    assert nothing.status is Status.INFEASIBLE
    assert nothing.haste == ()


def test_a_term_without_data_has_no_price(top: Path) -> None:
    outcome = solve(read(top / "instances" / "tiny" / "reserve"))
    risk: Term = outcome.problem.terms["risk"]
    assert not risk.tables
    assert {entry.risk for entry in outcome.haste} == {None}

"""Numbers that scenarios state beside those that are drawn: neither side is secured at the price of the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from written import written

from sequencer import Instance, UsageError, read
from sequencer.compile.series import ThreatLevels
from sequencer.instance.changes import Value
from sequencer.scenarios import Kind, Scenario, Shock, secured

EXAMPLE = Path(__file__).parents[1] / "instances" / "tiny" / "worked-example"
SCORE, GROWTH = "readiness.arden/policing.capability", "readiness.arden/policing.capability.growth"
LENGTHS = "function,joint_months,mentored_months,advisory_months f,1,1,1"


def beside(number: int, kind: Kind, address: str, value: Value, stated: dict[str, Value]) -> Scenario:
    """Return a scenario with one number drawn and others stated."""
    return Scenario(number, (Shock(kind, "it", "drawn", ((address, value),)), *Scenario.of(number, stated).shocks))


@pytest.mark.parametrize("kind", [Kind.READINESS, Kind.GIVEN])
def test_stated_growth_is_secured_together_with_the_score(kind: Kind) -> None:
    instance = read(EXAMPLE)
    # who scores least grows fastest
    given = [beside(i, kind, SCORE, 40 + i, {GROWTH: (31 - 2 * i) / 10}) for i in range(1, 11)]
    rows = [each.instance(instance).readiness[0] for each in given]
    for alpha in (0.5, 0.8, 1.0):
        safe = secured(instance, given, alpha).readiness[0]
        held = sum(safe.score <= row.score and safe.growth <= row.growth for row in rows)
        assert held >= alpha * 10
        assert any(safe.score == row.score for row in rows)


def money(folder: Path) -> Instance:
    """Return an instance with a pledge of 100 for each of two years, and threat in one place."""
    return written(
        folder,
        "",
        places="place a",
        functions=LENGTHS,
        packages="place,function,recurrent_cost a,f,10",
        budget="fiscal_year,amount ,0",
        donors="donor,reliability d,50",
        pledges="donor,from,to,amount,status d,2030-01,2031-12,100,confirmed",
        threat="places,from,to,level *,2030-01,2031-06,2 *,2031-07,,2",
        limits="packages,event,limit */*,transfer,2",
    )


def test_stated_money_is_secured_together_with_drawn_money(tmp_path: Path) -> None:
    instance = money(tmp_path)
    pledge, year = "pledge.d@FY2030..FY2031", "pledge.d@2030-01..2030-12"
    # more is pledged, and just then it does not come
    given = [Scenario.of(1, {pledge: 150}), Scenario.of(2, {pledge: 150})]
    given += [beside(i, Kind.PLEDGE, year, 100, {}) for i in (3, 4)]
    pledged = secured(instance, given, 1.0).pledges
    assert [row.amount for row in pledged] == [100]
    short = [beside(i, Kind.PLEDGE, "pledge.d@2031-01..2031-12", 20, {"pledge.d": 100}) for i in (5, 6)]
    with pytest.raises(UsageError, match=r"pledge\.d cannot be secured"):
        secured(instance, short, 1.0)  # no address of its own


def test_stated_threat_is_secured_together_with_drawn_threat(tmp_path: Path) -> None:
    instance, row = money(tmp_path), "threat.a@2030-01..2031-06"
    given = [beside(i, Kind.THREAT, "threat.a@2031-01..2031-03", "+1", {}) for i in (1, 2)]
    given += [Scenario.of(3, {row: 4}), Scenario.of(4, {row: 1})]
    months = np.arange(36)
    safe = ThreatLevels(secured(instance, given, 0.75)).at("a", months)
    others = np.array([ThreatLevels(each.instance(instance)).at("a", months) for each in given])
    assert ((others <= safe).sum(axis=0) >= 3).all()
    assert safe.tolist() == [2] * 12 + [3] * 3 + [2] * 21

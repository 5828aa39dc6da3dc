"""Scenarios are what the analyst calls uncertain, repeat with their seed, and do not depend on one another."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import uncertainty, world

from sequencer import Instance, UsageError, read
from sequencer.compile import compile_instance
from sequencer.compile.series import ThreatLevels
from sequencer.instance.changes import but
from sequencer.instance.facts import SCORE
from sequencer.scenarios import Failing, Kind, Scenario, Uncertainty, draw
from sequencer.scenarios.draw import triangular
from sequencer.scenarios.money import years


@pytest.fixture(scope="module")
def halvara(top: Path) -> Instance:
    """Return the national instance, in which every kind of fact occurs."""
    return read(top / "instances" / "national" / "halvara")


@pytest.mark.parametrize("seed", range(60))
def test_a_scenario_repeats_and_does_not_depend_on_how_many_are_drawn(seed: int) -> None:
    drawn = world(seed, 4)
    if drawn is None:
        return
    instance, scenarios = drawn
    assert draw(instance, uncertainty(instance), 2, seed) == scenarios[:2]
    for scenario in scenarios:
        changed = scenario.instance(instance)
        assert all(0 <= row.low <= row.score <= row.high <= 100 * SCORE for row in changed.readiness)
        assert all(row.amount >= 0 for row in changed.pledges)
        assert all(1 <= row.level <= 5 for row in changed.threat)


def test_an_assumption_does_not_depend_on_what_else_is_uncertain(halvara: Instance) -> None:
    few = draw(halvara, Uncertainty(), 5, 7)
    many = draw(halvara, Uncertainty(growth=0.2, threat=0.4, slips={"elections": 6}), 5, 7)
    assert not set(few) & set(draw(halvara, Uncertainty(), 5, 8))
    for less, more in zip(few, many, strict=True):
        assert set(less.shocks) < set(more.shocks)
        assert {shock.kind for shock in less.shocks} <= {Kind.READINESS, Kind.PLEDGE}


def test_undoing_every_assumption_leaves_the_instance_as_it_is(halvara: Instance) -> None:
    (scenario,) = draw(halvara, Uncertainty(growth=0.2, slips={"*": 2}), 1, 0)
    assert scenario.instance(halvara, scenario.shocks) == halvara
    for shock in scenario.shocks[:3]:
        assert scenario.instance(halvara, [shock]) != scenario.instance(halvara)


@pytest.mark.parametrize(("low", "mode", "high"), [(10, 30, 90), (10, 10, 90), (10, 90, 90)])
def test_a_triangular_draw_has_its_distribution(low: int, mode: int, high: int) -> None:
    shares = (np.arange(20_000) + 0.5) / 20_000
    values = np.array([triangular(share, low * 1000, mode * 1000, high * 1000) for share in shares]) / 1000
    assert low <= values.min()
    assert values.max() <= high
    assert values.mean() == pytest.approx((low + mode + high) / 3, abs=0.01)
    spread = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    assert values.var() == pytest.approx(spread, rel=0.005)


def test_scores_lie_in_their_range_and_come_out_high_and_low_alike(timor: Path) -> None:
    instance = read(timor)
    ranges = {f"{row.package} {row.criterion}": row for row in instance.readiness}
    below = Counter[str]()
    drawn = draw(instance, Uncertainty(), 100, 3)
    for scenario in drawn:
        for shock in scenario.shocks:
            row, value = ranges[shock.about], int(shock.changes[0][1] * SCORE)
            assert row.low <= value <= row.high
            below[shock.about] += value < row.score
    assert set(below) == {name for name, row in ranges.items() if row.low < row.high}
    assert sum(below.values()) / (100 * len(below)) == pytest.approx(0.5, abs=0.04)  # its ranges are symmetric


@pytest.mark.parametrize(("agreement", "alike"), [(1.0, True), (0.0, False)])
def test_scores_of_one_assessor_err_alike_if_they_are_said_to(timor: Path, agreement: float, alike: bool) -> None:
    instance = read(timor)
    assert len({row.assessor for row in instance.readiness}) == 1
    rows = {f"{row.package} {row.criterion}": row for row in instance.readiness}
    signs = set()
    for scenario in draw(instance, Uncertainty(agreement=agreement), 8, 5):
        sides = {int(s.changes[0][1] * SCORE) > rows[s.about].score for s in scenario.shocks}
        signs.add(len(sides))
    assert signs == ({1} if alike else {2})


def test_donors_pay_as_often_as_they_are_reliable(halvara: Instance) -> None:
    failed = Counter(
        s.about.rsplit(" ", 1)[0] for x in draw(halvara, Uncertainty(scores=False), 600, 1) for s in x.shocks
    )
    reliable = {donor.name: (donor.reliability or 0) / 1000 for donor in halvara.donors}
    for line in {row.line for row in halvara.counted_pledges}:
        rows = [row for row in halvara.counted_pledges if row.line == line]
        share = failed[line] / (600 * len(years(halvara, rows)))
        assert share == pytest.approx(1 - reliable[rows[0].donor], abs=0.03)


@pytest.mark.parametrize("seed", range(60))
def test_cutting_pledges_into_years_changes_no_rule(seed: int) -> None:
    drawn = world(seed, 1)
    if drawn is None or not drawn[0].counted_pledges:
        return
    instance = drawn[0]
    lines = {row.line: [r for r in instance.counted_pledges if r.line == row.line] for row in instance.counted_pledges}
    cut = but(instance, [(year.address, "+0") for rows in lines.values() for year in years(instance, rows)])
    ours, theirs = compile_instance(cut).bridge, compile_instance(instance).bridge
    assert ours is not None
    assert theirs is not None
    for one, other in zip(ours.lines, theirs.lines, strict=True):
        for field in ("name", "amounts", "serves", "conditions", "carried"):
            assert getattr(one, field) == getattr(other, field)
        assert [replace(s, origins=()) for s in one.steps] == [replace(s, origins=()) for s in other.steps]


def amounts(instance: Instance, line: str) -> list[int]:
    """Return what a pledge gives in each fiscal year of Halvara: it begins in January, its years in July."""
    rows = [row for row in instance.counted_pledges if row.line == line]
    return [
        sum(row.amount for row in rows if row.start <= month and (row.end is None or month <= row.end))
        for month in (0, *range(6, instance.plan.months, 12))
    ]


@pytest.mark.parametrize("failing", Failing)
def test_what_comes_of_money_that_does_not_come_in_full(halvara: Instance, failing: Failing) -> None:
    line, seen = "Development bank", 0
    stated = amounts(halvara, line)
    for scenario in draw(halvara, Uncertainty(scores=False, failing=(failing,)), 120, 2):
        lost = [shock for shock in scenario.shocks if shock.about.startswith(f"{line} FY")]
        if not lost:
            continue
        seen += 1
        found = amounts(scenario.instance(halvara), line)
        expected = list(stated)
        for shock in lost:
            year = int(shock.about[-4:]) - 2030  # the plan begins in FY2030
            if failing is Failing.HALF:
                expected[year] -= (stated[year] + 1) // 2
            else:
                expected[year] -= stated[year]
            if failing is Failing.DELAYED and stated[year + 1]:
                expected[year + 1] += stated[year]
        assert found == expected
        if failing is Failing.WITHDRAWN:
            first = found.index(0, 1)  # it gives nothing in FY2030
            assert not any(found[first:])
    assert seen > 10


def test_threat_rises_by_one_level_for_so_many_months(halvara: Instance) -> None:
    months = np.arange(halvara.plan.months)
    before, rises = ThreatLevels(halvara), 0
    for scenario in draw(halvara, Uncertainty(scores=False, reliability=None, threat=0.5, threat_months=5), 20, 1):
        after = ThreatLevels(scenario.instance(halvara))
        raised = {shock.about for shock in scenario.shocks if shock.kind is Kind.THREAT}
        rises += len(raised)
        for place in halvara.threat_of:
            more = after.at(place, months) - before.at(place, months)
            changed = np.flatnonzero(more)
            assert bool(changed.size) == (place in raised)
            if changed.size:
                stretch = np.arange(changed[0], changed[-1] + 1)
                assert len(stretch) <= 5
                assert ((more[stretch] == 1) | (before.at(place, stretch) == 5)).all()
    assert rises / (20 * len(halvara.threat_of)) == pytest.approx(0.5, abs=0.1)


def test_rows_of_one_calendar_event_slip_together(halvara: Instance) -> None:
    found = set()
    for scenario in draw(halvara, Uncertainty(scores=False, slips={"rains*": 2, "elections": 0}), 40, 1):
        slips = {shock.about: shock.changes for shock in scenario.shocks if shock.kind is Kind.CALENDAR}
        assert set(slips) <= {"rains", "rains on the roads"}
        found |= {value for changes in slips.values() for _, value in changes}
    assert found == {"+1", "+2"}
    twice = replace(halvara, calendar_events=tuple(replace(row, name="rains") for row in halvara.calendar_events))
    (scenario,) = (x for x in draw(twice, Uncertainty(scores=False, slips={"rains": 3}), 1, 4) if x.shocks)
    shifts = [
        b.start - a.start for a, b in zip(twice.calendar_events, scenario.instance(twice).calendar_events, strict=True)
    ]
    assert len(shifts) == 3
    assert len(set(shifts)) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"slips": {"ramadan": 2}}, "no calendar event is called 'ramadan'; there are: rains, rains on the roads"),
        ({"growth": 1.5}, "growth is a share from 0 to 1"),
        ({"reliability": -0.1}, "reliability is a share"),
        ({"spread": -1}, "spread is in points"),
        ({"failing": ()}, "failing names at least one"),
        ({"threat_months": 0}, "threat_months"),
        ({"slips": {"rains": -1}}, "no slip is negative"),
    ],
)
def test_what_makes_no_sense_is_refused(halvara: Instance, given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        draw(halvara, Uncertainty(**given), 1, 0)


def test_nothing_is_drawn_that_nobody_calls_uncertain(halvara: Instance) -> None:
    certain = replace(halvara, donors=tuple(replace(donor, reliability=None) for donor in halvara.donors))
    with pytest.raises(UsageError, match="nothing is uncertain"):
        draw(certain, Uncertainty(scores=False), 1, 0)
    with pytest.raises(UsageError, match="at least one scenario"):
        draw(halvara, Uncertainty(), 0, 0)


def test_a_number_cannot_be_two_things_at_once() -> None:
    stated = Scenario.of(1, {"plan.hold": 1})
    assert stated.factors == {"plan.hold": 1}
    other = Scenario.of(1, {"plan.hold": 2})
    with pytest.raises(UsageError, match=r"plan\.hold would be both 1 and 2"):
        _ = Scenario(1, (*stated.shocks, *other.shocks)).factors

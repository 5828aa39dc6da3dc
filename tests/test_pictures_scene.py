"""What is drawn of a plan, checked against the plan's own frames and what was read; and who may see what of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pictured
import pytest

from sequencer import read, solve
from sequencer.answers.discretion import Audience, Discretion
from sequencer.outcome import Limits
from sequencer.phrases import Phrasebook
from sequencer.pictures.holding import Held, kind, kinds
from sequencer.pictures.scene import Responsible, Scene
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation
from sequencer.reasons.local.tight import Tight
from sequencer.vocabulary import Origin, Stage


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    return pictured.explained(tmp_path_factory.mktemp("scene") / "plain")


def shown(explanation: Explanation, audience: Audience = Audience.MISSION) -> Scene:
    return Told(explanation, audience, Phrasebook.of("en")).scene


def test_rows_have_the_dates_of_the_timetable(explained: Explanation) -> None:
    outcome = explained.outcome
    frame = outcome.timetable.set_index("package")
    rows = shown(explained).rows
    assert [row.package for row in rows] == ["arden/policing", "arden/clinics", "belmont/policing"]
    for row in rows:
        label = outcome.instance.calendar.label
        assert (label(row.transfer), label(row.exit)) == tuple(frame.loc[row.package, ["transfer", "exit"]])
        assert all(one.end == other.first for one, other in pairwise(row.bars))
        assert row.bars[-1].end == row.exit
        joint = [bar.first for bar in row.bars if bar.stage is Stage.JOINT]
        assert (joint or [row.transfer]) == [row.joint]


def test_calendar_events_close_months_for_those_they_name(explained: Explanation) -> None:
    drawn = shown(explained)
    assert {row.package: row.shut for row in drawn.rows} == {
        "arden/policing": ((0, 2),),
        "arden/clinics": (),
        "belmont/policing": (),  # the election is everyone's, and is drawn behind all rows
    }
    assert [(one.name, one.spans, one.packages, one.everywhere) for one in drawn.shut] == [
        ("harvest", ((0, 2),), 1, False),
        ("election", ((13, 14),), 3, True),
    ]


def test_an_event_of_every_year_closes_the_same_months_of_each(explained: Explanation) -> None:
    outcome = explained.outcome
    event = replace(outcome.instance.calendar_events[0], start=-11, end=-9, yearly=True)
    changed = replace(outcome, instance=replace(outcome.instance, calendar_events=(event,)))
    assert shown(replace(explained, outcome=changed)).shut[0].spans == ((1, 4), (13, 14))


def test_the_map_says_month_by_month_who_is_responsible(explained: Explanation) -> None:
    drawn = shown(explained)
    for ground in drawn.places:
        mine = [row for row in drawn.rows if row.place == ground.place]
        assert ground.packages == len(mine)
        months = [(m, one) for one in ground.stretches for m in range(one.first, one.end)]
        assert [month for month, _ in months] == list(range(drawn.months))
        for month, one in months:
            local = [row.transfer <= month for row in mine]
            nobody = all(month < row.joint for row in mine)
            who = Responsible.LOCAL if all(local) else Responsible.INTERNATIONAL if nobody else Responsible.SHARED
            assert (one.who, one.local) == (who, sum(local))


def test_supplies_are_those_of_the_frame_with_the_packages_behind_them(explained: Explanation) -> None:
    teams = next(each for each in shown(explained).supplies if each.resource == "mentor_team")
    frame = explained.outcome.supplies.query("resource == 'mentor_team'")
    assert list(teams.need) == frame.groupby("bucket", sort=True)["need"].first().tolist()
    for month, names in zip(teams.firsts, teams.behind, strict=True):
        mentored = {
            row.package
            for row in shown(explained).rows
            if any(bar.stage is Stage.MENTORED and bar.first <= month < bar.end for bar in row.bars)
        }
        assert set(names) == mentored


def test_only_the_mission_is_told_of_threat_and_reserves(explained: Explanation) -> None:
    mission = shown(explained)
    assert any(Held.THREAT in row.held for row in mission.rows)
    assert [each.resource for each in mission.supplies] == ["mentor_team", "reserve"]
    for audience in (Audience.PARTNERS, Audience.PUBLIC):
        drawn = shown(explained, audience)
        assert not any(one in row.held for row in drawn.rows for one in (Held.THREAT, Held.RESERVE))
        assert [each.resource for each in drawn.supplies] == ["mentor_team"]
        # that something holds a package they are told, not what
        assert [bool(row.held) for row in drawn.rows] == [bool(row.held) for row in mission.rows]


@pytest.mark.parametrize(
    ("rule", "files", "expected"),
    [
        ("W1", ["criteria.csv"], Held.READINESS),
        ("W2", ["limits.csv"], Held.THREAT),
        ("W3", ["limits.csv"], Held.THREAT),
        ("W4", ["calendar.csv"], Held.CALENDAR),
        ("L1", ["links.csv"], Held.WAITING),
        ("L4", ["links.csv"], Held.WAITING),
        ("S1", ["capacity.csv"], Held.SUPPLY),
        ("S1", [], Held.SUPPLY),
        ("S1", ["guarantees.csv"], Held.RESERVE),
        ("S1", ["budget.csv"], Held.MONEY),
        ("S2", ["packages.csv", "pledges.csv"], Held.MONEY),
        ("S5", [], Held.MONEY),
        ("R1", ["reserve.csv"], Held.RESERVE),
        ("W7", ["packages.csv"], Held.CALENDAR),
        ("W9", ["phases.csv"], Held.CALENDAR),
        ("P1", ["plan.toml"], Held.OTHER),
        ("early_transfer", [], Held.AIM),
    ],
)
def test_rules_are_of_kinds_everybody_knows(rule: str, files: list[str], expected: Held) -> None:
    assert kind(Tight("a/b", rule, "", tuple(Origin(file, 2) for file in files))) is expected


def test_kinds_are_named_once_and_in_order_and_those_not_told_are_others(top: Path) -> None:
    outcome = solve(read(top / "instances" / "tiny" / "window-readiness"), haste=False)
    window = next(each for each in outcome.held if each.rule == "W1")
    aim, reserve = (Tight(window.package, rule, "", ()) for rule in ("early_transfer", "R1"))
    held = [aim, window, window, reserve]
    told = {
        audience: kinds(held, Discretion(outcome.instance, outcome.problem, audience))[window.package]
        for audience in Audience
    }
    assert told == {
        Audience.PUBLIC: (Held.AIM, Held.OTHER),
        Audience.PARTNERS: (Held.READINESS, Held.AIM, Held.OTHER),
        Audience.MISSION: (Held.READINESS, Held.RESERVE, Held.AIM),
    }


def test_what_lies_before_the_plan_is_not_drawn(top: Path) -> None:
    outcome = solve(read(top / "instances" / "tiny" / "under-way"), haste=False)
    drawn = shown(Explanation(outcome=outcome, limits=Limits()))
    assert [row.package for row in drawn.rows if row.transfer < 0] == ["arden/policing"]
    assert all(0 <= bar.first < bar.end <= drawn.months for row in drawn.rows for bar in row.bars)


def test_the_month_up_to_which_all_has_happened_is_marked(explained: Explanation) -> None:
    outcome = explained.outcome
    assert shown(explained).as_of == 0
    begun = replace(outcome.instance, plan=replace(outcome.instance.plan, as_of=2))
    assert shown(replace(explained, outcome=replace(outcome, instance=begun))).as_of == 2

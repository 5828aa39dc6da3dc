"""The path of a package, and the promises about single dates: P1, W5 to W10.

Every rule is kept by exactly its limit and broken by one.
The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
"""

from __future__ import annotations

import dataclasses

import pytest
from audit_cases import (
    broken,
    capacity,
    case,
    choices,
    closure,
    criterion,
    function,
    limit,
    need,
    only,
    option,
    package,
    phase,
    plan,
    readiness,
    resource,
    threat,
)

from sequencer.audit import audit
from sequencer.audit.walk import walks
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event, Stage

# The path


def test_dates_and_stages_of_a_walk() -> None:
    # Hold 3 and joint 2 make proving 1. Transfer 10: joint from 8, proving from 7, support from 3, advisory from 13.
    instance = case(plan=plan(hold=3), options=(option(support=4),))
    (walk,) = walks(instance, choices(10))
    assert [walk.month(event) for event in Event] == [3, 7, 8, 10, 13, 14]
    assert [walk.stage(month) for month in (-5, 2, 3, 6, 7, 8, 9, 10, 12, 13, 14, 99)] == [
        Stage.INTERNATIONAL,
        Stage.INTERNATIONAL,
        Stage.SUPPORT,
        Stage.SUPPORT,
        Stage.PROVING,
        Stage.JOINT,
        Stage.JOINT,
        Stage.MENTORED,
        Stage.MENTORED,
        Stage.ADVISORY,
        Stage.AUTONOMOUS,
        Stage.AUTONOMOUS,
    ]


def test_option_overrides_stage_lengths_and_empty_stages_are_walked_through() -> None:
    instance = case(options=(option(joint=0, mentored=0, advisory=5),))
    (walk,) = walks(instance, choices(10))
    assert [walk.month(event) for event in Event] == [10, 10, 10, 10, 10, 15]
    assert walk.stage(9) is Stage.INTERNATIONAL
    assert walk.stage(10) is Stage.ADVISORY


def test_proving_follows_the_longest_hold_of_the_transfer_criteria() -> None:
    # Holds 4 and 1 at the transfer, 9 at the exit, the plan's 7: the longest at the transfer is 4, so proving 4 - 2.
    held = (criterion(0, hold=4), criterion(0, hold=1), criterion(0, hold=9, event=Event.EXIT))
    instance = case(plan=plan(hold=7), criteria=held, readiness=(readiness(50),))
    (walk,) = walks(instance, choices(10))
    assert walk.month(Event.SUPPORT_END) == 10 - 2 - 2


# P1


@pytest.mark.parametrize(("transfer", "found"), [(2, []), (1, [("P1", -1, 1)]), (20, []), (21, [("P1", 25, 1)])])
def test_p1_path_fits(transfer: int, found: list[tuple[str, int, int]]) -> None:
    # Support and joint stage would start at t - 2, which is 0 or more; the exit t + 4 is 24 or less.
    assert broken(case(), choices(transfer)) == found


def test_p1_transfer_lies_inside_the_plan() -> None:
    # Without stages after it a transfer in month 23 exits in 23; in month 24 it is outside, its exit 24 still allowed.
    instance = case(functions=(function(mentored=0, advisory=0),))
    assert broken(instance, choices(23)) == []
    assert broken(instance, choices(24)) == [("P1", 24, 1)]


def test_p1_named_option_is_taken() -> None:
    instance = case(options=(option(), option("light")), packages=(package(option="light"),))
    assert broken(instance, choices(10, option="light")) == []
    finding = only(instance, choices(10))
    assert (finding.rule, finding.amount, finding.unit) == ("P1", 1, "option")


def test_p1_a_past_transfer_needs_a_date_that_says_so() -> None:
    assert broken(case(), choices(-1)) == [("P1", -1, 1), ("P1", -3, 3)]  # nor can its support have begun
    assert broken(case(packages=(package(fixed=-1),)), choices(-1)) == []
    mentored = package(current_stage=Stage.MENTORED, since=-1)
    assert broken(case(packages=(mentored,)), choices(-1)) == []
    # Joint since -3 would put the transfer into month -1: then it is not joint any more.
    joint = package(current_stage=Stage.JOINT, since=-3)
    assert broken(case(packages=(joint,)), choices(-1)) == [("P1", -1, 1)]


def test_p1_past_packages_may_leave_after_the_end() -> None:
    # Transfer -1, mentored 3, advisory 23: exit 25, one month after the end; what is past is past.
    longer = case(packages=(package(fixed=-1),), functions=(function(advisory=23),))
    assert broken(longer, choices(-1)) == []
    # Handed over in month 0 instead, it would have to leave by 24.
    assert broken(case(functions=(function(joint=0, advisory=22),)), choices(0)) == [("P1", 25, 1)]


def test_p1_support_begun_before_the_plan_needs_a_settled_option() -> None:
    # Joint since -1, so joint_start = t - 2 = -1 and t = 1.
    midway = package(current_stage=Stage.JOINT, since=-1)
    assert broken(case(packages=(midway,)), choices(1)) == []
    several = (option(), option("light"))
    assert broken(case(packages=(midway,), options=several), choices(1)) == [("P1", -1, 1)]
    named = dataclasses.replace(midway, option="none")
    assert broken(case(packages=(named,), options=several), choices(1)) == []


# W5 to W10


@pytest.mark.parametrize(
    ("dated", "rule"), [(package(earliest=8), "W5"), (package(latest=8), "W6"), (package(fixed=8), "W7")]
)
def test_w5_w6_w7_dates_of_the_package(dated: facts.Package, rule: str) -> None:
    instance = case(packages=(dated,))
    assert broken(instance, choices(8)) == []
    assert broken(instance, choices(7)) == ([] if rule == "W6" else [(rule, 7, 1)])
    assert broken(instance, choices(9)) == ([] if rule == "W5" else [(rule, 9, 1)])


def test_w7_a_past_date_is_kept_too() -> None:
    assert broken(case(packages=(package(fixed=-4),)), choices(-5)) == [("W7", -5, 1)]
    assert broken(case(packages=(package(fixed=0),)), choices(-1)) == [("P1", -1, 1), ("P1", -3, 3), ("W7", -1, 1)]


@pytest.mark.parametrize(
    # Transfer 10: exit 14; the mentors stay through months 10..12, so the mission is gone from 13 on.
    ("requires", "month"),
    [("transfer", 10), ("exit", 14), ("departure", 13)],
)
def test_w8_mandate_end(requires: str, month: int) -> None:
    def ending(end: int) -> Instance:
        return case(
            plan=plan(mandate_end=end, mandate_requires=requires),
            resources=(resource(),),
            capacity=(capacity(1),),
            needs=(need(Stage.MENTORED, 1),),
        )

    assert broken(ending(month), choices(10)) == []
    assert broken(ending(month - 1), choices(10)) == [("W8", month, 1)]


def test_w8_says_when_the_mission_is_gone() -> None:
    instance = case(
        plan=plan(mandate_end=12, mandate_requires="departure"),
        resources=(resource(),),
        capacity=(capacity(1),),
        needs=(need(Stage.MENTORED, 1),),
    )
    assert only(instance, choices(10)).text == (
        "arden/policing needs the mission until 2031-01 and is free of it from 2031-02, but the end of the mandate asks"
        " for that by 2031-01 [made.csv row 7]."
    )


def test_w8_departure_minds_the_mission_only() -> None:
    instance = case(
        plan=plan(mandate_end=0, mandate_requires="departure"),
        resources=(resource(owner="host"),),
        capacity=(capacity(1),),
        needs=(need(Stage.MENTORED, 1),),
    )
    assert broken(instance, choices(10)) == []


def test_w8_unknown_requirement() -> None:
    instance = case(plan=plan(mandate_end=3, mandate_requires="peace"))
    with pytest.raises(ValueError, match="not 'peace'"):
        audit(instance, choices(10))


def test_w9_phase_admits_functions_and_months() -> None:
    # Phase 'first' until month 9 admits clinics only; 'second' from month 10 has transfers in its months 12 and 15.
    instance = case(
        phases=(
            phase("first", 0, 9, admits=frozenset({"clinics"})),
            phase("second", 10, 23, months=frozenset({12, 15})),
        )
    )
    assert broken(instance, choices(12)) == []
    assert broken(instance, choices(9)) == [("W9", 9, 1)]
    finding = only(instance, choices(13))
    assert (finding.rule, finding.month) == ("W9", 13)
    assert "phase second, whose transfers take place in 2031-01, 2031-04 only" in finding.text
    both = case(phases=(phase("first", 0, 23, admits=frozenset(), months=frozenset({3})),))
    assert broken(both, choices(4)) == [("W9", 4, 1), ("W9", 4, 1)]


def test_w9_month_outside_all_phases() -> None:
    assert broken(case(phases=(phase("first", 0, 9),)), choices(9)) == []
    assert broken(case(phases=(phase("first", 0, 9),)), choices(10)) == [("W9", 10, 1)]


@pytest.mark.parametrize(
    # All since -1. Support 1, joint 2, hold 3 so proving 1: support_start t-4, support_end t-3, joint_start t-2.
    ("stage", "transfer"),
    # advisory_start t+3, exit t+4.
    [
        (Stage.SUPPORT, 3),
        (Stage.PROVING, 2),
        (Stage.JOINT, 1),
        (Stage.MENTORED, -1),
        (Stage.ADVISORY, -4),
        (Stage.AUTONOMOUS, -5),
    ],
)
def test_w10_current_stage_began_when_said(stage: Stage, transfer: int) -> None:
    instance = case(plan=plan(hold=3), options=(option(support=1),), packages=(package(current_stage=stage, since=-1),))
    assert broken(instance, choices(transfer)) == []
    assert broken(instance, choices(transfer + 1)) == [("W10", 0, 1)]


def test_w10_stage_must_not_be_empty() -> None:
    # Support of 0 months 'began' in month 0 = t - 2, but an option without it cannot be under way.
    instance = case(packages=(package(current_stage=Stage.SUPPORT, since=0),))
    assert broken(instance, choices(2)) == [("W10", 0, 1)]


def test_w10_international_has_no_beginning() -> None:
    instance = case(packages=(package(current_stage=Stage.INTERNATIONAL, since=-9),))
    assert broken(instance, choices(2)) == broken(instance, choices(20)) == []
    # Nor does it put anything under way: support may not begin before the plan.
    assert broken(instance, choices(1)) == [("P1", -1, 1)]


def test_w10_autonomous_passes_in_every_option() -> None:
    # Nothing after the transfer: autonomous from the transfer on, in the past or in month 0.
    for since in (-1, 0):
        short = case(
            functions=(function(joint=0, mentored=0, advisory=0),),
            packages=(package(current_stage=Stage.AUTONOMOUS, since=since),),
        )
        assert broken(short, choices(since)) == []
    # Exit in 0 is a transfer in -4; the path of 4 months makes no other transfer past.
    gone = case(packages=(package(current_stage=Stage.AUTONOMOUS, since=0),))
    assert broken(gone, choices(-4)) == []
    assert broken(gone, choices(-5)) == [("W10", -1, 1)]


def test_p1_a_stage_begun_in_month_0_makes_no_transfer_past() -> None:
    mentored = case(packages=(package(current_stage=Stage.MENTORED, since=0),))
    assert broken(mentored, choices(0)) == []
    assert broken(mentored, choices(-1)) == [("P1", -1, 1), ("W10", -1, 1)]


def test_w10_without_since_asks_nothing() -> None:
    assert broken(case(packages=(package(current_stage=Stage.SUPPORT),)), choices(9)) == []


def test_past_packages_are_exempt_from_windows() -> None:
    instance = case(
        plan=plan(mandate_end=-9, hold=1),
        packages=(package(fixed=-2, earliest=3, latest=-5),),
        criteria=(criterion(60), criterion(60, event=Event.EXIT)),
        readiness=(readiness(10),),
        threat=(threat(2, -9, -3), threat(5, -2)),
        limits=(limit(limit=1, trend=2),),
        calendar_events=(closure(-9, 9, *Event),),
        phases=(phase("first", 0, 23, admits=frozenset()),),
    )
    assert broken(instance, choices(-2)) == []

"""Every rule kept by exactly its limit and broken by one; prices computed by hand.

The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    POINT,
    broken,
    capacity,
    case,
    choices,
    closure,
    criterion,
    force,
    function,
    gain,
    limit,
    link,
    need,
    only,
    option,
    package,
    pair,
    phase,
    place,
    plan,
    readiness,
    resource,
    threat,
)

from sequencer.audit import RULES, Finding, audit, price
from sequencer.audit.allotment import Share, short
from sequencer.audit.conditions import threat as level_in
from sequencer.audit.finding import points
from sequencer.audit.walk import walks
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.timetable import Choice
from sequencer.vocabulary import Bucket, Event, Origin, Per, Stage

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
    assert broken(case(), choices(-1)) == [("P1", -1, 1)]
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


# W1


def test_w1_readiness_through_the_hold() -> None:
    # 50 points, 2 more each month: 60 from month 5 on. Hold 2 tests t-2, t-1, t: 7 is the first transfer.
    instance = case(criteria=(criterion(60, hold=2),), readiness=(readiness(50, growth=2 * POINT),))
    assert broken(instance, choices(7)) == []
    assert broken(instance, choices(6)) == [("W1", 4, 2 * POINT)]
    # Transfer 5: months 3 and 4 stand at 56 and 58.
    assert broken(instance, choices(5)) == [("W1", 3, 4 * POINT), ("W1", 4, 2 * POINT)]


def test_w1_by_one_thousandth() -> None:
    kept = case(criteria=(criterion(60),), readiness=(readiness(60),))
    assert broken(kept, choices(5)) == []
    short_by_one = case(criteria=(criterion(60),), readiness=(readiness(60, score=60 * POINT - 1),))
    finding = only(short_by_one, choices(5))
    assert finding == Finding(
        "W1",
        NAME,
        5,
        1,
        "thousandths of a point",
        "arden/policing: staff stands at 59.999 in 2030-06, 0.001 below the 60 needed in 2030-06 for the transfer"
        " [made.csv row 7; made.csv row 7].",
    )


def test_w1_blank_hold_is_the_plans() -> None:
    # As above with hold 2 from the plan; the joint stage of 2 holds it, so no proving.
    instance = case(plan=plan(hold=2), criteria=(criterion(60),), readiness=(readiness(50, growth=2 * POINT),))
    assert broken(instance, choices(7)) == []
    assert broken(instance, choices(6)) == [("W1", 4, 2 * POINT)]


@pytest.mark.parametrize(
    ("assessed", "found"),
    [
        # Transfer 10: support_end 8. Assessed before: 55 + 5 counts from month 8 on, so hold 2 (8, 9, 10) is kept.
        (7, []),
        # Assessed in the month support ends or later: the score has it already, nothing is added.
        (8, [("W1", month, 5 * POINT) for month in (8, 9, 10)]),
    ],
)
def test_w1_gain_counts_once_support_has_ended_after_the_assessment(assessed: int, found: list[Any]) -> None:
    instance = case(
        criteria=(criterion(60, hold=2),),
        readiness=(readiness(55, assessed=assessed),),
        options=(option(support=1),),
        gains=(gain(5),),
    )
    assert broken(instance, choices(10)) == found


def test_w1_gain_does_not_count_before_support_has_ended() -> None:
    # Hold 3 and joint 2 make proving 1, so support_end is 7 = t - 3, the first month that the transfer tests.
    gains = (gain(5),)
    # At the exit the hold of 8 reaches back to 14 - 8 = 6, one month before support_end.
    tested = (criterion(60, hold=3), criterion(60, hold=8, event=Event.EXIT))
    instance = case(criteria=tested, readiness=(readiness(55, assessed=-1),), gains=gains)
    assert broken(instance, choices(10)) == [("W1", 6, 5 * POINT)]


def test_w1_exit_reads_the_score_after_the_transfer() -> None:
    # 62 until the transfer in 10, then -0.5 a month: exit 14 has 60. Faster decay by a thousandth a month: 59.996.
    gate = (criterion(60, event=Event.EXIT),)
    assert broken(case(criteria=gate, readiness=(readiness(62, growth_after=-500),)), choices(10)) == []
    assert broken(case(criteria=gate, readiness=(readiness(62, growth_after=-501),)), choices(10)) == [("W1", 14, 4)]


def test_w1_scores_stay_between_0_and_100() -> None:
    # 90 + 5 a month reaches 100 in month 2 and stays; from the transfer in 10 it loses 10 a month: 60 in the exit, 14.
    fast = readiness(90, growth=5 * POINT, growth_after=-10 * POINT)
    gate = criterion(60, event=Event.EXIT)
    assert broken(case(criteria=(gate,), readiness=(fast,)), choices(10)) == []
    above = dataclasses.replace(gate, threshold=60 * POINT + 1)
    assert broken(case(criteria=(above,), readiness=(fast,)), choices(10)) == [("W1", 14, 1)]
    # 30 a month: 100, 70, 40, 10, and 0 instead of -20.
    collapse = dataclasses.replace(fast, growth_after=-30 * POINT)
    assert broken(case(criteria=(gate,), readiness=(collapse,)), choices(10)) == [("W1", 14, 60 * POINT)]


def test_w1_growth_starts_with_the_assessment() -> None:
    # Assessed in month 8: 58 until then, 60 in month 10. Assessed in month 9: 59 in month 10; in month 10: 58.
    kept = case(criteria=(criterion(60),), readiness=(readiness(58, growth=POINT, assessed=8),))
    assert broken(kept, choices(10)) == []
    late = case(criteria=(criterion(60),), readiness=(readiness(58, growth=POINT, assessed=9),))
    assert broken(late, choices(10)) == [("W1", 10, POINT)]
    now = case(criteria=(criterion(60),), readiness=(readiness(58, growth=POINT, assessed=10),))
    assert broken(now, choices(10)) == [("W1", 10, 2 * POINT)]


def test_w1_decay_counts_from_the_assessment_if_that_comes_after_the_transfer() -> None:
    # Transfer 10, assessed 12: at the exit in 14 two months of decay, not four.
    gate = (criterion(60, event=Event.EXIT),)
    row = readiness(62, growth_after=-POINT, assessed=12)
    assert broken(case(criteria=gate, readiness=(row,)), choices(10)) == []
    # And read backwards: two months before the assessment, in the month of the transfer, it stood at 64.
    assert broken(case(criteria=(criterion(64),), readiness=(row,)), choices(10)) == []
    assert broken(case(criteria=(criterion(65),), readiness=(row,)), choices(10)) == [("W1", 10, POINT)]


# W2, W3


def test_w2_limit_through_the_hold() -> None:
    # Threat 4 in month 8 only, limit 3. Hold 2 tests t-2..t, so transfers 8, 9 and 10 are closed.
    levels = (threat(3, 0, 7), threat(4, 8, 8), threat(3, 9))
    instance = case(plan=plan(hold=2), threat=levels, limits=(limit(limit=3),))
    assert broken(instance, choices(7)) == []
    assert broken(instance, choices(8)) == [("W2", 8, 1)]
    assert broken(instance, choices(10)) == [("W2", 8, 1)]
    assert broken(instance, choices(11)) == []


def test_w2_exits_are_tested_through_the_hold_there() -> None:
    # Threat 4 in month 14 only. Hold 2 tests exit-2..exit: exits 14, 15 and 16 are closed, 13 and 17 open.
    levels = (threat(3, 0, 13), threat(4, 14, 14), threat(3, 15))
    instance = case(plan=plan(hold=2), threat=levels, limits=(limit(Event.EXIT, limit=3),))
    assert broken(instance, choices(9)) == []
    for transfer in (10, 11, 12):
        assert broken(instance, choices(transfer)) == [("W2", 14, 1)]
    assert broken(instance, choices(13)) == []


def test_w2_other_events_test_their_month_alone() -> None:
    # Joint 2: the joint stage of a transfer in 16 starts in 14, the month of threat 4; 15 and 17 are open.
    levels = (threat(3, 0, 13), threat(4, 14, 14), threat(3, 15))
    instance = case(plan=plan(hold=2), threat=levels, limits=(limit(Event.JOINT_START, limit=3),))
    assert broken(instance, choices(15)) == []
    assert broken(instance, choices(16)) == [("W2", 14, 1)]
    assert broken(instance, choices(17)) == []


def test_w2_what_has_happened_to_a_package_midway_is_not_tested() -> None:
    # Joint since -1: the threat of 5 in month -1 is no matter any more; that of the transfer in 1 is.
    midway = (package(current_stage=Stage.JOINT, since=-1),)
    levels = (threat(5, -1, -1), threat(2, 0))
    begun = case(packages=midway, threat=levels, limits=(limit(Event.JOINT_START, limit=2),))
    assert broken(begun, choices(1)) == []
    # What happens in month 0 is not past.
    now = (package(current_stage=Stage.JOINT, since=0),)
    starting = case(packages=now, threat=(threat(3),), limits=(limit(Event.JOINT_START, limit=2),))
    assert broken(starting, choices(2)) == [("W2", 0, 1)]
    to_come = case(packages=midway, threat=(threat(3),), limits=(limit(limit=2),))
    assert broken(to_come, choices(1)) == [("W2", 1, 1)]


def test_w3_no_rise_in_the_last_steps() -> None:
    # The threat rises from 2 to 4 into month 8. Trend 2 looks at the steps into t-1 and t: 8 and 9 are closed.
    instance = case(threat=(threat(2, 0, 7), threat(4, 8)), limits=(limit(trend=2),))
    assert broken(instance, choices(7)) == []
    assert broken(instance, choices(8)) == [("W3", 8, 2)]
    assert broken(instance, choices(9)) == [("W3", 8, 2)]
    assert broken(instance, choices(10)) == []


def test_threat_outside_its_rows_is_that_of_the_nearest_month() -> None:
    # Rows at -3..-2 (level 1) and 3..4 (level 5): month 0 is 2 and 3 away, month 1 is 3 and 2 away.
    instance = case(threat=(threat(1, -3, -2), threat(5, 3, 4)))
    assert [level_in(instance, "arden", month) for month in (-9, -2, 0, 1, 3, 99)] == [1, 1, 1, 5, 5, 5]
    # Rows at 0 and 4: month 2 is equally near to both.
    even = case(threat=(threat(4, 0, 0), threat(2, 4, 4)))
    assert level_in(even, "arden", 2) == 4


# W4


def test_w4_closed_months_include_both_ends() -> None:
    instance = case(calendar_events=(closure(8, 9, Event.TRANSFER),))
    assert [broken(instance, choices(t)) for t in (7, 10)] == [[], []]
    assert broken(instance, choices(8)) == [("W4", 8, 1)]
    assert broken(instance, choices(9)) == [("W4", 9, 1)]


def test_w4_closes_the_events_named_only() -> None:
    # Transfer 6: joint_start 4, exit 10.
    instance = case(calendar_events=(closure(4, 6, Event.JOINT_START, Event.EXIT),))
    assert broken(instance, choices(6)) == [("W4", 4, 1)]
    assert broken(instance, choices(9)) == []
    assert broken(case(calendar_events=(closure(4, 10),)), choices(6)) == []


def test_w4_yearly_repeats_forward_only() -> None:
    yearly = case(calendar_events=(closure(1, 1, Event.EXIT, yearly=True),))
    # Exits 13 and 14: month 13 = 1 + 12 is closed.
    assert broken(yearly, choices(9)) == [("W4", 13, 1)]
    assert broken(yearly, choices(10)) == []
    once = case(calendar_events=(closure(1, 1, Event.EXIT),))
    assert broken(once, choices(9)) == []
    # First in month 18: month 6 is not closed.
    later = case(calendar_events=(closure(18, 18, Event.TRANSFER, yearly=True),))
    assert broken(later, choices(6)) == []
    assert broken(later, choices(18)) == [("W4", 18, 1)]


@pytest.mark.parametrize("changes", [{"places": frozenset({"belmont"})}, {"functions": frozenset({"clinics"})}])
def test_w4_closes_for_places_and_functions_named(changes: dict[str, Any]) -> None:
    assert broken(case(calendar_events=(closure(8, 8, Event.TRANSFER, **changes),)), choices(8)) == []


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
    assert broken(case(packages=(package(fixed=0),)), choices(-1)) == [("P1", -1, 1), ("W7", -1, 1)]


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
    [(Stage.SUPPORT, 3), (Stage.PROVING, 2), (Stage.JOINT, 1), (Stage.MENTORED, -1), (Stage.ADVISORY, -4)],
)
def test_w10_current_stage_began_when_said(stage: Stage, transfer: int) -> None:
    instance = case(plan=plan(hold=3), options=(option(support=1),), packages=(package(current_stage=stage, since=-1),))
    assert broken(instance, choices(transfer)) == []
    assert broken(instance, choices(transfer + 1)) == [("W10", 0, 1)]


def test_w10_stage_must_not_be_empty() -> None:
    # Support of 0 months 'began' in month 0 = t - 2, but an option without it cannot be under way.
    instance = case(packages=(package(current_stage=Stage.SUPPORT, since=0),))
    assert broken(instance, choices(2)) == [("W10", 0, 1)]


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


# L1, L2


def test_l1_minimum_lag() -> None:
    # Policing in 5 exits in 9; clinics at least 2 months later: 11.
    instance = pair(links=(link(Event.EXIT, Event.TRANSFER, 2),))
    assert broken(instance, choices(5, 11)) == []
    finding = only(instance, choices(5, 10))
    assert finding == Finding(
        "L1",
        "arden/policing exit -> arden/clinics transfer",
        10,
        1,
        "months",
        "arden/clinics: transfer in 2030-11 comes 1 month after exit of arden/policing in 2030-10, but the lag must be"
        " at least 2 [made.csv row 7].",
    )


def test_l1_negative_minimum() -> None:
    # Clinics may come up to 2 months before policing.
    instance = pair(links=(link(Event.TRANSFER, Event.TRANSFER, -2),))
    assert broken(instance, choices(8, 6)) == []
    assert broken(instance, choices(8, 5)) == [("L1", 5, 1)]


def test_l2_maximum_lag() -> None:
    # No minimum; clinics at most 3 months after policing.
    instance = pair(links=(link(Event.TRANSFER, Event.TRANSFER, None, 3),))
    assert broken(instance, choices(8, 2)) == []
    assert broken(instance, choices(8, 11)) == []
    assert broken(instance, choices(8, 12)) == [("L2", 12, 1)]


def test_links_between_past_dates_are_dropped() -> None:
    def lagged(event: Event, minimum: int, policing: int = -2, clinics: int = -9) -> list[tuple[str, int | None, int]]:
        fixed = (package(fixed=policing), package(CLINICS, fixed=clinics))
        instance = pair(packages=fixed, links=(link(event, Event.TRANSFER, minimum),))
        return [found for found in broken(instance, choices(policing, clinics)) if found[0] == "L1"]

    # Transfers -2 and -9 are both past. Policing's exit comes in 2, and clinics 11 months before it.
    assert lagged(Event.TRANSFER, 0) == []
    assert lagged(Event.EXIT, -11) == []
    assert lagged(Event.EXIT, -10) == [("L1", -9, 1)]
    # Policing's exit in month 0 is not past, nor is a transfer of clinics in month 0.
    assert lagged(Event.EXIT, 0, policing=-4) == [("L1", -9, 9)]
    assert lagged(Event.TRANSFER, 5, clinics=0) == [("L1", 0, 3)]


def test_links_say_before_and_after() -> None:
    instance = pair(links=(link(Event.TRANSFER, Event.TRANSFER),))
    assert broken(instance, choices(8, 8)) == []
    assert "in 2030-07 comes 2 months before transfer of arden/policing" in only(instance, choices(8, 6)).text


# S1


def supplied(*needs: facts.Need, amount: int, bucket: Bucket = Bucket.MONTH, **tables: object) -> Instance:
    """Return the pair with one resource, its needs and one capacity row."""
    own: dict[str, object] = {"resources": (resource(bucket),), "capacity": (capacity(amount),), "needs": needs}
    return pair(**(own | tables))


def test_s1_every_month() -> None:
    # Mentored 5..7 and 7..9: both in month 7, 2 + 1 teams.
    needs = (need(Stage.MENTORED, 2), need(Stage.MENTORED, 1, CLINICS))
    assert broken(supplied(*needs, amount=3), choices(5, 7)) == []
    assert broken(supplied(*needs, amount=2), choices(5, 8)) == []
    finding = only(supplied(*needs, amount=2), choices(5, 7))
    assert finding == Finding(
        "S1",
        "mentors",
        7,
        1,
        "teams",
        "mentors in 2030-08: 3 teams needed by arden/policing, arden/clinics, 2 there, 1 missing [made.csv row 7].",
    )


def test_s1_rows_count_between_their_months_and_sources_add_up() -> None:
    # Mentored 5..7. One team from 'a' until month 6, one from 'b' from month 6 on: two in month 6 only.
    rows = (capacity(1, source="a", end=6), capacity(1, source="b", start=6))
    assert broken(supplied(need(Stage.MENTORED, 1), amount=0, capacity=rows), choices(5, 12)) == []
    assert broken(supplied(need(Stage.MENTORED, 2), amount=0, capacity=rows), choices(5, 12)) == [
        ("S1", 5, 1),
        ("S1", 7, 1),
    ]
    assert broken(supplied(need(Stage.JOINT, 1), amount=0, capacity=()), choices(5, 12)) == [
        ("S1", 3, 1),
        ("S1", 4, 1),
    ]


def test_s1_needs_count_inside_the_horizon_only() -> None:
    # Past policing, transferred in -2: mentored -2..0, advisory in 1, autonomous from 2 to 23.
    rows = tuple(need(stage, 1) for stage in (Stage.MENTORED, Stage.ADVISORY))
    instance = supplied(*rows, amount=0, packages=(package(fixed=-2), package(CLINICS)))
    assert broken(instance, choices(-2, 12)) == [("S1", 0, 1), ("S1", 1, 1)]
    ever = supplied(need(Stage.AUTONOMOUS, 1), amount=21, bucket=Bucket.PLAN, packages=(package(fixed=-2),))
    assert broken(dataclasses.replace(ever, functions=(function(),)), choices(-2)) == [("S1", 0, 1)]


def test_s1_fiscal_years() -> None:
    # Years from July: months 0..5 are FY2030, 6..17 FY2031, 18..23 FY2032. Mentored 4..6: 2 months, then 1.
    rows = (capacity(2, end=5), capacity(1, start=6))
    instance = supplied(need(Stage.MENTORED, 1), amount=0, bucket=Bucket.FISCAL_YEAR, capacity=rows)
    assert broken(instance, choices(4, 12)) == []
    # One month later, 5..7: 1 and 2.
    finding = only(instance, choices(5, 12))
    assert (finding.rule, finding.month, finding.amount) == ("S1", 6, 1)
    assert "FY2031 (2030-07..2031-06)" in finding.text
    # A row counts in a bucket by the bucket's first month: from month 7 on is too late for FY2031.
    late = dataclasses.replace(instance, capacity=(capacity(2, end=5), capacity(9, start=7)))
    assert broken(late, choices(5, 12)) == [("S1", 6, 2)]


def test_s1_phases_and_plan() -> None:
    # Handovers: one at each transfer, in phases 0..9 and 10..23.
    needs = (need(Event.TRANSFER, 1), need(Event.TRANSFER, 1, CLINICS))
    phases = (phase("first", 0, 9), phase("second", 10, 23))
    instance = supplied(*needs, amount=1, bucket=Bucket.PHASE, phases=phases)
    assert broken(instance, choices(9, 10)) == []
    assert broken(instance, choices(8, 9)) == [("S1", 0, 1)]
    assert broken(instance, choices(10, 20)) == [("S1", 10, 1)]
    assert broken(dataclasses.replace(instance, phases=()), choices(9, 10)) == [("S1", 0, 1)]
    whole = supplied(*needs, amount=2, bucket=Bucket.PLAN)
    assert broken(whole, choices(9, 10)) == []
    assert broken(dataclasses.replace(whole, capacity=(capacity(1),)), choices(9, 10)) == [("S1", 0, 1)]


def test_s1_event_needs_once_or_for_months() -> None:
    def asked(months: int | None) -> Instance:
        return supplied(need(Event.EXIT, 1, months=months), amount=0)

    # Exit 9.
    assert broken(asked(None), choices(5, 12)) == [("S1", 9, 1)]
    assert broken(asked(2), choices(5, 12)) == [("S1", 9, 1), ("S1", 10, 1)]
    # Exit 23: the second month lies outside the plan.
    assert broken(asked(2), choices(19, 12)) == [("S1", 23, 1)]


def test_s1_needs_at_some_threat_levels() -> None:
    # Mentored 5..7; the threat is 3 in month 6 only.
    instance = supplied(
        need(Stage.MENTORED, 1, levels=frozenset({3, 4})),
        amount=0,
        threat=(threat(2, 0, 5), threat(3, 6, 6), threat(2, 7)),
    )
    assert broken(instance, choices(5, 12)) == [("S1", 6, 1)]


def test_s1_needs_per_people_round_up() -> None:
    # 2,000 people: 3 for each 1,000 are 6; 3 for each 999 are 6.006, so 7; 3 for each 2,001 are 2.998, so 3.
    for per_people, needed in ((1000, 6), (999, 7), (2000, 3), (2001, 3)):
        row = need(Event.TRANSFER, 3, per_people=per_people)
        assert broken(supplied(row, amount=needed), choices(5, 12)) == []
        assert broken(supplied(row, amount=needed - 1), choices(5, 12)) == [("S1", 5, 1)]


def test_s1_proving_has_the_needs_of_international_unless_named() -> None:
    # Hold 4, joint 2: proving 2. Transfer 5: international 0, proving 1..2, joint 3..4.
    held = plan(hold=4)
    inherits = supplied(need(Stage.INTERNATIONAL, 1), amount=0, plan=held)
    assert broken(inherits, choices(5, 12)) == [("S1", month, 1) for month in (0, 1, 2)]
    named = supplied(need(Stage.INTERNATIONAL, 1), need(Stage.PROVING, 0), amount=0, plan=held)
    assert broken(named, choices(5, 12)) == [("S1", 0, 1)]
    # A row for another package changes nothing.
    other = supplied(need(Stage.INTERNATIONAL, 1), need(Stage.PROVING, 0, CLINICS), amount=0, plan=held)
    assert broken(other, choices(5, 12)) == [("S1", month, 1) for month in (0, 1, 2)]


@pytest.mark.parametrize("per", [Per.PLACE, Per.REGION])
def test_s1_pools_by_place_or_region(per: Per) -> None:
    # Arden and corin lie in the north, belmont in the south. All three transfer in month 5, one team each.
    places = (place(), place("belmont", "south"), place("corin"))
    names = [f"{where.name}/policing" for where in places]
    pools = ["north", "south"] if per is Per.REGION else ["arden", "belmont", "corin"]
    rows = [capacity(2 if pool == "north" else 1, pool=pool) for pool in pools]
    instance = case(
        places=places,
        packages=tuple(package(name) for name in names),
        resources=(resource(per=per),),
        needs=tuple(need(Event.TRANSFER, 1, name) for name in names),
        capacity=tuple(rows),
    )
    timetable = {name: Choice("none", 5) for name in names}
    assert broken(instance, timetable) == []
    fewer = dataclasses.replace(rows[0], amount=rows[0].amount - 1)
    finding = only(dataclasses.replace(instance, capacity=(fewer, *rows[1:])), timetable)
    assert (finding.about, finding.month, finding.amount) == (f"mentors ({pools[0]})", 5, 1)


def guarded(*forces: facts.Guarantee, arden: int, belmont: int) -> Instance:
    """Return two places that need so many people in the month of their transfers, and the forces that cover them."""
    names = (NAME, "belmont/policing")
    return case(
        places=(place(), place("belmont", "south")),
        packages=tuple(package(name) for name in names),
        resources=(resource(),),
        guarantees=forces,
        needs=tuple(need(Event.TRANSFER, n, name) for name, n in zip(names, (arden, belmont), strict=True)),
    )


TOGETHER = {NAME: Choice("none", 5), "belmont/policing": Choice("none", 5)}


def test_s1_forces_with_the_same_cover_are_one_pool() -> None:
    both = (force("brigade", 3, "arden", "belmont"), force("battalion", 2, "belmont", "arden"))
    assert broken(guarded(*both, arden=3, belmont=2), TOGETHER) == []
    finding = only(guarded(*both, arden=4, belmont=2), TOGETHER)
    assert (finding.about, finding.amount) == ("mentors (brigade and battalion)", 1)


def test_s1_each_cover_is_a_pool_and_nobody_helps_outside_it() -> None:
    apart = (force("brigade", 5, "arden"), force("battalion", 2, "belmont"))
    assert broken(guarded(*apart, arden=5, belmont=2), TOGETHER) == []
    assert broken(guarded(*apart, arden=4, belmont=3), TOGETHER) == [("S1", 5, 1)]
    # Nobody covers belmont at all.
    alone = guarded(apart[0], arden=5, belmont=1)
    assert only(alone, TOGETHER).about == "mentors (belmont)"


def test_s1_forces_with_overlapping_covers_share_the_need() -> None:
    # The reserve of 2 goes wherever it is missing: arden has 1 of its own, belmont 1.
    forces = (force("a", 1, "arden"), force("b", 1, "belmont"), force("reserve", 2, "arden", "belmont"))
    for arden, belmont in ((3, 1), (2, 2), (1, 3)):
        assert broken(guarded(*forces, arden=arden, belmont=belmont), TOGETHER) == []
    assert broken(guarded(*forces, arden=3, belmont=2), TOGETHER) == [("S1", 5, 1)]
    # Arden's own team is free but may not go to belmont: 4 needed there, 1 + 2 can reach it.
    finding = only(guarded(*forces, arden=0, belmont=4), TOGETHER)
    assert (finding.about, finding.amount) == ("mentors (b, reserve)", 1)


def test_s1_capacity_rows_beside_forces_add_up() -> None:
    brigade = force("brigade", 1, "arden")
    mixed = dataclasses.replace(guarded(brigade, arden=2, belmont=1), capacity=(capacity(2, source="depot"),))
    assert broken(mixed, TOGETHER) == []
    # Belmont is served from the depot alone, arden also by the brigade.
    more = dataclasses.replace(guarded(brigade, arden=2, belmont=2), capacity=(capacity(2, source="depot"),))
    assert broken(more, TOGETHER) == [("S1", 5, 1)]


def test_s1_names_some_of_many_packages_and_the_resource_without_rows() -> None:
    functions = [f"f{number}" for number in range(6)]
    names = [f"arden/{name}" for name in functions]

    def text(count: int) -> str:
        instance = case(
            functions=tuple(function(name) for name in functions[:count]),
            packages=tuple(package(name) for name in names[:count]),
            resources=(resource(origin=Origin("resources.csv", 2)),),
            needs=tuple(need(Event.TRANSFER, 1, name) for name in names[:count]),
        )
        return only(instance, {name: Choice("none", 5) for name in names[:count]}).text

    five = "arden/f0, arden/f1, arden/f2, arden/f3, arden/f4"
    assert text(5) == f"mentors in 2030-06: 5 teams needed by {five}, 0 there, 5 missing [resources.csv row 2]."
    assert (
        text(6) == f"mentors in 2030-06: 6 teams needed by {five} and 1 more, 0 there, 6 missing [resources.csv row 2]."
    )


def test_s1_forces_are_there_between_their_months() -> None:
    here = force("brigade", 1, "arden", "belmont", start=5, end=5)
    assert broken(guarded(here, arden=1, belmont=0), TOGETHER) == []
    gone = dataclasses.replace(here, end=4, start=0)
    assert broken(guarded(gone, arden=1, belmont=0), TOGETHER) == [("S1", 5, 1)]


def missing(places: Collection[str], needs: Mapping[str, int], shares: Sequence[Share]) -> int:
    """Return the needs of some places less everything that can reach one of them."""
    reaching = sum(share.capacity for share in shares if share.places & set(places))
    return sum(needs[place] for place in places) - reaching


def test_sharing_out_agrees_with_the_condition_on_every_set_of_places() -> None:
    """What is missing is the worst, over sets of places, of their needs less all that can reach them (Gale, Hall)."""
    covers = [frozenset("ab"), frozenset("bc"), frozenset("ac"), frozenset("c")]
    sets = [some for size in range(4) for some in itertools.combinations("abc", size)]
    for amounts in itertools.product(range(4), repeat=3):
        needs = dict(zip("abc", amounts, strict=True))
        for capacities in itertools.product(range(3), repeat=4):
            shares = [Share(cover, amount) for cover, amount in zip(covers, capacities, strict=True)]
            worst = max(missing(some, needs, shares) for some in sets)
            assert missing(short(needs, shares), needs, shares) == worst


# Input


def test_unknown_or_missing_names_are_refused() -> None:
    with pytest.raises(ValueError, match="does not have: arden/courts"):
        audit(case(), {**choices(5), "arden/courts": Choice("none", 5)})
    with pytest.raises(ValueError, match="leaves out packages: arden/policing"):
        audit(case(), {})
    with pytest.raises(ValueError, match="arden/policing has no option 'light'; it has: none"):
        price(case(), choices(5, option="light"))


@pytest.mark.parametrize(
    ("tables", "match"),
    [
        ({"criteria": (criterion(60),)}, "no score"),
        ({"limits": (limit(limit=3),)}, "threat in arden"),
        (
            {
                "places": (place(population=None),),
                "resources": (resource(),),
                "needs": (need(Event.TRANSFER, 1, per_people=1000),),
            },
            "population of arden",
        ),
    ],
)
def test_what_a_rule_asks_for_must_be_given(tables: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        audit(case(**tables), choices(5))


def test_findings_come_in_the_order_of_the_rules() -> None:
    instance = pair(
        packages=(package(latest=3), package(CLINICS)),
        links=(link(Event.TRANSFER, Event.TRANSFER, 9),),
        resources=(resource(),),
        needs=(need(Event.TRANSFER, 1, CLINICS),),
    )
    found = [finding.rule for finding in audit(instance, choices(5, 1))]
    assert found == ["P1", "W6", "L1", "S1"] == sorted(found, key=list(RULES).index)


def test_numbers_are_written_plainly() -> None:
    assert [points(n) for n in (0, -5, 58_300, 60_000, -1_500)] == ["0", "-0.005", "58.3", "60", "-1.5"]


def test_a_finding_names_a_known_rule_and_a_positive_amount() -> None:
    with pytest.raises(ValueError, match="unknown rule"):
        Finding("X1", NAME, None, 1, "months", "")
    with pytest.raises(ValueError, match="more than 0"):
        Finding("P1", NAME, None, 0, "months", "")


# Prices


def test_price_of_one_package() -> None:
    # Support 2, joint 2, transfer 10: support 6..7, mentored 10..12, exit 14. Weight 3 of the function.
    # cost: 10 months held at 5, 2 of support at 7, handover 11, 4 months from transfer to exit at 13.
    instance = case(
        functions=(function(weight=3),),
        options=(option(support=2, cost=7),),
        packages=(package(holding_cost=5, handover_cost=11, recurrent_cost=13),),
        resources=(resource(),),
        needs=(need(Stage.MENTORED, 1),),
    )
    assert price(instance, choices(10)) == {
        "exit": 14,
        "departure": 13,
        "early_transfer": 30,
        "cost": 50 + 14 + 11 + 52,
        "risk": 0,
    }


def test_price_of_a_past_package_counts_from_the_start_of_the_plan() -> None:
    # Transfer -2: exit 2, so 2 months of recurrent cost, no holding, support or handover. Its own weight, 4, of -2.
    instance = case(
        options=(option(support=2, cost=7),),
        packages=(package(fixed=-2, weight=4, holding_cost=5, handover_cost=11, recurrent_cost=13),),
    )
    assert price(instance, choices(-2)) == {"exit": 2, "departure": 0, "early_transfer": -8, "cost": 26, "risk": 0}


def test_price_counts_support_from_the_start_of_the_plan() -> None:
    # Support of 4 months since -3 ends in 1; month 0 is left. Transfer 3: 3 months held, 4 to the exit at no cost.
    midway = package(current_stage=Stage.SUPPORT, since=-3, holding_cost=100)
    instance = case(options=(option(support=4, cost=7),), packages=(midway,))
    assert broken(instance, choices(3)) == []
    assert price(instance, choices(3))["cost"] == 300 + 7


def test_departure_runs_to_the_last_need_even_in_autonomy() -> None:
    # Monitors in the month of the exit and the next, 14 and 15; needs of 0 count for nothing.
    rows = (need(Event.EXIT, 1, months=2), need(Stage.AUTONOMOUS, 0))
    instance = case(resources=(resource(),), needs=rows)
    assert price(instance, choices(10))["departure"] == 16


def test_risk_by_hand() -> None:
    # Low 55 in month 0 and +1 a month: 60 at the transfer in 5, then -2 a month. Line: 60 + 3 margin.
    # Months 5..7: low 60, 58, 56; shortfall 3, 5, 7; threat 2, 2, 4. 2,000 people.
    instance = case(
        plan=plan(risk_margin=3 * POINT, risk_months=3),
        criteria=(criterion(60), criterion(99, event=Event.EXIT)),
        readiness=(readiness(90, low=55, growth=POINT, growth_after=-2 * POINT),),
        threat=(threat(2, 0, 6), threat(4, 7)),
    )
    assert price(instance, choices(5))["risk"] == 2000 * (2 * 3 + 2 * 5 + 4 * 7) * POINT


def test_risk_counts_shortfalls_criterion_by_criterion() -> None:
    # One criterion 10 short, one 10 above: the second makes up for nothing.
    gates = (criterion(60), dataclasses.replace(criterion(60), criterion="law"))
    scores = (readiness(90, low=50), dataclasses.replace(readiness(90, low=70), criterion="law"))
    instance = case(plan=plan(risk_months=1), criteria=gates, readiness=scores, threat=(threat(1),))
    assert price(instance, choices(5))["risk"] == 2000 * 10 * POINT


def test_risk_looks_past_the_horizon_and_not_before_the_plan() -> None:
    # Low 50 and no change: shortfall 10 each month, threat 1. From 20, 24 months; from -2, months 0..21.
    instance = case(criteria=(criterion(60),), readiness=(readiness(90, low=50),), threat=(threat(1),))
    assert price(instance, choices(20))["risk"] == 2000 * 24 * 10 * POINT
    assert price(instance, choices(-2))["risk"] == 2000 * 22 * 10 * POINT


def test_risk_is_left_out_where_it_is_not_known() -> None:
    gate: dict[str, Any] = {"criteria": (criterion(60),), "readiness": (readiness(90, low=50),)}
    assert "risk" not in price(case(**gate), choices(5))
    assert "risk" not in price(case(**gate, threat=(threat(1),), places=(place(population=None),)), choices(5))
    # Nobody asks for the threat in a place whose packages have no gate.
    assert price(case(), choices(5))["risk"] == 0


# The worked example of the statement


def worked_example() -> Instance:
    """Return three packages in two places with one mentor team, 14 months from 2030-01."""
    places = (place(), place("belmont", "south", 1000))
    belmont = "belmont/policing"
    scores = (
        readiness(50, low=45, growth=2 * POINT, growth_after=-3 * POINT),
        readiness(70, low=64, package=belmont, assessed=-1, growth_after=-500),
    )
    gates = [criterion(60, hold=2), dataclasses.replace(criterion(60, hold=2), package=belmont)]
    mentored = tuple(need(Stage.MENTORED, 1, name) for name in (NAME, CLINICS, belmont))
    return Instance(
        calendar=Calendar(2030, 1),
        plan=plan(months=14, hold=1, risk_margin=5 * POINT, risk_months=4),
        phases=(),
        places=places,
        functions=(
            function(joint=1, mentored=2, advisory=1, weight=2),
            function("clinics", joint=0, mentored=2, advisory=1),
        ),
        packages=(
            package(recurrent_cost=10, holding_cost=30, handover_cost=20),
            package(CLINICS, recurrent_cost=5, holding_cost=12, handover_cost=8),
            package(belmont, recurrent_cost=8, holding_cost=25, handover_cost=15),
        ),
        options=(option(), option("intensive", support=2, cost=40)),
        gains=(dataclasses.replace(gain(10), option="intensive"),),
        criteria=tuple(gates),
        readiness=scores,
        threat=(
            threat(2, 0, 7),
            threat(5, 8, 8),
            threat(2, 9),
            threat(4, 0, 4, "belmont"),
            threat(2, 5, None, "belmont"),
        ),
        limits=(limit(limit=3), dataclasses.replace(limit(limit=3), package=belmont)),
        resources=(resource(),),
        capacity=(capacity(1),),
        needs=mentored,
        links=(link(Event.TRANSFER, Event.TRANSFER, 3),),
    )


def test_worked_example_prices() -> None:
    timetable = {
        NAME: Choice("intensive", 4),
        CLINICS: Choice("none", 9),
        "belmont/policing": Choice("none", 7),
    }
    assert broken(worked_example(), timetable) == []
    assert price(worked_example(), timetable) == {
        "exit": 12,
        "departure": 11,
        "risk": 118_000_000,
        "early_transfer": 31,
        "cost": 250 + 131 + 214,
    }


@pytest.mark.parametrize(
    ("name", "chosen", "months"),
    [
        (NAME, "none", [7, 11]),
        (NAME, "intensive", [4, 5, 6, 7, 11]),
        ("belmont/policing", "none", [7, 8, 9, 10, 11]),
        (CLINICS, "none", list(range(1, 12))),
    ],
)
def test_worked_example_open_months(name: str, chosen: str, months: list[int]) -> None:
    rest = {other: Choice("none", 7) for other in (NAME, CLINICS, "belmont/policing")}

    def closed(month: int) -> bool:
        found = audit(worked_example(), {**rest, name: Choice(chosen, month)})
        return any(finding.about == name for finding in found)

    assert [month for month in range(14) if not closed(month)] == months

"""Promises about conditions, readiness, threat and calendar (W1 to W4), and about links (L1, L2).

Every rule is kept by exactly its limit and broken by one.
The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    POINT,
    broken,
    case,
    choices,
    closure,
    criterion,
    gain,
    limit,
    link,
    only,
    option,
    package,
    pair,
    plan,
    readiness,
    threat,
)

from sequencer.audit import Finding
from sequencer.audit.conditions import threat as level_in
from sequencer.vocabulary import Event, Stage

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

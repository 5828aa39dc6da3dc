"""Prices computed by hand, input that makes no sense, and the worked example of the statement.

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
    budget,
    capacity,
    case,
    choices,
    criterion,
    function,
    gain,
    limit,
    link,
    need,
    option,
    package,
    pair,
    place,
    plan,
    published,
    readiness,
    resource,
    threat,
)

from sequencer.audit import RULES, Finding, audit, price
from sequencer.audit.finding import points
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.timetable import Choice
from sequencer.vocabulary import Event, Stage

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
    # The mission owns no resource, so there is no departure to speak of.
    assert price(instance, choices(-2)) == {"exit": 2, "early_transfer": -8, "cost": 26, "risk": 0}


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


def test_change_is_months_from_the_published_plan() -> None:
    # Policing comes 3 months later than published, clinics 2 earlier; what was not published does not count.
    instance = pair(published=(published(NAME, 7), published(CLINICS, 12)))
    assert price(instance, choices(10, 10))["change"] == 5
    assert price(pair(published=(published(CLINICS, 10),)), choices(5, 10))["change"] == 0
    assert "change" not in price(pair(), choices(10, 10))
    past = pair(packages=(package(fixed=-2), package(CLINICS)), published=(published(NAME, -4),))
    assert price(past, choices(-2, 10))["change"] == 2


def test_prices_need_no_uses_of_money() -> None:
    assert price(case(budget=(budget(2030, 5),)), choices(10)) == price(case(), choices(10))


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

"""Promises about supplies that only some packages may draw on, and capacities changed by the calendar.

Every rule is kept by exactly its limit and broken by one.
The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
"""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    broken,
    capacity,
    case,
    choices,
    factor,
    force,
    need,
    only,
    package,
    pair,
    place,
    resource,
)

from sequencer.audit import audit
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice
from sequencer.vocabulary import Bucket, Event, Per

POLICE = frozenset({NAME})
HEALTH = frozenset({CLINICS})


def asking(policing: int, clinics: int, *rows: facts.Capacity, **tables: object) -> Instance:
    """Return the pair, needing so much in the month of their transfers, with these capacity rows."""
    needs = (need(Event.TRANSFER, policing), need(Event.TRANSFER, clinics, CLINICS))
    own: dict[str, object] = {"resources": (resource(),), "capacity": rows, "needs": needs}
    return pair(**(own | tables))


# Rows that serve some packages


def test_rows_serve_the_packages_they_name() -> None:
    rows = (capacity(2, source="police school", serves=POLICE), capacity(3, source="clinic school", serves=HEALTH))
    assert broken(asking(2, 3, *rows), choices(5, 5)) == []
    # What the clinics leave over is of no use to policing.
    finding = only(asking(3, 0, *rows), choices(5, 5))
    assert (finding.rule, finding.about, finding.amount) == ("S1", "mentors (police school)", 1)
    # Two pools short in the same month are two findings.
    assert broken(asking(4, 4, *rows), choices(5, 5)) == [("S1", 5, 2), ("S1", 5, 1)]


def test_a_row_for_all_helps_where_it_is_missing() -> None:
    rows = (capacity(2, source="police school", serves=POLICE), capacity(3))
    for policing, clinics in ((5, 0), (2, 3), (3, 2), (0, 3)):
        assert broken(asking(policing, clinics, *rows), choices(5, 5)) == []
    assert only(asking(3, 3, *rows), choices(5, 5)).amount == 1
    # The police school may not help the clinics.
    finding = only(asking(0, 4, *rows), choices(5, 5))
    assert (finding.about, finding.amount) == ("mentors", 1)
    assert "4 teams needed by arden/clinics, 3 there" in finding.text


def test_packages_that_no_row_serves_have_nothing() -> None:
    row = capacity(9, source="police school", serves=POLICE)
    assert broken(asking(9, 0, row), choices(5, 5)) == []
    finding = only(asking(9, 1, row), choices(5, 5))
    assert (finding.about, finding.amount) == ("mentors", 1)
    assert finding.text == ("mentors in 2030-06: 1 teams needed by arden/clinics, 0 there, 1 missing [made.csv row 7].")


def test_whom_a_row_serves_may_change_with_the_months() -> None:
    rows = (capacity(1, source="team", serves=POLICE, end=5), capacity(1, source="team", serves=HEALTH, start=6))
    assert broken(asking(1, 1, *rows), choices(5, 6)) == []
    assert broken(asking(1, 1, *rows), choices(6, 5)) == [("S1", 5, 1), ("S1", 6, 1)]


def test_rows_that_serve_the_same_packages_add_up() -> None:
    rows = (capacity(1, source="a", serves=POLICE), capacity(2, source="b", serves=POLICE), capacity(0))
    assert broken(asking(3, 0, *rows), choices(5, 5)) == []
    assert only(asking(4, 0, *rows), choices(5, 5)).about == "mentors (a and b)"


@pytest.mark.parametrize(("per", "pools"), [(Per.PLACE, ("arden", "belmont")), (Per.REGION, ("north", "south"))])
def test_rows_serve_packages_within_their_pool(per: Per, pools: tuple[str, str]) -> None:
    # Each pool has 1 for all and 2 for policing; clinics lie in the first place alone.
    belmont = "belmont/policing"
    police = frozenset({NAME, belmont})
    rows = [
        capacity(amount, pool=pool, source="s", serves=s) for pool in pools for amount, s in ((1, None), (2, police))
    ]

    def asked(*amounts: int) -> list[tuple[str, int]]:
        names = (NAME, CLINICS, belmont)
        instance = pair(
            places=(place(), place("belmont", "south")),
            packages=tuple(package(name) for name in names),
            resources=(resource(per=per),),
            capacity=tuple(rows),
            needs=tuple(need(Event.TRANSFER, n, name) for name, n in zip(names, amounts, strict=True)),
        )
        found = audit(instance, {name: Choice("none", 5) for name in names})
        return [(finding.about, finding.amount) for finding in found]

    assert asked(2, 1, 3) == []
    assert asked(3, 0, 3) == []
    assert asked(3, 1, 0) == [(f"mentors ({pools[0]}, {pools[0]}: s)", 1)]
    assert asked(0, 2, 0) == [(f"mentors ({pools[0]})", 1)]
    assert asked(0, 0, 4) == [(f"mentors ({pools[1]}, {pools[1]}: s)", 1)]


def test_rows_for_some_and_forces_share_the_need() -> None:
    # A brigade of 1 covers arden; the police school has 1, in whatever place.
    rows = (capacity(1, source="police school", serves=POLICE),)
    brigade = (force("brigade", 1, "arden"),)
    assert broken(asking(1, 1, *rows, guarantees=brigade), choices(5, 5)) == []
    assert broken(asking(2, 0, *rows, guarantees=brigade), choices(5, 5)) == []
    assert only(asking(0, 2, *rows, guarantees=brigade), choices(5, 5)).about == "mentors (brigade)"
    assert broken(asking(2, 1, *rows, guarantees=brigade), choices(5, 5)) == [("S1", 5, 1)]


def served(needs: tuple[int, int], amounts: tuple[int, int, int]) -> int:
    """Return the most that sources for policing, for clinics and for both can serve, trying every way to share."""
    most = 0
    for to_policing in range(amounts[2] + 1):
        policing = min(needs[0], amounts[0] + to_policing)
        clinics = min(needs[1], amounts[1] + amounts[2] - to_policing)
        most = max(most, policing + clinics)
    return most


def test_what_is_missing_is_what_no_sharing_can_serve() -> None:
    for needs in itertools.product(range(4), range(4)):
        for amounts in itertools.product(range(3), range(3), range(3)):
            rows = [capacity(n, serves=who) for n, who in zip(amounts, (POLICE, HEALTH, None), strict=True)]
            found = audit(asking(needs[0], needs[1], *rows), choices(5, 5))
            assert sum(finding.amount for finding in found) == sum(needs) - served(needs, amounts)


# Capacity factors


def test_a_factor_rounds_down_each_row_by_itself() -> None:
    # Half of 3 and half of 3 are 1 and 1, not 3.
    rows = (capacity(3, source="a"), capacity(3, source="b"))
    rain = (factor(500, 5, 6),)
    assert broken(asking(2, 2, *rows, calendar_events=rain), choices(5, 6)) == []
    assert broken(asking(3, 6, *rows, calendar_events=rain), choices(6, 7)) == [("S1", 6, 1)]
    assert broken(asking(6, 7, *rows, calendar_events=rain), choices(4, 7)) == [("S1", 7, 1)]


def test_factors_are_multiplied_before_rounding() -> None:
    # 10 x 0.5 x 0.25 = 1.25, so 1; with 2.4 on top it is 3; rounding in between would give 5, 1, 2.
    rain, feast, help_ = factor(500, 5, 5), factor(250, 5, 5), factor(2400, 5, 5)
    for events, there in (((rain, feast), 1), ((rain, feast, help_), 3), ((factor(0, 0, 9),), 0), ((help_,), 24)):
        assert broken(asking(there, 0, capacity(10), calendar_events=events), choices(5, 9)) == []
        asked = asking(there + 1, 0, capacity(10), calendar_events=events)
        assert broken(asked, choices(5, 9)) == [("S1", 5, 1)]


def test_yearly_factors_repeat_forward() -> None:
    # 0.7 of 3 is 2.1, in months 5 and 17 and not in 4, 6 or, if they begin in 17, in 5.
    yearly = (factor(700, 5, 5, yearly=True),)
    for month, there in ((5, 2), (17, 2), (16, 3), (6, 3)):
        assert broken(asking(there, 0, capacity(3), calendar_events=yearly), choices(month, 9)) == []
        asked = asking(there + 1, 0, capacity(3), calendar_events=yearly)
        assert broken(asked, choices(month, 9)) == [("S1", month, 1)]
    later = (factor(700, 17, 17, yearly=True),)
    assert broken(asking(3, 0, capacity(3), calendar_events=later), choices(5, 9)) == []


def test_a_factor_is_for_one_resource_and_closes_nothing() -> None:
    other = (factor(0, 0, 23, resource="trucks"),)
    assert broken(asking(3, 0, capacity(3), calendar_events=other), choices(5, 9)) == []
    closing = dataclasses.replace(factor(1000, 5, 5), events=frozenset({Event.TRANSFER}))
    assert broken(asking(3, 0, capacity(3), calendar_events=(closing,)), choices(5, 9)) == [("W4", 5, 1)]


def test_a_factor_with_places_touches_their_pools() -> None:
    names = (NAME, "belmont/policing")

    def asked(pools: frozenset[str] | None, *amounts: int) -> list[str]:
        instance = case(
            places=(place(), place("belmont", "south")),
            packages=tuple(package(name) for name in names),
            resources=(resource(per=Per.PLACE),),
            capacity=(capacity(4, pool="arden"), capacity(4, pool="belmont")),
            needs=tuple(need(Event.TRANSFER, n, name) for name, n in zip(names, amounts, strict=True)),
            calendar_events=(factor(500, 5, 5, pools=pools),),
        )
        return [finding.about for finding in audit(instance, {name: Choice("none", 5) for name in names})]

    assert asked(frozenset({"arden"}), 2, 4) == []
    assert asked(frozenset({"arden"}), 3, 5) == ["mentors (arden)", "mentors (belmont)"]
    assert asked(None, 2, 2) == []
    assert asked(None, 3, 3) == ["mentors (arden)", "mentors (belmont)"]


def test_a_factor_touches_forces_too() -> None:
    forces = (force("a", 3, "arden"), force("b", 3, "arden"))
    rain = (factor(500, 5, 5),)
    assert broken(asking(2, 0, guarantees=forces, calendar_events=rain), choices(5, 9)) == []
    assert broken(asking(3, 0, guarantees=forces, calendar_events=rain), choices(5, 9)) == [("S1", 5, 1)]


def test_a_factor_needs_a_resource_counted_by_month() -> None:
    yearly = asking(1, 0, capacity(3), resources=(resource(Bucket.FISCAL_YEAR),), calendar_events=(factor(500, 5, 5),))
    with pytest.raises(ValueError, match="mentors is not counted by month"):
        audit(yearly, choices(5, 9))

"""Promises about supplies (S1): pools, forces, buckets, needs.

Every rule is kept by exactly its limit and broken by one.
The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Mapping, Sequence

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    broken,
    capacity,
    case,
    choices,
    force,
    function,
    need,
    only,
    package,
    pair,
    phase,
    place,
    plan,
    resource,
    threat,
)

from sequencer.audit import Finding
from sequencer.audit.allotment import Share, short
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice
from sequencer.vocabulary import Bucket, Event, Origin, Per, Stage

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


def test_s1_a_need_of_nothing_asks_for_no_population_and_no_threat() -> None:
    # It used to end in a ValueError about the missing population.
    row = need(Event.TRANSFER, 0, per_people=1000, levels=frozenset({2}))
    unknown = dataclasses.replace(place(), population=None)
    assert broken(dataclasses.replace(supplied(row, amount=0), places=(unknown,)), choices(5, 12)) == []


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
    reaching = sum(share.capacity for share in shares if share.serves & set(places))
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


def test_sharing_out_moves_along_a_chain() -> None:
    # Who comes first takes the first share: b and c must both move on before there is any left for a.
    shares = [Share(frozenset("ab"), 2), Share(frozenset("bc"), 2), Share(frozenset("c"), 2)]
    assert short({"b": 2, "c": 2, "a": 2}, shares) == frozenset()
    assert short({"b": 2, "c": 3, "a": 2}, shares) == frozenset("abc")

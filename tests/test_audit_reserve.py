"""R1: relapses that must be answerable at once, and what a relapse needs.

Every rule is kept by exactly its limit and broken by one.
The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
"""

from __future__ import annotations

import itertools

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    broken,
    case,
    choices,
    force,
    function,
    need,
    package,
    pair,
    place,
    relapse,
    reserve,
    resource,
    standby,
    threat,
)

from sequencer.audit import Finding, audit
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice
from sequencer.vocabulary import Event, Stage

BOTH = (relapse(5), relapse(3, CLINICS))


def kept(k: int, people: int, *, policing: int = 5, clinics: int = 5) -> list[tuple[str, int | None, int]]:
    """Return what breaks R1 with 5 people needed for policing and 3 for clinics: fragile from t - 2 to t + 3."""
    instance = pair(relapses=BOTH, reserves=(reserve(k),), guarantees=(standby(people),))
    return broken(instance, choices(policing, clinics))


def test_r1_the_worst_one() -> None:
    # Fragile in joint, mentored and advisory: 3..8.
    assert kept(1, 5) == []
    assert kept(1, 4) == [("R1", month, 1) for month in range(3, 9)]
    assert kept(1, 2, policing=5, clinics=11) == [
        *(("R1", month, 3) for month in range(3, 9)),
        *(("R1", month, 1) for month in range(9, 15)),
    ]


def test_r1_the_worst_two() -> None:
    # Policing 3..8, clinics 7..12: both in 7 and 8.
    assert kept(2, 8, clinics=9) == []
    assert kept(2, 7, clinics=9) == [("R1", 7, 1), ("R1", 8, 1)]
    assert kept(2, 5, clinics=11) == []


def test_r1_says_who_is_needed_where() -> None:
    instance = pair(relapses=BOTH, reserves=(reserve(2),), guarantees=(standby(7),))
    finding = audit(instance, choices(5, 10))[0]
    assert finding == Finding(
        "R1",
        "reserve (country)",
        8,
        1,
        "people",
        "reserve of country in 2030-09: 8 people needed for 2 relapses at once, at worst of arden/policing,"
        " arden/clinics, 7 there, 1 missing [made.csv row 7; made.csv row 7].",
    )


def test_r1_more_relapses_than_fragile_packages_are_all_of_them() -> None:
    assert kept(9, 8) == []
    assert [found[2] for found in kept(9, 7)] == [1] * 6
    # No relapse at all need be answered.
    assert kept(0, 0) == []


@pytest.mark.parametrize(
    ("stages", "months"),
    [
        ({Stage.JOINT}, [3, 4]),
        ({Stage.MENTORED}, [5, 6, 7]),
        ({Stage.ADVISORY, Stage.JOINT}, [3, 4, 8]),
        (set(), []),
    ],
)
def test_r1_fragile_stages_are_those_of_the_function(stages: set[Stage], months: list[int]) -> None:
    instance = case(
        functions=(function(fragile=frozenset(stages)),),
        relapses=(relapse(1),),
        reserves=(reserve(1),),
        guarantees=(standby(0),),
    )
    assert broken(instance, choices(5)) == [("R1", month, 1) for month in months]


def test_r1_past_packages_are_fragile_from_the_start_of_the_plan() -> None:
    # Transferred in -2: mentored -2..0, advisory in 1.
    instance = case(
        packages=(package(fixed=-2),), relapses=(relapse(4),), reserves=(reserve(1),), guarantees=(standby(3),)
    )
    assert broken(instance, choices(-2)) == [("R1", 0, 1), ("R1", 1, 1)]


def test_r1_nothing_is_asked_after_the_plan() -> None:
    # Transfer 20 is fragile in 18..23, the last months there are.
    instance = case(relapses=(relapse(1),), reserves=(reserve(1),), guarantees=(standby(0),))
    assert [month for _, month, _ in broken(instance, choices(20))] == [18, 19, 20, 21, 22, 23]
    # What was transferred in the past may be fragile longer than the plan lasts.
    longer = (package(fixed=-1),)
    functions = (function(advisory=40),)
    past = case(
        packages=longer,
        functions=functions,
        relapses=(relapse(1),),
        reserves=(reserve(1),),
        guarantees=(standby(0),),
    )
    assert len(broken(past, choices(-1))) == 24


def regions(**tables: object) -> Instance:
    """Return policing in arden and corin (north) and in belmont (south), which need 5, 4 and 3 in a relapse."""
    names = (NAME, "corin/policing", "belmont/policing")
    return case(
        places=(place(), place("corin"), place("belmont", "south")),
        packages=tuple(package(name) for name in names),
        relapses=tuple(relapse(5 - index, name) for index, name in enumerate(names)),
        **tables,
    )


TOGETHER = {name: Choice("none", 5) for name in (NAME, "corin/policing", "belmont/policing")}


def test_r1_scopes_have_reserves_of_their_own() -> None:
    scopes = (reserve(2), reserve(1, "north"), reserve(1, "south"))
    enough = (standby(9), standby(5, "north"), standby(3, "south"))
    assert broken(regions(reserves=scopes, guarantees=enough), TOGETHER) == []
    for short, about in enumerate(("country", "north", "south")):
        people = [9, 5, 3]
        people[short] -= 1
        fewer = tuple(standby(n, scope) for n, scope in zip(people, ("country", "north", "south"), strict=True))
        found = audit(regions(reserves=scopes, guarantees=fewer), TOGETHER)
        assert {(finding.about, finding.amount) for finding in found} == {(f"reserve ({about})", 1)}


def test_r1_forces_are_there_between_their_months_and_add_up() -> None:
    forces = (standby(3, end=6), standby(2, start=5), force("presence", 99, "arden"))
    instance = case(
        relapses=(relapse(5),), reserves=(reserve(1),), guarantees=forces, resources=(resource(),), capacity=()
    )
    assert broken(instance, choices(5)) == [("R1", 3, 2), ("R1", 4, 2), ("R1", 7, 3), ("R1", 8, 3)]


def test_r1_needs_at_threat_levels_add_up() -> None:
    # Threat 2 until month 4, 4 in month 5, 3 from 6 on: 1 always, 2 more at level 3 or 4, 4 more at 4.
    rows = (relapse(1), relapse(2, levels=frozenset({3, 4})), relapse(4, levels=frozenset({4})))
    instance = case(
        threat=(threat(2, 0, 4), threat(4, 5, 5), threat(3, 6)),
        relapses=rows,
        reserves=(reserve(1),),
        guarantees=(standby(0),),
    )
    assert broken(instance, choices(5)) == [("R1", m, n) for m, n in zip(range(3, 9), (1, 1, 7, 3, 3, 3), strict=True)]


def test_r1_needs_per_people_round_up_row_by_row() -> None:
    # 2,000 people: 1 for each 1,999 is 1.0005, so 2; twice that in two rows is 4, not 3. Advisory is month 8.
    for rows, needed in (((1999,), 2), ((2000,), 1), ((2001,), 1), ((1999, 1999), 4)):
        instance = case(
            functions=(function(fragile=frozenset({Stage.ADVISORY})),),
            relapses=tuple(relapse(1, per_people=people) for people in rows),
            reserves=(reserve(1),),
            guarantees=(standby(needed - 1),),
        )
        assert broken(instance, choices(5)) == [("R1", 8, 1)]


def test_r1_asks_for_threat_and_population_of_the_fragile_only() -> None:
    def asked(row: facts.Relapse, *fragile: Stage, k: int = 1) -> Instance:
        return case(
            places=(place(population=None),),
            functions=(function(fragile=frozenset(fragile)),),
            relapses=(row,),
            reserves=(reserve(k),),
            guarantees=(standby(9),),
        )

    at_levels, by_people = relapse(1, levels=frozenset({2})), relapse(1, per_people=10)
    with pytest.raises(ValueError, match="threat in arden"):
        audit(asked(at_levels, Stage.JOINT), choices(5))
    with pytest.raises(ValueError, match="population of arden"):
        audit(asked(by_people, Stage.JOINT), choices(5))
    assert broken(asked(at_levels), choices(5)) == broken(asked(by_people), choices(5)) == []
    # A scope that need answer none asks nothing.
    assert broken(asked(at_levels, Stage.JOINT, k=0), choices(5)) == []


def test_r1_needs_of_a_relapse_belong_to_no_resource() -> None:
    instance = case(relapses=(relapse(5),), resources=(resource(),), needs=(need(Event.TRANSFER, 0),))
    assert broken(instance, choices(5)) == []


def test_r1_is_the_worst_over_every_choice_of_packages() -> None:
    names = [f"arden/f{number}" for number in range(4)]
    timetable = {name: Choice("none", 5) for name in names}
    for amounts in itertools.product((0, 2, 3), repeat=4):
        for k in range(1, 6):
            worst = max(sum(some) for size in range(min(k, 4) + 1) for some in itertools.combinations(amounts, size))
            instance = case(
                functions=tuple(function(name.split("/")[1], fragile=frozenset({Stage.ADVISORY})) for name in names),
                packages=tuple(package(name) for name in names),
                relapses=tuple(relapse(n, name) for name, n in zip(names, amounts, strict=True)),
                reserves=(reserve(k),),
                guarantees=(standby(1),),
            )
            assert broken(instance, timetable) == ([("R1", 8, worst - 1)] if worst > 1 else [])

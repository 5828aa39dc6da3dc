"""Promises about several dates: widths (L3) and gates (L4); lags are in ``test_audit_conditions``.

Every rule is kept by exactly its limit and broken by one.
The base case (see ``audit_cases``): month 0 is 2030-01, 24 months; joint 2, mentored 3, advisory 1, hold 0.
"""

from __future__ import annotations

import pytest
from audit_cases import (
    CLINICS,
    NAME,
    broken,
    case,
    choices,
    function,
    gate,
    only,
    option,
    package,
    pair,
    phase,
    place,
    width,
)

from sequencer.audit import Finding
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice
from sequencer.vocabulary import Event, Stage

# L3


def test_l3_width() -> None:
    # Policing leaves 4 months after its transfer: in 5 it exits in 9; clinics may lie 2 months around that.
    instance = pair(widths=(width(2, (NAME, Event.EXIT), (CLINICS, Event.TRANSFER)),))
    assert [broken(instance, choices(5, clinics)) for clinics in (7, 9, 11)] == [[], [], []]
    assert broken(instance, choices(5, 6)) == [("L3", 9, 1)]
    finding = only(instance, choices(5, 12))
    assert finding == Finding(
        "L3",
        "exit of arden/policing <-> transfer of arden/clinics",
        12,
        1,
        "months",
        "transfer of arden/clinics in 2031-01 comes 3 months after exit of arden/policing in 2030-10, but its row keeps"
        " 2 events within 2 months [made.csv row 7].",
    )


def test_l3_counts_from_the_first_to_the_last_of_all() -> None:
    functions = ("policing", "clinics", "courts")
    names = [f"arden/{name}" for name in functions]
    instance = case(
        functions=tuple(function(name) for name in functions),
        packages=tuple(package(name) for name in names),
        widths=(width(4, *((name, Event.TRANSFER) for name in names)),),
    )

    def found(*months: int) -> list[tuple[str, int | None, int]]:
        return broken(instance, {name: Choice("none", month) for name, month in zip(names, months, strict=True)})

    assert found(8, 10, 12) == []
    # Each next one is within 4 months of the one before, but the last is 5 months after the first.
    assert found(8, 10, 13) == [("L3", 13, 1)]
    assert found(18, 2, 9) == [("L3", 18, 12)]


def test_l3_two_events_of_one_package() -> None:
    # joint_start t - 2, exit t + 4: 6 months, whatever the transfer.
    for most, found in ((6, []), (5, [("L3", 14, 1)])):
        rows = (width(most, (NAME, Event.JOINT_START), (NAME, Event.EXIT)),)
        assert broken(case(widths=rows), choices(10)) == found


def test_l3_dates_before_the_plan_are_left_out() -> None:
    # Policing transferred in -2 and exits in 2.
    past = (package(fixed=-2), package(CLINICS))

    def kept(event: Event, clinics: int) -> list[tuple[str, int | None, int]]:
        rows = (width(3, (NAME, event), (CLINICS, Event.TRANSFER)),)
        return broken(pair(packages=past, widths=rows), choices(-2, clinics))

    # Its transfer is past, so that clinics stand alone; its exit is not.
    assert kept(Event.TRANSFER, 20) == []
    assert kept(Event.EXIT, 5) == []
    assert kept(Event.EXIT, 6) == [("L3", 6, 1)]
    # An event in month 0 counts, one in month -1 does not.
    midway = (package(current_stage=Stage.JOINT, since=0), package(CLINICS))
    rows = (width(2, (NAME, Event.JOINT_START), (CLINICS, Event.TRANSFER)),)
    assert broken(pair(packages=midway, widths=rows), choices(2, 3)) == [("L3", 3, 1)]
    begun = (package(current_stage=Stage.JOINT, since=-1), package(CLINICS))
    assert broken(pair(packages=begun, widths=rows), choices(1, 3)) == []


def test_l3_without_any_date_in_the_plan_asks_nothing() -> None:
    past = (package(fixed=-1), package(CLINICS, fixed=-20))
    rows = (width(0, (NAME, Event.TRANSFER), (CLINICS, Event.TRANSFER)),)
    assert broken(pair(packages=past, widths=rows), choices(-1, -20)) == []


# L4

PHASES = (phase("first", 0, 9), phase("second", 10, 15), phase("third", 16, 23))


def test_l4_the_phase_waits() -> None:
    # Policing in the second phase comes at least 2 months after clinics.
    instance = pair(phases=PHASES, gates=(gate(CLINICS, minimum=2),))
    assert broken(instance, choices(12, 10)) == []
    finding = only(instance, choices(12, 11))
    assert finding == Finding(
        "L4",
        "arden/clinics transfer -> arden/policing transfer",
        12,
        1,
        "months",
        "arden/policing is transferred in 2031-01 in phase second, which waits until 2 months after transfer of"
        " arden/clinics in 2030-12: 1 month too early [made.csv row 7].",
    )


@pytest.mark.parametrize(("transfer", "waits"), [(9, False), (10, True), (15, True), (16, False)])
def test_l4_only_those_who_transfer_in_the_phase_wait(transfer: int, waits: bool) -> None:
    instance = pair(phases=PHASES, gates=(gate(CLINICS),))
    assert broken(instance, choices(transfer, 18)) == ([("L4", transfer, 18 - transfer)] if waits else [])


def test_l4_other_events_and_a_negative_minimum() -> None:
    # Clinics exit 4 months after their transfer; policing may come up to 3 months before that.
    instance = pair(phases=PHASES, gates=(gate(CLINICS, event=Event.EXIT, minimum=-3),))
    assert broken(instance, choices(11, 10)) == []
    assert broken(instance, choices(10, 10)) == [("L4", 10, 1)]


def four(**tables: object) -> Instance:
    """Return policing and clinics in two places."""
    return pair(
        places=(place(), place("belmont", "south")),
        packages=tuple(
            package(f"{where}/{what}") for what in ("policing", "clinics") for where in ("arden", "belmont")
        ),
        phases=PHASES,
        **tables,
    )


def test_l4_every_pair_waits_but_nobody_for_itself() -> None:
    # All but clinics of belmont (except) wait for both policing packages, which are among those that wait.
    police = (NAME, "belmont/policing")
    instance = four(gates=(gate(*police, waiting=frozenset({*police, CLINICS})),))

    def found(*months: int) -> list[tuple[str, int | None, int]]:
        names = (*police, CLINICS, "belmont/clinics")
        return broken(instance, {name: Choice("none", month) for name, month in zip(names, months, strict=True)})

    assert found(12, 12, 12, 10) == []
    # Policing in arden is two months before policing in belmont: too early, and clinics in 11 wait for both.
    assert found(12, 14, 11, 10) == [("L4", 12, 2), ("L4", 11, 1), ("L4", 11, 3)]
    # Policing in arden in the first phase waits for nobody.
    assert found(9, 14, 14, 10) == []


def test_l4_past_packages_count_but_do_not_wait() -> None:
    # Clinics transferred in -1 exit in 3; policing in 10 waits until 7 or 8 months after that.
    past = (package(), package(CLINICS, fixed=-1))
    for minimum, found in ((7, []), (8, [("L4", 10, 1)])):
        rows = (gate(CLINICS, event=Event.EXIT, minimum=minimum, waiting=frozenset({NAME, CLINICS})),)
        assert broken(pair(packages=past, phases=PHASES, gates=rows), choices(10, -1)) == found
    # Past policing waits for nobody, not even in a phase that began before the plan.
    early = (phase("second", -9, 15), phase("third", 16, 23))
    rows = (gate(CLINICS),)
    handed_over = pair(packages=(package(fixed=-1), package(CLINICS)), phases=early, gates=rows)
    assert broken(handed_over, choices(-1, 9)) == []


def test_l4_support_of_an_option_moves_the_event_waited_for() -> None:
    # Clinics with 3 months of support begin it 5 months before the transfer (joint 2).
    instance = pair(
        phases=PHASES,
        options=(option(package=CLINICS, support=3),),
        gates=(gate(CLINICS, event=Event.SUPPORT_START),),
    )
    assert broken(instance, choices(10, 15)) == []
    assert broken(instance, choices(10, 16)) == [("L4", 10, 1)]

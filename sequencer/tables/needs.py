"""Needs of resources, and of the reserve when a relapse is to be answered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

from sequencer.instance import facts
from sequencer.tables.build import FRAGILE
from sequencer.tables.faults import shown
from sequencer.tables.reading import Reading
from sequencer.tables.resolve import winners
from sequencer.tables.rows import Row
from sequencer.vocabulary import Event, Stage

FRAGILE_WORD = "fragile"
RELAPSE = "relapse"  # the event that no timetable dates
#: What a need is for, an event as it is written.
When: TypeAlias = Stage | str
#: What rows of needs override each other about: resource, stage or event, and set of threat levels.
About: TypeAlias = tuple[str, When, frozenset[int] | None]


def needs(reading: Reading) -> Iterator[facts.Need | facts.Relapse]:
    """Yield the needs: one for each stage or event of a row that speaks for the package at some threat levels."""
    for row in reading.tables["needs"]:
        _check_when(reading, row)
        _check_resource(reading, row)
    fragile = {
        row["function"]: frozenset(map(Stage, row["fragile"])) or FRAGILE
        for row in reading.tables["functions"]
        if "fragile" not in row.bad
    }

    @cache
    def keys(row: Row, stages: frozenset[Stage]) -> list[About]:
        named = [Stage(word) for word in row["stages"] if word != FRAGILE_WORD]
        if FRAGILE_WORD in row["stages"]:
            named += [stage for stage in Stage if stage in stages and stage not in named]
        when: list[When] = [*named] or [row["event"]]
        return [(row["resource"], one, frozenset(row["threat"]) or None) for one in when]

    def of_package(row: Row, package: str) -> list[About]:
        return keys(row, fragile.get(reading.names.packages[package][1], FRAGILE))

    rows = reading.usable("needs", "packages", "resource", "stages", "event", "months", "threat")
    for row, package, won in winners(rows, of_package, reading.names, reading.faults):
        for _, when, levels in () if row.bad else won:
            yield _need(row, package, when, levels)


def _need(row: Row, package: str, when: When, levels: frozenset[int] | None) -> facts.Need | facts.Relapse:
    if when == RELAPSE:
        return facts.Relapse(
            package=package, levels=levels, amount=row["amount"], per_people=row["per_people"], origin=row.origin
        )
    return facts.Need(
        package=package,
        resource=row["resource"],
        stage=when if isinstance(when, Stage) else None,
        event=None if isinstance(when, Stage) else Event(when),
        months=row["months"],
        levels=levels,
        amount=row["amount"],
        per_people=row["per_people"],
        origin=row.origin,
    )


def _check_when(reading: Reading, row: Row) -> None:
    if row.bad.isdisjoint(("stages", "event")):
        if row["stages"] and row["event"]:
            row.fault(reading.faults, "event", "stages and an event", "one of them; the other in a row of its own")
        elif not row["stages"] and not row["event"]:
            row.fault(reading.faults, "stages", "neither stages nor an event", "one of them")
    if row["months"] is None or "event" in row.bad:
        return
    if not row["event"]:
        row.fault(reading.faults, "months", f"{row['months']} without an event", "an event, or a blank cell")
    elif row["event"] == RELAPSE:
        needed = "a blank cell: it counts in every month of the fragile stages"
        row.fault(reading.faults, "months", str(row["months"]), needed)


def _check_resource(reading: Reading, row: Row) -> None:
    if not row.bad.isdisjoint(("resource", "event")):
        return
    if row["event"] == RELAPSE and row["resource"]:
        needed = "a blank cell: a relapse is answered by the reserve forces of guarantees.csv"
        row.fault(reading.faults, "resource", shown(row["resource"]), needed)
    elif row["event"] != RELAPSE and not row["resource"]:
        row.fault(reading.faults, "resource", "nothing", "a resource from resources.csv")

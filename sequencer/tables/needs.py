"""Needs of resources, and of the reserve when a relapse is to be answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

    def keys(row: Row, function: str) -> list[About]:
        named = [Stage(word) for word in row["stages"] if word != FRAGILE_WORD]
        if FRAGILE_WORD in row["stages"]:
            stages = fragile.get(function, FRAGILE)
            named += [stage for stage in Stage if stage in stages and stage not in named]
        when: list[When] = [*named] or [row["event"]]
        return [(row["resource"], one, frozenset(row["threat"]) or None) for one in when]

    rows = reading.usable("needs", "packages", "resource", "stages", "event", "months", "threat")
    for row, spoken in winners(rows, keys, reading.names, reading.faults):
        if not row.bad:
            yield from _needs(row, spoken)


def _needs(row: Row, spoken: Mapping[str, Iterable[About]]) -> Iterator[facts.Need | facts.Relapse]:
    """Yield what a row says about each package."""
    said = {"amount": row["amount"], "per_people": row["per_people"], "origin": row.origin}
    if row["event"] == RELAPSE:
        for package, abouts in spoken.items():
            for _, _, levels in abouts:
                yield facts.Relapse(package=package, levels=levels, **said)
        return
    said |= {"resource": row["resource"], "months": row["months"]}
    event = Event(row["event"]) if row["event"] else None
    for package, abouts in spoken.items():
        for _, when, levels in abouts:
            stage = when if isinstance(when, Stage) else None
            yield facts.Need(package=package, stage=stage, event=event, levels=levels, **said)


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

"""From rows with wildcards to facts: one fact for each package, place or pool, made by the row that speaks for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

from sequencer.instance import facts
from sequencer.tables.build import FRAGILE
from sequencer.tables.reading import Reading
from sequencer.tables.resolve import Timelines, winners
from sequencer.tables.rows import Row
from sequencer.vocabulary import Event, Per, Stage

FRAGILE_WORD = "fragile"
#: What a need is for; rows for the same, at the same set of threat levels, override each other.
When: TypeAlias = Stage | Event


def options(reading: Reading) -> Iterator[facts.Option]:
    """Yield the options of each package."""
    for row, package, _ in _won(reading, "options", "option"):
        yield facts.Option(
            package=package,
            name=row["option"],
            support=row["support_months"],
            cost=row["support_cost"],
            joint=row["joint_months"],
            mentored=row["mentored_months"],
            advisory=row["advisory_months"],
            origin=row.origin,
        )


def gains(reading: Reading) -> Iterator[facts.Gain]:
    """Yield what support adds to each score."""
    for row, package, _ in _won(reading, "gains", "option", "criterion"):
        yield facts.Gain(
            package=package, option=row["option"], criterion=row["criterion"], gain=row["gain"], origin=row.origin
        )


def criteria(reading: Reading) -> Iterator[facts.Criterion]:
    """Yield the readiness gates."""
    for row, package, _ in _won(reading, "criteria", "criterion", "event"):
        yield facts.Criterion(
            package=package, criterion=row["criterion"], event=Event(row["event"]), threshold=row["threshold"],
            hold=row["hold"], origin=row.origin,
        )  # fmt: skip


def readiness(reading: Reading) -> Iterator[facts.Readiness]:
    """Yield the scores; a score outside its own range is a fault."""
    for row in reading.usable("readiness", "score"):
        if row["low"] is not None and row["low"] > row["score"]:
            row.fault(reading.faults, "low", _points(row["low"]), f"the score, {_points(row['score'])}, or less")
        if row["high"] is not None and row["high"] < row["score"]:
            row.fault(reading.faults, "high", _points(row["high"]), f"the score, {_points(row['score'])}, or more")
    for row, package, _ in _won(reading, "readiness", "criterion"):
        yield facts.Readiness(
            package=package,
            criterion=row["criterion"],
            score=row["score"],
            low=row["score"] if row["low"] is None else row["low"],
            high=row["score"] if row["high"] is None else row["high"],
            assessed=row["assessed"] or 0,
            assessor=row["assessor"],
            growth=row["growth"],
            growth_after=row["growth_after"],
            origin=row.origin,
        )


def _points(thousandths: int) -> str:
    return f"{thousandths / facts.SCORE:g}"


def limits(reading: Reading) -> Iterator[facts.Limit]:
    """Yield the threat limits; a row that limits nothing is a fault."""
    for row in reading.tables["limits"]:
        if row.bad.isdisjoint(("limit", "trend")) and row["limit"] is None and not row["trend"]:
            row.fault(reading.faults, "limit", "neither limit nor trend", "at least one of them")
    for row, package, _ in _won(reading, "limits", "event"):
        yield facts.Limit(
            package=package, event=Event(row["event"]), limit=row["limit"], trend=row["trend"], origin=row.origin
        )


def needs(reading: Reading) -> Iterator[facts.Need]:
    """Yield the needs: one for each stage or event of a row that speaks for the package at some threat levels."""
    for row in reading.tables["needs"]:
        _check_when(reading, row)
    fragile = {
        row["function"]: frozenset(map(Stage, row["fragile"])) or FRAGILE
        for row in reading.tables["functions"]
        if "fragile" not in row.bad
    }

    @cache
    def keys(row: Row, stages: frozenset[Stage]) -> list[tuple[str, When, frozenset[int] | None]]:
        named = [Stage(word) for word in row["stages"] if word != FRAGILE_WORD]
        if FRAGILE_WORD in row["stages"]:
            named += [stage for stage in Stage if stage in stages and stage not in named]
        when: list[When] = [*named] or [Event(row["event"])]
        return [(row["resource"], one, frozenset(row["threat"]) or None) for one in when]

    def of_package(row: Row, package: str) -> list[tuple[str, When, frozenset[int] | None]]:
        return keys(row, fragile.get(reading.names.packages[package][1], FRAGILE))

    rows = reading.usable("needs", "packages", "resource", "stages", "event", "months", "threat")
    for row, package, won in winners(rows, of_package, reading.names, reading.faults):
        for _, when, levels in () if row.bad else won:
            yield facts.Need(
                package=package,
                resource=row["resource"],
                stage=when if isinstance(when, Stage) else None,
                event=when if isinstance(when, Event) else None,
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
    if row["months"] is not None and not row["event"] and "event" not in row.bad:
        row.fault(reading.faults, "months", f"{row['months']} without an event", "an event, or a blank cell")


def threat(reading: Reading) -> Iterator[facts.Threat]:
    """Yield the threat levels of each place in disjoint stretches of months."""
    lines: Timelines[str] = Timelines(reading.scalars.calendar, reading.faults)
    for row in reading.usable("threat", "places", "from", "to"):
        for place, rank in reading.names.places(row["places"]).items():
            lines.claim(place, rank, row)
    for place in reading.names.region:
        for start, end, row in lines.settled(place, place):
            if not row.bad:
                yield facts.Threat(place=place, start=start, end=end, level=row["level"], origin=row.origin)


def capacity(reading: Reading) -> Iterator[facts.Capacity]:
    """Yield the capacity of each source of each pool in disjoint stretches of months."""
    lines: Timelines[tuple[str, str, str]] = Timelines(reading.scalars.calendar, reading.faults)
    per = {row["resource"]: row["per"] for row in reading.usable("resources", "resource", "per")}
    for row in reading.usable("capacity", "resource", "places"):
        if row["resource"] in per:
            pools = _pools(reading, row, per[row["resource"]])
            told = row.bad.isdisjoint(("places", "source", "from", "to"))
            for pool, rank in pools.items() if told else ():
                lines.claim((row["resource"], pool, row["source"]), rank, row)
    for about in lines.claims:
        resource, pool, source = about
        for start, end, row in lines.settled(about, " ".join(filter(None, (resource, pool, source)))):
            if not row.bad:
                yield facts.Capacity(
                    resource=resource, pool=pool, source=source, start=start, end=end, amount=row["amount"],
                    origin=row.origin,
                )  # fmt: skip


def _pools(reading: Reading, row: Row, per: str) -> dict[str, int]:
    """Return the pools that a capacity row speaks of, with how specifically each is meant."""
    segments = row["places"] or ("*",)
    places = reading.names.places(segments)
    if per == Per.ALL:
        if row["places"]:
            hint = "or write `place` or `region` under per in resources.csv"
            row.fault(reading.faults, "places", "; ".join(segments), "a blank cell: one pool for all places", hint)
        return {"": 0}
    if per == Per.PLACE:
        return places
    pools: dict[str, int] = {}
    for place, rank in places.items():
        region = reading.names.region[place]
        if region:
            pools[region] = max(pools.get(region, 0), min(rank, 1))
        elif rank:
            row.fault(reading.faults, "places", place, "places that lie in a region", "name the region in places.csv")
    return pools


def _won(reading: Reading, table: str, *columns: str) -> Iterator[tuple[Row, str, list[tuple[str, ...]]]]:
    """Yield the rows that speak for each package, where rows with these cells in common override each other.

    A row with a fault in another cell overrides, too, but does not speak.
    """

    def keys(row: Row, _package: str) -> tuple[tuple[str, ...]]:
        return (tuple(row[column] for column in columns),)

    rows = reading.usable(table, "packages", *columns)
    return (won for won in winners(rows, keys, reading.names, reading.faults) if not won[0].bad)

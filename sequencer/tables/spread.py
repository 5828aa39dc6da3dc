"""From rows with wildcards to facts: one fact for each package, place or pool, made by the row that speaks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sequencer.instance import facts
from sequencer.tables.reading import Reading
from sequencer.tables.resolve import Timelines, winners
from sequencer.tables.rows import Row
from sequencer.vocabulary import Event


def options(reading: Reading) -> Iterator[facts.Option]:
    """Yield the options of each package."""
    for row, packages in _won(reading, "options", "option"):
        said = {
            "name": row["option"],
            "support": row["support_months"],
            "cost": row["support_cost"],
            "joint": row["joint_months"],
            "mentored": row["mentored_months"],
            "advisory": row["advisory_months"],
            "origin": row.origin,
        }
        yield from (facts.Option(package=package, **said) for package in packages)


def gains(reading: Reading) -> Iterator[facts.Gain]:
    """Yield what support adds to each score."""
    for row, packages in _won(reading, "gains", "option", "criterion"):
        said = {**_same(row, "option", "criterion", "gain"), "origin": row.origin}
        yield from (facts.Gain(package=package, **said) for package in packages)


def criteria(reading: Reading) -> Iterator[facts.Criterion]:
    """Yield the readiness gates."""
    for row, packages in _won(reading, "criteria", "criterion", "event"):
        said = {**_same(row, "criterion", "threshold", "hold"), "event": Event(row["event"]), "origin": row.origin}
        yield from (facts.Criterion(package=package, **said) for package in packages)


def readiness(reading: Reading) -> Iterator[facts.Readiness]:
    """Yield the scores; a score outside its own range is a fault."""
    for row in reading.usable("readiness", "score"):
        if row["low"] is not None and row["low"] > row["score"]:
            row.fault(reading.faults, "low", _points(row["low"]), f"the score, {_points(row['score'])}, or less")
        if row["high"] is not None and row["high"] < row["score"]:
            row.fault(reading.faults, "high", _points(row["high"]), f"the score, {_points(row['score'])}, or more")
    for row, packages in _won(reading, "readiness", "criterion"):
        said = {
            **_same(row, "criterion", "score", "assessor", "growth", "growth_after"),
            "low": row["score"] if row["low"] is None else row["low"],
            "high": row["score"] if row["high"] is None else row["high"],
            "assessed": row["assessed"] or 0,
            "origin": row.origin,
        }
        yield from (facts.Readiness(package=package, **said) for package in packages)


def _points(thousandths: int) -> str:
    return f"{thousandths / facts.SCORE:g}"


def limits(reading: Reading) -> Iterator[facts.Limit]:
    """Yield the threat limits; a row that limits nothing is a fault."""
    for row in reading.tables["limits"]:
        if row.bad.isdisjoint(("limit", "trend")) and row["limit"] is None and not row["trend"]:
            row.fault(reading.faults, "limit", "neither limit nor trend", "at least one of them")
    for row, packages in _won(reading, "limits", "event"):
        said = {**_same(row, "limit", "trend"), "event": Event(row["event"]), "origin": row.origin}
        yield from (facts.Limit(package=package, **said) for package in packages)


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


def _won(reading: Reading, table: str, *columns: str) -> Iterator[tuple[Row, Iterable[str]]]:
    """Yield each row with the packages it speaks for, where rows with these cells in common override each other.

    A row with a fault in another cell overrides, too, but does not speak.
    """

    def keys(row: Row, _function: str) -> tuple[tuple[str, ...]]:
        return (tuple(row[column] for column in columns),)

    rows = reading.usable(table, "packages", *columns)
    return (won for won in winners(rows, keys, reading.names, reading.faults) if not won[0].bad)


def _same(row: Row, *columns: str) -> dict[str, Any]:
    """Return the cells of columns that are called like the fields they fill."""
    return {column: row[column] for column in columns}

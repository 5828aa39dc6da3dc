"""From rows with wildcards to facts: one fact for each package, place or pool, made by the row that speaks for it."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance import facts
from sequencer.tables.reading import Reading
from sequencer.tables.resolve import Timelines, winners
from sequencer.tables.rows import Row
from sequencer.vocabulary import Event


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


def _won(reading: Reading, table: str, *columns: str) -> Iterator[tuple[Row, str, list[tuple[str, ...]]]]:
    """Yield the rows that speak for each package, where rows with these cells in common override each other.

    A row with a fault in another cell overrides, too, but does not speak.
    """

    def keys(row: Row, _package: str) -> tuple[tuple[str, ...]]:
        return (tuple(row[column] for column in columns),)

    rows = reading.usable(table, "packages", *columns)
    return (won for won in winners(rows, keys, reading.names, reading.faults) if not won[0].bad)

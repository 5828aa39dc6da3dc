"""Links: a row of wildcards stands for pairs of packages."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance.facts import Link
from sequencer.tables.cells import ANY
from sequencer.tables.reading import Reading
from sequencer.tables.rows import Row
from sequencer.vocabulary import Event

MOST_PAIRS = 1_000_000  # for one row; more is a slip of the pen, and would fill the memory


def links(reading: Reading) -> Iterator[Link]:
    """Yield one link for each pair of packages that a row stands for.

    A star in the same segment on both sides stands for the same name; on one side only it ranges over all names.

    Parameters
    ----------
    reading : Reading
        Its faults take rows that stand for no pair, or link an event with itself.

    Yields
    ------
    Link
        In the order of the rows.
    """
    for row in reading.tables["links"]:
        low, high = _lags(reading, row)
        pairs = _pairs(reading, row) if row.bad.isdisjoint(("", "before", "after")) else []
        before, after = row["before_event"], row["after_event"]
        if before and before == after and any(one == other for one, other in pairs):
            row.fault(reading.faults, "after", "an event that waits for itself", "another package or another event")
        for one, other in () if row.bad else pairs:
            yield Link(
                before=one,
                before_event=Event(before),
                after=other,
                after_event=Event(after),
                minimum=low,
                maximum=high,
                origin=row.origin,
            )


def _lags(reading: Reading, row: Row) -> tuple[int | None, int | None]:
    low = None if row["minimum"] == ANY else row["minimum"] or 0
    high = None if row["maximum"] == ANY else row["maximum"]
    if row.bad.isdisjoint(("minimum", "maximum")):
        if low is None and high is None:
            row.fault(reading.faults, "minimum", "neither minimum nor maximum", "at least one of them")
        elif low is not None and high is not None and high < low:
            row.fault(reading.faults, "maximum", str(high), f"the minimum, {low}, or more")
    return low, high


def _pairs(reading: Reading, row: Row) -> list[tuple[str, str]]:
    """Return the pairs, or none and a fault if there are none or too many."""
    names = reading.names
    before, after = row["before"], row["after"]
    same_place = before.place == after.place == "*"
    same_function = before.function == after.function == "*"
    # A package may be linked with itself only where the row says so: by name, or by a star that means one name.
    said = all(
        one == other and (one == "*" or ":" not in one)
        for one, other in ((before.place, after.place), (before.function, after.function))
    )

    def shared(package: str) -> tuple[str, str]:
        place, function = names.packages[package]
        return (place if same_place else "", function if same_function else "")

    followers: dict[tuple[str, str], list[str]] = {}
    for package in names.matching(after):
        followers.setdefault(shared(package), []).append(package)
    leaders = names.matching(before)
    count = sum(len(followers.get(shared(one), ())) for one in leaders)
    pairs = []
    if count <= MOST_PAIRS:
        pairs = [(one, other) for one in leaders for other in followers.get(shared(one), ()) if said or one != other]
    if not pairs and not (count == 0 and reading.faults.touch("packages.csv", "places.csv", "functions.csv")):
        found = f"{before} → {after}, {count:,} pairs" if count > MOST_PAIRS else f"{before} → {after}, no pair"
        row.fault(reading.faults, "after", found, f"a row that stands for 1 to {MOST_PAIRS:,} pairs of packages")
    return pairs

"""Links: a row of wildcards stands for pairs of packages, for sets whose events lie close together, or for a gate."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance.facts import Gate, Link, Width
from sequencer.tables.cells import ANY
from sequencer.tables.faults import shown
from sequencer.tables.patterns import Pattern
from sequencer.tables.reading import Reading
from sequencer.tables.rows import Row
from sequencer.vocabulary import Event

MOST_PAIRS = 1_000_000  # for one row; more is a slip of the pen, and would fill the memory


def links(reading: Reading) -> Iterator[Link | Width | Gate]:
    """Yield one link for each pair of packages that a row stands for, one width for each set, and the gates.

    A star in the same segment on both sides stands for the same name; on one side only it ranges over all names.

    Parameters
    ----------
    reading : Reading
        Its faults take rows that stand for no pair or set, link an event with itself, or are of two kinds.

    Yields
    ------
    Link, Width or Gate
        In the order of the rows.
    """
    for row in reading.tables["links"]:
        if not row.bad.isdisjoint(("", "before", "after", "gate", "width")):
            _lags(reading, row)
        elif row["gate"]:
            yield from _gate(reading, row)
        elif row["width"] is not None:
            yield from _widths(reading, row)
        else:
            yield from _links(reading, row)


def _links(reading: Reading, row: Row) -> Iterator[Link]:
    if not row["after"]:
        row.fault(reading.faults, "after", "nothing", "the packages that wait", "blank only with a gate or a width")
    if row["except"]:
        row.fault(
            reading.faults, "except", _said(row), "a blank cell: nobody is exempt from a link", "only with a gate"
        )
    low, high = _lags(reading, row)
    pairs = _pairs(reading, row) if row["after"] else []
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
    before, after = row["before"], row["after"]
    shared = _Shared(reading, before, after)
    # A package may be linked with itself only where the row says so: by name, or by a star that means one name.
    said = all(
        one == other and (one == "*" or ":" not in one)
        for one, other in ((before.place, after.place), (before.function, after.function))
    )
    followers: dict[tuple[str, str], list[str]] = {}
    for package in reading.names.matching(after):
        followers.setdefault(shared.value(package), []).append(package)
    leaders = reading.names.matching(before)
    count = sum(len(followers.get(shared.value(one), ())) for one in leaders)
    pairs = []
    if count <= MOST_PAIRS:
        pairs = [
            (one, other) for one in leaders for other in followers.get(shared.value(one), ()) if said or one != other
        ]
    if not pairs and not (count == 0 and reading.faults.touch("packages.csv", "places.csv", "functions.csv")):
        found = f"{before} → {after}, {count:,} pairs" if count > MOST_PAIRS else f"{before} → {after}, no pair"
        row.fault(reading.faults, "after", found, f"a row that stands for 1 to {MOST_PAIRS:,} pairs of packages")
    return pairs


class _Shared:
    """What two sides have in common: the value for which a star in the same segment of both stands."""

    def __init__(self, reading: Reading, before: Pattern, after: Pattern | None) -> None:
        self.packages = reading.names.packages
        self.place = after is not None and before.place == after.place == "*"
        self.function = after is not None and before.function == after.function == "*"

    def value(self, package: str) -> tuple[str, str]:
        """Return the place and the function of a package, each only if a star stands for it."""
        place, function = self.packages[package]
        return (place if self.place else "", function if self.function else "")


def _widths(reading: Reading, row: Row) -> Iterator[Width]:
    for column in ("minimum", "maximum"):
        if row[column] is not None:
            row.fault(reading.faults, column, str(row[column]), "a blank cell beside a width", "or a row of its own")
    if row["except"]:
        row.fault(reading.faults, "except", _said(row), "a blank cell beside a width", "only with a gate")
    sides = [(row["before"], row["before_event"]), (row["after"], row["after_event"])]
    shared = _Shared(reading, row["before"], row["after"] or None)
    sets: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for side, event in sides if row["after"] else sides[:1]:
        for package in reading.names.matching(side):
            sets.setdefault(shared.value(package), {})[package, event] = None
    wide = [members for members in sets.values() if len(members) > 1]
    if not wide and not reading.faults.touch("packages.csv", "places.csv", "functions.csv"):
        found = f"{' and '.join(str(side) for side, _ in sides if side)}, no two events together"
        row.fault(reading.faults, "before", found, "sides that stand for at least two events of packages")
    for members in () if row.bad else wide:
        yield Width(
            members=tuple((package, Event(event)) for package, event in members), width=row["width"], origin=row.origin
        )


def _gate(reading: Reading, row: Row) -> Iterator[Gate]:
    faults, names = reading.faults, reading.names
    if row["after"]:
        needed = "a blank cell beside a gate: who transfers in the phase waits"
        row.fault(faults, "after", shown(str(row["after"])), needed)
    if row["after_event"] not in (Event.TRANSFER, None):
        row.fault(faults, "after_event", shown(row["after_event"]), "a blank cell beside a gate: it is about transfers")
    if row["maximum"] is not None:
        row.fault(faults, "maximum", str(row["maximum"]), "a blank cell beside a gate")
    if row["width"] is not None:
        row.fault(faults, "width", str(row["width"]), "a blank cell beside a gate", "or a row of its own")
    if row["minimum"] == ANY:
        row.fault(faults, "minimum", shown(ANY), "a number of months, or a blank cell for 0")
    waiting = frozenset(names.packages) - frozenset(names.ranked(row["except"] or ()))
    if not waiting and "except" not in row.bad and not faults.touch("packages.csv", "places.csv", "functions.csv"):
        row.fault(faults, "except", _said(row), "a pattern that leaves at least one package waiting")
    if not row.bad:
        yield Gate(
            phase=row["gate"],
            waiting=waiting,
            before=names.matching(row["before"]),
            event=Event(row["before_event"]),
            minimum=row["minimum"] or 0,
            origin=row.origin,
        )


def _said(row: Row) -> str:
    return shown("; ".join(map(str, row["except"])))

"""Dates of several packages: links, widths and gates (statement, 5.2 and 7)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from folder_oracle.cells import Judged
from folder_oracle.tables import Folder, Package, RefusedError, Row, listed, number, segments, whole

Plan: TypeAlias = Mapping[Package, Judged]


@dataclass(frozen=True)
class Link:
    """Bounds on the months between two events; None is no bound."""

    before: Package
    before_event: str
    after: Package
    after_event: str
    minimum: int | None
    maximum: int | None

    def broken(self, plan: Plan) -> Iterator[str]:
        """Yield the id of each bound that a plan breaks; two dates in the past break none."""
        if self.before not in plan or self.after not in plan:
            return
        first, second = plan[self.before].dates[self.before_event], plan[self.after].dates[self.after_event]
        if first < 0 and second < 0:
            return
        if self.minimum is not None and first + self.minimum > second:
            yield "L1"
        if self.maximum is not None and second > first + self.maximum:
            yield "L2"


@dataclass(frozen=True)
class Width:
    """Events that lie close together."""

    events: frozenset[tuple[Package, str]]
    months: int

    def broken(self, plan: Plan) -> Iterator[str]:
        """Yield the id if the events of those packages that are in a plan lie too far apart."""
        dates = [plan[package].dates[event] for package, event in self.events if package in plan]
        dates = [date for date in dates if date >= 0]
        if dates and max(dates) - min(dates) > self.months:
            yield "L3"


@dataclass(frozen=True)
class Gate:
    """Those who wait transfer in a phase only so many months after an event of all others."""

    first: int
    last: int
    waiting: frozenset[Package]
    before: frozenset[Package]
    event: str
    minimum: int

    def broken(self, plan: Plan) -> Iterator[str]:
        """Yield the id if a package of a plan does not wait for another one in it."""
        for package, other in itertools.product(self.waiting & plan.keys(), self.before & plan.keys()):
            transfer = plan[package].transfer
            early = plan[other].dates[self.event] + self.minimum > transfer
            if package != other and self.first <= transfer <= self.last and early:
                yield "L4"


def links(folder: Folder) -> Iterator[Link | Width | Gate]:
    """Yield what each row of links stands for."""
    for row in folder.rows("links"):
        if row.get("width") and (row.get("minimum") or row.get("maximum")):
            raise RefusedError(f"{row} has a lag beside a width")
        if row.get("gate") and row.get("maximum"):
            raise RefusedError(f"{row} has a maximum beside a gate")
        yield from (
            _widths(folder, row) if row.get("width") else _gate(folder, row) if row.get("gate") else _links(folder, row)
        )


def _links(folder: Folder, row: Row) -> Iterator[Link]:
    """Yield a link for each pair of packages that a row stands for; a row without a pair is a fault."""
    befores, afters = folder.matching(row["before"]), folder.matching(row["after"])
    pairs = [pair for pair in itertools.product(befores, afters) if _linked(row, *pair)]
    if not pairs:
        raise RefusedError(f"{row} stands for no pair")
    minimum = None if row.get("minimum") == "any" else whole(row.get("minimum", ""))
    maximum = None if row.get("maximum") == "any" else number(row.get("maximum", ""))
    for before, after in pairs:
        yield Link(before, _event(row, "before"), after, _event(row, "after"), minimum, maximum)


def _linked(row: Row, before: Package, after: Package) -> bool:
    """Return whether a row links two packages that its sides match.

    A star in the same segment of both sides stands for the same value. A package is linked with itself only by a row
    that names one package on both sides, by its names or by stars that stand for them.
    """
    if any(before[i] != after[i] for i in _shared(row)):
        return False
    said = zip(segments(row["before"]), segments(row["after"]), strict=True)
    return before != after or all(a == b and ":" not in a for a, b in said)


def _shared(row: Row) -> list[int]:
    """Return the segments, 0 the place and 1 the function, that are a star on both sides of a row."""
    sides = segments(row["before"]), segments(row["after"])
    return [i for i in (0, 1) if sides[0][i] == sides[1][i] == "*"]


def _widths(folder: Folder, row: Row) -> Iterator[Width]:
    """Yield the one set of events of a row, or one for each value of the stars that its sides share."""
    shared = _shared(row) if row.get("after") else []
    sets: dict[tuple[str, ...], set[tuple[Package, str]]] = {}
    for side in ("before", "after"):
        for package in folder.matching(row[side]) if row.get(side) else []:
            sets.setdefault(tuple(package[i] for i in shared), set()).add((package, _event(row, side)))
    for events in sets.values():
        yield Width(frozenset(events), int(row["width"]))


def _gate(folder: Folder, row: Row) -> Iterator[Gate]:
    phases = [phase for phase in folder.rows("phases") if phase["phase"] == row["gate"]]
    if not phases:
        raise RefusedError(f"{row['gate']} is no phase")
    excepted = {package for pattern in listed(row.get("except", "")) for package in folder.matching(pattern)}
    yield Gate(
        *folder.span(phases[0]),
        waiting=frozenset(folder.packages) - excepted,
        before=frozenset(folder.matching(row["before"])),
        event=_event(row, "before"),
        minimum=whole(row.get("minimum", "")),
    )


def _event(row: Row, side: str) -> str:
    return row.get(f"{side}_event") or "transfer"

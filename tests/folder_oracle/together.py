"""Several packages: links between their dates, and supplies they share (statement, 4.6, 5.2, 5.3 and 7)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from folder_oracle.cells import Judged
from folder_oracle.facts import Facts
from folder_oracle.tables import Folder, Package, RefusedError, Row, segments

Plan: TypeAlias = Mapping[Package, Judged]
#: An amount, and the packages it may serve.
Source: TypeAlias = tuple[int, frozenset[Package]]


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
        first, second = plan[self.before].dates[self.before_event], plan[self.after].dates[self.after_event]
        if first < 0 and second < 0:
            return
        if self.minimum is not None and first + self.minimum > second:
            yield "L1"
        if self.maximum is not None and second > first + self.maximum:
            yield "L2"


def links(folder: Folder) -> Iterator[Link]:
    """Yield a link for each pair of packages that a row stands for; a row without a pair is a fault."""
    for row in folder.rows("links"):
        befores, afters = folder.matching(row["before"]), folder.matching(row["after"])
        pairs = [pair for pair in itertools.product(befores, afters) if _linked(row, *pair)]
        if not pairs:
            raise RefusedError(f"{row} stands for no pair")
        minimum = None if row.get("minimum") == "any" else int(row.get("minimum") or 0)
        maximum = None if row.get("maximum") in {None, "", "any"} else int(row["maximum"])
        for before, after in pairs:
            events = row.get("before_event") or "transfer", row.get("after_event") or "transfer"
            yield Link(before, events[0], after, events[1], minimum, maximum)


def _linked(row: Row, before: Package, after: Package) -> bool:
    """Return whether a row links two packages that its sides match.

    A star in the same segment of both sides stands for the same value. A package is linked with itself only by a row
    that names one package on both sides, by its names or by stars that stand for them.
    """
    said = list(zip(segments(row["before"]), segments(row["after"]), strict=True))
    if any(a == b == "*" and before[i] != after[i] for i, (a, b) in enumerate(said)):
        return False
    return before != after or all(a == b and ":" not in a for a, b in said)


@dataclass(frozen=True)
class Pool:
    """What some packages share of a resource: the months of each bucket, and what each source gives in it."""

    resource: str
    members: frozenset[Package]
    buckets: Sequence[Sequence[int]]
    sources: Sequence[Sequence[Source]]

    def short(self, plan: Plan, newest: Package) -> bool:
        """Return whether the sources cannot serve some set of packages, the newest among them, in some bucket.

        By proposition 5 an allocation exists if and only if no set of packages needs more than the sources that may
        serve any of them hold together.
        """
        if newest not in self.members:
            return False
        others = [package for package in plan if package in self.members and package != newest]
        needs = {package: plan[package].needs[self.resource] for package in (newest, *others)}
        for months, sources in zip(self.buckets, self.sources, strict=True):
            needed = {package: sum(need[month] for month in months) for package, need in needs.items()}
            if not needed[newest]:
                continue
            for number in range(len(others) + 1):
                for some in itertools.combinations(others, number):
                    group = {newest, *some}
                    if sum(needed[p] for p in group) > sum(held for held, may in sources if not may.isdisjoint(group)):
                        return True
        return False


def pools(folder: Folder, facts: Mapping[Package, Facts]) -> Iterator[Pool]:
    """Yield the pools of each resource: one for all, or one for each place or region."""
    for row in folder.rows("resources"):
        resource, per = row["resource"], row.get("per") or "all"
        needy = {p for p, fact in facts.items() if any(n.resource == resource and n.amount for n in fact.needs)}
        supplied = [
            source
            for table in ("capacity", "guarantees")
            for source in folder.rows(table)
            if (source.get("resource") or "presence") == resource
        ]
        if needy and not supplied:
            raise RefusedError(f"{resource} is needed and has no capacity")
        whose = {p: {"all": "", "place": p[0], "region": folder.region[p[0]]}[per] for p in facts}
        if per == "region" and any(not whose[package] for package in needy):
            raise RefusedError(f"{resource} is needed in a place without a region")
        for pool in sorted(set(whose.values())):
            members = frozenset(package for package in facts if whose[package] == pool)
            _check_sources(folder, supplied, members)
            buckets = list(_buckets(folder, row.get("bucket") or "month"))
            yield Pool(resource, members, buckets, [_sources(folder, supplied, members, b[0]) for b in buckets])


def _buckets(folder: Folder, kind: str) -> Iterator[list[int]]:
    """Yield the months of each bucket, in order."""
    months = range(folder.months)
    if kind == "phase":
        spans = sorted(map(folder.span, folder.rows("phases"))) or [(0, folder.months)]
        yield from ([month for month in months if start <= month <= end] for start, end in spans)
        return
    keys = {"month": lambda month: month, "plan": lambda _: 0, "fiscal_year": folder.fiscal_year}
    for _, bucket in itertools.groupby(months, keys[kind]):
        yield list(bucket)


def _check_sources(folder: Folder, rows: Sequence[Row], members: frozenset[Package]) -> None:
    """Refuse two rows of one source that share a month, where they speak of the same pool."""
    for one, other in itertools.combinations(rows, 2):
        named = [row.get("source", "") or row.get("force", "") for row in (one, other)]
        covered = [{p for p in members if folder.in_places(_covers(row), p[0])} for row in (one, other)]
        (start, end), (begin, last) = folder.span(one), folder.span(other)
        if named[0] == named[1] and covered[0] & covered[1] and start <= last and begin <= end:
            raise RefusedError(f"{one} and {other} are rows of one source, and share a month")


def _covers(row: Row) -> str:
    return row.get("covers") or row.get("places") or "*"


def _sources(folder: Folder, rows: Sequence[Row], members: frozenset[Package], first: int) -> list[Source]:
    """Return what each row gives to the members of a pool in the bucket that begins in a month."""
    found = []
    for row in rows:
        start, end = folder.span(row)
        if start <= first <= end:
            may = frozenset(package for package in members if folder.in_places(_covers(row), package[0]))
            found.append((int(row.get("amount") or row["people"]), may))
    return found


def check_phases(folder: Folder) -> None:
    """Refuse phases that leave a month of the plan out or hold one twice."""
    spans = [folder.span(row) for row in folder.rows("phases")]
    if spans and any(sum(start <= month <= end for start, end in spans) != 1 for month in range(folder.months)):
        raise RefusedError("phases have gaps or overlap")

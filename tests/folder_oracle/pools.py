"""Supplies that packages share: pools, buckets, sources and what they may serve (statement, 4.6 and 5.3)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from folder_oracle.facts import Facts
from folder_oracle.links import Plan
from folder_oracle.tables import Folder, Package, Rank, RefusedError, Row, listed, points, speaker

#: An amount, and the packages it may serve.
Source: TypeAlias = tuple[int, frozenset[Package]]
YEARS = range(0, 600, 12)


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
        supplied = _Supplied(folder, row)
        resource, per = row["resource"], supplied.per
        needy = {p for p, fact in facts.items() if any(n.resource == resource and n.amount for n in fact.needs)}
        if needy and not supplied.rows:
            raise RefusedError(f"{resource} is needed and has no capacity")
        whose = {p: {"all": "", "place": p[0], "region": folder.region[p[0]]}[per] for p in facts}
        if per == "region" and any(not whose[package] for package in needy):
            raise RefusedError(f"{resource} is needed in a place without a region")
        for pool in {"all": [""], "place": folder.region, "region": folder.region.values()}[per]:
            supplied.check(pool)
        buckets = list(_buckets(folder, supplied.bucket))
        for pool in sorted(set(whose.values())):
            members = frozenset(package for package in facts if whose[package] == pool)
            yield Pool(resource, members, buckets, [supplied.sources(pool, members, months[0]) for months in buckets])


def _buckets(folder: Folder, kind: str) -> Iterator[list[int]]:
    """Yield the months of each bucket, in order."""
    months = range(folder.months)
    if kind == "phase":
        spans = sorted(map(folder.span, folder.rows("phases"))) or [(0, folder.months)]
        yield from ([month for month in months if start <= month <= end] for start, end in spans)
    elif kind == "fiscal_year":
        yield from folder.fiscal_years()
    else:
        yield from [[month] for month in months] if kind == "month" else [list(months)]


class _Supplied:
    """The rows that supply one resource, and the calendar rows that make it scarce or plentiful."""

    def __init__(self, folder: Folder, resource: Row) -> None:
        name = resource["resource"]
        self.folder = folder
        self.per = resource.get("per") or "all"
        self.bucket = resource.get("bucket") or "month"
        forces = [force for force in folder.rows("guarantees") if force.get("role") != "reserve"]
        self.rows = [row for row in folder.rows("capacity") if row["resource"] == name]
        self.rows += [force for force in forces if (force.get("resource") or "presence") == name]
        self.factors = [row for row in folder.rows("calendar") if row.get("resource") == name]
        if self.factors and self.bucket != "month":
            raise RefusedError(f"{name} is not counted by months, and the calendar changes it")
        if self.per == "all" and any(row.get("places") not in {None, "", "*"} for row in self.factors):
            raise RefusedError(f"{name} is one pool, and the calendar changes it in some places")

    def check(self, pool: str) -> None:
        """Refuse two rows of one source that share a month, where neither beats the other in it."""
        for month in {m for row in self.rows for m in (self.folder.span(row)[0], self.folder.span(row)[1] + 1)}:
            self._speaking(pool, month)

    def sources(self, pool: str, members: frozenset[Package], month: int) -> list[Source]:
        """Return what each source gives to which members of a pool in the bucket that begins in a month."""
        found = []
        for row in self._speaking(pool, month):
            amount, thousand = int(row.get("amount") or row["people"]), 1
            for factor in self._factors(pool, month):
                amount, thousand = amount * factor, thousand * 1000
            found.append((amount // thousand, frozenset(package for package in members if self._may(row, package))))
        return found

    def _speaking(self, pool: str, month: int) -> list[Row]:
        """Return the row that speaks for each source of a pool in a month."""
        claims: dict[str, list[tuple[Rank, Row]]] = {}
        for row in self.rows:
            start, end = self.folder.span(row)
            rank = self._rank(row, pool)
            if start <= month <= end and rank is not None:
                claims.setdefault(row.get("source") or row.get("force") or "", []).append(((rank,), row))
        return [speaker(rows) for rows in claims.values()]

    def _rank(self, row: Row, pool: str) -> int | None:
        """Return how specifically a row means a pool; None if it does not."""
        segments = listed(row.get("places") or "*")
        if self.per == "all":
            return 0
        if self.per == "place":
            ranks = [self.folder.place_rank(segment, pool) for segment in segments]
        else:
            ranks = [{"*": 0, f"region:{pool}": 1}.get(segment) for segment in segments]
        return max((rank for rank in ranks if rank is not None), default=None)

    def _may(self, row: Row, package: Package) -> bool:
        """Return whether a package may draw on a row; places count where the resource is one pool."""
        places = row.get("covers") or (row.get("places") if self.per == "all" else "") or "*"
        functions = row.get("functions") or "*"
        return self.folder.in_places(places, package[0]) and self.folder.in_functions(functions, package[1])

    def _factors(self, pool: str, month: int) -> Iterator[int]:
        """Yield the factors, in thousandths, that touch a pool in a month."""
        for row in self.factors:
            start = self.folder.month(row["from"]) or 0
            end = self.folder.month(row.get("to") or row["from"]) or 0
            again = YEARS if row.get("yearly") == "yes" else range(1)
            if any(start + year <= month <= end + year for year in again) and self._touched(row, pool):
                yield points(row["capacity_factor"])

    def _touched(self, row: Row, pool: str) -> bool:
        of_pool = {place for place, region in self.folder.region.items() if pool in {"", place, region}}
        return not row.get("places") or any(self.folder.in_places(row["places"], place) for place in of_pool)


def check_phases(folder: Folder) -> None:
    """Refuse phases that leave a month of the plan out or hold one twice."""
    spans = [folder.span(row) for row in folder.rows("phases")]
    if spans and any(sum(start <= month <= end for start, end in spans) != 1 for month in range(folder.months)):
        raise RefusedError("phases have gaps or overlap")

"""Capacity: the pools that a row speaks of, and the packages that may draw on it."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance import facts
from sequencer.tables.faults import listed
from sequencer.tables.reading import Reading
from sequencer.tables.resolve import Timelines
from sequencer.tables.rows import Row
from sequencer.vocabulary import Per


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
    eligible = _Eligible(reading)
    for row in reading.usable("capacity", "resource", "places", "functions"):
        if row["functions"] or per.get(row["resource"]) == Per.ALL:  # a pool of a place without packages is no fault
            eligible.check(row)
    for about in lines.claims:
        resource, pool, source = about
        what = " ".join(filter(None, (resource, pool, source)))
        for start, end, row in lines.settled(about, what, "or names of their own under source"):
            if not row.bad:
                yield facts.Capacity(
                    resource=resource, pool=pool, source=source,
                    serves=eligible.packages(row, all_places=per[resource] != Per.ALL),
                    start=start, end=end, amount=row["amount"], origin=row.origin,
                )  # fmt: skip


def _pools(reading: Reading, row: Row, per: str) -> dict[str, int]:
    """Return the pools that a capacity row speaks of, with how specifically each is meant."""
    if per == Per.ALL:
        return {"": 0}
    places = reading.names.places(row["places"] or ("*",))
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


class _Eligible:
    """The packages that may draw on a row; rows with the same cells share one set."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.sets: dict[tuple[frozenset[str], frozenset[str]], frozenset[str]] = {}

    def packages(self, row: Row, *, all_places: bool) -> frozenset[str] | None:
        """Return the packages; None for all, as far as the places of the pool go."""
        places = ("*",) if all_places or not row["places"] else row["places"]
        functions = row["functions"] or ("*",)
        if "*" in places and "*" in functions:
            return None
        names = self.reading.names
        key = frozenset(names.places(places)), names.functions(functions)
        if key not in self.sets:
            self.sets[key] = frozenset(
                package for package, (place, function) in names.packages.items()
                if place in key[0] and function in key[1]
            )  # fmt: skip
        return self.sets[key]

    def check(self, row: Row) -> None:
        """Note a row that would serve nobody."""
        if self.packages(row, all_places=False) != frozenset():
            return
        if self.reading.faults.touch("packages.csv", "places.csv", "functions.csv"):
            return  # a package's own fault may be why none is found
        column = "functions" if row["functions"] else "places"
        found = f"no package of {listed(row['functions'] or ('*',))} in {listed(row['places'] or ('*',))}"
        row.fault(self.reading.faults, column, found, "functions and places of at least one package")

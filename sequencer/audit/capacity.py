"""S1: in every bucket, what is needed of a resource is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sequencer.audit.allotment import Share, short
from sequencer.audit.finding import Finding
from sequencer.audit.needs import Ledger
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Bucket, Per

NAMED = 5  # packages named in a finding before the rest is counted


@dataclass(frozen=True, slots=True)
class Pool:
    """Sources of one resource that serve the same places, and add up."""

    name: str
    places: frozenset[str]
    sources: tuple[facts.Capacity | facts.Guarantee, ...]

    def there(self, month: int) -> tuple[facts.Capacity | facts.Guarantee, ...]:
        """Return the sources there in a month."""
        return tuple(s for s in self.sources if s.start <= month and (s.end is None or month <= s.end))

    def amount(self, month: int) -> int:
        """Return how much there is in the bucket that begins in a month."""
        return sum(s.people if isinstance(s, facts.Guarantee) else s.amount for s in self.there(month))


def supply(instance: Instance, ledger: Ledger) -> Iterator[Finding]:
    """Yield a finding for each resource, group of pools and bucket in which more is needed than there is."""
    for resource in instance.resources:
        if not ledger.rows(resource.name):
            continue
        groups = _groups(_pools(instance, resource))
        near = [(group, _drawing(ledger, group)) for group in groups]
        for label, months in _buckets(instance, resource.bucket):
            for group, drawing in near:
                yield from _met(ledger, resource, group, drawing, (label, months))


def _drawing(ledger: Ledger, group: Sequence[Pool]) -> list[Walk]:
    """Return the packages in the places that some pools serve."""
    places = frozenset[str]().union(*(pool.places for pool in group))
    return [walk for walk in ledger.walks if walk.package.place in places]


def _met(
    ledger: Ledger,
    resource: facts.Resource,
    group: Sequence[Pool],
    drawing: Sequence[Walk],
    bucket: tuple[str, Sequence[int]],
) -> Iterator[Finding]:
    """Compare needs and capacity of pools that share places, in one bucket: its name and months."""
    label, months = bucket
    needs: dict[str, int] = {}
    users: dict[str, str] = {}  # package -> place
    for walk in drawing:
        need = sum(ledger.amount(walk, resource.name, month) for month in months)
        place = walk.package.place
        if need > 0:
            needs[place] = needs.get(place, 0) + need
            users[walk.name] = place
    first = months[0]
    places = short(needs, [Share(pool.places, pool.amount(first)) for pool in group])
    if not places:
        return
    reaching = [pool for pool in group if pool.places & places]
    needed = sum(needs[place] for place in places)
    there = sum(pool.amount(first) for pool in reaching)
    name = ", ".join(pool.name for pool in reaching if pool.name)
    unit = resource.unit or "units"
    origins = [str(source.origin) for pool in reaching for source in pool.there(first)] or [str(resource.origin)]
    yield Finding(
        rule="S1",
        about=f"{resource.name} ({name})" if name else resource.name,
        month=first,
        amount=needed - there,
        unit=unit,
        text=f"{resource.name}{f' of {name}' if name else ''} in {label}: {needed} {unit} needed by"
        f" {_names([user for user, place in users.items() if place in places])}, {there} there,"
        f" {needed - there} missing [{'; '.join(origins)}].",
    )


def _pools(instance: Instance, resource: facts.Resource) -> list[Pool]:
    """Return the pools of a resource: of its capacity rows, and one for each set of places that forces cover."""
    forces = [force for force in instance.guarantees if force.resource == resource.name]
    rows = [row for row in instance.capacity if row.resource == resource.name]
    by_cover: dict[frozenset[str], list[facts.Guarantee]] = {}
    for force in forces:
        by_cover.setdefault(force.covers, []).append(force)
    pools = [
        Pool(" and ".join(dict.fromkeys(f.force for f in same)), covers, tuple(same))
        for covers, same in by_cover.items()
    ]
    if rows or not forces:
        for name, places in _served(instance, resource.per).items():
            pools.append(Pool(name, places, tuple(row for row in rows if row.pool == name)))
    reached = frozenset[str]().union(*(pool.places for pool in pools))
    alone = [place for place in instance.place if place not in reached]
    return [*pools, *(Pool(place, frozenset({place}), ()) for place in alone)]


def _served(instance: Instance, per: Per) -> dict[str, frozenset[str]]:
    """Return the places that each pool of a resource serves, by the name of the pool."""
    served: dict[str, set[str]] = {}
    for place in instance.places:
        name = {Per.ALL: "", Per.PLACE: place.name, Per.REGION: place.region}[per]
        served.setdefault(name, set()).add(place.name)
    return {name: frozenset(places) for name, places in served.items()}


def _groups(pools: Sequence[Pool]) -> list[list[Pool]]:
    """Return the pools in groups that have no place in common with each other."""
    groups: list[list[Pool]] = []
    for pool in pools:
        touching = [group for group in groups if any(other.places & pool.places for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([*(other for group in touching for other in group), pool])
    return groups


def _buckets(instance: Instance, bucket: Bucket) -> list[tuple[str, list[int]]]:
    """Return the buckets of the plan with the months each holds, all inside the horizon."""
    calendar = instance.calendar
    horizon = range(instance.plan.months)
    if bucket is Bucket.MONTH:
        return [(calendar.label(month), [month]) for month in horizon]
    if bucket is Bucket.PLAN or (bucket is Bucket.PHASE and not instance.phases):
        named = {"the whole plan": list(horizon)}
    elif bucket is Bucket.PHASE:
        named = {f"phase {p.name}": [m for m in horizon if p.start <= m <= p.end] for p in instance.phases}
    else:
        named = {}
        for month in horizon:
            named.setdefault(f"FY{calendar.fiscal_year(month)}", []).append(month)
    return [(f"{name} ({calendar.span(held[0], held[-1])})", held) for name, held in named.items() if held]


def _names(packages: Sequence[str]) -> str:
    """Return the packages that need something, the first few by name."""
    more = len(packages) - NAMED
    return ", ".join(packages[:NAMED]) + (f" and {more} more" if more > 0 else "")

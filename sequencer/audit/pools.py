"""The pools of a resource: which sources there are, whom they serve and how much they have in a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sequencer.audit.conditions import in_force
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Bucket, Per

Source: TypeAlias = facts.Capacity | facts.Guarantee


@dataclass(frozen=True, slots=True)
class Pool:
    """Sources of one resource that serve the same packages, and add up. ``factors``: what may change all of them."""

    name: str
    packages: frozenset[str]
    sources: tuple[Source, ...] = ()
    factors: tuple[facts.Closure, ...] = ()

    def there(self, month: int) -> tuple[Source, ...]:
        """Return the sources there in a month."""
        return tuple(s for s in self.sources if s.start <= month and (s.end is None or month <= s.end))

    def amount(self, month: int) -> int:
        """Return how much there is in the bucket that begins in a month; each source is rounded down by itself."""
        times, parts = 1, 1
        for closure in self.factors:
            if closure.factor is not None and in_force(closure, month):
                times *= closure.factor
                parts *= facts.THOUSANDTHS
        return sum(_size(source) * times // parts for source in self.there(month))


def pools(instance: Instance, resource: facts.Resource) -> list[Pool]:
    """Return the pools of a resource; packages that no source serves are in pools that have nothing."""
    forces = [force for force in instance.guarantees if force.resource == resource.name]
    rows = [row for row in instance.capacity if row.resource == resource.name]
    found = [*_of_forces(instance, resource, forces), *_of_rows(instance, resource, rows)]
    reached = frozenset[str]().union(*(pool.packages for pool in found))
    rest = _homes(instance, Per.PLACE if forces and not rows else resource.per)
    return [*found, *(Pool(name, packages - reached) for name, packages in rest.items() if packages - reached)]


def groups(found: Sequence[Pool]) -> list[list[Pool]]:
    """Return pools in groups that have no package in common with each other."""
    grouped: list[list[Pool]] = []
    for pool in found:
        touching = [group for group in grouped if any(other.packages & pool.packages for other in group)]
        grouped = [group for group in grouped if group not in touching]
        grouped.append([*(other for group in touching for other in group), pool])
    return grouped


def _of_forces(instance: Instance, resource: facts.Resource, forces: Sequence[facts.Guarantee]) -> list[Pool]:
    """Return a pool for each set of places that presence forces cover."""
    by_cover: dict[frozenset[str], list[facts.Guarantee]] = {}
    for force in forces:
        by_cover.setdefault(force.covers, []).append(force)
    factors = tuple(closure for closure in _factors(instance, resource) if closure.pools is None)
    return [
        Pool(
            name=" and ".join(dict.fromkeys(force.force for force in same)),
            packages=frozenset(package.name for package in instance.packages if package.place in covers),
            sources=tuple(same),
            factors=factors,
        )
        for covers, same in by_cover.items()
    ]


def _of_rows(instance: Instance, resource: facts.Resource, rows: Sequence[facts.Capacity]) -> list[Pool]:
    """Return a pool for each place, region or country that has rows, and in it for each set of packages they serve."""
    homes = _homes(instance, resource.per)
    alike: dict[tuple[str, frozenset[str] | None], list[facts.Capacity]] = {}
    for row in rows:
        alike.setdefault((row.pool, row.serves), []).append(row)
    found = []
    for (home, serves), same in alike.items():
        sources = " and ".join(dict.fromkeys(row.source for row in same if row.source))
        found.append(
            Pool(
                name=home if serves is None else ": ".join(part for part in (home, sources) if part),
                packages=homes[home] if serves is None else homes[home] & serves,
                sources=tuple(same),
                factors=tuple(c for c in _factors(instance, resource) if c.pools is None or home in c.pools),
            )
        )
    return found


def _factors(instance: Instance, resource: facts.Resource) -> list[facts.Closure]:
    """Return the calendar events that change the capacity of a resource.

    Raises
    ------
    ValueError
        If it is not counted month by month.
    """
    factors = [c for c in instance.calendar_events if c.factor is not None and c.resource == resource.name]
    if factors and resource.bucket is not Bucket.MONTH:
        raise ValueError(f"{resource.name} is not counted by month, so that no factor fits it [{factors[0].origin}]")
    return factors


def _homes(instance: Instance, per: Per) -> dict[str, frozenset[str]]:
    """Return the packages of each place or region, or all of them under an empty name."""
    homes: dict[str, set[str]] = {}
    for place in instance.places:
        homes.setdefault({Per.ALL: "", Per.PLACE: place.name, Per.REGION: place.region}[per], set())
    for package in instance.packages:
        place = instance.place[package.place]
        homes[{Per.ALL: "", Per.PLACE: place.name, Per.REGION: place.region}[per]].add(package.name)
    return {name: frozenset(packages) for name, packages in homes.items()}


def _size(source: Source) -> int:
    """Return the strength of a force, or the amount of a row."""
    return source.people if isinstance(source, facts.Guarantee) else source.amount

"""Pools: which packages share which sources of a resource.

Mostly a resource is one pool, or one for each place or region. Sources that serve some packages only may overlap:
presence forces in the places they cover, teams in the functions they know. Then needs can be met in a bucket if and
only if, for every set of sources, the packages that no other source can serve need no more than these have
(models/problem.md, proposition 5): each such set is a pool of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sequencer.errors import Fault, InstanceError
from sequencer.instance import facts
from sequencer.instance.instance import Instance, grouped
from sequencer.vocabulary import Origin, Per

Source: TypeAlias = facts.Capacity | facts.Guarantee

MOST = 1000  # sets of overlapping sources; more would mean that nearly every package has sources of its own


@dataclass(frozen=True, slots=True)
class Pool:
    """The packages that draw on some rows of capacity.

    ``of`` is the place or region whose pool it is; ``label`` tells all pools of one resource apart.
    """

    of: str
    label: str
    packages: frozenset[str]
    rows: tuple[Source, ...]
    factors: tuple[facts.Closure, ...] = ()

    def held(self, month: int) -> tuple[int, tuple[Origin, ...]]:
        """Return what the rows give in the bucket that begins in a month, and where those that give it stand."""
        given = [row for row in self.rows if there(row, month)]
        factors = [fact for fact in self.factors if _in_force(fact, month)]
        amount = sum(_times(_amount(row), factors) for row in given)
        return amount, tuple(fact.origin for fact in (*given, *factors))


def there(row: Source | facts.Pledge | facts.Threat, month: int) -> bool:
    """Return whether a month lies in the stretch of a row."""
    return row.start <= month and (row.end is None or month <= row.end)


def pools(instance: Instance, resource: facts.Resource) -> Iterator[Pool]:
    """Yield the pools of a resource."""
    capacity = grouped((row for row in instance.capacity if row.resource == resource.name), "pool")
    forces = [force for force in instance.guarantees if force.resource == resource.name]
    factors = [fact for fact in instance.calendar_events if fact.resource == resource.name and fact.factor is not None]
    sharing: dict[str, list[str]] = {}
    for package in instance.packages:
        place = instance.place[package.place]
        of = {Per.ALL: "", Per.PLACE: place.name, Per.REGION: place.region}[resource.per]
        sharing.setdefault(of, []).append(package.name)
    for of, names in sharing.items():
        rows = capacity.get(of, ())
        mine = tuple(fact for fact in factors if fact.pools is None or of in fact.pools)
        yield from _split(instance, Pool(of, of, frozenset(names), (*rows, *forces), mine))


def _split(instance: Instance, pool: Pool) -> Iterator[Pool]:
    """Yield a pool, or one for each set of sources that some of its packages depend on together."""
    kinds: dict[frozenset[str] | None, list[Source]] = {}
    for row in pool.rows:
        kinds.setdefault(_serves(instance, row), []).append(row)
    if set(kinds) <= {None}:
        yield pool
        return
    served = list(kinds)
    reach = {
        name: frozenset(i for i, serves in enumerate(served) if serves is None or name in serves)
        for name in pool.packages
    }
    sets = _unions(set(reach.values()))
    if sets is None:
        origin = pool.rows[0].origin
        found = f"more than {MOST} sets of sources that overlap"
        raise InstanceError([Fault(origin.file, 0, "", found, "sources that serve fewer packages in common")])
    for together in sets:
        rows = tuple(row for i in sorted(together) for row in kinds[served[i]])
        names = frozenset(name for name, own in reach.items() if own <= together)
        sources = " + ".join(dict.fromkeys(_name(row) for row in rows))
        label = ": ".join(filter(None, (pool.of, sources)))
        yield Pool(pool.of, label, names, rows, pool.factors)


def _unions(sets: Iterable[frozenset[int]]) -> list[frozenset[int]] | None:
    """Return the sets and all unions of sets that overlap, directly or through others; None if there are too many."""
    found = sorted(sets, key=sorted)
    known = set(found)
    for one in found:  # grows while it is walked
        for other in tuple(known):
            union = one | other
            if one & other and union not in known:
                known.add(union)
                found.append(union)
        if len(known) > MOST:
            return None
    return found


def _serves(instance: Instance, row: Source) -> frozenset[str] | None:
    """Return the packages that may draw on a row; None: all."""
    if isinstance(row, facts.Capacity):
        return row.serves
    return frozenset(package.name for package in instance.packages if package.place in row.covers)


def _name(row: Source) -> str:
    return row.force if isinstance(row, facts.Guarantee) else row.source


def _amount(row: Source) -> int:
    return row.people if isinstance(row, facts.Guarantee) else row.amount


def _times(amount: int, factors: Iterable[facts.Closure]) -> int:
    """Return an amount times all factors, rounded down once."""
    scale = 1
    for fact in factors:
        amount, scale = amount * (fact.factor or 0), scale * facts.THOUSANDTHS
    return amount // scale


def _in_force(fact: facts.Closure, month: int) -> bool:
    """Return whether a calendar event holds in a month; a yearly one again every 12 months."""
    after = month - fact.start
    return after >= 0 and (after % 12 if fact.yearly else after) <= fact.end - fact.start

"""Pools: which packages share which sources of a resource.

Mostly a resource is one pool, or one for each place or region. Presence forces serve the places they cover, and may
overlap. Then needs can be met in a month if and only if, for every set of forces, the packages that no other force can
serve need no more than these forces have (models/problem.md, proposition 5): each such set is a pool of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sequencer.errors import Fault, InstanceError
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Origin, Per

Source: TypeAlias = facts.Capacity | facts.Guarantee

MOST = 1000  # sets of overlapping forces; more would mean that nearly every place has forces of its own


@dataclass(frozen=True, slots=True)
class Pool:
    """The packages that draw on some rows of capacity. ``label`` tells pools of one resource apart."""

    label: str
    packages: frozenset[str]
    rows: tuple[Source, ...]

    def held(self, month: int) -> tuple[int, tuple[Origin, ...]]:
        """Return what the rows give in the bucket that begins in a month, and where those that give it stand."""
        given = [row for row in self.rows if row.start <= month and (row.end is None or month <= row.end)]
        return sum(map(_amount, given)), tuple(row.origin for row in given)


def pools(instance: Instance, resource: facts.Resource) -> Iterator[Pool]:
    """Yield the pools of a resource."""
    capacity = [row for row in instance.capacity if row.resource == resource.name]
    forces = [force for force in instance.guarantees if force.resource == resource.name]
    if resource.per is not Per.ALL:
        sharing: dict[str, list[str]] = {}
        for package in instance.packages:
            place = instance.place[package.place]
            sharing.setdefault(place.name if resource.per is Per.PLACE else place.region, []).append(package.name)
        for label, names in sharing.items():
            yield Pool(label, frozenset(names), tuple(row for row in capacity if row.pool == label))
    elif forces:
        yield from _covered(instance, resource, forces)
    else:
        yield Pool("", frozenset(instance.package), tuple(capacity))


def _covered(instance: Instance, resource: facts.Resource, forces: list[facts.Guarantee]) -> Iterator[Pool]:
    """Yield one pool for each set of forces that some packages depend on together."""
    reach = {
        package.name: frozenset(i for i, force in enumerate(forces) if package.place in force.covers)
        for package in instance.packages
    }
    sets = _unions(set(reach.values()))
    if sets is None:
        found = f"more than {MOST} sets of forces that overlap in {resource.name}"
        raise InstanceError([Fault("guarantees.csv", 0, "covers", found, "forces that cover fewer places in common")])
    for together in sets:
        rows = tuple(forces[i] for i in sorted(together))
        names = frozenset(name for name, own in reach.items() if own <= together)
        yield Pool(" + ".join(dict.fromkeys(row.force for row in rows)), names, rows)


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


def _amount(row: Source) -> int:
    return row.people if isinstance(row, facts.Guarantee) else row.amount

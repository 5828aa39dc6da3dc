"""A plan whose conditions are asked for, and what all of them look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sequencer.compile.pools import Pool, pools
from sequencer.compile.supplies import buckets
from sequencer.compile.windows import midway, past
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Problem, Schedule, Supply
from sequencer.problem.demand import Drawn
from sequencer.reasons.conditions.places import Addresses
from sequencer.vocabulary import Event


@dataclass(frozen=True, eq=False)
class HeldPool:
    """A pool of a resource: what it holds, and what the plan draws from it.

    Attributes
    ----------
    resource : Resource
    pool : Pool
    drawn : Drawn
        What draws on it, and the buckets, B of them.
    needs : mapping of str to list of int, length B
        What each package that draws on it needs in each bucket.
    """

    resource: facts.Resource
    pool: Pool
    drawn: Drawn
    needs: Mapping[str, list[int]]

    @property
    def months(self) -> tuple[range, ...]:
        """The months of each bucket, length B."""
        return self.drawn.buckets

    @property
    def ended(self) -> int:
        """How many buckets, the first ones, have ended already."""
        return self.drawn.ended if isinstance(self.drawn, Supply) else 0

    @cached_property
    def totals(self) -> list[int]:
        """What all packages need in each bucket, length B."""
        return [sum(need[b] for need in self.needs.values()) for b in range(len(self.months))]

    @cached_property
    def capacity(self) -> list[int]:
        """What the pool holds in each bucket, length B."""
        return self.holding(self.pool)

    def holding(self, pool: Pool) -> list[int]:
        """Return what a pool made otherwise would hold in each bucket, length B."""
        return [pool.held(months.start)[0] for months in self.months]

    def users(self, bucket: int) -> tuple[str, ...]:
        """Return the packages that need something in a bucket."""
        return tuple(name for name, need in self.needs.items() if need[bucket])


@dataclass(frozen=True, eq=False)
class Asked:
    """An instance, the problem made of it, and a plan that keeps every promise."""

    instance: Instance
    problem: Problem
    schedule: Schedule

    def date(self, package: str, event: Event) -> int:
        """Return the month of an event of a package."""
        return self.schedule.date(package, event)

    @cached_property
    def addresses(self) -> Addresses:
        """Where each number of the instance is found."""
        return Addresses(self.instance)

    @cached_property
    def exempt(self) -> frozenset[str]:
        """The packages handed over already, which no promise about dates binds."""
        found = []
        for package in self.instance.packages:
            path, cell = self.problem.paths[package.name], self.schedule.cells[package.name]
            if past(self.instance, package, path)[cell.option, path.column(cell.transfer)]:
                found.append(package.name)
        return frozenset(found)

    def open(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of some packages whose dates can still fall: they were not handed over already."""
        return tuple(name for name in names if name not in self.exempt)

    def happened(self, package: str, event: Event) -> bool:
        """Return whether an event of a package midway on its path is done already."""
        under_way = midway(self.instance.package[package], self.problem.paths[package])
        return under_way and self.date(package, event) < self.instance.plan.as_of

    def responsible(self, package: str) -> str:
        """Return the institution of a package, or else who receives it; empty if neither is named."""
        fact = self.instance.package[package]
        return fact.institution or fact.receiver

    @cached_property
    def held(self) -> Mapping[str, tuple[HeldPool, ...]]:
        """The pools of each resource, those nobody draws on, too."""
        supplies: dict[str, list[Supply]] = {}
        for supply in self.problem.supplies:
            supplies.setdefault(supply.resource, []).append(supply)
        return {
            resource.name: tuple(self._pools(resource, supplies.get(resource.name, [])))
            for resource in self.instance.resources
        }

    def _pools(self, resource: facts.Resource, supplies: list[Supply]) -> Iterator[HeldPool]:
        """Yield the pools of a resource; the supplies of the problem are made of those on which somebody draws."""
        labelled = buckets(self.instance, resource.bucket)
        nobody = Drawn(
            resource=resource.name,
            unit=resource.unit,
            owner=resource.owner,
            buckets=tuple(months for months, _ in labelled),
            labels=tuple(label for _, label in labelled),
            demands=(),
        )
        drawing = frozenset(name for supply in supplies for name in supply.demands_of)
        following = iter(supplies)
        for pool in pools(self.instance, resource):
            drawn = next(following) if pool.packages & drawing else nobody
            yield HeldPool(resource, pool, drawn, drawn.needs(self.schedule))

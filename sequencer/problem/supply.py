"""Supplies: in every bucket the needs of all packages together are met from one pool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sequencer.months import Calendar
from sequencer.problem.breach import Breach
from sequencer.problem.path import Cell, Path
from sequencer.vocabulary import Event, Origin

if TYPE_CHECKING:
    from sequencer.problem.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Demand:
    """What a package needs, in each month from ``begin`` to before ``end``.

    Attributes
    ----------
    begin, end : Event or None
        None: from the start, or to the end, of the plan.
    months : int or None
        Where set, ``end`` is None and the need lasts so many months from ``begin``.
    amounts : tuple of int, length H
        The amount needed in each month of the plan that it covers.
    """

    package: str
    begin: Event | None
    end: Event | None
    months: int | None
    amounts: tuple[int, ...]
    text: str
    origin: Origin

    def span(self, path: Path, cell: Cell) -> range:
        """Return the months of the plan in which it is needed when ``cell`` is chosen."""
        horizon = len(self.amounts)
        first = 0 if self.begin is None else path.date(cell, self.begin)
        last = horizon if self.end is None else path.date(cell, self.end)
        if self.months is not None:
            last = first + self.months
        return range(max(0, first), max(0, min(horizon, last)))


@dataclass(frozen=True, eq=False)
class Supply:
    """S1: in every bucket the needs of all packages together are met from one pool.

    Attributes
    ----------
    resource, pool : str
        The resource, and whose pool of it (empty: the only one).
    owner : str
        Whose it is; ``mission`` counts for the departure.
    buckets : tuple of range, length B
        The months of each bucket; together a partition of the plan.
    labels : tuple of str, length B
        Their names.
    capacity : tuple of int, length B
        What the pool holds in each bucket, in ``unit``.
    origins : tuple of tuple of Origin, length B
        The rows each capacity comes from.
    demands : tuple of Demand
        What draws on it.
    """

    resource: str
    pool: str
    unit: str
    owner: str
    buckets: tuple[range, ...]
    labels: tuple[str, ...]
    capacity: tuple[int, ...]
    origins: tuple[tuple[Origin, ...], ...]
    demands: tuple[Demand, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """The resource, with the pool in brackets where there are several."""
        return f"{self.resource} ({self.pool})" if self.pool else self.resource

    @cached_property
    def bucket_of(self) -> tuple[int, ...]:
        """The bucket of each month of the plan, length H."""
        return tuple(b for b, months in enumerate(self.buckets) for _ in months)

    @cached_property
    def demands_of(self) -> dict[str, tuple[Demand, ...]]:
        """The demands of each package that draws on the pool."""
        found: dict[str, tuple[Demand, ...]] = {}
        for demand in self.demands:
            found[demand.package] = (*found.get(demand.package, ()), demand)
        return found

    def need(self, package: str, path: Path, cell: Cell) -> list[int]:
        """Return what one package needs in each bucket, length B, when ``cell`` is chosen."""
        need = [0] * len(self.buckets)
        for demand in self.demands_of.get(package, ()):
            for month in demand.span(path, cell):
                need[self.bucket_of[month]] += demand.amounts[month]
        return need

    def needs(self, schedule: Schedule) -> dict[str, list[int]]:
        """Return what each package that draws on the pool needs in each bucket."""
        return {name: self.need(name, schedule.paths[name], schedule.cells[name]) for name in self.demands_of}

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield a breach for each bucket whose needs exceed the capacity."""
        needs = self.needs(schedule)
        for b, months in enumerate(self.buckets):
            total = sum(need[b] for need in needs.values())
            if total > self.capacity[b]:
                users = tuple(name for name, need in needs.items() if need[b])
                text = f"{self.sentence(b)}, {total} needed by {_some(users)}"
                yield Breach("S1", users, months.start, total - self.capacity[b], self.unit, text, self.origins[b])

    def sentence(self, bucket: int) -> str:
        """Say how much there is in a bucket."""
        unit = f" {self.unit}" if self.unit else ""
        held = f"{self.name}: {self.capacity[bucket]}{unit} in {self.labels[bucket]}"
        return held if self.origins[bucket] else f"{held} (no row covers its first month)"

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        low, high = min(self.capacity), max(self.capacity)
        amount = f"{low}" if low == high else f"{low} to {high}"
        return f"{self.name}: {amount} {self.unit or 'units'} for {len(self.demands_of)} packages in each bucket"


def _some(names: tuple[str, ...], most: int = 6) -> str:
    """Return the names as a list, cut short with a count."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown

"""What packages need, month by month and summed over buckets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

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
    option : int or None
        Where set, it is needed only if this option is taken.
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
    option: int | None = None

    def span(self, path: Path, cell: Cell) -> range:
        """Return the months of the plan in which it is needed when ``cell`` is chosen."""
        horizon = len(self.amounts)
        if self.option not in {None, cell.option}:
            return range(0)
        first = 0 if self.begin is None else path.date(cell, self.begin)
        last = horizon if self.end is None else path.date(cell, self.end)
        if self.months is not None:
            last = first + self.months
        return range(max(0, first), max(0, min(horizon, last)))


def by_package(demands: Iterable[Demand]) -> dict[str, tuple[Demand, ...]]:
    """Return the demands of each package, in their order."""
    found: dict[str, list[Demand]] = {}
    for demand in demands:
        found.setdefault(demand.package, []).append(demand)
    return {name: tuple(mine) for name, mine in found.items()}


@dataclass(frozen=True, eq=False, kw_only=True)
class Drawn:
    """Demands, summed over the buckets of a resource.

    Attributes
    ----------
    resource, unit, owner : str
        What is drawn on, what it is counted in, and whose it is; ``mission`` counts for the departure.
    buckets : tuple of range, length B
        The months of each bucket; together a partition of the plan.
    labels : tuple of str, length B
        Their names.
    demands : tuple of Demand
        What draws on it.
    """

    resource: str
    unit: str
    owner: str
    buckets: tuple[range, ...]
    labels: tuple[str, ...]
    demands: tuple[Demand, ...] = field(repr=False)

    @cached_property
    def bucket_of(self) -> tuple[int, ...]:
        """The bucket of each month of the plan, length H."""
        return tuple(b for b, months in enumerate(self.buckets) for _ in months)

    @cached_property
    def demands_of(self) -> dict[str, tuple[Demand, ...]]:
        """The demands of each package that draws on it."""
        return by_package(self.demands)

    def most(self, packages: Iterable[str]) -> list[int]:
        """Return a bound on what some packages can need in each bucket, length B."""
        demands = [demand for name in packages for demand in self.demands_of[name]]
        return [sum(sum(demand.amounts[months.start : months.stop]) for demand in demands) for months in self.buckets]

    def need(self, package: str, path: Path, cell: Cell) -> list[int]:
        """Return what one package needs in each bucket, length B, when ``cell`` is chosen."""
        return self.summed(self.demands_of.get(package, ()), path, cell)

    def needs(self, schedule: Schedule) -> dict[str, list[int]]:
        """Return what each package that draws on it needs in each bucket."""
        return {name: self.need(name, schedule.paths[name], schedule.cells[name]) for name in self.demands_of}

    def totals(self, schedule: Schedule) -> list[int]:
        """Return what all packages together need in each bucket, length B."""
        needs = self.needs(schedule).values()
        return [sum(need[b] for need in needs) for b in range(len(self.buckets))]

    def summed(self, demands: Iterable[Demand], path: Path, cell: Cell) -> list[int]:
        """Return the sum of some demands of one package in each bucket, length B, when ``cell`` is chosen."""
        need = [0] * len(self.buckets)
        for demand in demands:
            for month in demand.span(path, cell):
                need[self.bucket_of[month]] += demand.amounts[month]
        return need

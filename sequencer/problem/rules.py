"""The rules: what each allows, what breaks it and by how much, and how it says itself.

``breaches`` counts plainly, month by month, and shares no code with the formulations that solve the problem, so that
each can be a witness against the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.months import Calendar
from sequencer.problem.path import Cell, Path
from sequencer.vocabulary import Event, Origin

if TYPE_CHECKING:
    from sequencer.problem.problem import Schedule


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule broken.

    Attributes
    ----------
    rule : str
        Id of the rule in ``models/problem.md``.
    about : tuple of str
        The packages that break it together.
    month : int
        The month in which it is broken.
    amount : int
        How far, at least 1, in ``unit``.
    text : str
        A sentence for a planner.
    origins : tuple of Origin
        The rows it rests on.
    """

    rule: str
    about: tuple[str, ...]
    month: int
    amount: int
    unit: str
    text: str
    origins: tuple[Origin, ...] = ()

    def __str__(self) -> str:
        rows = f" [{' | '.join(map(str, self.origins))}]" if self.origins else ""
        return f"{self.text}{rows}"


@dataclass(frozen=True, eq=False, slots=True)
class Measure:
    """The measured values behind a window: in each cell the worst value found, where, and the value needed.

    Attributes
    ----------
    found : int array, shape (K, T)
        The worst value met by the cell, in units of 1 / ``scale`` of ``unit``.
    month : int array, shape (K, T)
        The month of that value.
    needed : int
        The value it is compared with.
    at_least : bool
        Whether ``needed`` is a floor (else a ceiling).
    """

    found: NDArray[np.int64]
    month: NDArray[np.int64]
    needed: int
    at_least: bool
    unit: str
    scale: int = 1

    @property
    def closed(self) -> NDArray[np.bool_]:
        """The cells, shape (K, T), whose value does not suffice."""
        return self.found < self.needed if self.at_least else self.found > self.needed

    def describe(self, at: tuple[int, int], calendar: Calendar) -> str:
        """Say what was found and needed in the cell at a position of the tables."""
        found = f"{int(self.found[at]) / self.scale:g}"
        needed = f"{self.needed / self.scale:g}"
        sense = "at least" if self.at_least else "at most"
        return f"{found} {self.unit} in {calendar.label(int(self.month[at]))}, {sense} {needed} needed"


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """P1, W1-W10: the cells of one package that a promise closes.

    Attributes
    ----------
    id : str
        Which of the rules.
    closed : bool array, shape (K, T)
        The cells that may not be chosen.
    text : str
        The promise in words, without the name of the package.
    measure : Measure or None
        The values behind it, where it compares some.
    """

    id: str
    package: str
    closed: NDArray[np.bool_]
    text: str
    origins: tuple[Origin, ...] = ()
    measure: Measure | None = None

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield the breach, if the chosen cell is closed."""
        cell, path = schedule.cells[self.package], schedule.paths[self.package]
        at = (cell.option, path.column(cell.transfer))
        if not self.closed[at]:
            return
        amount, unit = 1, "month"
        if self.measure is not None:
            amount, unit = abs(int(self.measure.found[at]) - self.measure.needed), self.measure.unit
        text = f"{self.package}, transfer in {schedule.calendar.label(cell.transfer)}: {self.reason(at, schedule.calendar)}"
        yield Breach(self.id, (self.package,), cell.transfer, amount, unit, text, self.origins)

    def reason(self, at: tuple[int, int], calendar: Calendar) -> str:
        """Say why the cell at a position of the tables is closed."""
        return self.text if self.measure is None else f"{self.text}: {self.measure.describe(at, calendar)}"

    def describe(self, calendar: Calendar) -> str:
        """Say the rule in a sentence."""
        months = int(self.closed.all(axis=0).sum())
        return f"{self.package}: {self.text}; closes {months} months with every option ({calendar.label(0)} on)"


@dataclass(frozen=True, slots=True)
class Link:
    """L1, L2: ``minimum`` <= month of ``after_event`` of ``after`` - month of ``before_event`` of ``before`` <= ``maximum``.

    None: no such bound. A link whose two events both lie before the plan is dropped.
    """

    before: str
    before_event: Event
    after: str
    after_event: Event
    minimum: int | None
    maximum: int | None
    origins: tuple[Origin, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The packages it binds."""
        return (self.before,) if self.before == self.after else (self.before, self.after)

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield a breach for each bound that does not hold."""
        first = schedule.date(self.before, self.before_event)
        second = schedule.date(self.after, self.after_event)
        if first < 0 and second < 0:
            return
        dates = f"({schedule.calendar.label(first)}, {schedule.calendar.label(second)})"
        if self.minimum is not None and second - first < self.minimum:
            short = self.minimum - (second - first)
            text = f"{self._sentence('at least', self.minimum)} {dates}: {short} too few"
            yield Breach("L1", self.about, second, short, "months", text, self.origins)
        if self.maximum is not None and second - first > self.maximum:
            over = second - first - self.maximum
            text = f"{self._sentence('at most', self.maximum)} {dates}: {over} too many"
            yield Breach("L2", self.about, second, over, "months", text, self.origins)

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        bounds = []
        if self.minimum is not None:
            bounds.append(self._sentence("at least", self.minimum))
        if self.maximum is not None:
            bounds.append(self._sentence("at most", self.maximum))
        return "; ".join(bounds)

    def _sentence(self, sense: str, months: int) -> str:
        after, before = f"{self.after} {_words(self.after_event)}", f"{self.before} {_words(self.before_event)}"
        return f"{after} comes {sense} {months} months after {before}"


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
        return f"{self.name}: {self.capacity[bucket]}{unit} in {self.labels[bucket]}"

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        low, high = min(self.capacity), max(self.capacity)
        amount = f"{low}" if low == high else f"{low} to {high}"
        return f"{self.name}: {amount} {self.unit or 'units'} for {len(self.demands_of)} packages in each bucket"


#: Every kind of rule; a formulation matches on it and ends in ``assert_never``.
Rule: TypeAlias = Window | Link | Supply


def _words(event: Event) -> str:
    return event.value.replace("_", " ")


def _some(names: tuple[str, ...], most: int = 6) -> str:
    """Return the names as a list, cut short with a count."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown

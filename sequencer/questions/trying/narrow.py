"""Months for which more is needed: a row that reaches far need not be changed as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sequencer.instance.instance import Instance
from sequencer.outcome import Status
from sequencer.questions.trying.steps import Vector
from sequencer.questions.trying.trials import Trials, Tried
from sequencer.questions.trying.ways import Way
from sequencer.vocabulary import Bucket


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that can be changed for some of its months: where its buckets begin, and where the last one ends."""

    address: str
    starts: tuple[int, ...]
    end: int

    def part(self, instance: Instance, first: int, last: int) -> str:
        """Return the address of the row from one of its buckets to another."""
        if (first, last) == (0, len(self.starts) - 1):
            return self.address
        end = self.end if last + 1 == len(self.starts) else self.starts[last + 1] - 1
        return f"{self.address.partition('@')[0]}@{instance.calendar.span(self.starts[first], end)}"


def narrowed(trials: Trials, vector: Vector) -> tuple[dict[str, str], Tried]:
    """Return the changes that steps stand for, each for as few months in a row as still leave a plan, and what it is.

    Fewer months are fewer units: with less of anything there is no plan where there was none before.
    """
    changes = trials.changes(vector)
    best = trials.plans.get(vector) or trials.attempt(changes)
    if best.cells is not None:
        trials.known.append(best.cells)
    for way in (way for way, steps in zip(trials.ways, vector, strict=True) if steps):
        row = _row(trials.instance, way)
        if row is not None and not any(_is_of(row, address) for address in changes if address != row.address):
            changes, best = _trimmed(trials, changes, row, best)
    return changes, best


def _is_of(row: _Row, address: str) -> bool:
    """Return whether an address is that of another number of a row, which is not there where the row is cut."""
    return address.startswith(f"{row.address}.")


def _trimmed(trials: Trials, changes: dict[str, str], row: _Row, best: Tried) -> tuple[dict[str, str], Tried]:
    """Return changes with one of them for fewer months: first its end is brought forward, then its beginning back."""
    known = {(0, len(row.starts) - 1): (changes, best)}

    def works(first: int, last: int) -> bool:
        part = row.part(trials.instance, first, last)
        fewer = {part if address == row.address else address: change for address, change in changes.items()}
        seconds = 0.0 if trials.is_large else None  # each search would take long: plans that are known must do
        tried = trials.attempt(fewer, seconds=seconds) if trials.left > 0 else None
        if tried is None or tried.status is not Status.FEASIBLE:
            return False
        known[first, last] = fewer, tried
        return True

    last = _least(0, len(row.starts) - 1, lambda end: works(0, end))
    first = last - _least(0, last, lambda length: works(last - length, last))
    return known[first, last]


def _least(low: int, high: int, works: Callable[[int], bool]) -> int:
    """Return the least number that works, of those from ``low`` to ``high``, which is known to work."""
    while low < high:
        middle = (low + high) // 2
        if works(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _row(instance: Instance, way: Way) -> _Row | None:
    """Return the row of a way if it holds amounts for months or years; None for others."""
    lever = way.lever
    if "#" in lever.address or not _dated(instance, way):
        return None
    fact = getattr(instance, lever.attribute)[lever.position]
    first, last = max(fact.start, 0), instance.plan.months - 1
    last = last if fact.end is None else min(fact.end, last)
    months = range(first, last + 1)
    calendar = instance.calendar
    if lever.attribute == "pledges":
        opened: Mapping[int, int] = {max(0, calendar.opening(calendar.fiscal_year(month))): month for month in months}
        return _Row(lever.address, tuple(start for start in opened if start in months), last)
    return _Row(lever.address, tuple(months), last)


def _dated(instance: Instance, way: Way) -> bool:
    table, field = way.lever.attribute, way.lever.field
    if (table, field) == ("capacity", "amount"):
        return instance.resource[instance.capacity[way.lever.position].resource].bucket is Bucket.MONTH
    return (table, field) in {("guarantees", "people"), ("pledges", "amount")}

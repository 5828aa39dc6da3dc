"""Supplies: in every bucket the needs of all packages together are met from one pool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sequencer import words
from sequencer.months import Calendar
from sequencer.problem.breach import Breach, some
from sequencer.problem.demand import Drawn
from sequencer.vocabulary import Origin

if TYPE_CHECKING:
    from sequencer.problem.schedule import Schedule


@dataclass(frozen=True, eq=False, kw_only=True)
class Supply(Drawn):
    """S1, S2: in every bucket the needs of all packages together are met from one pool.

    Where sources serve some packages only, there is a pool for each set of sources that some packages depend on.

    Attributes
    ----------
    pool : str
        Whose pool, or which sources (empty: the only one).
    capacity : tuple of int, length B
        What the pool holds in each bucket, in ``unit``.
    origins : tuple of tuple of Origin, length B
        The rows each capacity comes from.
    ended : int
        How many buckets, the first ones, have ended already: they ask for nothing, so their capacity is ample.
    """

    pool: str
    capacity: tuple[int, ...]
    origins: tuple[tuple[Origin, ...], ...]
    ended: int = 0

    @property
    def name(self) -> str:
        """The resource, with the pool in brackets where there are several."""
        return f"{self.resource} ({self.pool})" if self.pool else self.resource

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield a breach for each bucket whose needs exceed the capacity."""
        needs = self.needs(schedule)
        for b, months in enumerate(self.buckets):
            total = sum(need[b] for need in needs.values())
            if total > self.capacity[b]:
                users = tuple(name for name, need in needs.items() if need[b])
                text = f"{self.sentence(b)}, {total} needed by {some(users)}"
                yield Breach("S1", users, months.start, total - self.capacity[b], self.unit, text, self.origins[b])

    def sentence(self, bucket: int) -> str:
        """Say how much there is in a bucket."""
        unit = words.singular(self.unit) if self.capacity[bucket] == 1 else self.unit
        held = f"{self.name}: {f'{self.capacity[bucket]} {unit}'.strip()} in {self.labels[bucket]}"
        return held if self.origins[bucket] else f"{held} (no row covers its first month)"

    def describe(self, calendar: Calendar) -> str:  # noqa: ARG002 - every rule is described with the calendar
        """Say the rule in a sentence."""
        low, high = min(self.capacity[self.ended :]), max(self.capacity[self.ended :])
        amount = f"{low}" if low == high else f"{low} to {high}"
        return f"{self.name}: {amount} {self.unit or 'units'} for {len(self.demands_of)} packages in each bucket"

"""Money: what each line must give in each year, and what a pledge waits for, with payments as the plan makes them.

Payments could often be rearranged, so what is said here is safe, and no more: with less than this, or later than that,
these payments cannot be made. Whether others could is another question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import TypeAlias

from sequencer.compile.pools import there
from sequencer.instance import facts
from sequencer.problem import Bridge, Line
from sequencer.problem.bridge import Condition as Waited
from sequencer.reasons.conditions.asked import Asked
from sequencer.reasons.conditions.condition import Condition, Kind
from sequencer.vocabulary import MONTH

Row: TypeAlias = facts.Budget | facts.Pledge


def money(asked: Asked) -> Iterator[Condition]:
    """Yield a condition for each line and year that the payments need, and for each event that these wait for."""
    bridge = asked.problem.bridge
    if bridge is None:
        return
    needs = bridge.needs(asked.schedule)
    for line, held in zip(bridge.lines, bridge.capacities(asked.schedule), strict=True):
        yield from _Paying(asked, bridge, line, held, needs).conditions()


@dataclass(frozen=True, eq=False)
class _Paying:
    """A line of money in the plan: ``held`` is what it has in each year, ``needs`` what each package needs there."""

    asked: Asked
    bridge: Bridge
    line: Line
    held: Sequence[int]
    needs: Mapping[str, Sequence[int]]

    def conditions(self) -> Iterator[Condition]:
        """Yield what the payments from this line rest on."""
        rows = [self._row(months.start) for months in self.bridge.buckets]
        for year, row in enumerate(rows):
            if row is not None and self._met(year):
                yield from self._amount(rows, row, year)
        yield from self._events()

    def _row(self, month: int) -> Row | None:
        """Return the row that gives the amount of the fiscal year that begins in a month."""
        instance, line = self.asked.instance, self.line.name
        year = instance.calendar.fiscal_year(month)
        budget = (row for row in instance.budget if row.line == line and row.year == year)
        pledges = (row for row in instance.counted_pledges if row.line == line and there(row, month))
        return next(chain[Row](budget, pledges), None)

    def _met(self, year: int) -> bool:
        """Return whether the amount of a year is there: it waits for nothing, or for what has come by then."""
        condition = self.line.conditions[year]
        return condition is None or self.asked.date(*condition) <= self.bridge.buckets[year].start

    def _amount(self, rows: Sequence[Row | None], row: Row, year: int) -> Iterator[Condition]:
        """Yield the condition on the amount of a year, if the payments need any of it."""
        reached = range(year, max(year + 1, self.line.carried))  # the years in which this amount may be used
        left = self._left(self.held)
        tight = min(reached, key=lambda later: left[later])
        least, months = row.amount - left[tight], self.bridge.buckets[year]
        if least > 0:
            yield Condition(
                kind=Kind.MONEY,
                rule="S3" if year < self.line.carried else "S1",
                packages=self._paid(tight),
                about=self.line.name,
                first=months.start,
                last=months[-1],
                needed=least,
                expected=row.amount,
                at_least=True,
                unit=self.bridge.unit,
                address=self._address(rows, row, year),
                value=row.amount,
                stands=least,
                falls=least - 1,
                checker=row.donor if isinstance(row, facts.Pledge) else row.line,
                origins=(row.origin,),
            )

    def _left(self, held: Sequence[int]) -> list[int]:
        """Return what is left in each year: with what was kept, in the years to which the line carries over."""
        use = self.asked.schedule.uses[self.line.name]
        kept = [has - pays for has, pays in zip(accumulate(held), accumulate(use), strict=True)]
        years = enumerate(zip(held, use, strict=True))
        return [kept[year] if year < self.line.carried else has - pays for year, (has, pays) in years]

    def _paid(self, year: int) -> tuple[str, ...]:
        """Return the packages to come that need money in a year and may be paid for by this line."""
        serves = self.line.serves
        return self.asked.open(
            name for name, need in self.needs.items() if need[year] and (serves is None or name in serves)
        )

    def _address(self, rows: Sequence[Row | None], row: Row, year: int) -> str:
        """Return the address of what a row gives in a year; a pledge may give the same in several."""
        if isinstance(row, facts.Budget):
            return self.asked.addresses.of("budget", row)
        given, months = [b for b, other in enumerate(rows) if other is row], self.bridge.buckets[year]
        first = row.start if year == given[0] else months.start
        last = row.end if year == given[-1] else months[-1]
        return self.asked.addresses.part("pledge", row, first, last)

    def _events(self) -> Iterator[Condition]:
        """Yield a condition for each event that payments wait for, and that has not happened already."""
        years = [year for year in range(len(self.held)) if self._met(year)]
        for condition in dict.fromkeys(self.line.conditions[year] for year in years):
            if condition is None or self.asked.date(*condition) < self.asked.instance.plan.as_of:
                continue
            held = list(self.held)
            for year in years:
                if self.line.conditions[year] == condition:
                    held[year] -= self.line.amounts[year]
                    short = [b for b, left in enumerate(self._left(held)) if left < 0]
                    if short:
                        yield self._event(condition, year, short[0])
                        break

    def _event(self, condition: Waited, year: int, short: int) -> Condition:
        """Return the condition that an event comes by a year, without whose amount another would be ``short``."""
        (package, event), latest = condition, self.bridge.buckets[year].start
        date = self.asked.date(package, event)
        return Condition(
            kind=Kind.PLEDGE,
            rule="S6",
            packages=self._paid(short),
            about=package,
            pool=self.line.name,
            event=event,
            first=latest,
            last=latest,
            needed=latest,
            expected=date,
            at_least=False,
            unit=MONTH,
            value=date,
            stands=latest,
            falls=latest + 1,
            checker=self.asked.responsible(package),
            origins=self.line.origins[year],
        )

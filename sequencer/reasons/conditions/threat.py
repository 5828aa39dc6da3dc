"""Threat: how high the level of a place may be in the months that a limit or a trend tests.

A level is read by many promises: limits and trends of all packages of the place, and needs that some levels bring. So
each level above the one expected is tried, and all of these are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sequencer.compile.paths import hold_of
from sequencer.compile.series import ThreatLevels
from sequencer.compile.windows import GATED
from sequencer.instance import facts
from sequencer.reasons.conditions.asked import Asked
from sequencer.reasons.conditions.condition import LEVEL, Condition, Kind
from sequencer.reasons.conditions.levels import Loads

RULES = {Kind.THREAT: "W2", Kind.TREND: "W3"}
HIGHEST = facts.RANGES[LEVEL][1] or 0


@dataclass(frozen=True, slots=True)
class Tested:
    """A limit as the plan meets it: the level of each month is at most ``most``; of a trend, that of the month before.

    ``months``: those tested, of a trend those with a step up to them.
    """

    kind: Kind
    limit: facts.Limit
    months: range
    most: int

    def broken(self, levels: Sequence[int], start: int) -> bool:
        """Return whether levels, given from the month ``start`` on, break it."""
        seen = [levels[month - start] for month in self.months]
        if self.kind is Kind.THREAT:
            return max(seen) > self.most
        return any(after > before for before, after in pairwise([levels[self.months[0] - 1 - start], *seen]))

    def worst(self, levels: Sequence[int], start: int) -> tuple[int, int, int]:
        """Return the first month that is nearest to breaking it, its level, and the greatest level allowed there."""
        month = max(self.months, key=lambda month: (levels[month - start] - self._most(levels, month - start), -month))
        return month, levels[month - start], self._most(levels, month - start)

    def _most(self, levels: Sequence[int], position: int) -> int:
        return self.most if self.kind is Kind.THREAT else levels[position - 1]


def threat(asked: Asked) -> Iterator[Condition]:
    """Yield a condition for each limit and each trend that a level could break."""
    places = dict.fromkeys(package.place for package in asked.instance.packages)
    for place in places:
        tests = list(_tests(asked, place))
        if tests:
            known = _Place(asked, place, tests)
            yield from (known.condition(test) for test in tests)


def _tests(asked: Asked, place: str) -> Iterator[Tested]:
    """Yield what is tested of the threat in a place, by all packages that were not handed over before the plan."""
    for package in asked.instance.packages:
        name = package.name
        if package.place != place or name in asked.exempt:
            continue
        for limit in asked.instance.limits_of.get(name, ()):
            event = asked.date(name, limit.event)
            if asked.happened(name, limit.event):
                continue
            hold = hold_of(asked.instance, name, limit.event) if limit.event in GATED else 0
            if limit.limit is not None and limit.limit < HIGHEST:
                yield Tested(Kind.THREAT, limit, range(event - hold, event + 1), limit.limit)
            if limit.trend:
                yield Tested(Kind.TREND, limit, range(event - limit.trend + 1, event + 1), 0)


class _Place:
    """What reads the threat in one place."""

    def __init__(self, asked: Asked, place: str, tests: Sequence[Tested]) -> None:
        self._asked = asked
        self._place = place
        self._tests = tests
        self._rows = asked.instance.threat_of[place]
        self._alone = replace(asked.instance, threat=self._rows)
        self._start = min(test.months[0] for test in tests) - 1
        self._months = np.arange(self._start, max(test.months[-1] for test in tests) + 1)
        self._loads = Loads(asked, place)
        levels = ThreatLevels(self._alone)
        self._levels = levels.at(place, self._months).tolist()
        self._row = levels.row(place, self._months).tolist()
        self._known: dict[tuple[int, int, int | None], tuple[int | None, list[Tested]]] = {}

    def condition(self, test: Tested) -> Condition:
        """Return the condition of a test."""
        month, expected, most = test.worst(self._levels, self._start)
        position = self._row[month - self._start]
        row = self._rows[position]
        first, last = self._part(row, test, month)
        if (position, first, last) not in self._known:
            self._known[position, first, last] = self._falls(position, first, last)
        falls, broken = self._known[position, first, last]
        package, event = test.limit.package, test.limit.event
        return Condition(
            kind=test.kind,
            rule=RULES[test.kind],
            packages=(package,),
            about=self._place,
            event=event,
            month=self._asked.date(package, event),
            first=test.months[0],
            last=test.months[-1],
            needed=most,
            expected=expected,
            at_least=False,
            unit=LEVEL,
            address=self._asked.addresses.part("threat", row, first, last),
            value=row.level,
            stands=None if falls is None else falls - 1,
            falls=falls,
            sooner=falls is not None and test not in broken,
            origins=(test.limit.origin, row.origin),
        )

    def _part(self, row: facts.Threat, test: Tested, month: int) -> tuple[int, int | None]:
        """Return the months of a row that are turned: those tested, or all if it is only the nearest to these."""
        first = max(row.start, test.months[0] if test.kind is Kind.THREAT else month)
        last = test.months[-1] if row.end is None else min(row.end, test.months[-1])
        return (first, last) if first <= last else (row.start, row.end)

    def _falls(self, position: int, first: int, last: int | None) -> tuple[int | None, list[Tested]]:
        """Return the least higher level of some months of a row that breaks a promise, and the tests broken then."""
        row = self._rows[position]
        for level in range(row.level + 1, HIGHEST + 1):
            parts = [replace(row, start=first, end=last, level=level)]
            if row.start < first:
                parts.insert(0, replace(row, end=first - 1))
            if last is not None and row.end != last:
                parts.append(replace(row, start=last + 1))
            rows = (*self._rows[:position], *parts, *self._rows[position + 1 :])
            threat = ThreatLevels(replace(self._alone, threat=rows))
            levels = threat.at(self._place, self._months).tolist()
            broken = [test for test in self._tests if test.broken(levels, self._start)]
            if broken or self._loads.too_much(threat):
                return level, broken
        return None, []

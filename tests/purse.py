"""Whether a timetable can be paid for when parts of the money rule are lifted.

A small program in whole numbers, told from models/problem.md, 5.3, from which the rows of what is lifted are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sequencer.problem import Bridge, Cell, Problem, Schedule

#: What of a rule is meant, as in ``Part.at``.
At: TypeAlias = tuple[str | int, ...]

#: Coefficients of what lines pay, by kind of package, line and year; the least and the most of their sum.
Row: TypeAlias = tuple[Mapping[tuple[frozenset[int], int, int], int], float, float]


@dataclass
class Purse:
    """Judges the timetables of one problem."""

    problem: Problem
    known: dict[tuple[object, ...], bool] = field(default_factory=dict)

    @cached_property
    def position(self) -> int:
        """Where the money rule stands; after all rules if there is none."""
        rules = enumerate(self.problem.rules)
        return next((i for i, rule in rules if isinstance(rule, Bridge)), len(self.problem.rules))

    def pays(self, cells: Mapping[str, Cell], lifted: Collection[tuple[int, At]] = ()) -> bool:
        """Return whether a timetable can be paid for; ``lifted`` are positions of rules and parts of them."""
        if self.problem.bridge is None:
            return True
        schedule = Schedule(self.problem.calendar, self.problem.paths, cells)
        here = frozenset(at for position, at in lifted if position == self.position)
        accounts = _Accounts(self.problem.bridge, schedule, here)
        tables = (accounts.wanted.values(), accounts.held, accounts.ample)
        key = (here, accounts.unserved, *(tuple(row) for table in tables for row in table))
        if key not in self.known:
            self.known[key] = not accounts.unserved and _feasible([*accounts.rows()])
        return self.known[key]


class _Accounts:
    """What a schedule needs and has, and what must hold of the payments."""

    def __init__(self, bridge: Bridge, schedule: Schedule, lifted: frozenset[At]) -> None:
        self.bridge, self.schedule, self.lifted = bridge, schedule, lifted
        self.years = range(len(bridge.buckets))
        self.wanted: dict[frozenset[int], list[int]] = {}
        for name, need in bridge.needs(schedule).items():
            kind = frozenset(j for j, line in enumerate(bridge.lines) if line.serves is None or name in line.serves)
            self.wanted[kind] = [a + b for a, b in zip(self.wanted.get(kind, [0] * len(need)), need, strict=True)]
        nowhere = self.wanted.pop(frozenset(), [])
        self.unserved = ("unserved",) not in lifted and any(nowhere)
        self.held = [[self._given(j, b) for b in self.years] for j in range(len(bridge.lines))]
        self.ample = [[self._is_ample(j, b) for b in self.years] for j in range(len(bridge.lines))]

    def _is_there(self, j: int, b: int) -> bool:
        """Return whether what a line waits for has happened, or is lifted."""
        condition = None if ("condition", j, b) in self.lifted else self.bridge.lines[j].conditions[b]
        return condition is None or self.schedule.date(*condition) <= self.bridge.buckets[b].start

    def _is_ample(self, j: int, b: int) -> bool:
        """Return whether a line has as much as anybody wants: what waits in vain is lost, however much it is."""
        return ("amount", j, b) in self.lifted and self._is_there(j, b)

    def _given(self, j: int, b: int) -> int:
        """Return what a line is given in a year."""
        line, months, schedule = self.bridge.lines[j], self.bridge.buckets[b], self.schedule
        given = line.amounts[b] if self._is_there(j, b) else 0
        for demand in line.revenue:
            span = demand.span(schedule.paths[demand.package], schedule.cells[demand.package])
            given += sum(demand.amounts[month] for month in span if month in months)
        return given

    def rows(self) -> Iterator[Row]:
        """Yield what must hold of the payments."""
        for kind, needs in self.wanted.items():
            yield from (({(kind, j, b): 1 for j in kind}, needs[b], needs[b]) for b in self.years)
        for j in range(len(self.bridge.lines)):
            yield from self._kept(j)
            yield from self._steps(j)
        for i, share in enumerate(self.bridge.shares):
            for b in self.years if ("share", i) not in self.lifted else ():
                total = sum(needs[b] for needs in self.wanted.values())
                yield self._use(share.lines, [b]), -np.inf, share.thousandths * total // 1000

    def _kept(self, j: int) -> Iterator[Row]:
        for b in self.years:
            span = range(b + 1) if b < self.bridge.lines[j].carried else range(b, b + 1)
            if not any(self.ample[j][early] for early in span):
                yield self._use([j], span), -np.inf, sum(self.held[j][early] for early in span)

    def _steps(self, j: int) -> Iterator[Row]:
        for s, step in enumerate(self.bridge.lines[j].steps):
            change = Counter() if step.after is None else self._use([j], [step.after])
            change.subtract(Counter() if step.before is None else self._use([j], [step.before]))
            base = step.base if step.before is None else 0
            if step.growth is not None and ("growth", j, s) not in self.lifted:
                yield change, -np.inf, base + step.growth
            if step.fall is not None and ("fall", j, s) not in self.lifted:
                yield change, base - step.fall, np.inf

    def _use(self, lines: Iterable[int], years: Iterable[int]) -> Counter[tuple[frozenset[int], int, int]]:
        span = [*years]
        return Counter((kind, j, b) for j in lines for kind in self.wanted if j in kind for b in span)


def _feasible(rows: list[Row]) -> bool:
    """Return whether whole numbers from 0 on fulfil all rows."""
    columns = {
        entry: column for column, entry in enumerate(dict.fromkeys(entry for row, _, _ in rows for entry in row))
    }
    if not columns or not all(row or least <= 0 <= most for row, least, most in rows):
        return all(least <= 0 <= most for row, least, most in rows if not row)
    matrix = np.zeros((len(rows), len(columns)))
    for i, (row, _, _) in enumerate(rows):
        for entry, value in row.items():
            matrix[i, columns[entry]] = value
    whole = LinearConstraint(matrix, [least for _, least, _ in rows], [most for _, _, most in rows])
    free = np.zeros(len(columns))
    found = milp(free, constraints=whole, integrality=free + 1, bounds=Bounds(0, np.inf))
    assert found.status in {0, 2}, found.message
    return bool(found.status == 0)

"""Whether what a package needs when it moves alone can be paid for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from sequencer.cpsat.allotment import allot
from sequencer.problem import Bridge, Cell, Demand, Path, PathOption, Problem, Schedule
from sequencer.reasons.local.obstacles import Unpaid
from sequencer.vocabulary import Origin

#: For each kind of package, or for each line: an amount for each fiscal year.
Years = list[list[int]]

#: Stands for a kind of package, whose needs no longer depend on a date.
SETTLED = Path("", (PathOption("", 0, 0, 0, 0, 0),), range(1))


class Purse:
    """A money rule, and what is needed and paid in a timetable.

    The rule asks of packages only what those of one kind need together in a year, and of lines what they have. So one
    name can stand for each kind, which makes the question small.

    Parameters
    ----------
    problem : Problem
    bridge : Bridge
        Its money rule.
    schedule : Schedule
        Its uses do not count: lines can always pay in another way.
    """

    def __init__(self, problem: Problem, bridge: Bridge, schedule: Schedule) -> None:
        self._problem = problem
        self._bridge = bridge
        self._schedule = schedule

    def untouched(self, name: str, cell: Cell) -> bool:
        """Return whether a package that moves alone to a cell is paid for as now."""
        return not any(self._more(name, cell)) and self._there(name, cell) == self._held

    def unpaid(self, name: str, cell: Cell) -> Unpaid | None:
        """Return the first thing that could not be paid for if a package moved alone to a cell."""
        more, held = self._more(name, cell), self._there(name, cell)
        if not any(more) and held == self._held:
            return None
        wanted = [
            [need + extra for need, extra in zip(needs, more, strict=True)] if name in names else needs
            for names, needs in zip(self._bridge.kinds.values(), self._wanted, strict=True)
        ]
        bridge, schedule = self._condensed(wanted, held)
        uses = allot(replace(self._problem, paths=schedule.paths, rules=(bridge,), terms={}), schedule.cells)
        for breach in bridge.breaches(replace(schedule, uses=uses)):
            months = next(months for months in bridge.buckets if breach.month in months)
            return Unpaid(breach.rule, months, breach.amount, breach.unit, uses)
        return None

    @cached_property
    def _wanted(self) -> Years:
        """What each kind needs."""
        needs = self._bridge.needs(self._schedule)
        kinds = self._bridge.kinds.values()
        return [[sum(year) for year in zip(*(needs[name] for name in names), strict=True)] for names in kinds]

    @cached_property
    def _held(self) -> Years:
        """What each line has."""
        return self._bridge.capacities(self._schedule)

    @cached_property
    def _decisive(self) -> frozenset[str]:
        """The packages whose dates decide what lines have."""
        lines = self._bridge.lines
        paying = {demand.package for line in lines for demand in line.revenue}
        return frozenset(paying | {wait[0] for line in lines for wait in line.conditions if wait is not None})

    def _more(self, name: str, cell: Cell) -> list[int]:
        """Return what a package needs more in each year when it has moved."""
        path = self._schedule.paths[name]
        now, then = (self._bridge.need(name, path, at) for at in (self._schedule.cells[name], cell))
        return [b - a for a, b in zip(now, then, strict=True)]

    def _there(self, name: str, cell: Cell) -> Years:
        """Return what each line has when a package has moved."""
        if name not in self._decisive:
            return self._held
        return self._bridge.capacities(replace(self._schedule, cells={**self._schedule.cells, name: cell}))

    def _condensed(self, wanted: Years, held: Years) -> tuple[Bridge, Schedule]:
        """Return a money rule and a timetable that ask for given sums and have them."""
        bridge, names = self._bridge, [str(i) for i in range(len(wanted))]
        demands = []
        for name, needs in zip(names, wanted, strict=True):
            amounts = [0] * len(bridge.bucket_of)
            for months, need in zip(bridge.buckets, needs, strict=True):
                amounts[months.start] = need
            demands.append(Demand(name, None, None, None, tuple(amounts), "", Origin("")))
        lines = tuple(
            replace(
                line,
                amounts=tuple(there),
                serves=frozenset(name for name, kind in zip(names, bridge.kinds, strict=True) if j in kind),
                conditions=(None,) * len(there),
                revenue=(),
            )
            for j, (line, there) in enumerate(zip(bridge.lines, held, strict=True))
        )
        paths, cells = dict.fromkeys(names, SETTLED), dict.fromkeys(names, Cell(0, 0))
        condensed = replace(bridge, demands=tuple(demands), lines=lines)
        return condensed, Schedule(self._schedule.calendar, paths, cells)

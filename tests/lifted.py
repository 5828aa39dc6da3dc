"""What becomes of timetables when parts of rules are lifted, worked out by hand: by looking at what was not lifted.

Nothing is shared with ``sequencer.reasons`` but the names of parts: the position of a rule, and what of it is meant.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, assert_never

from oracles import cells_of
from purse import At, Purse

from sequencer.engine.run import Caps
from sequencer.problem import Bridge, Cell, Gate, Link, Problem, Reserve, Rule, Schedule, Supply, Width, Window
from sequencer.reasons.parts import Part, parts_of

#: The position of a rule, and what of it is meant.
Spot: TypeAlias = tuple[int, At]

#: What holds by definition.
DEFINED = {"P1", "W10"}


def spots(parts: Iterable[Part]) -> frozenset[Spot]:
    """Return where parts stand."""
    return frozenset((part.position, part.at) for part in parts)


def timetables(problem: Problem) -> Iterator[dict[str, Cell]]:
    """Yield every timetable of open and closed cells."""
    for plan in itertools.product(*cells_of(problem)):
        yield dict(zip(problem.paths, plan, strict=True))


def possible(problem: Problem) -> Iterator[dict[str, Cell]]:
    """Yield every timetable that keeps what holds by definition."""
    allowed = []
    for name, cells in zip(problem.paths, cells_of(problem), strict=True):
        path, windows = problem.paths[name], [w for w in problem.windows[name] if w.id in DEFINED]
        allowed.append([c for c in cells if not any(w.closed[c.option, path.column(c.transfer)] for w in windows)])
    for plan in itertools.product(*allowed):
        yield dict(zip(problem.paths, plan, strict=True))


def broken(problem: Problem, cells: Mapping[str, Cell]) -> frozenset[Spot]:
    """Return every part that a timetable breaks, but those about money."""
    schedule = Schedule(problem.calendar, problem.paths, cells)
    return frozenset((i, at) for i, rule in enumerate(problem.rules) for at in broken_of(rule, schedule))


def broken_of(rule: Rule, schedule: Schedule) -> Iterator[At]:  # noqa: C901, PLR0912 - one case for each kind
    """Yield what of a rule a schedule breaks; nothing of money."""
    match rule:
        case Window():
            cell = schedule.cells[rule.package]
            if rule.over[cell.option, schedule.paths[rule.package].column(cell.transfer)] > 0:
                yield ()
        case Link():
            first, second = schedule.date(rule.before, rule.before_event), schedule.date(rule.after, rule.after_event)
            if max(first, second) >= rule.as_of:
                if rule.minimum is not None and first + rule.minimum > second:
                    yield ("L1",)
                if rule.maximum is not None and second > first + rule.maximum:
                    yield ("L2",)
        case Width():
            dates = [date for name, event in rule.members if (date := schedule.date(name, event)) >= rule.as_of]
            if dates and max(dates) > min(dates) + rule.width:
                yield ()
        case Gate():
            if any(
                schedule.cells[name].transfer in rule.months
                and name != other
                and schedule.date(other, rule.event) + rule.minimum > schedule.cells[name].transfer
                for name in rule.waiting
                for other in rule.before
            ):
                yield ()
        case Supply():
            yield from (("bucket", b) for b, need in enumerate(rule.totals(schedule)) if need > rule.capacity[b])
        case Reserve():
            for month, needs in enumerate(rule.needs(schedule)):
                if sum(sorted((need for need, _ in needs), reverse=True)[: rule.k]) > rule.people[month]:
                    yield ("month", month)
        case Bridge():
            pass
        case _:
            assert_never(rule)


@dataclass
class Truth:
    """Which parts hold together, by trying timetables.

    Attributes
    ----------
    tried : list of (timetable, what it breaks but money)
    """

    problem: Problem
    tried: list[tuple[Mapping[str, Cell], frozenset[Spot]]]
    purse: Purse

    @classmethod
    def of(cls, problem: Problem, always: Caps = (), *, defined: bool = True) -> Truth:
        """Try all timetables that keep some caps and, unless told otherwise, what holds by definition."""
        every = possible(problem) if defined else timetables(problem)
        kept = (cells for cells in every if all(problem.value(term, cells) <= most for term, most in always))
        return cls(problem, [(cells, broken(problem, cells)) for cells in kept], Purse(problem))

    def only(self, cells: Mapping[str, Cell]) -> Truth:
        """Return what one of the timetables shows alone; nothing if it is none of them."""
        return Truth(self.problem, [entry for entry in self.tried if entry[0] == cells], self.purse)

    def keeping(self, kept: frozenset[Spot]) -> Iterator[Mapping[str, Cell]]:
        """Yield every timetable that keeps some parts."""
        lifted = [spot for spot in self._money if spot not in kept]
        return (c for c, against in self.tried if against.isdisjoint(kept) and self.purse.pays(c, lifted))

    def holds(self, kept: frozenset[Spot]) -> bool:
        """Return whether some timetable keeps parts."""
        return next(self.keeping(kept), None) is not None

    @cached_property
    def _money(self) -> frozenset[Spot]:
        return frozenset(spot for spot in spots(parts_of(self.problem)) if spot[0] == self.purse.position)

"""Which places cannot keep their dates, and whether dates alone can be kept by all together.

Windows and links bind few packages each, so that the earliest months that suit a place are mostly a timetable of it.
What finds none is asked of CP-SAT, place by place; nothing here is a proof, and all of it is proven where it is used.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sequencer.cpsat import search
from sequencer.engine.run import Caps
from sequencer.engine.tables import open_masks
from sequencer.outcome import Limits, Status
from sequencer.places.divide import place_of
from sequencer.problem import Cell, Gate, Link, Problem, Schedule, Width, Window
from sequencer.reasons.apart import apart
from sequencer.reasons.trimmed import is_closed
from sequencer.vocabulary import Event

GLANCE = 1.0  # seconds for one place
SHARE = 1 / 4  # of all the time: so long places are asked about, together
TURNS = 20  # in which events are put off so that others come near them


class Dated:
    """The dates of a problem, its windows, links, widths and gates, and what is known of timetables that keep them.

    Parameters
    ----------
    problem : Problem
    caps : sequence of (Term, int)
        Those on sums are left out.
    limits : Limits
        For each question about a place; it is asked no longer than ``GLANCE``.
    """

    def __init__(self, problem: Problem, caps: Caps, limits: Limits, stop: threading.Event) -> None:
        self._caps = [(term, most) for term, most in caps if term.maximum]
        dates = [i for i, rule in enumerate(problem.rules) if isinstance(rule, Window | Link | Width | Gate)]
        self._problem = replace(problem, rules=tuple(problem.rules[i] for i in dates))
        self._limits = replace(limits, seconds=min(limits.seconds, GLANCE))
        self._left = limits.seconds * SHARE
        self._stop = stop
        self._known: dict[str, Mapping[str, Cell] | Status] = {}

    def closed(self) -> Iterator[str]:
        """Yield places that CP-SAT says cannot keep their dates, each looked at alone."""
        for place, names in self._places.items():
            if not self._stop.is_set() and self._at(place, names) is Status.INFEASIBLE:
                yield place

    def holds(self) -> bool:
        """Return whether a timetable is known that keeps all dates; False where none has been found."""
        if is_closed(replace(self._problem, rules=()), self._caps):
            return False
        cells: dict[str, Cell] = {}
        for place, names in self._places.items():
            found = self._at(place, names)
            if isinstance(found, Status):
                return False
            cells |= found
        return self._together({name: cells[name] for name in self._problem.paths})

    @cached_property
    def _early(self) -> _Early:
        return _Early(self._problem, self._caps)

    @cached_property
    def _places(self) -> Mapping[str, Sequence[str]]:
        places: dict[str, list[str]] = {}
        for name in self._problem.paths:
            places.setdefault(place_of(name), []).append(name)
        return places

    def _at(self, place: str, names: Sequence[str]) -> Mapping[str, Cell] | Status:
        """Return a timetable of a place, or what is said of it where none was found."""
        if place not in self._known:
            self._known[place] = self._of_place(names)
        return self._known[place]

    def _of_place(self, names: Sequence[str]) -> Mapping[str, Cell] | Status:
        cells = self._early.cells(names)
        if cells is not None:
            return cells
        if self._left <= 0 or self._stop.is_set():
            return Status.UNKNOWN
        alone = apart(self._problem, [names]).problem
        caps = [(replace(t, tables={n: t.tables[n] for n in names if n in t.tables}), most) for t, most in self._caps]
        run = search.run(alone, None, caps, None, limits=self._limits, stop=self._stop)
        self._left -= run.spent
        return run.status if run.cells is None else run.cells

    def _together(self, cells: dict[str, Cell]) -> bool:
        """Return whether places keep all dates together, if need be after some of their events were put off."""
        for _ in range(TURNS):
            schedule = Schedule(self._problem.calendar, self._problem.paths, cells)
            if not any(True for rule in self._problem.rules for _ in rule.breaches(schedule)):
                return True
            moved = {name for rule in self._problem.rules for name in self._early.put_off(rule, schedule)}
            for place in {place_of(name) for name in moved}:
                found = self._early.cells([name for name in cells if place_of(name) == place])
                if found is None:
                    return False
                cells |= found
            if not moved:
                return False
        return False


class _Early:
    """The earliest cells of packages that links leave, one package after the other."""

    def __init__(self, problem: Problem, caps: Caps) -> None:
        self._problem = problem
        self._masks = {name: mask.copy() for name, mask in open_masks(problem, caps).items()}
        self._links: dict[str, list[Link]] = {name: [] for name in problem.paths}
        for rule in problem.rules:
            if isinstance(rule, Link):
                for name in rule.about:
                    self._links[name].append(rule)

    def cells(self, names: Collection[str]) -> dict[str, Cell] | None:
        """Return a cell of each of some packages, so that links among them hold; None if it finds none."""
        found: dict[str, Cell] = {}
        for name in self._order(names):
            mask = self._masks[name].copy()
            for link in self._links[name]:
                if link.before == link.after or (link.before in found or link.after in found):
                    mask &= self._keeps(link, name, found)
            columns = mask.any(axis=0)
            if not columns.any():
                return None
            column = int(columns.argmax())
            found[name] = Cell(int(mask[:, column].argmax()), self._problem.paths[name].months[column])
        return found

    def _order(self, names: Collection[str]) -> Iterator[str]:
        """Yield packages, each after those it comes after, as far as links do not run in a circle."""
        left = dict.fromkeys(names)
        waits = {
            name: {
                link.before
                for link in self._links[name]
                if link.after == name != link.before and link.before in left and link.minimum is not None
            }
            for name in left
        }
        while left:
            ready = [name for name in left if waits[name].isdisjoint(left)] or [next(iter(left))]
            for name in ready:
                del left[name]
                yield name

    def _keeps(self, link: Link, name: str, found: Mapping[str, Cell]) -> NDArray[np.bool_]:
        """Return the cells of a package that keep a link to what is found."""
        paths = self._problem.paths
        first, second = (
            paths[package].dates(event) if package == name else np.array(paths[package].date(found[package], event))
            for package, event in ((link.before, link.before_event), (link.after, link.after_event))
        )
        lag, free = second - first, (first < link.as_of) & (second < link.as_of)
        low = link.minimum is None or lag >= link.minimum
        high = link.maximum is None or lag <= link.maximum
        kept: NDArray[np.bool_] = free | (low & high)
        return kept

    def put_off(self, rule: object, schedule: Schedule) -> Iterator[str]:
        """Close months of packages that come too early for a rule that is broken; yield these packages."""
        match rule:
            case Link():
                yield from self._put_off_linked(rule, schedule)
            case Width():
                last = max(schedule.date(name, event) for name, event in rule.members)
                for name, event in rule.members:
                    if rule.as_of <= schedule.date(name, event) < last - rule.width:
                        yield self._from(name, event, last - rule.width)
            case Gate():
                for name in dict.fromkeys(breach.about[1] for breach in rule.breaches(schedule)):
                    others = [schedule.date(other, rule.event) for other in rule.before if other != name]
                    transfer = self._problem.paths[name].dates(Event.TRANSFER)
                    inside = (transfer >= rule.months.start) & (transfer < rule.months.stop)
                    self._masks[name] &= ~(inside & (transfer < max(others) + rule.minimum))
                    yield name

    def _put_off_linked(self, link: Link, schedule: Schedule) -> Iterator[str]:
        for breach in link.breaches(schedule):
            first, second = (
                schedule.date(package, event)
                for package, event in ((link.before, link.before_event), (link.after, link.after_event))
            )
            if breach.rule == "L1":
                yield self._from(link.after, link.after_event, first + (link.minimum or 0))
            else:
                yield self._from(link.before, link.before_event, second - (link.maximum or 0))

    def _from(self, name: str, event: Event, month: int) -> str:
        """Close the cells of a package in which an event comes before a month."""
        self._masks[name] &= self._problem.paths[name].dates(event) >= month
        return name

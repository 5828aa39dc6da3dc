"""Against which cells of a package promises about dates stand: windows, links, widths and gates.

Masks are over all options and the first months of the package's path, shape (K, M), all others staying where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sequencer.problem import Cell, Gate, Link, Path, Schedule, Width, Window
from sequencer.reasons.local.obstacles import Apart, Closed, Dated, Obstacle, Spread, Unopened, Waiting
from sequencer.vocabulary import Event

NEVER = np.iinfo(np.int64).max // 2  # later than every month


class Held(NamedTuple):
    """One promise: the cells of a package, shape (K, M), that it stands against, and what is to be told of one.

    ``alone``: whether it is about the package alone.
    """

    against: NDArray[np.bool_]
    tell: Callable[[Cell], Obstacle]
    alone: bool = False


def windows(of_package: Sequence[Window], path: Path, stop: int) -> Iterator[Held]:
    """Yield the promises about one package alone that close one of its first ``stop`` months with some option."""
    for window in of_package:
        closed = window.over[:, :stop] > 0
        if closed.any():
            yield Held(closed, _Closes(window, path).tell, alone=True)


class _Closes:
    """What a window says of each cell, as lists: numbers are taken from them cell by cell."""

    def __init__(self, window: Window, path: Path) -> None:
        self._window = window
        self._path = path

    @cached_property
    def _lists(self) -> tuple[list[int], list[list[int]], list[list[int]], list[list[int]]]:
        """By option: months from the transfer to the event it is about; how far each month is closed, and measures."""
        window, measure = self._window, self._window.measure
        event = window.clause.event or Event.TRANSFER
        measured = () if measure is None else (measure.found.tolist(), measure.month.tolist())
        found, month = measured or ([], [])
        return [option.offset(event) for option in self._path.options], window.over.tolist(), found, month

    def tell(self, cell: Cell) -> Closed:
        """Say how the window closes a cell."""
        (option, transfer), window = cell, self._window
        column = self._path.column(transfer)
        offsets, over, found, month = self._lists
        date, amount, rows = transfer + offsets[option], over[option][column], window.rows((option, column))
        if window.measure is None:
            return Closed(window, transfer, date, amount, None, None, None, rows)
        measured, worst = found[option][column], month[option][column]
        return Closed(window, transfer, date, amount, measured, window.measure.needed, worst, rows)


def links(of_package: Sequence[Link | Width], schedule: Schedule, name: str, stop: int) -> Iterator[Held]:
    """Yield the two bounds of each link of a package, widths left out."""
    path = schedule.paths[name]
    for link in of_package:
        if not isinstance(link, Link):
            continue
        first, second = (
            path.dates(event)[:, :stop] if package == name else np.array(schedule.date(package, event))
            for package, event in ((link.before, link.before_event), (link.after, link.after_event))
        )
        lag, counted = second - first, (first >= link.as_of) | (second >= link.as_of)
        told = _Apart(link, schedule, name)
        if link.minimum is not None:
            yield Held(counted & (lag < link.minimum), partial(told.tell, "L1", link.minimum))
        if link.maximum is not None:
            yield Held(counted & (lag > link.maximum), partial(told.tell, "L2", link.maximum))


class _Apart:
    """The two events of a link when one package moves: that of another is said once."""

    def __init__(self, link: Link, schedule: Schedule, name: str) -> None:
        self._link = link
        self._before = self._dated(schedule, name, link.before, link.before_event)
        self._after = self._dated(schedule, name, link.after, link.after_event)

    def _dated(self, schedule: Schedule, name: str, package: str, event: Event) -> Callable[[Cell], Dated]:
        if package != name:
            there = Dated(package, event, schedule.date(package, event))
            return lambda _: there
        offsets = [option.offset(event) for option in schedule.paths[name].options]
        return lambda cell: Dated(package, event, cell.transfer + offsets[cell.option])

    def tell(self, rule: str, lag: int, cell: Cell) -> Apart:
        """Say how one of the two bounds is broken in a cell."""
        before, after = self._before(cell), self._after(cell)
        return Apart(self._link, rule, before, after, lag, abs(after.month - before.month - lag))


class Together:
    """A width, and where its events lie in a timetable."""

    def __init__(self, width: Width, schedule: Schedule) -> None:
        self._width = width
        self._schedule = schedule
        dated = ((schedule.date(name, event), name, event) for name, event in width.members)
        self._dated = sorted(entry for entry in dated if entry[0] >= width.as_of)

    def held(self, name: str, stop: int) -> Held:
        """Return the cells of a package in which the first and the last event lie too far from each other."""
        path = self._schedule.paths[name]
        own = np.stack([path.dates(event)[:, :stop] for package, event in self._width.members if package == name])
        first = next((month for month, package, _ in self._dated if package != name), NEVER)
        last = next((month for month, package, _ in reversed(self._dated) if package != name), -1)
        low = np.minimum(np.where(own >= self._width.as_of, own, NEVER).min(axis=0), first)
        high = np.maximum(own.max(axis=0), last)
        return Held(high - low > self._width.width, partial(self._spread, name))

    def _spread(self, name: str, cell: Cell) -> Spread:
        path = self._schedule.paths[name]
        own = [(path.date(cell, event), name, event) for package, event in self._width.members if package == name]
        dated = [
            *(entry for entry in self._dated if entry[1] != name),
            *(entry for entry in own if entry[0] >= self._width.as_of),
        ]
        (first, early, starts), (last, late, ends) = min(dated), max(dated)
        over = last - first - self._width.width
        return Spread(self._width, Dated(early, starts, first), Dated(late, ends, last), over)


class Opening:
    """A gate, and when the events it waits for and the transfers that wait come in a timetable."""

    def __init__(self, gate: Gate, schedule: Schedule) -> None:
        self._gate = gate
        self._schedule = schedule
        awaited = (Dated(name, gate.event, schedule.date(name, gate.event)) for name in gate.before)
        self._awaited = sorted(awaited, key=lambda dated: -dated.month)
        self._before = frozenset(gate.before)
        transfers = ((schedule.date(name, Event.TRANSFER), name) for name in schedule.cells if name in gate.waiting)
        self._transfers = sorted(entry for entry in transfers if entry[0] in gate.months)

    def held(self, name: str, stop: int) -> Iterator[Held]:
        """Yield the cells in which a package would have to wait, and those in which it would hold up others."""
        path, gate = self._schedule.paths[name], self._gate
        last = next((dated.month for dated in self._awaited if dated.package != name), None)
        if name in gate.waiting and last is not None:
            transfer = path.dates(Event.TRANSFER)[:, :stop]
            inside = (transfer >= gate.months.start) & (transfer < gate.months.stop)
            yield Held(inside & (transfer < last + gate.minimum), partial(self._waits, name))
        first = next((month for month, package in self._transfers if package != name), None)
        if name in self._before and first is not None:
            yield Held(path.dates(gate.event)[:, :stop] + gate.minimum > first, partial(self._holds_up, name))

    def _waits(self, name: str, cell: Cell) -> Unopened:
        waits = (
            Waiting(name, cell.transfer, awaited, awaited.month + self._gate.minimum - cell.transfer)
            for awaited in self._awaited
            if awaited.package != name
        )
        return Unopened(self._gate, holds_up=False, waits=tuple(wait for wait in waits if wait.amount > 0))

    def _holds_up(self, name: str, cell: Cell) -> Unopened:
        event = self._gate.event
        own = Dated(name, event, self._schedule.paths[name].date(cell, event))
        waits = (
            Waiting(package, month, own, own.month + self._gate.minimum - month)
            for month, package in self._transfers
            if package != name
        )
        return Unopened(self._gate, holds_up=True, waits=tuple(wait for wait in waits if wait.amount > 0))

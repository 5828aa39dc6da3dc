"""Plants a plan: package after package in random order, each at the earliest cell that keeps links, windows and aims.

Links and windows always hold; an aim is exceeded only where nothing else is left. What comes out is what a planner
without a solver would do: it is a plan, and far from the best one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from random import Random

import numpy as np
from numpy.typing import NDArray

from sequencer.bench.draw.loads import Load, Watchmen, drawn_on
from sequencer.errors import SequencerError
from sequencer.problem import Cell, Gate, Link, Path, Problem, Width
from sequencer.vocabulary import Event

Mask = NDArray[np.bool_]

EXCEEDING = 60.0  # months of waiting that are better than to exceed an aim by the need of a package in one bucket
WHIM = 4.0  # months by which a package likes one option better than another
SPARE = 8  # months between the last exit of the hidden plan and the end of the plan: without them few plans exist
PASSES = 12  # over all links, to close cells that leave a neighbour none


class NoRoomError(SequencerError):
    """A draw leaves a package without a cell; the next attempt is drawn."""


class Planting:
    """A plan in the making.

    Attributes
    ----------
    cells : dict of str to Cell
        The packages placed so far.
    """

    def __init__(self, problem: Problem, loads: dict[tuple[str, str], Load], reserves: list[Watchmen]) -> None:
        self.problem = problem
        self.cells: dict[str, Cell] = {}
        self._open = {name: self._early(name) for name in problem.paths}
        self._loads = drawn_on(loads)
        self._reserves = [entry for entry in reserves if entry.rule.demands]
        self._together = problem.together_of
        for _ in range(PASSES):
            if not self._trim():
                break

    def grow(self, random: Random) -> None:
        """Place every package."""
        for name in self._order(random):
            self._place(name, random)

    def _early(self, name: str) -> Mask:
        """Return the open cells of a package that leave it some months before the plan ends, or all if none does."""
        mask = self.problem.open_cells(name)
        early = mask & (self.problem.paths[name].dates(Event.EXIT) <= self.problem.horizon - SPARE)
        return early if early.any() else mask

    def _trim(self) -> bool:
        """Close cells that no cell of a linked package fits; return whether any was closed."""
        before = sum(int(mask.sum()) for mask in self._open.values())
        for rule in self.problem.rules:
            if isinstance(rule, Link):
                for name, other in ((rule.before, rule.after), (rule.after, rule.before)):
                    self._open[name] &= self._room(rule, name, other)
        return sum(int(mask.sum()) for mask in self._open.values()) < before

    def _order(self, random: Random) -> Iterator[str]:
        """Yield packages in random order, those that others wait for first."""
        waits: dict[str, int] = dict.fromkeys(self.problem.paths, 0)
        followers: dict[str, list[str]] = {name: [] for name in self.problem.paths}
        for rule in self.problem.rules:
            if isinstance(rule, Link) and rule.before != rule.after:
                waits[rule.after] += 1
                followers[rule.before].append(rule.after)
        first = {name for gate in self.problem.gates for name in gate.before}
        key = {name: (name not in first, random.random(), name) for name in self.problem.paths}
        heap = [key[name] for name, count in waits.items() if not count]
        heapq.heapify(heap)
        while heap:
            name = heapq.heappop(heap)[2]
            yield name
            for other in followers[name]:
                waits[other] -= 1
                if not waits[other]:
                    heapq.heappush(heap, key[other])

    def _place(self, name: str, random: Random) -> None:
        path = self.problem.paths[name]
        mask = self._open[name] & self._gated(name)
        for rule in self._together.get(name, ()):
            for other in rule.about:
                if other != name and other not in self.cells:
                    mask = mask & self._room(rule, name, other)
        rows, columns = np.nonzero(mask)
        if not rows.size:
            raise NoRoomError(f"no cell is left for {name}")
        whims = np.array([random.uniform(0, WHIM) for _ in path.options])
        score = columns + path.months.start + whims[rows]
        tables: list[tuple[Load | Watchmen, NDArray[np.int64]]]
        tables = [(load, load.table(name, path)) for load in self._loads.get(name, ())]
        tables += [(entry, entry.table(name, path)) for entry in self._reserves if name in entry.rule.demands_of]
        for load, table in tables:
            score = score + EXCEEDING * load.excess(table[:, rows, columns])
        best = int(np.argmin(score))
        row, column = int(rows[best]), int(columns[best])
        for load, table in tables:
            load.add(table[:, row, column])
        self._settle(name, path, row, column)

    def _settle(self, name: str, path: Path, row: int, column: int) -> None:
        self.cells[name] = Cell(row, path.months[column])
        only = np.zeros(path.shape, dtype=bool)
        only[row, column] = True
        self._open[name] = only
        for rule in self._together.get(name, ()):
            for other in rule.about:
                if other != name and other not in self.cells:
                    self._open[other] = self._open[other] & self._room(rule, other, name)

    def _room(self, rule: Link | Width, name: str, other: str) -> Mask:
        """Return the cells of a package that some open cell of another fits, as far as one rule goes."""
        fits = np.ones(self.problem.paths[name].shape, dtype=bool)
        for event, theirs, least, most in _pairs(rule, name, other):
            dates = self.problem.paths[name].dates(event)
            known = np.unique(self.problem.paths[other].dates(theirs)[self._open[other]])
            if not known.size:
                raise NoRoomError(f"no cell is left for {other}")
            after = np.searchsorted(known, dates + least, "left")
            fits &= (after < known.size) & (known[np.minimum(after, known.size - 1)] <= dates + most)
            fits |= (dates < rule.as_of) & (known.min() < rule.as_of)  # links among past events are dropped
        return fits

    def _gated(self, name: str) -> Mask:
        """Return the cells of a package that no gate closes, given the packages placed already."""
        path = self.problem.paths[name]
        mask = np.ones(path.shape, dtype=bool)
        months = np.array(path.months)
        for gate in self.problem.gates:
            inside = np.array([month in gate.months for month in path.months])
            if name in gate.waiting:
                dates = [self.problem.paths[b].date(self.cells[b], gate.event) for b in self._waited(gate, name)]
                mask &= ~inside | (months >= max(dates, default=-(10**6)) + gate.minimum)
            if name in gate.before:
                waiting = [self.cells[other].transfer for other in gate.waiting & self.cells.keys() if other != name]
                first = min((month for month in waiting if month in gate.months), default=10**6)
                mask &= self.problem.paths[name].dates(gate.event) + gate.minimum <= first
        return mask

    def _waited(self, gate: Gate, name: str) -> Iterator[str]:
        return (other for other in gate.before if other != name and other in self.cells)


def _pairs(rule: Link | Width, name: str, other: str) -> Iterator[tuple[Event, Event, int, int]]:
    """Yield events of two packages, and the least and most months from the first's to the second's."""
    ever = 10**6
    if isinstance(rule, Width):
        events = [event for member, event in rule.members if member == name]
        theirs = [event for member, event in rule.members if member == other]
        yield from ((event, their, -rule.width, rule.width) for event in events for their in theirs)
        return
    least = -ever if rule.minimum is None else rule.minimum
    most = ever if rule.maximum is None else rule.maximum
    if name == rule.before:
        yield rule.before_event, rule.after_event, least, most
    else:
        yield rule.after_event, rule.before_event, -most, -least

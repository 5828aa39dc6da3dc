"""The dates of places as far as some windows and links are kept; each can be lifted and kept again at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from sequencer.places import kernel
from sequencer.problem import Link, Window
from sequencer.reasons.parts import Part
from sequencer.reasons.scarcity.kernel import cheapest
from sequencer.reasons.scarcity.shortfall import Floats, Ints, Shortfall


class Kept:
    """Which windows and links are kept; at first none.

    Parameters
    ----------
    shortfall : Shortfall
    parts : iterable of Part
        Of its problem: those that may be kept. What has no say in dates of places is passed over.
    """

    def __init__(self, shortfall: Shortfall, parts: Iterable[Part]) -> None:
        self._problem, self._places = shortfall.problem, shortfall.places
        forest = self._places.forest
        self._asked = forest.asked
        self._forest = forest._replace(asked=np.zeros_like(forest.asked))
        self._closed = np.zeros(len(self._places.var), np.int64)
        self._value, self._masked = np.zeros(len(self._places.var)), np.zeros(len(self._places.var))
        self._least = np.zeros(int(forest.least_at[-1]))
        self._chosen = np.zeros(len(self._places.names), np.int64)
        self._windows: dict[Part, Ints] = {}
        self._links: dict[Part, int] = {}
        self._of: list[list[Part]] = [[] for _ in self._places.names]
        self.now: set[Part] = set()
        self._read(parts)

    def _read(self, parts: Iterable[Part]) -> None:
        at = {name: p for p, name in enumerate(self._places.names)}
        hangs = {id(link): p for p, link in enumerate(self._places.links) if link is not None}
        for part in parts:
            rule = self._problem.rules[part.position]
            if isinstance(rule, Window):
                p = at[rule.package]
                self._windows[part] = self._shut(rule, p)
                self._of[p].append(part)
            elif isinstance(rule, Link) and part.id == "L1" and id(rule) in hangs:
                self._links[part] = hangs[id(rule)]
                self._of[hangs[id(rule)]].append(part)

    def _shut(self, window: Window, p: int) -> Ints:
        """Return the cells of the package in a place of the forest that a window closes."""
        start, stop = self._places.forest.cells[p : p + 2].tolist()
        columns = self._places.transfer[start:stop] - self._problem.paths[window.package].months.start
        shut: Ints = np.flatnonzero(window.closed[self._places.option[start:stop], columns]) + start
        return shut

    def of_place(self, place: int) -> Iterator[list[Part]]:
        """Yield, package by package, the windows of a place and the links that packages hang by."""
        begin = self._places.forest.places
        yield from self._of[begin[place] : begin[place + 1]]

    def only(self, parts: Collection[Part]) -> None:
        """Keep some parts, and lift all others."""
        wanted = {part for part in parts if part in self._windows or part in self._links}
        for part in self.now - wanted:
            self.lift(part)
        for part in wanted - self.now:
            self.keep(part)

    def keep(self, part: Part) -> None:
        """Keep a part that is lifted."""
        self.now.add(part)
        if part in self._windows:
            self._closed[self._windows[part]] += 1
        else:
            at = self._asking(self._links[part])
            self._forest.asked[at] = self._asked[at]

    def lift(self, part: Part) -> None:
        """Lift a part that is kept."""
        self.now.remove(part)
        if part in self._windows:
            self._closed[self._windows[part]] -= 1
        else:
            self._forest.asked[self._asking(self._links[part])] = 0

    def _asking(self, p: int) -> slice:
        forest = self._forest
        start, q = int(forest.asked_at[p]), int(forest.parent[p])
        return slice(start, start + int(forest.cells[q + 1] - forest.cells[q]))

    def least(self, cost: Floats, place: int) -> float:
        """Return what the cheapest plan of a place costs; infinite if it has none."""
        forest = self._forest
        cells = slice(forest.cells[forest.places[place]], forest.cells[forest.places[place + 1]])
        self._masked[cells] = np.where(self._closed[cells] > 0, np.inf, cost[cells])
        return float(kernel.upward(forest, place, self._masked, self._value, self._least))

    def plans(self, cost: Floats) -> tuple[Floats, Ints]:
        """Return what the cheapest plan of each place costs, and the cell that each package takes in it."""
        places = range(self._places.count)
        totals = np.array([self.least(cost, place) for place in places])
        for place in places:
            cheapest(self._forest, place, self._value, self._chosen)
        return totals, self._chosen.copy()

    def broken(self, place: int, chosen: Sequence[int]) -> frozenset[Part]:
        """Return the windows and links that a plan of a place breaks, given by the cells of its packages."""
        forest, first = self._forest, int(self._places.forest.places[place])
        found = []
        for p, j in enumerate(chosen, first):
            for part in self._of[p]:
                if part in self._windows:
                    shut = self._windows[part]
                    at = int(np.searchsorted(shut, j))
                    breaks = at < len(shut) and shut[at] == j
                else:
                    q = int(forest.parent[p])
                    asked = self._asked[forest.asked_at[p] + chosen[q - first] - forest.cells[q]]
                    breaks = forest.key[j] < asked
                if breaks:
                    found.append(part)
        return frozenset(found)

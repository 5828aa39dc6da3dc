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
        self._shutting, self._shut_at, self._by = self._turned()

    def _read(self, parts: Iterable[Part]) -> None:
        at = {name: p for p, name in enumerate(self._places.names)}
        hangs = {id(link): p for p, link in enumerate(self._places.links) if link is not None}
        cells, flat = self._places.forest.cells.tolist(), self._flat()
        for part in parts:
            rule = self._problem.rules[part.position]
            if isinstance(rule, Window):
                p = at[rule.package]
                mine = slice(cells[p], cells[p + 1])
                self._windows[part] = rule.closed.ravel()[flat[mine]].nonzero()[0] + mine.start
                self._of[p].append(part)
            elif isinstance(rule, Link) and part.id == "L1" and id(rule) in hangs:
                self._links[part] = hangs[id(rule)]
                self._of[hangs[id(rule)]].append(part)

    def _flat(self) -> Ints:
        """Return where each cell stands in a table of its package, row by row."""
        places, paths = self._places, self._problem.paths
        counts = np.diff(places.forest.cells)
        months = np.repeat([paths[name].months.start for name in places.names], counts)
        widths = np.repeat([len(paths[name].months) for name in places.names], counts)
        flat: Ints = places.option * widths + places.transfer - months
        return flat

    def _turned(self) -> tuple[list[Part], Ints, Ints]:
        """Return the windows, where those that close each cell begin, and which of them these are."""
        shutting = list(self._windows)
        shut = list(self._windows.values())
        cell = np.concatenate([np.zeros(0, np.int64), *shut])
        which = np.repeat(np.arange(len(shut)), [len(cells) for cells in shut])
        counts = np.bincount(cell, minlength=len(self._places.var))
        return shutting, np.concatenate([[0], np.cumsum(counts)]), which[np.argsort(cell, kind="stable")]

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
            found += [self._shutting[i] for i in self._by[self._shut_at[j] : self._shut_at[j + 1]].tolist()]
            for part in self._of[p]:
                if part in self._links:
                    q = int(forest.parent[p])
                    asked = self._asked[forest.asked_at[p] + chosen[q - first] - forest.cells[q]]
                    if forest.key[j] < asked:
                        found.append(part)
        return frozenset(found)

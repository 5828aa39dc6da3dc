"""Which packages are planned together, which links hang them together, and which rows all places share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.over_binaries import OverBinaries
from sequencer.places.kernel import Forest
from sequencer.binaries.program import Program
from sequencer.binaries.rows import CHOICE
from sequencer.places.split import Split, split
from sequencer.problem import Cell, Link, Problem

FREE = 10**6  # months, more than any lag

#: A condition between two packages: the date of the second exceeds that of the first by ``low`` to ``high`` months.
Apart: TypeAlias = tuple[str, str, Link, int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Places:
    """A problem by places.

    Attributes
    ----------
    names : tuple of str, length P
        Packages as they stand in the forest.
    forest : Forest
    var : int array, length J
        The variable of the matrix that each cell is.
    option, transfer : int array, length J
    split : Split
        Rows of places, and rows that they share; links that packages do not hang by are priced with these.
    sides : int array, length R
        Right sides of the rows that places share.
    equalities : bool array, length R
        Whether those must be met exactly.
    tops : int array
        The most that each variable that is no cell may be.
    """

    names: tuple[str, ...]
    forest: Forest
    var: NDArray[np.int64]
    option: NDArray[np.int64]
    transfer: NDArray[np.int64]
    split: Split
    sides: NDArray[np.int64]
    equalities: NDArray[np.bool_]
    tops: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.forest.places) - 1

    def table(self, tables: Mapping[str, NDArray[np.int64]], months: Mapping[str, range]) -> NDArray[np.int64]:
        """Return the entries of tables over cells, shape (K, T) for each package, cell by cell, length J."""
        found = np.zeros(len(self.var), np.int64)
        for p, name in enumerate(self.names):
            if name in tables:
                cells = slice(self.forest.cells[p], self.forest.cells[p + 1])
                found[cells] = tables[name][self.option[cells], self.transfer[cells] - months[name].start]
        return found

    def cells(self, chosen: Sequence[int]) -> dict[str, Cell]:
        """Return a schedule from the position of the cell of each package."""
        return {
            name: Cell(int(self.option[j]), int(self.transfer[j])) for name, j in zip(self.names, chosen, strict=True)
        }


def place_of(package: str) -> str:
    """Return the place of a package."""
    return package.partition("/")[0]


def inside(program: Program, rule: Link) -> bool:
    """Return whether a link lies inside a place, which then keeps it by itself.

    A link both of whose events may lie before the plan is left to the rows, since it does not bind there.
    """
    if place_of(rule.before) != place_of(rule.after) or rule.before == rule.after:
        return False
    packages = program.told.packages
    start = int(packages[rule.before].dates(rule.before_event).min())
    return start >= 0 or int(packages[rule.after].dates(rule.after_event).min()) >= 0


def divide(program: Program) -> Places:
    """Return a problem by places."""
    told, arrays = program.told, program.arrays
    links = [rule for rule in program.problem.rules if isinstance(rule, Link) and inside(program, rule)]
    hung, apart, order = _hang(program.problem, links)
    at = {name: p for p, name in enumerate(order)}
    packages = [told.packages[name] for name in order]
    cells = np.concatenate([[0], np.cumsum([len(package.vars) for package in packages])]).astype(np.int32)
    var = np.concatenate([package.vars for package in packages])
    keys, least_at, asked_at, asked = _keys(told, order, hung)
    pairs = _pairs(told, at, apart)
    starts = [p for p, name in enumerate(order) if p == 0 or place_of(name) != place_of(order[p - 1])]
    places = np.array([*starts, len(order)], np.int32)
    hanging = {id(link) for _, link in hung.values()}
    known = [id(rule) in hanging for rule in program.problem.rules]
    least = np.array([name.startswith("L1") for name in program.names])
    aside = np.array([*known, False, False])[program.rules] & least | (program.rules == CHOICE)
    place = np.repeat(np.arange(len(places) - 1), np.diff(cells[places]))
    priced = np.array([*(isinstance(rule, Link) for rule in program.problem.rules), False, False])[program.rules]
    told_apart = split(arrays, aside, priced, var, place, len(places) - 1)
    forest = Forest(
        places=places,
        cells=cells,
        parent=np.array([at[hung[name][0]] if name in hung else -1 for name in order], np.int32),
        key=keys,
        least_at=least_at,
        asked_at=asked_at,
        asked=asked,
        **pairs,
        inner_at=told_apart.inner.at,
        inner_row=told_apart.inner.row,
        inner_need=told_apart.inner.entry,
        rows_at=told_apart.rows_at,
        room=told_apart.room,
    )
    return Places(
        names=tuple(order),
        forest=forest,
        var=var,
        option=np.concatenate([package.options for package in packages]),
        transfer=np.concatenate([package.transfers for package in packages]),
        split=told_apart,
        sides=arrays.sides[told_apart.rows],
        equalities=arrays.equalities[told_apart.rows],
        tops=arrays.tops[told_apart.others],
    )


def _hang(problem: Problem, links: Sequence[Link]) -> tuple[dict[str, tuple[str, Link]], list[Link], list[str]]:
    """Return which package hangs on which by which link, the conditions that leaves, and packages in their order.

    A package stands after the one it hangs on, and packages of a place stand together.
    """
    level = _levels(problem, links)
    root = {name: name for name in problem.paths}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    near: dict[str, list[tuple[str, Link]]] = {name: [] for name in problem.paths}
    apart: list[Link] = []
    for link in sorted(links, key=lambda link: level[link.after] - level[link.before]):
        one, other = find(link.before), find(link.after)
        if link.minimum is None or one == other:
            apart.append(link)
            continue
        root[one] = other
        near[link.before].append((link.after, link))
        near[link.after].append((link.before, link))
        if link.maximum is not None:
            apart.append(link)
    hung: dict[str, tuple[str, Link]] = {}
    order: list[str] = []
    seen: set[str] = set()
    for first in sorted(problem.paths, key=lambda name: (place_of(name), -len(near[name]))):
        stack = [] if first in seen else [first]
        seen.add(first)
        while stack:
            name = stack.pop()
            order.append(name)
            for other, link in near[name]:
                if other not in seen:
                    seen.add(other)
                    hung[other] = (name, link)
                    stack.append(other)
    return hung, apart, order


def _levels(problem: Problem, links: Sequence[Link]) -> dict[str, int]:
    """Return how long a chain of links leads to each package; cycles are cut where they are met."""
    level = dict.fromkeys(problem.paths, 0)
    for _ in range(len({name for link in links for name in (link.before, link.after)})):
        changed = False
        for link in links:
            if link.minimum is not None and level[link.after] <= level[link.before] < len(level):
                level[link.after] = level[link.before] + 1
                changed = True
        if not changed:
            break
    return level


def _keys(
    told: OverBinaries, order: Sequence[str], hung: Mapping[str, tuple[str, Link]]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    """Return keys of cells, where those of packages begin, and what parents ask; see ``Forest``."""
    keys, sizes, asked_at, asked, at = [], [], [], [], 0
    for name in order:
        count = len(told.packages[name].vars)
        asked_at.append(at)
        if name not in hung:
            keys.append(np.zeros(count, np.int64))
            sizes.append(2)
            continue
        parent, link = hung[name]
        if link.before == parent:  # this one comes later: its date is at least the other's and the lag
            key = told.packages[name].dates(link.after_event)
            least = told.packages[parent].dates(link.before_event) + link.minimum
        else:  # this one comes earlier: minus its date is at least minus the other's and the lag
            key = -told.packages[name].dates(link.before_event)
            least = link.minimum - told.packages[parent].dates(link.after_event)
        low, high = int(key.min()), int(key.max())
        keys.append(key - low)
        sizes.append(high - low + 2)
        asked.append(np.clip(least - low, 0, high - low + 1))
        at += len(least)
    least_at = np.concatenate([[0], np.cumsum(sizes)])
    together = np.concatenate(asked) if asked else np.zeros(0, np.int64)
    return (
        np.concatenate(keys).astype(np.int32),
        least_at.astype(np.int32),
        np.array(asked_at, np.int64),
        together.astype(np.int32),
    )


def _pairs(told: OverBinaries, at: Mapping[str, int], apart: Sequence[Link]) -> dict[str, NDArray[np.int32]]:
    """Return conditions between packages that do not hang on one another; see ``Forest``."""
    found: list[list[tuple[int, int, int, int, int]]] = [[] for _ in at]
    dates: list[NDArray[np.int64]] = []
    length = 0
    for link in apart:
        low = -FREE if link.minimum is None else link.minimum
        high = FREE if link.maximum is None else link.maximum
        ends = [(at[link.after], link.after, link.after_event), (at[link.before], link.before, link.before_event)]
        if ends[0] < ends[1]:
            ends, low, high = ends[::-1], -high, -low
        (here, *later), (there, *earlier) = ends
        starts = []
        for name, event in (later, earlier):
            dates.append(told.packages[name].dates(event))
            starts.append(length)
            length += len(dates[-1])
        found[here].append((there, starts[0], starts[1], low, high))
    listed = np.array([pair for pairs in found for pair in pairs], np.int64).reshape(-1, 5)
    return {
        "pairs_at": np.concatenate([[0], np.cumsum([len(pairs) for pairs in found])]).astype(np.int32),
        "pair_with": listed[:, 0].astype(np.int32),
        "pair_here": listed[:, 1],
        "pair_there": listed[:, 2],
        "pair_low": listed[:, 3].astype(np.int32),
        "pair_high": listed[:, 4].astype(np.int32),
        "dates": (np.concatenate(dates) if dates else np.zeros(0, np.int64)).astype(np.int32),
    }

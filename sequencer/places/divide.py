"""Which packages are planned together, which links hang them together, and which rows all places share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.over_binaries import OverBinaries
from sequencer.binaries.program import Program
from sequencer.binaries.rows import CHOICE
from sequencer.places.kernel import Forest
from sequencer.places.split import Split, split
from sequencer.problem import Link, Problem


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
    hung : int array, length P
        The position of the link that each package hangs by, -1 for a root.
    split : Split
        The rows that are priced: all but those that say what the forest says.
    sides : int array, length R
        Right sides of the rows that are priced.
    equalities : bool array, length R
        Whether those must be met exactly.
    links : tuple of Link or None, length P
        By which each package hangs on the one that ``forest`` names.
    """

    names: tuple[str, ...]
    forest: Forest
    var: NDArray[np.int64]
    option: NDArray[np.int64]
    transfer: NDArray[np.int64]
    hung: NDArray[np.int64]
    split: Split
    sides: NDArray[np.int64]
    equalities: NDArray[np.bool_]
    links: tuple[Link | None, ...]

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.forest.places) - 1

    def only(self, rows: NDArray[np.bool_]) -> Places:
        """Return the problem with some of the rows that are priced."""
        sides, equalities = self.sides[rows], self.equalities[rows]
        return replace(self, split=self.split.only(rows), sides=sides, equalities=equalities)


def place_of(package: str) -> str:
    """Return the place of a package."""
    return package.partition("/")[0]


def begins(packages: Sequence[str]) -> NDArray[np.int64]:
    """Return where the packages of each place begin, and how many there are in all; those of a place come together."""
    starts = [p for p, name in enumerate(packages) if p == 0 or place_of(name) != place_of(packages[p - 1])]
    return np.array([*starts, len(packages)], np.int64)


def inside(program: Program, rule: Link) -> bool:
    """Return whether a link lies inside a place, which then keeps it by itself.

    A link both of whose events may have happened already is left to the rows, since it does not bind there.
    """
    if place_of(rule.before) != place_of(rule.after) or rule.before == rule.after:
        return False
    packages = program.told.packages
    start = int(packages[rule.before].dates(rule.before_event).min())
    return start >= rule.as_of or int(packages[rule.after].dates(rule.after_event).min()) >= rule.as_of


def divide(program: Program) -> Places:
    """Return a problem by places."""
    told, arrays = program.told, program.arrays
    links = [rule for rule in program.problem.rules if isinstance(rule, Link) and inside(program, rule)]
    hung, order = _hang(program.problem, links)
    at = {name: p for p, name in enumerate(order)}
    packages = [told.packages[name] for name in order]
    cells = np.concatenate([[0], np.cumsum([len(package.vars) for package in packages])])
    var = np.concatenate([package.vars for package in packages])
    keys, least_at, asked_at, asked = _keys(told, order, hung)
    hanging = {id(link) for _, link in hung.values()}
    known = [id(rule) in hanging for rule in program.problem.rules]
    position = {id(rule): i for i, rule in enumerate(program.problem.rules)}
    least = np.array([name.startswith("L1") for name in program.names])
    aside = np.array([*known, False, False])[program.rules] & least | (program.rules == CHOICE)
    priced = split(arrays, ~aside, var)
    forest = Forest(
        places=begins(order),
        cells=cells,
        parent=np.array([at[hung[name][0]] if name in hung else -1 for name in order], np.int64),
        key=keys,
        least_at=least_at,
        asked_at=asked_at,
        asked=asked,
    )
    return Places(
        names=tuple(order),
        forest=forest,
        var=var,
        option=np.concatenate([package.options for package in packages]),
        transfer=np.concatenate([package.transfers for package in packages]),
        hung=np.array([position[id(hung[name][1])] if name in hung else -1 for name in order], np.int64),
        split=priced,
        sides=arrays.sides[priced.rows],
        equalities=arrays.equalities[priced.rows],
        links=tuple(hung[name][1] if name in hung else None for name in order),
    )


def _hang(problem: Problem, links: Sequence[Link]) -> tuple[dict[str, tuple[str, Link]], list[str]]:
    """Return which package hangs on which by which link, and packages in their order.

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
    for link in sorted(links, key=lambda link: level[link.after] - level[link.before]):
        one, other = find(link.before), find(link.after)
        if link.minimum is None or one == other:
            continue
        root[one] = other
        near[link.before].append((link.after, link))
        near[link.after].append((link.before, link))
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
    return hung, order


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
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
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
        lag = link.minimum or 0  # what packages hang by is a least lag
        if link.before == parent:  # this one comes later: its date is at least the other's and the lag
            key = told.packages[name].dates(link.after_event)
            least = told.packages[parent].dates(link.before_event) + lag
        else:  # this one comes earlier: minus its date is at least minus the other's and the lag
            key = -told.packages[name].dates(link.before_event)
            least = lag - told.packages[parent].dates(link.after_event)
        low, high = int(key.min()), int(key.max())
        keys.append(key - low)
        sizes.append(high - low + 2)
        asked.append(np.clip(least - low, 0, high - low + 1))
        at += len(least)
    least_at = np.concatenate([[0], np.cumsum(sizes)])
    together = np.concatenate(asked) if asked else np.zeros(0, np.int64)
    return (
        np.concatenate(keys),
        least_at,
        np.array(asked_at, np.int64),
        together,
    )

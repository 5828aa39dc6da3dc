"""Timetables that break one part of a contradiction each, made from one another by small moves [1]_.

A part of a contradiction is needed if a timetable breaks it and keeps all others. From such a timetable the next one is
often a step away: what breaks the part is put right by moving a package, or two that a link binds, and that breaks one
other part only.

References
----------
.. [1] J. Marques-Silva and I. Lynce, "On improving MUS extraction algorithms", SAT 2011 (model rotation).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.run import Caps, Stoppable
from sequencer.engine.tables import Masks, NeedTables, open_masks
from sequencer.problem import Cell, Link, Problem, Supply, Window
from sequencer.reasons.parts import Part
from sequencer.vocabulary import Event

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

#: One package, or two that a link binds.
Names: TypeAlias = tuple[str, ...]

KINDS = (Window, Link, Supply)
PAIR = 2  # packages that are moved at once
VISITS = 3  # of timetables that break the same bucket of a pool: all packages that draw on it are looked at in each


@dataclass(frozen=True, slots=True)
class _Bound:
    """One bound of a link."""

    part: Part
    link: Link

    def broken(self, first: Ints, second: Ints) -> Bools:
        """Return where it is broken, from the dates of the two events."""
        lag = second - first
        over = lag < (self.link.minimum or 0) if self.part.id == "L1" else lag > (self.link.maximum or 0)
        found: Bools = over & ((first >= self.link.as_of) | (second >= self.link.as_of))
        return found


@dataclass(frozen=True, eq=False, slots=True)
class _Pool:
    """The buckets of a pool that are parts: what packages need of each in each cell, and what each holds."""

    parts: list[Part]
    needs: Mapping[str, Ints]
    capacity: Ints
    none: Ints


@dataclass(frozen=True, eq=False, slots=True)
class _State:
    """A timetable that breaks one part: cells as positions in flat tables, and what is used of each pool."""

    broken: Part
    at: dict[str, int]
    used: list[Ints]


class Rotating:
    """Parts about windows, links and pools that contradict each other.

    Parameters
    ----------
    problem : Problem
    parts : collection of Part
        Of its rules.
    masks : mapping of str to bool array, shape (K, T)
        The cells that may be taken whatever is lifted.
    """

    def __init__(self, problem: Problem, parts: Collection[Part], masks: Masks) -> None:
        self._paths = problem.paths
        self._open = {name: masks[name].ravel() for name in problem.paths}
        self._windows: dict[str, list[tuple[Part, Bools]]] = {name: [] for name in problem.paths}
        self._bounds: dict[str, list[_Bound]] = {name: [] for name in problem.paths}
        self._pools: list[_Pool] = []
        self._pool_of: dict[Part, tuple[int, int]] = {}
        buckets: dict[int, list[Part]] = {}
        for part in parts:
            rule = problem.rules[part.position]
            if isinstance(rule, Window):
                self._windows[rule.package].append((part, rule.closed.ravel()))
            elif isinstance(rule, Link):
                for name in rule.about:
                    self._bounds[name].append(_Bound(part, rule))
            elif isinstance(rule, Supply):
                buckets.setdefault(part.position, []).append(part)
        for position, mine in buckets.items():
            self._pool_of |= {part: (len(self._pools), b) for b, part in enumerate(mine)}
            self._pools.append(_pool(problem, position, mine))
        self._drawing = {name: [s for s, pool in enumerate(self._pools) if name in pool.needs] for name in self._paths}

    @classmethod
    def of(cls, problem: Problem, parts: Collection[Part], always: Collection[Part], caps: Caps) -> Self | None:
        """Return parts that are looked at; None where some are about rules of other kinds.

        Parameters
        ----------
        always : collection of Part
            Those that hold by definition.
        caps : sequence of (Term, int)
            That are always kept.
        """
        count = len(problem.rules)
        known = all(p.position < count and isinstance(problem.rules[p.position], KINDS) for p in parts)
        settled = tuple(problem.rules[part.position] for part in always)
        if not known or not all(isinstance(rule, Window) for rule in settled) or not all(t.maximum for t, _ in caps):
            return None
        return cls(problem, parts, open_masks(replace(problem, rules=settled), caps))

    def others(
        self, part: Part, cells: Mapping[str, Cell], stop: Stoppable
    ) -> Iterator[tuple[Part, Mapping[str, Cell]]]:
        """Yield parts, each once, with a timetable that breaks that part alone, until told to stop.

        Parameters
        ----------
        part : Part
            Alone broken by the timetable given.
        cells : mapping of str to Cell
        """
        at = {name: self._flat(name, cells[name]) for name in self._paths}
        used = [sum((needs[:, at[name]] for name, needs in pool.needs.items()), pool.none) for pool in self._pools]
        seen, visits, waiting = {part}, Counter[Part](), deque([_State(part, at, used)])
        while waiting:
            state = waiting.popleft()
            for names in self._about(state):
                if stop.is_set():
                    return
                if state.broken in self._pool_of and seen.issuperset(self._binding(names)):
                    continue
                for other, cells_ in self._single(state, names):
                    visits[other] += 1
                    if visits[other] > (VISITS if other in self._pool_of else 1):
                        continue
                    moved = self._moved(state, other, names, cells_)
                    waiting.append(moved)
                    if other not in seen:
                        seen.add(other)
                        yield other, {name: self._cell(name, moved.at[name]) for name in self._paths}

    def _about(self, state: _State) -> Iterator[Names]:
        """Yield packages whose moves may put right what is broken: each alone, then two that a link binds."""
        found = self._pool_of.get(state.broken)
        if found is None:
            alone = state.broken.packages
        else:
            pool, bucket = found
            alone = tuple(n for n, needs in self._pools[pool].needs.items() if needs[bucket, state.at[n]])
        yield from ((name,) for name in alone)
        bounds = (bound for name in alone for bound in self._bounds[name])
        yield from dict.fromkeys(bound.link.about for bound in bounds if len(bound.link.about) == PAIR)

    def _binding(self, names: Names) -> Iterator[Part]:
        """Yield parts about packages alone or a link."""
        for name in names:
            yield from (part for part, _ in self._windows[name])
            yield from (bound.part for bound in self._bounds[name] if names in {(name,), bound.link.about})

    def _single(self, state: _State, names: Names) -> Iterator[tuple[Part, tuple[int, ...]]]:
        """Yield parts, each with cells of packages in which the timetable breaks that part and no other."""
        against = list(self._against(state, names))
        free = [self._along(names, name, self._open[name]) for name in names]
        count = np.zeros(tuple(len(self._open[name]) for name in names), np.int32)
        for _, broken in against:
            count += broken
        alone = (count == 1) & (free[0] & free[-1])
        for part, broken in against:
            if part != state.broken and (alone & broken).any():
                at = np.unravel_index(int((alone & broken).argmax()), count.shape)
                yield part, tuple(map(int, at))

    def _against(self, state: _State, names: Names) -> Iterator[tuple[Part, Bools]]:
        """Yield parts about packages, and in which of their cells they break them; the first has the first axis."""
        for name in names:
            yield from ((part, self._along(names, name, closed)) for part, closed in self._windows[name])
        for bound in dict.fromkeys(bound for name in names for bound in self._bounds[name]):
            link = bound.link
            first = self._date(state, names, link.before, link.before_event)
            second = self._date(state, names, link.after, link.after_event)
            yield bound.part, bound.broken(first, second)
        for s in dict.fromkeys(s for name in names for s in self._drawing[name]):
            pool = self._pools[s]
            mine = [(name, pool.needs[name]) for name in names if name in pool.needs]
            left = pool.capacity - state.used[s] + sum(needs[:, state.at[name]] for name, needs in mine)
            for b, part in enumerate(pool.parts):
                need: Ints = sum((self._along(names, name, needs[b]) for name, needs in mine), np.zeros(1, np.int64))
                yield part, need > left[b]

    def _along(self, names: Names, name: str, cells: NDArray[Any]) -> NDArray[Any]:
        """Return a table of a package along its own axis."""
        return cells[:, None] if len(names) == PAIR and name == names[0] else cells

    def _moved(self, state: _State, part: Part, names: Names, cells: tuple[int, ...]) -> _State:
        used = list(state.used)
        for name, cell in zip(names, cells, strict=True):
            for s in self._drawing[name]:
                needs = self._pools[s].needs[name]
                used[s] = used[s] - needs[:, state.at[name]] + needs[:, cell]
        return _State(part, {**state.at, **dict(zip(names, cells, strict=True))}, used)

    def _date(self, state: _State, moving: Names, name: str, event: Event) -> Ints:
        """Return the month of an event in each cell of a package that moves; of another, where it is."""
        dates = self._paths[name].dates(event).ravel()
        return self._along(moving, name, dates) if name in moving else dates[state.at[name]]

    def _flat(self, name: str, cell: Cell) -> int:
        return cell.option * len(self._paths[name].months) + self._paths[name].column(cell.transfer)

    def _cell(self, name: str, at: int) -> Cell:
        option, column = divmod(at, len(self._paths[name].months))
        return Cell(option, self._paths[name].months[column])


def _pool(problem: Problem, position: int, parts: list[Part]) -> _Pool:
    rule = problem.rules[position]
    if not isinstance(rule, Supply):
        raise TypeError(f"{rule} is no pool")
    kept = [int(part.at[1]) for part in parts]
    buckets, tables = [rule.buckets[b] for b in kept], NeedTables()
    needs = {
        name: tables.of(buckets, demands, problem.paths[name]).reshape(len(kept), -1)
        for name, demands in rule.demands_of.items()
    }
    capacity = np.array([rule.capacity[b] for b in kept], np.int64)
    return _Pool(parts, needs, capacity, np.zeros(len(kept), np.int64))

"""Which parts a timetable breaks, for many timetables of the same packages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sequencer.problem import Bridge, Cell, Link, Problem, Reserve, Rule, Schedule, Supply, Window
from sequencer.reasons.parts import Part


class Broken:
    """Parts of the rules of a problem; those about money are passed over.

    Parameters
    ----------
    problem : Problem
    parts : collection of Part
        Those that are looked at.
    """

    def __init__(self, problem: Problem, parts: Collection[Part]) -> None:
        self._problem = problem
        self._at: dict[int, dict[tuple[str | int, ...], Part]] = {}
        for part in parts:
            if part.position < len(problem.rules):
                self._at.setdefault(part.position, {})[part.at] = part
        self._rules = [(position, problem.rules[position]) for position in sorted(self._at)]
        self._needed: dict[tuple[int, str, Cell], NDArray[np.int64]] = {}

    def by(self, cells: Mapping[str, Cell]) -> set[Part]:
        """Return the parts that a timetable breaks."""
        found, schedule = self._closed(cells), Schedule(self._problem.calendar, self._problem.paths, cells)
        for position, rule in self._rules:
            match rule:
                case Window() | Bridge():
                    continue
                case Supply():
                    over = self._used(position, rule, cells) > np.array(rule.capacity)
                    where: set[tuple[str | int, ...]] = {("bucket", b) for b in np.flatnonzero(over).tolist()}
                case _:
                    where = {_where(rule, breach.rule, breach.month) for breach in rule.breaches(schedule)}
            found |= {part for at, part in self._at[position].items() if at in where}
        return found

    @cached_property
    def _windows(self) -> tuple[list[Part], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Return the windows, which package each is about, where its table begins, and all tables of closed cells."""
        windows = [(self._at[at][()], rule) for at, rule in self._rules if isinstance(rule, Window)]
        names = {name: i for i, name in enumerate(self._problem.paths)}
        package = np.array([names[window.package] for _, window in windows], np.int64)
        closed = [np.zeros(0, np.bool_), *(window.closed.ravel() for _, window in windows)]
        begin = np.cumsum([len(table) for table in closed], dtype=np.int64)[:-1]
        return [part for part, _ in windows], package, begin, np.concatenate(closed)

    def _closed(self, cells: Mapping[str, Cell]) -> set[Part]:
        parts, package, begin, closed = self._windows
        paths = self._problem.paths.items()
        at = [cells[name].option * len(path.months) + path.column(cells[name].transfer) for name, path in paths]
        broken = closed[begin + np.array(at, np.int64)[package]]
        return {parts[i] for i in np.flatnonzero(broken).tolist()}

    def _used(self, position: int, rule: Supply, cells: Mapping[str, Cell]) -> NDArray[np.int64]:
        """Return what is used of a pool in each bucket; most packages stay where they were in other timetables."""
        needed = []
        for name in rule.demands_of:
            key = position, name, cells[name]
            if key not in self._needed:
                self._needed[key] = np.array(rule.need(name, self._problem.paths[name], cells[name]), np.int64)
            needed.append(self._needed[key])
        used: NDArray[np.int64] = np.array(needed, np.int64).reshape(-1, len(rule.buckets)).sum(axis=0)
        return used


def _where(rule: Rule, said: str, month: int) -> tuple[str | int, ...]:
    """Return which part of a rule a breach is about."""
    match rule:
        case Link():
            return (said,)
        case Reserve():
            return ("month", month)
        case _:
            return ()

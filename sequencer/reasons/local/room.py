"""What pools and reserves leave to a package where all others stay, and against which of its cells that stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.tables import NeedTables
from sequencer.problem import Cell, Path, Reserve, Schedule, Supply
from sequencer.reasons.local.obstacles import Short, Unanswered, User
from sequencer.reasons.local.standing import Held

Table = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Draw:
    """What one package needs, and what is left to it.

    Attributes
    ----------
    needs : int array, shape (B, K, M)
        What it needs, by bucket and cell.
    left : int array, shape (B,)
    """

    path: Path
    needs: Table
    left: Table

    @cached_property
    def exceeding(self) -> Mask:
        """Where a bucket does not suffice, shape (B, K, M)."""
        mask: Mask = self.needs > self.left[:, None, None]
        return mask

    @cached_property
    def _found(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """Buckets that do not suffice, cell after cell, what is needed, by how much, and where those of a cell end."""
        options, columns, buckets = self.exceeding.transpose(1, 2, 0).nonzero()
        needed = self.needs[buckets, options, columns]
        ends = np.cumsum(np.count_nonzero(self.exceeding, axis=0))
        return buckets.tolist(), needed.tolist(), (needed - self.left[buckets]).tolist(), ends.tolist()

    def lacks(self, cell: Cell) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        """Return the buckets that do not suffice with a cell, by how much, and what is needed in the first of them."""
        buckets, needed, lacking, ends = self._found
        at = cell.option * self.needs.shape[2] + self.path.column(cell.transfer)
        here = slice(ends[at - 1] if at else 0, ends[at])
        return tuple(buckets[here]), tuple(lacking[here]), needed[here.start]


class Pool:
    """A supply, and who uses it in a timetable."""

    def __init__(self, supply: Supply, schedule: Schedule, tables: NeedTables) -> None:
        self._supply = supply
        self._schedule = schedule
        self._tables = tables
        self._needs = {name: np.array(need) for name, need in supply.needs(schedule).items()}
        self._left = np.array(supply.capacity) - sum(self._needs.values())
        self._all: dict[int, tuple[User, ...]] = {}
        self._others: dict[tuple[int, str], tuple[User, ...]] = {}

    def held(self, name: str, stop: int) -> Held:
        """Return the cells of a package in which the pool would not suffice in some bucket."""
        path, supply = self._schedule.paths[name], self._supply
        needs = self._tables.of(supply.buckets, supply.demands_of[name], path)
        asked = Draw(path, needs[:, :, :stop], self._left + self._needs[name])
        return Held(np.logical_or.reduce(asked.exceeding), partial(self._short, name, asked))

    def _short(self, name: str, asked: Draw, cell: Cell) -> Short:
        buckets, lacking, need = asked.lacks(cell)
        return Short(self._supply, buckets, lacking, need, self._used(buckets[0], name))

    def _used(self, bucket: int, name: str) -> tuple[User, ...]:
        """Return who uses the pool in a bucket beside one package, who uses most first."""
        if bucket not in self._all:
            users = (User(package, int(need[bucket])) for package, need in self._needs.items() if need[bucket])
            self._all[bucket] = tuple(sorted(users, key=lambda user: (-user.amount, user.package)))
        if not self._needs[name][bucket]:
            return self._all[bucket]
        if (bucket, name) not in self._others:
            self._others[bucket, name] = tuple(user for user in self._all[bucket] if user.package != name)
        return self._others[bucket, name]


class Answering:
    """A reserve, and the relapses it must answer in a timetable."""

    def __init__(self, reserve: Reserve, schedule: Schedule, tables: NeedTables) -> None:
        self._reserve = reserve
        self._schedule = schedule
        self._tables = tables
        self._months = tuple(range(month, month + 1) for month in range(len(reserve.people)))
        self._fragile = reserve.needs(schedule)
        self._own = {name: np.zeros(len(reserve.people), dtype=np.int64) for name in reserve.demands_of}
        for month, needs in enumerate(self._fragile):
            for need, name in needs:
                self._own[name][month] = need

    @cached_property
    def _largest(self) -> Table:
        """The k largest needs of each month, the largest first, shape (k, H)."""
        k, months = self._reserve.k, len(self._months)
        needs = np.zeros((len(self._own) + k, months), dtype=np.int64)  # as if k more needed nothing
        needs[k:] = list(self._own.values())
        return -np.sort(-needs, axis=0)[:k]

    def held(self, name: str, stop: int) -> Held:
        """Return the cells of a package in which the reserve could not answer the relapses of some month."""
        path = self._schedule.paths[name]
        needs = self._tables.of(self._months, self._reserve.demands_of[name], path)
        left = np.array(self._reserve.people) - self._others(name)
        asked = Draw(path, needs[:, :, :stop], left)
        return Held(np.logical_or.reduce(asked.exceeding), partial(self._unanswered, name, asked))

    def _others(self, name: str) -> Table:
        """Return the k - 1 largest needs of others in each month together, length H."""
        largest, own = self._largest, self._own[name]
        others: Table = largest[:-1].sum(axis=0)
        if len(largest) > 1:  # where it is among them itself, the next largest counts instead
            others = np.where(own >= largest[-2], largest.sum(axis=0) - own, others)
        return others

    def _unanswered(self, name: str, asked: Draw, cell: Cell) -> Unanswered:
        months, lacking, need = asked.lacks(cell)
        others = self._reserve.worst(entry for entry in self._fragile[months[0]] if entry[1] != name)
        users = tuple(User(other, size) for size, other in others[: self._reserve.k - 1])
        return Unanswered(self._reserve, months, lacking, need, users)

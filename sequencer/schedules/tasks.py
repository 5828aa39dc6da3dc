"""A problem as arrays: what compiled kernels know of packages, lags, needs and pools.

A *task* is a package, an *arc* a lag between the transfers of two of them, a *piece* what one option of a package needs
of one pool in consecutive months counted from the transfer. What arrays cannot say is left out of ``Tasks``, and
``Reading.whole`` is false: then the arrays are a relaxation, good for bounds and not for plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.problem import Cell

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

#: A month that never comes: no date, and no sum of one and lags, is as large.
NEVER = 2**40


class Tasks(NamedTuple):
    """The arrays. n tasks, K options at most, A arcs, Q pieces, R pools by month, H months, P pools of the whole plan.

    Attributes
    ----------
    following : int array, shape (n, K, H + 1)
        The first open month from a month on; ``NEVER`` where there is none, also for options a package lacks.
    preceding : int array, shape (n, K, H + 1)
        The last open month before a month; -``NEVER`` where there is none.
    tail : int array, shape (n, K)
        The entry of the term less the transfer month; -``NEVER`` for a package that does not count.
    arc_from, arc_to : int array, shape (A,)
    lag : int array, shape (A, K, K)
        The transfer of ``arc_to`` comes at least so many months after that of ``arc_from``, by the options of both.
    into, into_at : int array, shape (A,), (n + 1,)
        The arcs that end at task p are ``into[into_at[p] : into_at[p + 1]]``.
    out, out_at : int array, shape (A,), (n + 1,)
        The arcs that begin there.
    piece_at : int array, shape (n * K + 1,)
        The pieces of option k of task p are those from ``piece_at[p * K + k]`` to before the next entry.
    row, first, last, amount : int array, shape (Q,)
        Of a piece: pool, months [first, last) counted from the transfer, what is needed in each.
    capacity : int array, shape (R, H)
    taken : int array, shape (n, K, P)
        What an option needs of pools of the whole plan.
    limit : int array, shape (P,)
    """

    following: Ints
    preceding: Ints
    tail: Ints
    arc_from: Ints
    arc_to: Ints
    lag: Ints
    into: Ints
    into_at: Ints
    out: Ints
    out_at: Ints
    piece_at: Ints
    row: Ints
    first: Ints
    last: Ints
    amount: Ints
    capacity: Ints
    taken: Ints
    limit: Ints


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """A problem read into arrays.

    Attributes
    ----------
    names : tuple of str, length n
        The package of each task.
    regular : bool
        Whether the term of every package grows with its transfer month by month.
    whole : bool
        Whether the arrays say all that the problem says.
    """

    names: tuple[str, ...]
    tasks: Tasks
    regular: bool
    whole: bool

    def cells(self, option: Ints, start: Ints) -> dict[str, Cell]:
        """Return options and transfer months, each of shape (n,), as a schedule."""
        return {name: Cell(int(option[p]), int(start[p])) for p, name in enumerate(self.names)}


def stretched(tasks: Tasks) -> Tasks:
    """Return tasks on twice as many months, in which every package may also come after its last open month.

    Schedules that come too late are worth having while better ones are bred from them. What is there in the last month
    is there in those after it.
    """
    count, size, months = tasks.following.shape
    horizon = months - 1
    longer = 2 * horizon
    following, preceding = np.empty((2, count, size, longer + 1), dtype=np.int64)
    last = tasks.preceding[:, :, -1:]  # -NEVER where an option is impossible
    later = np.arange(longer + 1)
    following[:, :, :months] = tasks.following
    following[:, :, months:] = NEVER
    following[:] = np.where((last >= 0) & (later > last) & (later < longer), later, following)
    preceding[:, :, :months] = tasks.preceding
    preceding[:, :, months:] = last
    preceding[:] = np.where((last >= 0) & (later > last + 1), later - 1, preceding)
    capacity = np.repeat(tasks.capacity[:, -1:], longer, axis=1)
    capacity[:, :horizon] = tasks.capacity
    return tasks._replace(following=following, preceding=preceding, capacity=capacity)


def starts(reading: Reading, cells: Mapping[str, Cell]) -> tuple[Ints, Ints]:
    """Return the options and transfer months of a schedule, each of shape (n,)."""
    return ints(cells[name].option for name in reading.names), ints(cells[name].transfer for name in reading.names)


def ints(values: Iterable[int]) -> Ints:
    """Return numbers as an array."""
    return np.array(list(values), dtype=np.int64)

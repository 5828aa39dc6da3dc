"""Bounds on a maximum: how early every package can be, and what all together need of pools in a stretch of months.

The mathematics and the proofs are propositions 13 and 14 of ``models/problem.md``; everything is integer.
"""

from __future__ import annotations

import numpy as np

from sequencer.engine.compiled import kernel, part
from sequencer.schedules.tasks import NEVER, Bools, Ints, Tasks

WORK = 10**8  # packages times months squared, up to which the stretches of a pool are looked at


@kernel
def earliest(tasks: Tasks, dates: Ints) -> bool:
    """Move earliest transfer months, shape (n, K), later until no arc and no closed month asks for more.

    An option without a month left gets ``NEVER``. False if a package has no option left.
    """
    count, size = dates.shape
    horizon = tasks.following.shape[2] - 1
    moved = True
    while moved:
        moved = False
        for p in range(count):
            possible = False
            for k in range(size):
                before = dates[p, k]
                if before < NEVER:
                    month = max(before, _ready(tasks, dates, p, k))
                    dates[p, k] = tasks.following[p, k, month] if month < horizon else NEVER
                    moved |= dates[p, k] != before
                possible |= dates[p, k] < NEVER
            if not possible:
                return False
    return True


@part
def _ready(tasks: Tasks, dates: Ints, p: int, k: int) -> int:
    """Return the month from which on the arcs into a package let an option transfer, by earliest months."""
    month = 0
    for i in range(tasks.into_at[p], tasks.into_at[p + 1]):
        arc = tasks.into[i]
        q = tasks.arc_from[arc]
        least = NEVER
        for kq in range(dates.shape[1]):
            if dates[q, kq] < NEVER:
                least = min(least, dates[q, kq] + tasks.lag[arc, kq, k])
        month = max(month, least)
    return month


@kernel
def latest(tasks: Tasks, early: Ints, most: int, dates: Ints) -> bool:
    """Move latest transfer months, shape (n, K), earlier until the term is at most ``most`` and no arc is broken.

    Options that are impossible in ``early``, or become so, get -``NEVER``. False if a package has no option left.
    """
    count, size = dates.shape
    moved = True
    while moved:
        moved = False
        for p in range(count - 1, -1, -1):
            possible = False
            for k in range(size):
                before = dates[p, k]
                if before > -NEVER:
                    month = min(before, _due(tasks, dates, most, p, k))
                    month = tasks.preceding[p, k, month + 1] if month >= 0 else -NEVER
                    dates[p, k] = month if month >= early[p, k] else -NEVER
                    moved |= dates[p, k] != before
                possible |= dates[p, k] > -NEVER
            if not possible:
                return False
    return True


@part
def _due(tasks: Tasks, dates: Ints, most: int, p: int, k: int) -> int:
    """Return the month up to which the term and the arcs out of a package let an option transfer, by latest months."""
    month = most - tasks.tail[p, k] if tasks.tail[p, k] > -NEVER else NEVER
    for i in range(tasks.out_at[p], tasks.out_at[p + 1]):
        arc = tasks.out[i]
        q = tasks.arc_to[arc]
        greatest = -NEVER
        for kq in range(dates.shape[1]):
            if dates[q, kq] > -NEVER:
                greatest = max(greatest, dates[q, kq] - tasks.lag[arc, k, kq])
        month = min(month, greatest)
    return month


@kernel
def overloaded(tasks: Tasks, early: Ints, late: Ints) -> bool:
    """Return whether, for some pool and months [a, b), all packages must need more in them than there is.

    ``early``, ``late``: first and last transfer months, shape (n, K), of options that are possible.
    """
    rows, horizon = tasks.capacity.shape
    begins, ends = np.zeros(horizon + 1, dtype=np.bool_), np.zeros(horizon + 1, dtype=np.bool_)
    users, users_at = _users(tasks)
    for row in range(rows):
        mine = users[users_at[row] : users_at[row + 1]]
        if len(mine) * horizon * horizon > WORK:
            continue  # left out: the bound is weaker and still one
        _edges(tasks, early, late, row, mine, begins, ends)
        for a in range(horizon):
            if not begins[a]:
                continue
            held = 0
            for b in range(a + 1, horizon + 1):
                held += tasks.capacity[row, b - 1]
                if ends[b] and _needed(tasks, early, late, row, mine, a, b) > held:
                    return True
    return False


@part
def _users(tasks: Tasks) -> tuple[Ints, Ints]:
    """Return the packages that need something of each pool, and where those of each pool begin."""
    rows, (count, size) = tasks.capacity.shape[0], tasks.tail.shape
    users_at = np.zeros(rows + 1, dtype=np.int64)
    users = np.empty(len(tasks.row), dtype=np.int64)
    held = 0
    for row in range(rows):
        users_at[row] = held
        for p in range(count if len(tasks.row) else 0):
            for i in range(tasks.piece_at[p * size], tasks.piece_at[(p + 1) * size]):
                if tasks.row[i] == row:
                    users[held] = p
                    held += 1
                    break
    users_at[rows] = held
    return users, users_at


@part
def _edges(  # noqa: PLR0917
    tasks: Tasks, early: Ints, late: Ints, row: int, users: Ints, begins: Bools, ends: Bools
) -> None:
    """Mark the months in which needs of a pool can begin at the earliest, and end at the latest."""
    begins[:], ends[:] = False, False
    size = early.shape[1]
    for p in users:
        for k in range(size):
            if late[p, k] <= -NEVER:
                continue
            for i in range(tasks.piece_at[p * size + k], tasks.piece_at[p * size + k + 1]):
                if tasks.row[i] == row:
                    begins[early[p, k] + tasks.first[i]] = True
                    ends[late[p, k] + tasks.last[i]] = True


@part
def _needed(  # noqa: PLR0917
    tasks: Tasks, early: Ints, late: Ints, row: int, users: Ints, a: int, b: int
) -> int:
    """Return what all packages need of a pool in months [a, b) at least, whatever options and months are chosen."""
    size = early.shape[1]
    total = 0
    for p in users:
        least = NEVER
        for k in range(size):
            if late[p, k] <= -NEVER:
                continue
            need = 0
            for i in range(tasks.piece_at[p * size + k], tasks.piece_at[p * size + k + 1]):
                if tasks.row[i] == row:
                    months = min(tasks.last[i] - tasks.first[i], b - a)
                    inside = min(months, early[p, k] + tasks.last[i] - a, b - late[p, k] - tasks.first[i])
                    need += tasks.amount[i] * max(0, inside)
            least = min(least, need)
        total += least
    return total


def lower_bound(tasks: Tasks, least: int, most: int) -> int | None:
    """Return a proven lower bound on the term, from ``least``, which is one, up to ``most + 1``.

    ``most + 1`` says that no plan has a value of ``most`` or less; None that there is no plan at all.
    """
    early = tasks.following[:, :, 0].copy()
    if not earliest(tasks, early):
        return None
    ready = np.where((early < NEVER) & (tasks.tail > -NEVER), early + tasks.tail, NEVER).min(axis=1)
    low = max(least, int(ready[ready < NEVER].max(initial=least)))
    high = most + 1
    while low < high:  # whatever is below low is refuted
        middle = (low + high) // 2
        if refuted(tasks, early, middle):
            low = middle + 1
        else:
            high = middle
    return min(low, most + 1)


def refuted(tasks: Tasks, early: Ints, most: int) -> bool:
    """Return whether it is proven that the term cannot be ``most`` or less."""
    late = tasks.preceding[:, :, -1].copy()
    late[early >= NEVER] = -NEVER
    return not latest(tasks, early, most, late) or overloaded(tasks, early, late)

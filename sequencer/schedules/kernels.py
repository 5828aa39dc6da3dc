"""Schedule generation compiled: one package after another, each as early (or as late) as what is there lets it.

All functions take ``Tasks`` whose term is regular and that say all the problem says. ``order`` is a list of tasks in
which no arc points backwards, ``option`` and ``start`` the options and transfer months, each of shape (n,); ``free``
what is left of the pools, shape (R, H).
"""

from __future__ import annotations

import numpy as np

from sequencer.engine.compiled import copy, kernel, part
from sequencer.schedules.tasks import NEVER, Ints, Tasks


@part
def below(state: Ints, limit: int) -> int:
    """Return a random number from 0 to ``limit`` - 1: the upper bits of a linear congruence modulo 2**64 (Knuth)."""
    state[0] = state[0] * 6364136223846793005 + 1442695040888963407
    number: int = (state[0] >> 33) & 0x7FFFFFFF
    return number % limit


@part
def conflict_last(tasks: Tasks, free: Ints, i: int, stop: int, month: int) -> int:
    """Return the least transfer month that clears the last month in which pieces i ... stop - 1 do not fit; or -1."""
    while i < stop:
        row, amount, begin = tasks.row[i], tasks.amount[i], month + tasks.first[i]
        for m in range(month + tasks.last[i] - 1, begin - 1, -1):
            if free[row, m] < amount:
                return int(m - tasks.first[i] + 1)
        i += 1
    return -1


@part
def _conflict_first(tasks: Tasks, free: Ints, i: int, stop: int, month: int) -> int:
    """Return the greatest transfer month that clears the first month in which the pieces do not fit; or ``NEVER``."""
    while i < stop:
        row, amount, end = tasks.row[i], tasks.amount[i], month + tasks.last[i]
        for m in range(month + tasks.first[i], end):
            if free[row, m] < amount:
                return int(m - tasks.last[i])
        i += 1
    return NEVER


@part
def draw(tasks: Tasks, free: Ints, i: int, stop: int, month: int, times: int = 1) -> None:  # noqa: PLR0917
    """Take what pieces need out of the pools, so many times; put it back if -1."""
    while i < stop:
        row, amount = tasks.row[i], tasks.amount[i]
        for m in range(month + tasks.first[i], month + tasks.last[i]):
            free[row, m] -= times * amount
        i += 1


@part
def first_fit(tasks: Tasks, p: int, k: int, option: Ints, start: Ints, free: Ints) -> int:  # noqa: PLR0917
    """Return the first month in which an option of a task can transfer after those that it waits for; or ``NEVER``."""
    size, horizon = tasks.tail.shape[1], tasks.capacity.shape[1]
    month = 0
    for j in range(tasks.into_at[p], tasks.into_at[p + 1]):
        arc = tasks.into[j]
        q = tasks.arc_from[arc]
        month = max(month, start[q] + tasks.lag[arc, option[q], k])
    i, stop = tasks.piece_at[p * size + k], tasks.piece_at[p * size + k + 1]
    while month <= horizon:
        month = tasks.following[p, k, month]
        if month >= NEVER:
            break
        later = conflict_last(tasks, free, i, stop, month)
        if later < 0:
            return int(month)
        month = later
    return NEVER


@part
def _refill(tasks: Tasks, free: Ints) -> None:
    """Let the pools be as before anything was taken."""
    for row in range(free.shape[0]):
        for month in range(free.shape[1]):
            free[row, month] = tasks.capacity[row, month]


@part
def _take(tasks: Tasks, p: int, k: int, taken: Ints, times: int) -> None:
    """Take what an option needs of pools of the whole plan; put it back if ``times`` is -1."""
    for r in range(len(taken)):
        taken[r] += times * tasks.taken[p, k, r]


@part
def forward(tasks: Tasks, order: Ints, option: Ints, start: Ints, free: Ints) -> int:
    """Start every task as early as it can after those before it in the order; return the term, ``NEVER`` if stuck."""
    size = tasks.tail.shape[1]
    _refill(tasks, free)
    value = 0
    for p in order:
        k = option[p]
        month = first_fit(tasks, p, k, option, start, free)
        if month >= NEVER:
            return NEVER
        draw(tasks, free, tasks.piece_at[p * size + k], tasks.piece_at[p * size + k + 1], month)
        start[p] = month
        value = max(value, month + tasks.tail[p, k])
    return value


@part
def backward(  # noqa: PLR0917
    tasks: Tasks, order: Ints, option: Ints, value: int, start: Ints, free: Ints
) -> bool:
    """Start every task as late as it can, the last in the order first, with the term at most ``value``."""
    size, horizon = tasks.tail.shape[1], tasks.capacity.shape[1]
    _refill(tasks, free)
    for at in range(len(order) - 1, -1, -1):
        p = order[at]
        k = option[p]
        month = horizon - 1
        if tasks.tail[p, k] > -NEVER:
            month = min(month, value - tasks.tail[p, k])
        for j in range(tasks.out_at[p], tasks.out_at[p + 1]):
            arc = tasks.out[j]
            q = tasks.arc_to[arc]
            month = min(month, start[q] - tasks.lag[arc, k, option[q]])
        i, stop = tasks.piece_at[p * size + k], tasks.piece_at[p * size + k + 1]
        while True:
            if month < 0:
                return False
            month = tasks.preceding[p, k, month + 1]
            if month < 0:
                return False
            earlier = _conflict_first(tasks, free, i, stop, month)
            if earlier >= NEVER:
                break
            month = earlier
        draw(tasks, free, i, stop, month)
        start[p] = month
    return True


@part
def by_month(rank: Ints, month: Ints, order: Ints) -> None:
    """Put tasks in the order of months, those of one month in the order ``rank``: a list of tasks by counting."""
    low, high = month.min(), month.max()
    at = np.zeros(high - low + 2, dtype=np.int64)
    for m in month:
        at[m - low + 1] += 1
    for m in range(high - low + 1):
        at[m + 1] += at[m]
    for p in rank:
        m = month[p] - low
        order[at[m]] = p
        at[m] += 1


@kernel
def order_by_start(tasks: Tasks, topological: Ints, start: Ints, order: Ints) -> None:
    """Put tasks in the order of their starts, none before one that an arc puts before it."""
    month = start.copy()
    for p in topological:
        for j in range(tasks.into_at[p], tasks.into_at[p + 1]):
            month[p] = max(month[p], month[tasks.arc_from[tasks.into[j]]])
    by_month(topological, month, order)


@part
def order_by_end(tasks: Tasks, topological: Ints, option: Ints, start: Ints, order: Ints) -> None:
    """Put tasks in the order of their ends, none before one that an arc puts before it."""
    size = tasks.tail.shape[1]
    month = start.copy()
    for p in topological:
        for i in range(tasks.piece_at[p * size + option[p]], tasks.piece_at[p * size + option[p] + 1]):
            month[p] = max(month[p], start[p] + tasks.last[i])
    for at in range(len(topological) - 1, -1, -1):
        p = topological[at]
        for j in range(tasks.out_at[p], tasks.out_at[p + 1]):
            month[p] = min(month[p], month[tasks.arc_to[tasks.out[j]]])
    by_month(topological, month, order)


@part
def justify(  # noqa: PLR0917
    tasks: Tasks, topological: Ints, order: Ints, option: Ints, start: Ints, free: Ints
) -> int:
    """Schedule forward, backward and forward again; ``order`` becomes that of the starts. Return the term."""
    value = forward(tasks, order, option, start, free)
    if value >= NEVER:
        return NEVER
    early = start.copy()
    order_by_end(tasks, topological, option, start, order)
    if backward(tasks, order, option, value, start, free):
        order_by_start(tasks, topological, start, order)
        again = forward(tasks, order, option, start, free)
        if again <= value:
            order_by_start(tasks, topological, start, order)
            return again
    copy(early, start)
    order_by_start(tasks, topological, start, order)
    return value


@part
def hasten(  # noqa: PLR0917
    tasks: Tasks, possible: Ints, order: Ints, option: Ints, start: Ints, free: Ints
) -> bool:
    """Give tasks, by start, an option with which they are done earlier beside all others; return whether one got it.

    Options that exceed a pool of the whole plan are left alone.
    """
    size = tasks.tail.shape[1]
    _refill(tasks, free)
    taken = np.zeros(len(tasks.limit), dtype=np.int64)
    for p in order:
        at = p * size + option[p]
        draw(tasks, free, tasks.piece_at[at], tasks.piece_at[at + 1], start[p])
        _take(tasks, p, option[p], taken, 1)
    changed = False
    for p in order:
        for k in range(size):
            old = option[p]
            if k == old or not possible[p, k] or not _spares(tasks, taken, p, old, k):
                continue
            at = p * size + old
            draw(tasks, free, tasks.piece_at[at], tasks.piece_at[at + 1], start[p], -1)
            month = first_fit(tasks, p, k, option, start, free)
            if month + tasks.tail[p, k] < start[p] + tasks.tail[p, old] and _precedes(
                tasks, p, k, month, option, start
            ):
                _take(tasks, p, old, taken, -1)
                _take(tasks, p, k, taken, 1)
                option[p], start[p] = k, month
                changed = True
            at = p * size + option[p]
            draw(tasks, free, tasks.piece_at[at], tasks.piece_at[at + 1], start[p])
    return changed


@part
def _spares(tasks: Tasks, taken: Ints, p: int, old: int, new: int) -> bool:
    """Return whether pools of the whole plan allow a task another option."""
    for r in range(len(tasks.limit)):
        if taken[r] + tasks.taken[p, new, r] - tasks.taken[p, old, r] > tasks.limit[r]:
            return False
    return True


@part
def _precedes(tasks: Tasks, p: int, k: int, month: int, option: Ints, start: Ints) -> bool:  # noqa: PLR0917
    """Return whether no task that waits for this one would have to come later."""
    for j in range(tasks.out_at[p], tasks.out_at[p + 1]):
        arc = tasks.out[j]
        q = tasks.arc_to[arc]
        if month + tasks.lag[arc, k, option[q]] > start[q]:
            return False
    return True

"""Ruin and recreate, compiled: a few packages are taken out of a plan and put back where they cost least."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sequencer.rebuild.state import NEVER, Board, Floats, Ints, State

#: How packages to take out are drawn: below the first, those of about the same time; below the second, of a place.
KINDS = (0.45, 0.8)
#: How they are put back: below each, at random, by their expected month, by their last month; else by their weight.
ORDERS = (0.35, 0.6, 0.8)
LEAST = 0.1  # of the largest entry of a soft row: what is missing counts for that at least
BLINK = 0.03  # the chance that a cell that would do is passed over
AWAY = 8  # months that "about the same time" reaches, less one


@njit(cache=True, nogil=True)
def _charge(board: Board, state: State, j: int, times: int) -> None:
    """Take what a cell needs of rows and cuts, or give it back."""
    for e in range(board.at[j], board.at[j + 1]):
        for r in range(board.row[e], board.stop[e]):
            state.room[r] -= times * board.need[e]
    rows = len(state.room) - board.cut.shape[1]
    for c in range(board.cut.shape[1]):
        state.room[rows + c] -= times * board.cut[j, c]


@njit(cache=True, nogil=True)
def put(board: Board, state: State, p: int, j: int) -> None:
    """Take a cell: its needs, and its relapses among those of each slot."""
    state.chosen[p] = j
    _charge(board, state, j, 1)
    for e in range(board.slot_at[j], board.slot_at[j + 1]):
        s, need = board.slot[e], board.relapse[e]
        i = state.held[s]
        while i > 0 and state.worst[s, i - 1] < need:
            state.worst[s, i] = state.worst[s, i - 1]
            i -= 1
        state.worst[s, i] = need
        state.held[s] += 1


@njit(cache=True, nogil=True)
def give_up(board: Board, state: State, p: int) -> None:
    """Take a package out."""
    j = state.chosen[p]
    state.chosen[p] = -1
    _charge(board, state, j, -1)
    for e in range(board.slot_at[j], board.slot_at[j + 1]):
        s, need = board.slot[e], board.relapse[e]
        i = state.held[s] - 1
        last = state.worst[s, i]
        while last != need:  # shift down until the place of an equal one
            i -= 1
            here = state.worst[s, i]
            state.worst[s, i] = last
            last = here
        state.held[s] -= 1


@njit(cache=True, nogil=True)
def clash(board: Board, state: State, i: int, p: int, j: int) -> bool:
    """Return whether a cell of a package breaks a condition; a date that is not counted breaks none."""
    q = board.other[i]
    if state.chosen[q] < 0:
        return False
    here = board.dates[board.dates_at[board.event[i]] + j - board.cells[p]]
    there = board.dates[board.there[i] + state.chosen[q] - board.cells[q]]
    return NEVER not in (here, there) and bool(here - there < board.low[i] or here - there > board.high[i])


@njit(cache=True, nogil=True)
def _short(board: Board, state: State, e: int) -> bool:
    """Return whether some row of a stretch has no room for what a cell takes of it."""
    if board.need[e] > 0:
        for r in range(board.row[e], board.stop[e]):
            if board.need[e] > state.room[r]:
                return True
    return False


@njit(cache=True, nogil=True)
def _narrow(board: Board, state: State, p: int) -> None:
    """Fill the first and the last date that the packages which are in leave to each event of one that is out."""
    for d in range(board.events_at[p], board.events_at[p + 1]):
        state.first[d], state.last[d] = -NEVER, NEVER - 1
    for i in range(board.pairs_at[p], board.pairs_at[p + 1]):
        q = board.other[i]
        if state.chosen[q] >= 0:
            there = board.dates[board.there[i] + state.chosen[q] - board.cells[q]]
            if there != NEVER:
                d = board.event[i]
                state.first[d] = max(state.first[d], there + board.low[i])
                state.last[d] = min(state.last[d], there + board.high[i])


@njit(cache=True, nogil=True)
def _allowed(board: Board, state: State, p: int, j: int) -> bool:
    """Return whether a package that is out may take a cell, after ``_narrow``.

    The stretch that stood against it the last time is looked at first.
    """
    if state.blocked[j] >= 0 and _short(board, state, state.blocked[j]):
        return False
    for d in range(board.events_at[p], board.events_at[p + 1]):
        date = board.dates[board.dates_at[d] + j - board.cells[p]]
        if date != NEVER and (date < state.first[d] or date > state.last[d]):
            return False
    for e in range(board.at[j], board.at[j + 1]):
        if _short(board, state, e):
            state.blocked[j] = e
            return False
    rows = len(state.room) - board.cut.shape[1]
    for c in range(board.cut.shape[1]):
        if 0 < board.cut[j, c] > state.room[rows + c]:
            return False
    for e in range(board.slot_at[j], board.slot_at[j + 1]):
        s = board.slot[e]
        total = board.relapse[e]
        for i in range(min(board.most[s] - 1, state.held[s])):
            total += state.worst[s, i]
        if total > board.people[s]:
            return False
    return True


@njit(cache=True, nogil=True)
def insert(board: Board, state: State, p: int) -> float:
    """Put a package back into the first cell that will do, or nearly; return what it then costs."""
    _narrow(board, state, p)
    for i in range(board.cells[p], board.cells[p] + state.reach[p]):
        j = state.order[i]
        if _allowed(board, state, p, j) and np.random.random() >= BLINK:
            put(board, state, p, j)
            return float(board.cost[j])
    return float(state.missing[p])


@njit(cache=True, nogil=True)
def broken(board: Board, state: State) -> float:
    """Return what broken soft rows cost: something even where little is missing, or it would stay so."""
    total = 0.0
    for i in range(len(board.soft)):
        missing = -state.room[board.soft[i]]
        if missing > 0:
            total += max(missing, LEAST * board.largest[i]) * state.dear[i]
    return total


@njit(cache=True, nogil=True)
def worth(board: Board, state: State) -> float:
    """Return what a plan costs."""
    total = broken(board, state)
    for p in range(len(state.chosen)):
        total += state.missing[p] if state.chosen[p] < 0 else board.cost[state.chosen[p]]
    return total


@njit(cache=True, nogil=True)
def _add(out: Ints, size: int, drawn: NDArray[np.bool_], p: int) -> int:
    """Add a package to those that are taken out, once; return how many they are."""
    if drawn[p] or size == len(out):
        return size
    drawn[p] = True
    out[size] = p
    return size + 1


@njit(cache=True, nogil=True)
def _draw_left_out(state: State, out: Ints, drawn: NDArray[np.bool_], most: int) -> tuple[int, int]:
    """Draw packages that are left out; return how many, and which of them is urgent, -1 for none."""
    packages = len(state.chosen)
    size, urgent, start = 0, -1, np.random.randint(packages)
    most = np.random.randint(1, most + 1)
    for i in range(packages):
        p = (start + i) % packages
        if state.chosen[p] < 0 and size < most:
            size = _add(out, size, drawn, p)
            if urgent < 0 or np.random.random() < 0.5:  # noqa: PLR2004 - a coin
                urgent = p
    if urgent >= 0 and np.random.random() < 0.5:  # noqa: PLR2004
        return size, urgent
    return size, -1


@njit(cache=True, nogil=True)
def _draw_clashing(board: Board, state: State, out: Ints, size: int, drawn: NDArray[np.bool_], urgent: int) -> int:
    """Draw whatever stands against some cell of a package that is left out."""
    j = np.random.randint(board.cells[urgent], board.cells[urgent + 1])
    for i in range(board.pairs_at[urgent], board.pairs_at[urgent + 1]):
        if clash(board, state, i, urgent, j):
            size = _add(out, size, drawn, board.other[i])
    return size


@njit(cache=True, nogil=True)
def _draw_near(
    board: Board, state: State, out: Ints, size: int, drawn: NDArray[np.bool_], middle: int, limit: int
) -> int:
    """Draw packages that transfer about a month."""
    packages = len(state.chosen)
    width, start = np.random.randint(1, AWAY), np.random.randint(packages)
    for i in range(packages):
        p = (start + i) % packages
        if size >= limit:
            break
        near = state.chosen[p] >= 0 and abs(board.month[state.chosen[p]] - middle) <= width
        if near and np.random.random() < 0.5:  # noqa: PLR2004 - a coin
            size = _add(out, size, drawn, p)
    return size


@njit(cache=True, nogil=True)
def _draw_place(board: Board, out: Ints, size: int, drawn: NDArray[np.bool_], place: int, limit: int) -> int:
    """Draw packages of a place."""
    for p in range(board.members_at[place], board.members_at[place + 1]):
        if size < limit and np.random.random() < 0.6:  # noqa: PLR2004 - rather more than a coin
            size = _add(out, size, drawn, p)
    return size


@njit(cache=True, nogil=True)
def _draw(board: Board, state: State, out: Ints, drawn: NDArray[np.bool_], rank: Floats, most: int) -> tuple[int, int]:
    """Draw the packages that are taken out; return how many, and which of them comes back first, -1 for any."""
    packages = len(state.chosen)
    size, urgent = _draw_left_out(state, out, drawn, most)
    limit = size + np.random.randint(1, most + 1)
    if urgent >= 0:
        before = size
        size = _draw_clashing(board, state, out, size, drawn, urgent)
        limit += size - before
    seed = urgent if urgent >= 0 else np.random.randint(packages)
    kind = np.random.random()
    if kind < KINDS[0]:
        cell = state.chosen[seed]
        middle = board.month[cell] if cell >= 0 else int(rank[seed])
        size = _draw_near(board, state, out, size, drawn, middle, limit)
    elif kind < KINDS[1]:
        size = _draw_place(board, out, size, drawn, board.place[seed], limit)
        if np.random.random() < 0.3:  # noqa: PLR2004 - now and then of two places
            size = _draw_place(board, out, size, drawn, board.place[np.random.randint(packages)], limit)
    else:
        for _ in range(limit - size):
            size = _add(out, size, drawn, np.random.randint(packages))
    return size, urgent


@njit(cache=True, nogil=True)
def _key(board: Board, state: State, p: int, rank: Floats, mode: float) -> float:
    """Return when a package is put back, among others: the least key first."""
    if mode < ORDERS[0]:
        return float(np.random.random())
    if mode < ORDERS[1]:
        return float(rank[p] + 4.0 * np.random.random())
    if mode < ORDERS[2]:
        month = board.month[state.chosen[p]] if state.chosen[p] >= 0 else rank[p]
        return float(month + 3.0 * np.random.random())
    return float(-state.missing[p] * (0.5 + np.random.random()))


@njit(cache=True, nogil=True)
def improve(
    board: Board, state: State, best: Ints, limit: float, rank: Floats, heat: float, rounds: int, most: int, seed: int
) -> float:
    """Ruin and recreate a plan for some rounds at a temperature; return the cost of the best plan.

    Parameters
    ----------
    state : State
        Changed.
    best : int array, length P
        The best schedule so far that is whole and breaks nothing; changed when a better one is found.
    limit : float
        The cost of ``best``.
    rank : float array, length P
        When each package is expected; the order in which packages are put back follows it now and then.
    most : int
        How many packages are taken out, or a few more.
    """
    np.random.seed(seed)
    packages = len(state.chosen)
    now, spoilt = worth(board, state), broken(board, state)
    out, before = np.empty(packages, np.int64), np.empty(packages, np.int64)
    keys, drawn = np.empty(packages), np.zeros(packages, np.bool_)
    for _ in range(rounds):
        size, urgent = _draw(board, state, out, drawn, rank, most)
        mode, change = np.random.random(), 0.0
        for i in range(size):
            p = out[i]
            drawn[p] = False
            before[i] = state.chosen[p]
            keys[i] = -np.inf if p == urgent else _key(board, state, p, rank, mode)
            if state.chosen[p] >= 0:
                change -= board.cost[state.chosen[p]]
                give_up(board, state, p)
            else:
                change -= state.missing[p]
        for i in np.argsort(keys[:size]):
            change += insert(board, state, out[i])
        after = broken(board, state)
        change += after - spoilt
        if change <= 0.0 or np.random.random() < np.exp(-change / heat):
            now += change
            spoilt = after
            if after <= 0.0 and now < limit - 1e-9 and (state.chosen >= 0).all():
                limit = now
                best[:] = state.chosen
            continue
        for i in range(size):
            if state.chosen[out[i]] >= 0:
                give_up(board, state, out[i])
        for i in range(size):
            if before[i] >= 0:
                put(board, state, out[i], before[i])
    return limit

"""Ruin and recreate, compiled: a few packages are taken out of a plan and put back where they cost least."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.compiled import copy, kernel, part
from sequencer.rebuild.state import NEVER, Board, Floats, Ints, Pairs, Relapses, State, Takes

#: How packages to take out are drawn: below the first, those of about the same time; below the second, of a place.
KINDS = (0.45, 0.8)
#: How they are put back: below each, at random, by their expected month, by their last month; else by their weight.
ORDERS = (0.35, 0.6, 0.8)
LEAST = 0.1  # of the largest entry of a soft row: what is missing counts for that at least
BLINK = 0.03  # the chance that a cell that would do is passed over
AWAY = 8  # months that "about the same time" reaches, less one


@part
def _charge(takes: Takes, room: Ints, j: int, times: int) -> None:
    """Take what a cell needs of rows and cuts, or give it back."""
    for e in range(takes.at[j], takes.at[j + 1]):
        for r in range(takes.row[e], takes.stop[e]):
            room[r] -= times * takes.need[e]
    rows = len(room) - takes.cut.shape[1]
    for c in range(takes.cut.shape[1]):
        room[rows + c] -= times * takes.cut[j, c]


@kernel
def put(takes: Takes, relapses: Relapses, state: State, p: int, j: int) -> None:
    """Take a cell: its needs, and its relapses among those of each slot."""
    state.chosen[p] = j
    _charge(takes, state.room, j, 1)
    for e in range(relapses.at[j], relapses.at[j + 1]):
        s, need = relapses.slot[e], relapses.need[e]
        i = state.held[s]
        while i > 0 and state.worst[s, i - 1] < need:
            state.worst[s, i] = state.worst[s, i - 1]
            i -= 1
        state.worst[s, i] = need
        state.held[s] += 1


@part
def _give_up(takes: Takes, relapses: Relapses, state: State, p: int) -> None:
    """Take a package out."""
    j = state.chosen[p]
    state.chosen[p] = -1
    _charge(takes, state.room, j, -1)
    for e in range(relapses.at[j], relapses.at[j + 1]):
        s, need = relapses.slot[e], relapses.need[e]
        i = state.held[s] - 1
        last = state.worst[s, i]
        while last != need:  # shift down until the place of an equal one
            i -= 1
            here = state.worst[s, i]
            state.worst[s, i] = last
            last = here
        state.held[s] -= 1


@part
def _clash(pairs: Pairs, cells: Ints, chosen: Ints, i: int, p: int, j: int) -> bool:
    """Return whether a cell of a package breaks a condition; a date that is not counted breaks none."""
    q = pairs.other[i]
    if chosen[q] < 0:
        return False
    here = pairs.dates[pairs.dates_at[pairs.event[i]] + j - cells[p]]
    there = pairs.dates[pairs.there[i] + chosen[q] - cells[q]]
    if here == NEVER or there == NEVER:  # noqa: PLR1714 - compiled sooner than a tuple that is looked through
        return False
    return bool(here - there < pairs.low[i] or here - there > pairs.high[i])


@part
def _short(takes: Takes, room: Ints, e: int) -> bool:
    """Return whether some row of a stretch has no room for what a cell takes of it."""
    if takes.need[e] > 0:
        for r in range(takes.row[e], takes.stop[e]):
            if takes.need[e] > room[r]:
                return True
    return False


@part
def _narrow(pairs: Pairs, cells: Ints, state: State, p: int) -> None:
    """Fill the first and the last date that the packages which are in leave to each event of one that is out."""
    for d in range(pairs.events_at[p], pairs.events_at[p + 1]):
        state.first[d], state.last[d] = -NEVER, NEVER - 1
    for i in range(pairs.at[p], pairs.at[p + 1]):
        q = pairs.other[i]
        if state.chosen[q] >= 0:
            there = pairs.dates[pairs.there[i] + state.chosen[q] - cells[q]]
            if there != NEVER:
                d = pairs.event[i]
                state.first[d] = max(state.first[d], there + pairs.low[i])
                state.last[d] = min(state.last[d], there + pairs.high[i])


@part
def _allowed(takes: Takes, pairs: Pairs, relapses: Relapses, state: State, p: int, j: int, first: int) -> bool:
    """Return whether a package that is out, whose cells begin at ``first``, may take a cell, after ``_narrow``.

    The stretch that stood against it the last time is looked at first.
    """
    if state.blocked[j] >= 0 and _short(takes, state.room, state.blocked[j]):
        return False
    for d in range(pairs.events_at[p], pairs.events_at[p + 1]):
        date = pairs.dates[pairs.dates_at[d] + j - first]
        if date != NEVER and (date < state.first[d] or date > state.last[d]):
            return False
    for e in range(takes.at[j], takes.at[j + 1]):
        if _short(takes, state.room, e):
            state.blocked[j] = e
            return False
    rows = len(state.room) - takes.cut.shape[1]
    for c in range(takes.cut.shape[1]):
        if 0 < takes.cut[j, c] > state.room[rows + c]:
            return False
    for e in range(relapses.at[j], relapses.at[j + 1]):
        s = relapses.slot[e]
        total = relapses.need[e]
        for i in range(min(relapses.most[s] - 1, state.held[s])):
            total += state.worst[s, i]
        if total > relapses.people[s]:
            return False
    return True


@part
def _insert(board: Board, state: State, p: int) -> float:
    """Put a package back into the first cell that will do, or nearly; return what it then costs."""
    takes, pairs, relapses, first = board.takes, board.pairs, board.relapses, board.cells[p]
    _narrow(pairs, board.cells, state, p)
    for i in range(first, first + state.reach[p]):
        j = state.order[i]
        if _allowed(takes, pairs, relapses, state, p, j, first) and np.random.random() >= BLINK:
            put(takes, relapses, state, p, j)
            return float(board.cost[j])
    return float(state.missing[p])


@part
def _broken(soft: Ints, largest: Ints, room: Ints, dear: Floats) -> float:
    """Return what broken soft rows cost: something even where little is missing, or it would stay so."""
    total = 0.0
    for i in range(len(soft)):
        missing = -room[soft[i]]
        if missing > 0:
            total += max(missing, LEAST * largest[i]) * dear[i]
    return total


@part
def _worth(cost: Floats, missing: Floats, chosen: Ints) -> float:
    """Return what a plan costs, but for soft rows it breaks."""
    total = 0.0
    for p in range(len(chosen)):
        total += missing[p] if chosen[p] < 0 else cost[chosen[p]]
    return total


@part
def _is_whole(chosen: Ints) -> bool:
    """Return whether no package is left out."""
    out = 0
    for p in range(len(chosen)):
        out += chosen[p] < 0
    return out == 0


@part
def _sort(keys: Floats, out: Ints, before: Ints, size: int) -> None:
    """Sort the packages that are taken out, and where they were, by their keys: few, so one after the other."""
    for i in range(1, size):
        key, p, cell, at = keys[i], out[i], before[i], i
        while at > 0 and keys[at - 1] > key:
            keys[at], out[at], before[at] = keys[at - 1], out[at - 1], before[at - 1]
            at -= 1
        keys[at], out[at], before[at] = key, p, cell


@part
def _add(out: Ints, size: int, drawn: NDArray[np.bool_], p: int) -> int:
    """Add a package to those that are taken out, once; return how many they are."""
    if drawn[p] or size == len(out):
        return size
    drawn[p] = True
    out[size] = p
    return size + 1


@part
def _draw_left_out(chosen: Ints, out: Ints, drawn: NDArray[np.bool_], most: int) -> tuple[int, int]:
    """Draw packages that are left out; return how many, and which of them is urgent, -1 for none."""
    packages = len(chosen)
    size, urgent, start = 0, -1, np.random.randint(packages)
    most = np.random.randint(1, most + 1)
    for i in range(packages):
        p = (start + i) % packages
        if chosen[p] < 0 and size < most:
            size = _add(out, size, drawn, p)
            if urgent < 0 or np.random.random() < 0.5:  # noqa: PLR2004 - a coin
                urgent = p
    if urgent >= 0 and np.random.random() < 0.5:  # noqa: PLR2004
        return size, urgent
    return size, -1


@part
def _draw_clashing(
    pairs: Pairs, cells: Ints, chosen: Ints, out: Ints, size: int, drawn: NDArray[np.bool_], urgent: int
) -> int:
    """Draw whatever stands against some cell of a package that is left out."""
    j = np.random.randint(cells[urgent], cells[urgent + 1])
    for i in range(pairs.at[urgent], pairs.at[urgent + 1]):
        if _clash(pairs, cells, chosen, i, urgent, j):
            size = _add(out, size, drawn, pairs.other[i])
    return size


@part
def _draw_near(
    month: Ints, chosen: Ints, out: Ints, size: int, drawn: NDArray[np.bool_], middle: int, limit: int
) -> int:
    """Draw packages that transfer about a month."""
    packages = len(chosen)
    width, start = np.random.randint(1, AWAY), np.random.randint(packages)
    for i in range(packages):
        p = (start + i) % packages
        if size >= limit:
            break
        near = chosen[p] >= 0 and abs(month[chosen[p]] - middle) <= width
        if near and np.random.random() < 0.5:  # noqa: PLR2004 - a coin
            size = _add(out, size, drawn, p)
    return size


@part
def _draw_place(members_at: Ints, out: Ints, size: int, drawn: NDArray[np.bool_], place: int, limit: int) -> int:
    """Draw packages of a place."""
    for p in range(members_at[place], members_at[place + 1]):
        if size < limit and np.random.random() < 0.6:  # noqa: PLR2004 - rather more than a coin
            size = _add(out, size, drawn, p)
    return size


@part
def _draw(board: Board, chosen: Ints, out: Ints, drawn: NDArray[np.bool_], rank: Floats, most: int) -> tuple[int, int]:
    """Draw the packages that are taken out; return how many, and which of them comes back first, -1 for any."""
    packages = len(chosen)
    size, urgent = _draw_left_out(chosen, out, drawn, most)
    limit = size + np.random.randint(1, most + 1)
    if urgent >= 0:
        before = size
        size = _draw_clashing(board.pairs, board.cells, chosen, out, size, drawn, urgent)
        limit += size - before
    seed = urgent if urgent >= 0 else np.random.randint(packages)
    kind = np.random.random()
    if kind < KINDS[0]:
        cell = chosen[seed]
        middle = board.month[cell] if cell >= 0 else int(rank[seed])
        size = _draw_near(board.month, chosen, out, size, drawn, middle, limit)
    elif kind < KINDS[1]:
        size = _draw_place(board.members_at, out, size, drawn, board.place[seed], limit)
        if np.random.random() < 0.3:  # noqa: PLR2004 - now and then of two places
            size = _draw_place(board.members_at, out, size, drawn, board.place[np.random.randint(packages)], limit)
    else:
        for _ in range(limit - size):
            size = _add(out, size, drawn, np.random.randint(packages))
    return size, urgent


@part
def _key(expected: float, transfer: float, weight: float, mode: float) -> float:
    """Return when a package is put back, among others: the least key first."""
    if mode < ORDERS[0]:
        return float(np.random.random())
    if mode < ORDERS[1]:
        return expected + 4.0 * float(np.random.random())
    if mode < ORDERS[2]:
        return transfer + 3.0 * float(np.random.random())
    return -weight * (0.5 + float(np.random.random()))


@kernel
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
    spoilt = _broken(board.soft, board.largest, state.room, state.dear)
    now = spoilt + _worth(board.cost, state.missing, state.chosen)
    out, before = np.empty(packages, np.int64), np.empty(packages, np.int64)
    keys, drawn = np.empty(packages), np.zeros(packages, np.bool_)
    for _ in range(rounds):
        size, urgent = _draw(board, state.chosen, out, drawn, rank, most)
        mode, change = np.random.random(), 0.0
        for i in range(size):
            p = out[i]
            drawn[p] = False
            cell = before[i] = state.chosen[p]
            transfer = float(board.month[cell]) if cell >= 0 else rank[p]
            keys[i] = -np.inf if p == urgent else _key(rank[p], transfer, state.missing[p], mode)
            change -= board.cost[cell] if cell >= 0 else state.missing[p]
            if cell >= 0:
                _give_up(board.takes, board.relapses, state, p)
        _sort(keys, out, before, size)
        for i in range(size):
            change += _insert(board, state, out[i])
        after = _broken(board.soft, board.largest, state.room, state.dear)
        change += after - spoilt
        if change <= 0.0 or np.random.random() < np.exp(-change / heat):
            now += change
            spoilt = after
            if after <= 0.0 and now < limit - 1e-9 and _is_whole(state.chosen):
                limit = now
                copy(state.chosen, best)
            continue
        for i in range(size):
            if state.chosen[out[i]] >= 0:
                _give_up(board.takes, board.relapses, state, out[i])
        for i in range(size):
            if before[i] >= 0:
                put(board.takes, board.relapses, state, out[i], before[i])
    return limit

"""Ruin and recreate, compiled: a few packages are taken out of a plan and put back where they cost least."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray


NEVER = 10**6  # a date that no condition counts


class Board(NamedTuple):
    """Everything that says where a package may go; P packages, J cells, R rows, Q conditions.

    Attributes
    ----------
    cells : int array, length P + 1
        Where the cells of each package begin; within a package they stand by their cost, the cheapest first.
    cost : float array, length J
    month : int array, length J
        Transfer month.
    at, row, need
        What each cell takes of each row, column by column.
    pairs_at : int array, length P + 1
        Where the conditions of each package begin.
    other : int array, length Q
        The package it is with.
    here, there : int array, length Q
        Where the dates of the cells of this package, and of the other, begin.
    low, high : int array, length Q
        The least and the most that the date here may exceed the date there.
    dates : int array
    slot_at : int array, length J + 1
        Where the entries of each cell in slots begin; a slot is a month of a reserve.
    slot, relapse : int array
        Slot, and what a relapse then needs.
    people, most : int array, length S
        Force of each slot, and how many relapses it must answer at once.
    soft : int array
        The rows in which some cells give instead of taking, and those that came later than the plan; they may be
        broken for a time, at a price.
    place : int array, length P
    members_at : int array
        Where the packages of each place begin.
    """

    cells: NDArray[np.int64]
    cost: NDArray[np.float64]
    month: NDArray[np.int64]
    at: NDArray[np.int64]
    row: NDArray[np.int32]
    need: NDArray[np.int64]
    pairs_at: NDArray[np.int64]
    other: NDArray[np.int64]
    here: NDArray[np.int64]
    there: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    dates: NDArray[np.int64]
    slot_at: NDArray[np.int64]
    slot: NDArray[np.int32]
    relapse: NDArray[np.int64]
    people: NDArray[np.int64]
    most: NDArray[np.int64]
    soft: NDArray[np.int64]
    place: NDArray[np.int64]
    members_at: NDArray[np.int64]


def _compiled(function):  # type: ignore[no-untyped-def]
    return numba.njit(cache=True, nogil=True)(function)


@_compiled
def _clash(here, there, low, high):  # type: ignore[no-untyped-def]
    """Return whether two dates break a condition; one that is not counted breaks none."""
    if here == NEVER or there == NEVER:
        return False
    return here - there < low or here - there > high


@_compiled
def put(board, j, room, worst, count):  # type: ignore[no-untyped-def]
    """Take a cell: its needs, and its relapses among those of each slot, the largest first."""
    for e in range(board.at[j], board.at[j + 1]):
        room[board.row[e]] -= board.need[e]
    for e in range(board.slot_at[j], board.slot_at[j + 1]):
        s, need = board.slot[e], board.relapse[e]
        i = count[s]
        while i > 0 and worst[s, i - 1] < need:
            worst[s, i] = worst[s, i - 1]
            i -= 1
        worst[s, i] = need
        count[s] += 1


@_compiled
def give_up(board, j, room, worst, count):  # type: ignore[no-untyped-def]
    """Give a cell up."""
    for e in range(board.at[j], board.at[j + 1]):
        room[board.row[e]] += board.need[e]
    for e in range(board.slot_at[j], board.slot_at[j + 1]):
        s, need = board.slot[e], board.relapse[e]
        i = count[s] - 1
        last = worst[s, i]
        while last != need:  # shift down until the place of an equal one
            i -= 1
            last, worst[s, i] = worst[s, i], last
        count[s] -= 1


@_compiled
def _allowed(board, p, j, chosen, room, worst, count):  # type: ignore[no-untyped-def]
    for i in range(board.pairs_at[p], board.pairs_at[p + 1]):
        q = board.other[i]
        if chosen[q] >= 0:
            here = board.dates[board.here[i] + j - board.cells[p]]
            there = board.dates[board.there[i] + chosen[q] - board.cells[q]]
            if _clash(here, there, board.low[i], board.high[i]):
                return False
    for e in range(board.at[j], board.at[j + 1]):
        if board.need[e] > 0 and board.need[e] > room[board.row[e]]:
            return False
    for e in range(board.slot_at[j], board.slot_at[j + 1]):
        s = board.slot[e]
        total = board.relapse[e]
        for i in range(min(board.most[s] - 1, count[s])):
            total += worst[s, i]
        if total > board.people[s]:
            return False
    return True


@_compiled
def _broken(board, room, dear):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(len(board.soft)):
        if room[board.soft[i]] < 0:
            total -= room[board.soft[i]] * dear[i]
    return total


@_compiled
def _insert(board, p, chosen, room, worst, count, blink):  # type: ignore[no-untyped-def]
    for j in range(board.cells[p], board.cells[p + 1]):
        if _allowed(board, p, j, chosen, room, worst, count) and (blink == 0.0 or np.random.random() >= blink):
            chosen[p] = j
            put(board, j, room, worst, count)
            return True
    return False


@_compiled
def _worth(board, chosen, missing):  # type: ignore[no-untyped-def]
    total = 0.0
    for p in range(len(chosen)):
        total += missing[p] if chosen[p] < 0 else board.cost[chosen[p]]
    return total


@_compiled
def improve(board, chosen, best, room, worst, count_, dear, rank, missing, limit_, hot, cold, rounds, most, seed):  # type: ignore[no-untyped-def]
    """Ruin and recreate a plan, perhaps with packages left out, for some rounds of simulated annealing.

    Parameters
    ----------
    chosen : int array, length P
        The cell of each package, -1 for one that is left out; changed.
    best : int array, length P
        The best plan so far; changed.
    room : int array, length R
        What is left of each row; changed with ``chosen``.
    rank : float array, length P
        When each package is expected; the order in which packages are put back follows it now and then.
    missing : float array, length P
        What a package left out costs.
    limit_ : float
        The cost of ``best``.
    hot, cold : float
        Temperatures at the first and at the last round.
    most : int
        How many packages are taken out at most.

    Returns
    -------
    float
        The cost of ``best``.
    """
    np.random.seed(seed)
    count = len(chosen)
    broken = _broken(board, room, dear)
    now = _worth(board, chosen, missing) + broken
    reached = limit_
    out = np.empty(count, np.int64)
    before = np.empty(count, np.int64)
    keys = np.empty(count)
    for step in range(rounds):
        heat = hot * (cold / hot) ** (step / rounds)
        size = 0
        limit = np.random.randint(1, most + 1)
        # packages left out always try again
        kind = np.random.random()
        seedling = np.random.randint(count)
        for p in range(count):
            if chosen[p] < 0:
                if size == 0 or np.random.random() < 0.5:
                    seedling = p
                if size < most:
                    out[size] = p
                    size += 1
        absent = size
        urgent = -1
        if absent > 0 and np.random.random() < 0.5:  # make way for one that is left out: whatever stands against it
            urgent = seedling
            j = np.random.randint(board.cells[urgent], board.cells[urgent + 1])
            for i in range(board.pairs_at[urgent], board.pairs_at[urgent + 1]):
                q = board.other[i]
                if chosen[q] >= 0 and size < count:
                    here = board.dates[board.here[i] + j - board.cells[urgent]]
                    there = board.dates[board.there[i] + chosen[q] - board.cells[q]]
                    if _clash(here, there, board.low[i], board.high[i]):
                        known = False
                        for k in range(absent, size):
                            known = known or out[k] == q
                        if not known:
                            out[size] = q
                            size += 1
            limit += size - absent
        if kind < 0.45:  # about the same time
            middle = board.month[chosen[seedling]] if chosen[seedling] >= 0 else int(rank[seedling])
            width = np.random.randint(1, 8)
            start = np.random.randint(count)
            for i in range(count):
                p = (start + i) % count
                if size - absent >= limit:
                    break
                if chosen[p] >= 0 and abs(board.month[chosen[p]] - middle) <= width and np.random.random() < 0.5:
                    known = False
                    for k in range(absent, size):
                        known = known or out[k] == p
                    if not known:
                        out[size] = p
                        size += 1
        elif kind < 0.8:  # in the same place, or in two
            places = 1 + (np.random.random() < 0.3)
            for turn in range(places):
                place = board.place[seedling] if turn == 0 else board.place[np.random.randint(count)]
                for p in range(board.members_at[place], board.members_at[place + 1]):
                    if size - absent >= limit:
                        break
                    if chosen[p] >= 0 and np.random.random() < 0.6:
                        known = False
                        for i in range(absent, size):
                            known = known or out[i] == p
                        if not known:
                            out[size] = p
                            size += 1
        else:
            for _ in range(limit):
                p = np.random.randint(count)
                known = chosen[p] < 0
                for i in range(absent, size):
                    known = known or out[i] == p
                if not known:
                    out[size] = p
                    size += 1
        mode = np.random.random()
        change = 0.0
        for i in range(size):
            p = out[i]
            before[i] = chosen[p]
            if mode < 0.35:
                keys[i] = np.random.random()
            elif mode < 0.6:
                keys[i] = rank[p] + 4.0 * np.random.random()
            elif mode < 0.8:
                keys[i] = (board.month[chosen[p]] if chosen[p] >= 0 else rank[p]) + 3.0 * np.random.random()
            else:
                keys[i] = -missing[p] * (0.5 + np.random.random())
            if chosen[p] >= 0:
                change -= board.cost[chosen[p]]
                give_up(board, chosen[p], room, worst, count_)
                chosen[p] = -1
            else:
                change -= missing[p]
            if p == urgent:
                keys[i] = -np.inf
        turns = np.argsort(keys[:size])
        for i in turns:
            p = out[i]
            change += board.cost[chosen[p]] if _insert(board, p, chosen, room, worst, count_, 0.03) else missing[p]
        after = _broken(board, room, dear)
        change += after - broken
        if change <= 0.0 or np.random.random() < np.exp(-change / heat):
            now += change
            broken = after
            if now < reached - 1e-9:
                reached = now
                best[:] = chosen
        else:
            for i in range(size):
                p = out[i]
                if chosen[p] >= 0:
                    give_up(board, chosen[p], room, worst, count_)
            for i in range(size):
                p = out[i]
                chosen[p] = before[i]
                if before[i] >= 0:
                    put(board, before[i], room, worst, count_)
    return reached

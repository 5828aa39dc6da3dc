"""Plans of single places at given prices, compiled: a dynamic program over the forest of links, and a search beneath it.

Cells of a package stand together, packages of a place stand together, and every package stands after the one it hangs
on. A package ``p`` that hangs on ``q`` by a link may take a cell with key ``k`` beside a cell of ``q`` that asks for
``r`` if ``k >= r``; both count months. For each cell, ``value`` is its cost and what the cheapest cells of all packages
that hang on it cost then: with ``least[p, r]``, the least value of a cell of ``p`` whose key is at least ``r``,

    value[j] = cost[j] + sum over p that hang on the package of j of least[p, asked[p, j]].

The cheapest plan of the forest is the sum over its roots of their least values (models/problem.md, proposition 16).
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


class Forest(NamedTuple):
    """All places as arrays; P packages, J cells, B places.

    Attributes
    ----------
    places : int array, length B + 1
        Where the packages of each place begin.
    cells : int array, length P + 1
        Where the cells of each package begin.
    parent : int array, length P
        The package it hangs on, -1 for a root.
    key : int array, length J
        Key of a cell towards the package its own hangs on.
    least_at : int array, length P + 1
        Where the keys of each package begin; they are 0 to ``size - 1``, and ``size`` is out of reach.
    asked_at : int array, length P
        Where what the parent's cells ask of it begins.
    asked : int array
        For each package that hangs, and each cell of its parent: the least key allowed.
    pairs_at : int array, length P + 1
        Where the further conditions of each package with earlier ones begin.
    pair_with : int array, length Q
        That earlier package.
    pair_here, pair_there : int array, length Q
        Where the dates of the cells of this package, and of the other, begin.
    pair_low, pair_high : int array, length Q
        The least and the most that the date here may exceed the date there.
    dates : int array
    inner_at : int array, length J + 1
        Where the entries of each cell in rows of its place begin.
    inner_row, inner_need : int array
        Row and entry.
    rows_at : int array, length B + 1
        Where the rows of each place begin.
    room : int array
        The right side of each row.
    """

    places: Ints
    cells: Ints
    parent: Ints
    key: Ints
    least_at: Ints
    asked_at: NDArray[np.int64]
    asked: Ints
    pairs_at: Ints
    pair_with: Ints
    pair_here: NDArray[np.int64]
    pair_there: NDArray[np.int64]
    pair_low: Ints
    pair_high: Ints
    dates: Ints
    inner_at: NDArray[np.int64]
    inner_row: Ints
    inner_need: NDArray[np.int64]
    rows_at: Ints
    room: NDArray[np.int64]


def _compiled(function):  # type: ignore[no-untyped-def]
    return numba.njit(cache=True, nogil=True, fastmath=False)(function)


@_compiled
def upward(f, place, cost, value, least):  # type: ignore[no-untyped-def]
    """Fill ``value`` and ``least`` of a place; return the cost of its cheapest plan of the forest."""
    first, last = f.places[place], f.places[place + 1]
    for j in range(f.cells[first], f.cells[last]):
        value[j] = cost[j]
    total = 0.0
    for p in range(last - 1, first - 1, -1):
        start = f.least_at[p]
        end = f.least_at[p + 1]
        for r in range(start, end):
            least[r] = np.inf
        for j in range(f.cells[p], f.cells[p + 1]):
            at = start + f.key[j]
            if value[j] < least[at]:
                least[at] = value[j]
        for r in range(end - 2, start - 1, -1):
            if least[r + 1] < least[r]:
                least[r] = least[r + 1]
        q = f.parent[p]
        if q < 0:
            total += least[start]
        else:
            offset = f.asked_at[p] - f.cells[q]
            for j in range(f.cells[q], f.cells[q + 1]):
                value[j] += least[start + f.asked[offset + j]]
    return total


@_compiled
def choose(f, place, value, chosen):  # type: ignore[no-untyped-def]
    """Take the cheapest plan of the forest of a place, after ``upward``."""
    for p in range(f.places[place], f.places[place + 1]):
        q = f.parent[p]
        needed = 0
        if q >= 0:
            needed = f.asked[f.asked_at[p] + chosen[q] - f.cells[q]]
        best = -1
        for j in range(f.cells[p], f.cells[p + 1]):
            if f.key[j] >= needed and (best < 0 or value[j] < value[best]):
                best = j
        chosen[p] = best


@_compiled
def downward(f, place, total, value, least, rest, through):  # type: ignore[no-untyped-def]
    """Fill ``through``: the cost of the cheapest plan of the forest that takes each cell, after ``upward``.

    ``rest`` is scratch, as long as ``least``.
    """
    for p in range(f.places[place], f.places[place + 1]):
        start, end = f.least_at[p], f.least_at[p + 1]
        q = f.parent[p]
        if q < 0:
            others = total - least[start]
            for j in range(f.cells[p], f.cells[p + 1]):
                through[j] = value[j] + others
            continue
        for r in range(start, end):
            rest[r] = np.inf
        offset = f.asked_at[p] - f.cells[q]
        for j in range(f.cells[q], f.cells[q + 1]):
            at = start + f.asked[offset + j]
            without = through[j] - least[at]
            if at < end - 1 and without < rest[at]:
                rest[at] = without
        for r in range(start + 1, end):
            if rest[r - 1] < rest[r]:
                rest[r] = rest[r - 1]
        for j in range(f.cells[p], f.cells[p + 1]):
            through[j] = value[j] + rest[start + f.key[j]]


@_compiled
def all_upward(f, cost, value, least, chosen, totals):  # type: ignore[no-untyped-def]
    """Plan every place by its forest."""
    for place in range(len(f.places) - 1):
        totals[place] = upward(f, place, cost, value, least)
        choose(f, place, value, chosen)


@_compiled
def priced(at, row, entry, price, cost, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` with the cost of each cell and the prices of what it takes."""
    for j in range(len(cost)):
        total = cost[j]
        for e in range(at[j], at[j + 1]):
            total += price[row[e]] * entry[e]
        out[j] = total


@_compiled
def taken(at, row, entry, chosen, out):  # type: ignore[no-untyped-def]
    """Add to ``out`` what some cells take of each row."""
    for j in chosen:
        for e in range(at[j], at[j + 1]):
            out[row[e]] += entry[e]


@_compiled
def _fits(f, p, j, chosen, room):  # type: ignore[no-untyped-def]
    """Return whether a cell fits to those of earlier packages: conditions of pairs, and room in rows of the place."""
    for i in range(f.pairs_at[p], f.pairs_at[p + 1]):
        q = f.pair_with[i]
        apart = f.dates[f.pair_here[i] + j - f.cells[p]] - f.dates[f.pair_there[i] + chosen[q] - f.cells[q]]
        if apart < f.pair_low[i] or apart > f.pair_high[i]:
            return False
    for e in range(f.inner_at[j], f.inner_at[j + 1]):
        if f.inner_need[e] > room[f.inner_row[e]]:
            return False
    return True


@_compiled
def search(f, place, cost, value, least, offset, target, most_nodes, room, plans, costs):  # type: ignore[no-untyped-def]
    """Look depth first for the cheapest plan of a place that keeps all of its rules.

    Parameters
    ----------
    cost : float array, length J
        What each cell costs; ``value`` and ``least`` are those of ``upward`` where rows of the place are priced, too.
    offset : float
        The prices of rows of the place times their right sides: by so much less, at least, a plan costs here.
    target : float
        Plans that cost more than the cheapest of the forest, less ``offset``, and this are not looked for.
    room : int array
        Right sides of rows of the place; unchanged on return.
    plans : int array, shape (N, most packages of a place)
        Filled with the last N plans found, each better than the one before.
    costs : float array, length N
        Their costs.

    Returns
    -------
    found : int
        How many plans were found, each better than the one before; the last is the cheapest if the search was done.
    done : bool
        Whether the search was done within ``most_nodes``.
    """
    first, last = f.places[place], f.places[place + 1]
    count = last - first
    begin = f.cells[first]
    chosen = np.full(last, -1, np.int64)
    order = np.empty(f.cells[last] - begin, np.int64)
    for p in range(first, last):
        start, end = f.cells[p], f.cells[p + 1]
        order[start - begin : end - begin] = start + np.argsort(value[start:end])
    here = np.empty(count, np.int64)  # the next cell to try, by depth
    excess = np.zeros(count + 1)
    base = -offset
    for p in range(first, last):
        if f.parent[p] < 0:
            base += least[f.least_at[p]]
    paid = np.zeros(count + 1)
    limit = base + target
    found, nodes, depth = 0, 0, 0
    here[0] = f.cells[first]
    while depth >= 0:
        p = first + depth
        if chosen[p] >= 0:  # come back: give up the cell that was taken
            for e in range(f.inner_at[chosen[p]], f.inner_at[chosen[p] + 1]):
                room[f.inner_row[e]] += f.inner_need[e]
            chosen[p] = -1
        q = f.parent[p]
        needed = 0 if q < 0 else f.asked[f.asked_at[p] + chosen[q] - f.cells[q]]
        floor = least[f.least_at[p] + needed]
        taken_cell = -1
        while here[depth] < f.cells[p + 1]:
            j = order[here[depth] - begin]
            here[depth] += 1
            if base + excess[depth] + value[j] - floor > limit:
                here[depth] = f.cells[p + 1]
                break
            if f.key[j] >= needed and _fits(f, p, j, chosen, room):
                taken_cell = j
                break
        nodes += 1
        if nodes > most_nodes:
            for depth_ in range(depth):
                j = chosen[first + depth_]
                for e in range(f.inner_at[j], f.inner_at[j + 1]):
                    room[f.inner_row[e]] += f.inner_need[e]
            return found, False
        if taken_cell < 0:
            depth -= 1
            continue
        if depth == count - 1:
            total = paid[depth] + cost[taken_cell]
            if total < limit:
                limit = total
                slot = found % len(costs)
                for i in range(count - 1):
                    plans[slot, i] = chosen[first + i]
                plans[slot, count - 1] = taken_cell
                costs[slot] = total
                found += 1
            continue
        chosen[p] = taken_cell
        for e in range(f.inner_at[taken_cell], f.inner_at[taken_cell + 1]):
            room[f.inner_row[e]] -= f.inner_need[e]
        excess[depth + 1] = excess[depth] + value[taken_cell] - floor
        paid[depth + 1] = paid[depth] + cost[taken_cell]
        depth += 1
        here[depth] = f.cells[first + depth]
    return found, True


@_compiled
def settle(f, place, cost, price, upper, rounds, relaxed, value, least, chosen):  # type: ignore[no-untyped-def]
    """Raise what the forest of a place proves by pricing the rows of the place; return that, and the prices' own part.

    Each round moves the prices by what its plan takes too much, as far as would close the gap to ``upper``, half as far
    whenever the bound does not rise.

    Parameters
    ----------
    cost : float array, length J
    price : float array
        Prices of rows of places, to begin from; those of this place are changed to the best found.
    upper : float
        What a plan that keeps all rules of the place costs.
    """
    first, last = f.rows_at[place], f.rows_at[place + 1]
    here = price[first:last].copy()
    taken_ = np.empty(last - first)
    best, share = -np.inf, 1.0
    begin, end = f.cells[f.places[place]], f.cells[f.places[place + 1]]
    for step in range(rounds + 1):
        if step == rounds:
            here[:] = price[first:last]
        for j in range(begin, end):
            total = cost[j]
            for e in range(f.inner_at[j], f.inner_at[j + 1]):
                total += here[f.inner_row[e] - first] * f.inner_need[e]
            relaxed[j] = total
        offset = 0.0
        for r in range(last - first):
            offset += here[r] * f.room[first + r]
        bound = upward(f, place, relaxed, value, least) - offset
        if step == rounds:
            return bound, offset
        if bound > best:
            best = bound
            price[first:last] = here
        else:
            share *= 0.5
            here[:] = price[first:last]
        choose(f, place, value, chosen)
        for r in range(last - first):
            taken_[r] = -f.room[first + r]
        for p in range(f.places[place], f.places[place + 1]):
            j = chosen[p]
            for e in range(f.inner_at[j], f.inner_at[j + 1]):
                taken_[f.inner_row[e] - first] += f.inner_need[e]
        norm = 0.0
        for r in range(last - first):
            if taken_[r] > 0 or here[r] > 0:
                norm += taken_[r] * taken_[r]
        if norm == 0.0 or share < 0.01 or upper - best <= 1e-9 * abs(best):
            rounds = step + 1
            continue
        move = share * (upper - best) / norm
        for r in range(last - first):
            here[r] = max(0.0, here[r] + move * taken_[r])
    return best, 0.0


@_compiled
def plan_place(f, place, cost, price, upper, most_nodes, work, plans, costs):  # type: ignore[no-untyped-def]
    """Return a bound on the plans of a place, how many were found, and whether the last of them is the cheapest.

    Parameters
    ----------
    upper : float
        What some plan of the place costs, or more.
    work : tuple of arrays
        Scratch: ``relaxed`` and ``value`` (length J), ``least``, ``chosen`` (length P).
    plans, costs
        See ``search``.
    """
    relaxed, value, least, chosen = work
    rows = f.rows_at[place + 1] - f.rows_at[place]
    bound, offset = settle(f, place, cost, price, upper, 30 if rows else 0, relaxed, value, least, chosen)
    gap = max(upper - bound, 1e-9 * abs(bound) + 1e-6)
    target = gap / 16
    proven = bound
    found = 0
    while True:
        more, done = search(f, place, cost, value, least, offset, target, most_nodes, f.room, plans, costs)
        if more:
            found = more
        if done and more:
            return costs[(more - 1) % len(costs)], found, True
        if not done:
            return proven, found, False
        proven = bound + target
        if target > 1e15:
            return proven, 0, True  # no plan keeps the rules of the place
        target *= 4


@_compiled
def plan_places(f, first, last, cost, price, uppers, most_nodes, work, plans, costs, bounds, founds, exact):  # type: ignore[no-untyped-def]
    """Plan places from ``first`` to before ``last``; see ``plan_place``."""
    for place in range(first, last):
        bounds[place], founds[place], exact[place] = plan_place(
            f, place, cost, price, uppers[place], most_nodes, work, plans[place], costs[place]
        )


@_compiled
def all_through(f, cost, value, least, rest, totals, through):  # type: ignore[no-untyped-def]
    """Plan every place by its forest, and say by how much each cell makes the plan of its place dearer."""
    for place in range(len(f.places) - 1):
        totals[place] = upward(f, place, cost, value, least)
        downward(f, place, totals[place], value, least, rest, through)
        for j in range(f.cells[f.places[place]], f.cells[f.places[place + 1]]):
            through[j] -= totals[place]

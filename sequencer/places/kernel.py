"""Plans of single places at given prices, compiled: a dynamic program over the forest of links.

Cells of a package stand together, packages of a place stand together, and every package stands after the one it hangs
on. A package p that hangs on q by a link may take a cell with key k beside a cell of q that asks for r if k >= r; both
count months. For each cell, ``value`` is its cost and that of the cheapest cells of all packages that hang on it:
with ``least[p, r]``, the least value of a cell of p whose key is at least r,

    value[j] = cost[j] + sum over p that hang on the package of j of least[p, asked[p, j]].

The cheapest plan of the forest is the sum over its roots of their least values. With a temperature the least of some
values becomes ``-heat * log(sum of exp(-value / heat))``, which is lower; its slope in the cost of a cell is the share
of that cell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.compiled import copy, kernel, part

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FAINT = -45.0  # the logarithm of a weight below which it is none
TINY = 1e-18  # a sum of weights below it says nothing any more
SMALLEST = 1e-9  # a share below it is none


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
    """

    places: Ints
    cells: Ints
    parent: Ints
    key: Ints
    least_at: Ints
    asked_at: Ints
    asked: Ints


@kernel
def upward(f: Forest, place: int, cost: Floats, value: Floats, least: Floats) -> float:
    """Fill ``value`` and ``least`` of a place; return the cost of its cheapest plan of the forest."""
    first, last = f.places[place], f.places[place + 1]
    for j in range(f.cells[first], f.cells[last]):
        value[j] = cost[j]
    total = 0.0
    for p in range(last - 1, first - 1, -1):
        start, end = f.least_at[p], f.least_at[p + 1]
        least[start:end] = np.inf
        for j in range(f.cells[p], f.cells[p + 1]):
            at = start + f.key[j]
            least[at] = min(least[at], value[j])
        for r in range(end - 2, start - 1, -1):
            least[r] = min(least[r], least[r + 1])
        q = f.parent[p]
        if q < 0:
            total += least[start]
        else:
            offset = f.asked_at[p] - f.cells[q]
            for j in range(f.cells[q], f.cells[q + 1]):
                value[j] += least[start + f.asked[offset + j]]
    return total


@part
def downward(f: Forest, place: int, total: float, value: Floats, least: Floats, rest: Floats, through: Floats) -> None:
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
        rest[start:end] = np.inf
        offset = f.asked_at[p] - f.cells[q]
        for j in range(f.cells[q], f.cells[q + 1]):
            at = start + f.asked[offset + j]
            if at < end - 1 and through[j] < np.inf:  # least is finite then: the cell takes part in some plan
                rest[at] = min(rest[at], through[j] - least[at])
        for r in range(start + 1, end):
            rest[r] = min(rest[r], rest[r - 1])
        for j in range(f.cells[p], f.cells[p + 1]):
            through[j] = value[j] + rest[start + f.key[j]]


@kernel
def all_through(
    f: Forest, cost: Floats, value: Floats, least: Floats, rest: Floats, totals: Floats, through: Floats
) -> None:
    """Plan every place by its forest, and say by how much each cell makes the plan of its place dearer."""
    for place in range(len(f.places) - 1):
        totals[place] = upward(f, place, cost, value, least)
        downward(f, place, totals[place], value, least, rest, through)
        for j in range(f.cells[f.places[place]], f.cells[f.places[place + 1]]):
            through[j] -= totals[place]


@kernel
def priced(at: Ints, row: Ints, entry: Ints, price: Floats, cost: Floats, out: Floats) -> None:
    """Fill ``out`` with the cost of each cell and the prices of what it takes."""
    for j in range(len(cost)):
        total = cost[j]
        for e in range(at[j], at[j + 1]):
            total += price[row[e]] * entry[e]
        out[j] = total


@kernel
def shared_out(at: Ints, row: Ints, entry: Ints, shares: Floats, out: Floats) -> None:
    """Add to ``out`` what cells take of each row, each by its share."""
    for j in range(len(shares)):
        if shares[j] > 0.0:
            for e in range(at[j], at[j + 1]):
                out[row[e]] += shares[j] * entry[e]


@kernel
def soft_upward(
    f: Forest, cost: Floats, heat: float, value: Floats, least: Floats, weight: Floats, sums: Floats
) -> float:
    """Return the smooth minimum over all plans of the forest; fill the weight of each cell and sums of them by key."""
    total = 0.0
    copy(cost, value)
    for p in range(len(f.parent) - 1, -1, -1):
        start, end = f.least_at[p], f.least_at[p + 1]
        lowest = value[f.cells[p] : f.cells[p + 1]].min()
        sums[start:end] = 0.0
        least[start:end] = np.inf
        for j in range(f.cells[p], f.cells[p + 1]):
            part = (lowest - value[j]) / heat
            weight[j] = np.exp(part) if part > FAINT else 0.0
            at = start + f.key[j]
            sums[at] += weight[j]
            least[at] = min(least[at], value[j])
        for r in range(end - 2, start - 1, -1):
            sums[r] += sums[r + 1]
            least[r] = min(least[r], least[r + 1])
        for r in range(start, end - 1):
            if sums[r] > TINY:
                least[r] = lowest - heat * np.log(sums[r])
        q = f.parent[p]
        if q < 0:
            total += least[start]
        else:
            offset = f.asked_at[p] - f.cells[q]
            for j in range(f.cells[q], f.cells[q + 1]):
                value[j] += least[start + f.asked[offset + j]]
    return total


@kernel
def soft_downward(f: Forest, weight: Floats, sums: Floats, mass: Floats, shares: Floats) -> None:
    """Fill the share of each cell, after ``soft_upward``; those of a package add up to 1."""
    for p in range(len(f.parent)):
        start, end = f.least_at[p], f.least_at[p + 1]
        mass[start:end] = 0.0
        q = f.parent[p]
        if q < 0:
            mass[start] = 1.0
        else:
            offset = f.asked_at[p] - f.cells[q]
            for j in range(f.cells[q], f.cells[q + 1]):
                mass[start + f.asked[offset + j]] += shares[j]
        for r in range(start, end):
            mass[r] = mass[r] / sums[r] if sums[r] > TINY else 0.0
            if r > start:
                mass[r] += mass[r - 1]
        for j in range(f.cells[p], f.cells[p + 1]):
            share = weight[j] * mass[start + f.key[j]]
            shares[j] = share if share > SMALLEST else 0.0

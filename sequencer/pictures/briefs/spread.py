"""What the money of one donor pays for. A plan says what each line pays in each year, not for whom: it is spread.

The spread is even: in each year every line pays for the same part of whatever it may pay for, as far as earmarks allow
all of them to. With no earmarks that is the line's part of the year. In general it is the limit of scaling rows to what
lines pay and columns to what packages need, in turns: of all ways to pay it is the one of greatest entropy, and unique.
What no way to pay has is left out first, or scaling would come to nothing there ever more slowly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from sequencer.problem import Bridge, Line, Schedule

ROUNDS = 2000  # of scaling
EARMARKED = 10  # lines, up to which all sets of them are looked at
CLOSE = 1e-9  # of what is paid in the year


@dataclass(frozen=True, slots=True)
class Part:
    """What a donor pays for one package.

    Attributes
    ----------
    package : str
    amount : float
        Money over the whole plan.
    months : float
        Months in which the package costs something, each counted by the part of its cost of the year that is paid.
    """

    package: str
    amount: float
    months: float


def spread(paid: Sequence[int], needs: Sequence[int], may: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return what each line pays for each package in a year.

    Parameters
    ----------
    paid : sequence of int, length L
        What each line pays.
    needs : sequence of int, length P
        What each package costs; sums to the same as ``paid``.
    may : array of bool, shape (L, P)
        Whether a line may pay for a package. Some way to pay must exist, as in every plan.

    Returns
    -------
    array of float, shape (L, P)
        Rows sum to ``paid`` and columns to ``needs``, within a billionth of the whole.
    """
    rows, columns = np.asarray(paid, dtype=np.float64), np.asarray(needs, dtype=np.float64)
    shares = _possible(paid, needs, may) * columns
    for _ in range(ROUNDS):
        shares = shares * _ratio(rows, shares.sum(axis=1))[:, None]
        shares = shares * _ratio(columns, shares.sum(axis=0))[None, :]
        if np.abs(shares.sum(axis=1) - rows).max(initial=0.0) <= CLOSE * max(1.0, rows.sum()):
            break
    return shares


def _possible(paid: Sequence[int], needs: Sequence[int], may: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which line can pay for which package in some way to pay.

    Lines that pay just as much as all that they may pay for costs leave nothing of it to others.
    """
    found, costs = may.copy(), np.asarray(needs)
    marked = [line for line, pays in enumerate(paid) if pays and not may[line, costs > 0].all()][:EARMARKED]
    for some in chain.from_iterable(combinations(marked, count) for count in range(1, len(marked) + 1)):
        reached = may[list(some)].any(axis=0)
        if sum(paid[line] for line in some) == costs[reached].sum():
            others = np.setdiff1d(np.arange(len(paid)), some)
            found[np.ix_(others, reached)] = False
    return found


def _ratio(wanted: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(wanted, there, out=np.zeros_like(wanted), where=there > 0)


def parts(bridge: Bridge, schedule: Schedule, lines: Sequence[Line]) -> list[Part]:
    """Return what some lines pay for, package by package, the most first."""
    needs, names = bridge.needs(schedule), list(bridge.demands_of)
    mine = [line in lines for line in bridge.lines]
    may = np.array([[line.serves is None or name in line.serves for name in names] for line in bridge.lines])
    amounts, months = np.zeros(len(names)), np.zeros(len(names))
    costing = _costing(bridge, schedule)
    for b in range(len(bridge.buckets)):
        need = [needs[name][b] for name in names]
        shares = spread([schedule.uses[line.name][b] for line in bridge.lines], need, may)[mine].sum(axis=0)
        amounts += shares
        months += _ratio(shares, np.asarray(need, dtype=np.float64)) * [costing[name][b] for name in names]
    found = [Part(*row) for row in zip(names, amounts.tolist(), months.tolist(), strict=True) if row[1] > CLOSE]
    return sorted(found, key=lambda part: (-part.amount, part.package))


def _costing(bridge: Bridge, schedule: Schedule) -> Mapping[str, list[int]]:
    """Return in how many months of each year each package costs something."""
    found = {}
    for name, demands in bridge.demands_of.items():
        path, cell = schedule.paths[name], schedule.cells[name]
        covered = {month for each in demands for month in each.span(path, cell) if each.amounts[month]}
        found[name] = [sum(month in covered for month in months) for months in bridge.buckets]
    return found

"""Why not earlier, answered at once for every package: what stands against its moving alone, month by month.

All others stay where they are, so that an answer takes about a millisecond and says nothing about what a plan could be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.garbage import uncollected
from sequencer.problem import Cell, Problem, Reserve, Supply
from sequencer.reasons.local.around import Around
from sequencer.reasons.local.obstacles import Begins, Obstacle, Short, Unanswered, Unpaid, Worse

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring months, ``first`` to ``last``, against which the same stands.

    Attributes
    ----------
    obstacles : tuple of Obstacle
        As they are in ``last``; none where no promise stands against the months (money is not asked).
    worse : Worse or None
        Where there is no obstacle: the first term of the objective that would exceed what it may reach, in ``last``.
    """

    first: int
    last: int
    obstacles: tuple[Obstacle, ...]
    worse: Worse | None


@dataclass(frozen=True, slots=True)
class Way:
    """What stands against the months before a package's transfer if one option is taken.

    Attributes
    ----------
    option : str
    before : Stretch or None
        The months right before the transfer; None if the path has none.
    free : Stretch or None
        The latest months against which no promise stands (money is not asked); None if there are none.
    earliest : int or None
        The first month before the transfer that no promise about the package alone closes; None if all are closed.
    stretches : tuple of Stretch
        All months of the package's path before its transfer, months that are over left out, the latest first; none for
        another option than that of the plan if they were not asked for.
    """

    option: str
    before: Stretch | None
    free: Stretch | None
    earliest: int | None
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands next, if all that stands against the month right before the transfer were lifted from all months.

    Attributes
    ----------
    reach : int
        Back to this month nothing else stands against the package.
    obstacles : tuple of Obstacle
        What else stands against the month before it; none where ``reach`` is the first month of the path that is not
        over: nothing is asked of months that are.
    """

    reach: int
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest earlier month against which no promise stands, and what is known about money and objective there.

    Attributes
    ----------
    option : str
        The option of the plan if there is such a month with it, else the first that has one.
    month : int
    asked : bool
        Whether it is known if that can be paid for.
    unpaid : Unpaid or None
        What could not be paid for.
    worse : Worse or None
        Unless something could not be paid for: the first term of the objective that would exceed what it may reach.
    """

    option: str
    month: int
    asked: bool
    unpaid: Unpaid | None
    worse: Worse | None


@dataclass(frozen=True, slots=True)
class Local:
    """Why a package does not come earlier, as far as it alone moves and all others stay.

    Attributes
    ----------
    package, option : str
    transfer : int
        Its month in the plan.
    first : tuple of Obstacle
        What stands against the month right before, with the same option; empty if no promise does, and for a package
        handed over already.
    behind : Behind or None
        None where nothing stands first, or there is no month right before.
    ways : tuple of Way
        One for each option, that of the plan first.
    nearest : Nearest or None
        None where promises stand against every earlier month.
    unpriced : bool
        Whether money says nothing about the month right before: it would be paid for as now, or there is no money rule.
    """

    package: str
    option: str
    transfer: int
    first: tuple[Obstacle, ...]
    behind: Behind | None
    ways: tuple[Way, ...]
    nearest: Nearest | None
    unpriced: bool


@dataclass(frozen=True, slots=True)
class Enough:
    """So much more of a supply or a reserve in each of some months, and no promise would stand against one move.

    That is said of a package moving alone to the month right before its transfer, and of nothing else.
    """

    promise: Supply | Reserve
    amount: int
    months: range


def enough(local: Local) -> Enough | None:
    """Return how much would be enough where one supply or reserve alone is in the way; None where that is not known."""
    if len(local.first) != 1 or not local.unpriced:
        return None
    match local.first[0]:
        case Short(promise=supply) as short:
            months = range(short.months.start, supply.buckets[short.buckets[-1]].stop)
            return Enough(supply, max(short.lacking), months)
        case Unanswered(promise=reserve) as lacking:
            return Enough(reserve, max(lacking.lacking), range(lacking.months[0], lacking.months[-1] + 1))
        case _:
            return None


def locally(
    problem: Problem,
    cells: Mapping[str, Cell],
    caps: Sequence[tuple[str, int]] = (),
    *,
    packages: Iterable[str] | None = None,
    money: bool = True,
    every_option: bool = True,
) -> tuple[Local, ...]:
    """Return, package by package, why it does not come earlier, all others staying where they are.

    Parameters
    ----------
    problem : Problem
    cells : mapping of str to Cell
        A plan: it breaches nothing.
    caps : sequence of (str, int)
        The terms the plan was made for, in order, and the most each may reach.
    packages : iterable of str, optional
        Of which to tell; None: all, in the order of ``cells``.
    money : bool
        Whether to ask if the nearest month against which nothing else stands can be paid for; takes some milliseconds
        for each package that has one.
    every_option : bool
        Whether to tell all stretches of all options, or only of that in the plan; sentences need no more.

    Returns
    -------
    tuple of Local
        In the order asked for.
    """
    with uncollected():
        around = Around(problem, cells, caps)
        names = cells if packages is None else packages
        return tuple(local(around, name, money=money, every_option=every_option) for name in names)


def local(around: Around, name: str, *, money: bool = True, every_option: bool = True) -> Local:
    """Return why one package does not come earlier, all others staying; see ``locally`` for the rest."""
    path, cell = around.problem.paths[name], around.schedule.cells[name]
    options = [cell.option, *(k for k in range(len(path.options)) if k != cell.option)]
    start = max(0, around.problem.as_of - path.months.start) if around.problem.as_of else 0
    stop = 0 if cell.transfer < around.problem.as_of else path.column(cell.transfer)
    own = path.options[cell.option].name
    if stop <= start:
        first = () if cell.transfer < around.problem.as_of else (Begins(cell.transfer),)
        ways = tuple(Way(path.options[k].name, None, None, None, ()) for k in options)
        return Local(name, own, cell.transfer, first, None, ways, None, unpriced=True)
    earlier = _Earlier(around, name, start, stop)
    ways = tuple(earlier.way(k, whole=every_option or k == cell.option) for k in options)
    return Local(
        package=name,
        option=own,
        transfer=cell.transfer,
        first=ways[0].stretches[0].obstacles,
        behind=earlier.behind(cell.option),
        ways=ways,
        nearest=earlier.nearest(options, money=money),
        unpriced=around.unpriced(name, Cell(cell.option, cell.transfer - 1)),
    )


class _Earlier:
    """What stands against a package before its transfer: columns ``start`` to ``stop``, here counted from 0."""

    def __init__(self, around: Around, name: str, start: int, stop: int) -> None:
        self._around = around
        self._name = name
        self._path = around.problem.paths[name]
        self._months = self._path.months[start:stop]  # none that is over
        self._held = [one for one in around.held(name, stop) if one.against[:, start:].any()]
        shape = (len(self._held), len(self._path.options), stop - start)
        self._against: Mask = np.array([one.against[:, start:] for one in self._held], dtype=bool).reshape(shape)
        self._standing: Mask = np.logical_or.reduce(self._against)
        self._closed: Mask = np.logical_or.reduce(self._against[[one.alone for one in self._held]])
        self._term, self._amount = (each[:, start:] for each in around.worth.over(name, stop))
        self._term[self._standing] = -1

    def _month(self, column: int) -> int:
        return self._months[column]

    def way(self, option: int, *, whole: bool) -> Way:
        """Return what stands against the months of one option, month by month or only what matters most."""
        runs = self._runs(option)
        free = next((i for i, (_, last) in enumerate(runs) if not self._standing[option, last]), None)
        told = [i for i in range(len(runs)) if whole or i in {0, free}]
        stretches = {i: self._stretch(option, *runs[i]) for i in told}
        return Way(
            option=self._path.options[option].name,
            before=stretches[0],
            free=None if free is None else stretches[free],
            earliest=self._earliest(option),
            stretches=tuple(stretches.values()) if whole else (),
        )

    def _runs(self, option: int) -> list[tuple[int, int]]:
        """Return the first and the last of neighbouring columns against which the same stands, the latest first."""
        against, term = self._against[:, option], self._term[option]
        turns = (against[:, 1:] != against[:, :-1]).any(axis=0) | (term[1:] != term[:-1])
        lasts = [*turns.nonzero()[0].tolist(), len(term) - 1]
        return list(zip([0, *(column + 1 for column in lasts[:-1])], lasts, strict=True))[::-1]

    def _stretch(self, option: int, first: int, last: int) -> Stretch:
        return Stretch(self._month(first), self._month(last), self._told(option, last), self._worse(option, last))

    def _told(self, option: int, column: int, lifted: Mask | None = None) -> tuple[Obstacle, ...]:
        """Return what stands against a cell, promises that are lifted left out."""
        stands = self._against[:, option, column]
        rows = (stands if lifted is None else stands & ~lifted).nonzero()[0].tolist()
        cell = Cell(option, self._month(column))
        return tuple([self._held[row].tell(cell) for row in rows])

    def _worse(self, option: int, column: int) -> Worse | None:
        return self._around.worth.worse(int(self._term[option, column]), int(self._amount[option, column]))

    def _earliest(self, option: int) -> int | None:
        """Return the first month that no promise about the package alone closes with one option."""
        closed = self._closed[option]
        return None if closed.all() else self._month(int(closed.argmin()))

    def behind(self, option: int) -> Behind:
        """Return what stands next with one option, once all that stands against the last column is lifted."""
        lifted = self._against[:, option, -1]
        others = np.logical_or.reduce(self._against[~lifted, option]).nonzero()[0]
        if not others.size:
            return Behind(self._month(0), ())
        last = int(others[-1])
        return Behind(self._month(last + 1), self._told(option, last, lifted))

    def nearest(self, options: Sequence[int], *, money: bool) -> Nearest | None:
        """Return the last column against which nothing stands, with the first option that has one."""
        for option in options:
            free = np.flatnonzero(~self._standing[option])
            if free.size:
                column = int(free[-1])
                cell = Cell(option, self._month(column))
                unpaid = self._around.unpaid(self._name, cell) if money else None
                worse = None if unpaid else self._worse(option, column)
                return Nearest(self._path.options[option].name, cell.transfer, money, unpaid, worse)
        return None

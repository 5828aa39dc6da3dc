"""A problem as arrays: what compiled kernels know of packages, lags, needs and pools.

A *task* is a package, an *arc* a lag between the transfers of two of them, a *piece* what one option of a package needs
of one pool in consecutive months counted from the transfer. What arrays cannot say is left out of ``Tasks``, and
``Reading.whole`` is false: then the arrays are a relaxation, good for bounds and not for plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.run import Caps
from sequencer.engine.tables import open_masks
from sequencer.problem import Cell, Demand, Link, Path, Problem, Supply, Term, Window
from sequencer.vocabulary import Event

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

#: Pool, first month and end counted from the transfer, amount in each.
Piece: TypeAlias = tuple[int, int, int, int]

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


def read(problem: Problem, term: Term, caps: Caps) -> Reading:
    """Read a problem, with the caps on maxima, into arrays."""
    return _Reader(problem, term, caps).reading()


class _Reader:
    """Reads rule after rule; ``_whole`` falls as soon as one of them does not fit into arrays."""

    def __init__(self, problem: Problem, term: Term, caps: Caps) -> None:
        self._problem, self._term = problem, term
        self._names = tuple(problem.paths)
        self._position = {name: p for p, name in enumerate(self._names)}
        self._masks = open_masks(problem, caps)
        self._most = max(len(path.options) for path in problem.paths.values())
        self._whole = all(capped.maximum for capped, _ in caps)
        self._regular = True
        self._pieces: list[list[Piece]] = [[] for _ in range(len(self._names) * self._most)]
        self._capacity: list[Sequence[int]] = []
        self._taken: list[Ints] = []
        self._limit: list[int] = []
        self._arcs: dict[tuple[int, int], Ints] = {}

    def reading(self) -> Reading:
        """Return the arrays."""
        for rule in self._problem.rules:
            match rule:
                case Window():
                    pass  # in the masks
                case Link():
                    self._link(rule)
                case Supply():
                    self._supply(rule)
                case _:
                    self._whole = False
        following, preceding = self._open_months()
        tail = self._tails()
        return Reading(self._names, self._tasks(following, preceding, tail), self._regular, self._whole)

    def _span(self, name: str, option: int) -> tuple[int, int] | None:
        """Return the first and last open month of an option; None if it has none."""
        path = self._problem.paths[name]
        columns = np.flatnonzero(self._masks[name][option])
        return (path.months[int(columns[0])], path.months[int(columns[-1])]) if columns.size else None

    def _open_months(self) -> tuple[Ints, Ints]:
        """Return ``following`` and ``preceding``."""
        horizon = self._problem.horizon
        shape = (len(self._names), self._most, horizon + 1)
        following, preceding = np.full(shape, NEVER, dtype=np.int64), np.full(shape, -NEVER, dtype=np.int64)
        for p, name in enumerate(self._names):
            path, mask = self._problem.paths[name], self._masks[name]
            columns = np.array([path.column(month) for month in range(horizon)])
            there = (columns >= 0) & (columns < len(path.months))
            past = np.asarray(mask[:, : max(0, path.column(0))].any(axis=1))
            if past.any():  # handed over before the plan: it stands still, and is left out of all that follows
                self._whole = self._regular = False
                following[p, : len(past)] = np.where(past[:, None], np.arange(horizon + 1), NEVER)
                preceding[p, : len(past)] = np.where(past[:, None], np.arange(horizon + 1) - 1, -NEVER)
                continue
            for k in range(len(path.options)):
                open_ = np.zeros(horizon, dtype=bool)
                open_[there] = mask[k, columns[there]]
                months = np.where(open_, np.arange(horizon), NEVER)
                following[p, k, :horizon] = np.minimum.accumulate(months[::-1])[::-1]
                preceding[p, k, 1:] = np.maximum.accumulate(np.where(open_, np.arange(horizon), -NEVER))
        return following, preceding

    def _tails(self) -> Ints:
        """Return ``tail``: the same for every open month of an option, or the least of them."""
        tail = np.full((len(self._names), self._most), -NEVER, dtype=np.int64)
        for p, name in enumerate(self._names):
            table = self._term.tables.get(name)
            if table is None:
                continue
            path = self._problem.paths[name]
            ahead = table - np.array(path.months)
            for k, mask in enumerate(self._masks[name]):
                if mask.any() and not mask[: max(0, path.column(0))].any():
                    found = ahead[k][mask]
                    tail[p, k] = found.min()
                    self._regular &= bool(found.min() == found.max())
        return tail

    def _link(self, rule: Link) -> None:
        before, after = self._problem.paths[rule.before], self._problem.paths[rule.after]
        if self._may_lie_before(rule.before, rule.before_event) or self._may_lie_before(rule.after, rule.after_event):
            self._whole = False
            return
        if rule.before == rule.after:
            self._within(rule, before)
            return
        p, q = self._position[rule.before], self._position[rule.after]
        opens = np.array([option.offset(rule.before_event) for option in before.options])
        closes = np.array([option.offset(rule.after_event) for option in after.options])
        if rule.minimum is not None:
            self._arc(p, q, rule.minimum + opens[:, None] - closes[None, :])
        if rule.maximum is not None:
            self._arc(q, p, closes[:, None] - opens[None, :] - rule.maximum)

    def _may_lie_before(self, name: str, event: Event) -> bool:
        """Return whether an event may lie before the plan."""
        options = self._problem.paths[name].options
        spans = ((self._span(name, k), option) for k, option in enumerate(options))
        return any(span is not None and span[0] + min(0, option.offset(event)) < 0 for span, option in spans)

    def _within(self, rule: Link, path: Path) -> None:
        """Close the options whose own stages break a link between two events of one package."""
        mask = self._masks[rule.before].copy()
        for k, option in enumerate(path.options):
            lag = option.offset(rule.after_event) - option.offset(rule.before_event)
            short = rule.minimum is not None and lag < rule.minimum
            if short or (rule.maximum is not None and lag > rule.maximum):
                mask[k] = False
        self._masks = {**self._masks, rule.before: mask}

    def _arc(self, p: int, q: int, lag: Ints) -> None:
        """Add an arc; of several between the same two tasks the longest lags are kept."""
        padded = np.full((self._most, self._most), -NEVER, dtype=np.int64)
        padded[: lag.shape[0], : lag.shape[1]] = lag
        known = self._arcs.get((p, q))
        self._arcs[p, q] = padded if known is None else np.maximum(known, padded)

    def _supply(self, rule: Supply) -> None:
        if len(rule.buckets) == 1:
            self._plan_pool(rule)
        elif all(len(months) == 1 for months in rule.buckets):
            self._monthly_pool(rule)
        else:
            self._whole = False

    def _monthly_pool(self, rule: Supply) -> None:
        row = len(self._capacity)
        self._capacity.append(rule.capacity)
        for demand in rule.demands:
            p, path = self._position[demand.package], self._problem.paths[demand.package]
            least = min(demand.amounts, default=0)
            self._whole &= least == max(demand.amounts, default=0)
            for k in range(len(path.options)):
                months = self._piece(demand, k)
                if months is not None and months and least:
                    self._pieces[p * self._most + k].append((row, months.start, months.stop, least))

    def _piece(self, demand: Demand, k: int) -> range | None:
        """Return the months, counted from the transfer, of a need in an option; None if it may leave the plan."""
        span = self._span(demand.package, k)
        if span is None or demand.option not in {None, k}:
            return range(0)
        months = _steady(demand, self._problem.paths[demand.package], k)
        if months is None or span[0] + min(0, months.start) < 0 or span[1] + months.stop > self._problem.horizon:
            self._whole = False
            return None
        return months

    def _plan_pool(self, rule: Supply) -> None:
        """Read a pool of the whole plan: what an option needs must not depend on the month."""
        taken = np.zeros((len(self._names), self._most), dtype=np.int64)
        for demand in rule.demands:
            p, path = self._position[demand.package], self._problem.paths[demand.package]
            least = min(demand.amounts, default=0)
            self._whole &= least == max(demand.amounts, default=0)
            for k in range(len(path.options)):
                months = self._piece(demand, k)
                taken[p, k] += least * len(months or ())
        self._taken.append(taken)
        self._limit.append(rule.capacity[0])

    def _tasks(self, following: Ints, preceding: Ints, tail: Ints) -> Tasks:
        ends = sorted(self._arcs)
        arc_from, arc_to = _ints(p for p, _ in ends), _ints(q for _, q in ends)
        count, size = len(self._names), self._most
        lag = np.array([self._arcs[end] for end in ends], dtype=np.int64).reshape(len(ends), size, size)
        parts = [_apart(mine) for mine in self._pieces]
        pieces = np.array([piece for mine in parts for piece in mine], dtype=np.int64).reshape(-1, 4)
        shape = (len(self._capacity), self._problem.horizon)
        into, into_at = _grouped(arc_to, count)
        out, out_at = _grouped(arc_from, count)
        return Tasks(
            following=following,
            preceding=preceding,
            tail=tail,
            arc_from=arc_from,
            arc_to=arc_to,
            lag=lag,
            into=into,
            into_at=into_at,
            out=out,
            out_at=out_at,
            piece_at=np.concatenate([[0], np.cumsum([len(mine) for mine in parts])]).astype(np.int64),
            row=pieces[:, 0].copy(),
            first=pieces[:, 1].copy(),
            last=pieces[:, 2].copy(),
            amount=pieces[:, 3].copy(),
            capacity=np.array(self._capacity, dtype=np.int64).reshape(shape),
            taken=np.array(self._taken, dtype=np.int64).reshape(-1, count, size).transpose(1, 2, 0).copy(),
            limit=_ints(self._limit),
        )


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


def _steady(demand: Demand, path: Path, k: int) -> range | None:
    """Return the months, counted from the transfer, in which an option needs something; None if not so counted."""
    option = path.options[k]
    if demand.begin is None or (demand.end is None and demand.months is None):
        return None
    start = option.offset(demand.begin)
    stop = start + demand.months if demand.months is not None else option.offset(demand.end)  # type: ignore[arg-type]
    return range(start, max(start, stop))


def _apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces that need the same, of which no two of one pool share a month."""
    found = []
    for row in sorted({row for row, *_ in pieces}):
        mine = [piece for piece in pieces if piece[0] == row]
        edges = sorted({edge for _, first, last, _ in mine for edge in (first, last)})
        for first, last in pairwise(edges):
            amount = sum(piece[3] for piece in mine if piece[1] <= first and last <= piece[2])
            if amount:
                found.append((row, first, last, amount))
    return found


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _grouped(of: Ints, count: int) -> tuple[Ints, Ints]:
    """Return positions ordered by group, and where each of ``count`` groups begins."""
    order = np.argsort(of, kind="stable").astype(np.int64)
    return order, np.searchsorted(of[order], np.arange(count + 1)).astype(np.int64)


def starts(reading: Reading, cells: Mapping[str, Cell]) -> tuple[Ints, Ints]:
    """Return the options and transfer months of a schedule, each of shape (n,)."""
    return _ints(cells[name].option for name in reading.names), _ints(cells[name].transfer for name in reading.names)

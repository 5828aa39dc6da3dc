"""Rules read into arrays, one after another; what arrays cannot say is left out, and that is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from sequencer.engine.run import Caps
from sequencer.engine.tables import open_masks
from sequencer.problem import Demand, Link, Path, Problem, Supply, Term, Window
from sequencer.schedules.tasks import NEVER, Ints, Reading, Tasks, ints
from sequencer.vocabulary import Event

#: Pool, first month and end counted from the transfer, amount in each.
Piece: TypeAlias = tuple[int, int, int, int]


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
        ends = ((rule.before, rule.before_event), (rule.after, rule.after_event))
        if any(self._may_lie_before(rule.as_of, name, event) for name, event in ends):
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

    def _may_lie_before(self, month: int, name: str, event: Event) -> bool:
        """Return whether an event may lie before a month."""
        options = self._problem.paths[name].options
        spans = ((self._span(name, k), option) for k, option in enumerate(options))
        return any(span is not None and span[0] + min(0, option.offset(event)) < month for span, option in spans)

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
        for p, k, months, amount in self._needs(rule):
            self._pieces[p * self._most + k].append((row, months.start, months.stop, amount))

    def _plan_pool(self, rule: Supply) -> None:
        """Read a pool of the whole plan: what an option needs must not depend on the month."""
        taken = np.zeros((len(self._names), self._most), dtype=np.int64)
        for p, k, months, amount in self._needs(rule):
            taken[p, k] += amount * len(months)
        self._taken.append(taken)
        self._limit.append(rule.capacity[0])

    def _needs(self, rule: Supply) -> Iterator[tuple[int, int, range, int]]:
        """Yield what options need: task, option, months counted from the transfer, and the amount in each of them."""
        for demand in rule.demands:
            least = min(demand.amounts, default=0)
            self._whole &= least == max(demand.amounts, default=0)
            for k in range(len(self._problem.paths[demand.package].options)):
                months = self._months(demand, k)
                if months and least:
                    yield self._position[demand.package], k, months, least

    def _months(self, demand: Demand, k: int) -> range:
        """Return the months, counted from the transfer, of a need in an option; none if it may leave the plan."""
        span = self._span(demand.package, k)
        if span is None or demand.option not in {None, k}:
            return range(0)
        months = _steady(demand, self._problem.paths[demand.package], k)
        if months is None or span[0] + min(0, months.start) < 0 or span[1] + months.stop > self._problem.horizon:
            self._whole = False
            return range(0)
        return months

    def _tasks(self, following: Ints, preceding: Ints, tail: Ints) -> Tasks:
        ends = sorted(self._arcs)
        arc_from, arc_to = ints(p for p, _ in ends), ints(q for _, q in ends)
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
            limit=ints(self._limit),
        )


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


def _grouped(of: Ints, count: int) -> tuple[Ints, Ints]:
    """Return positions ordered by group, and where each of ``count`` groups begins."""
    order = np.argsort(of, kind="stable").astype(np.int64)
    return order, np.searchsorted(of[order], np.arange(count + 1)).astype(np.int64)

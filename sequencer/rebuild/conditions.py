"""Conditions between the dates of two packages, as ruin and recreate sees them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from sequencer.binaries.program import Program
from sequencer.problem import Gate, Link, Width
from sequencer.rebuild.layout import Layout
from sequencer.rebuild.state import NEVER, Ints, Pairs
from sequencer.vocabulary import Event

FREE = 3 * NEVER  # months, more than any two dates are apart

#: A package, an event of it, and the months that count; None: all.
Dated: TypeAlias = tuple[str, Event, range | None]


def pairable(program: Program) -> set[int]:
    """Return the positions of links, widths and gates that pairs of dates can tell.

    Not those that a package may be exempt from because its event has happened already: rows tell them.
    """
    found = set()
    for i, rule in enumerate(program.problem.rules):
        match rule:
            case Link():
                ends = ((rule.before, rule.before_event), (rule.after, rule.after_event))
                past = [int(program.told.packages[name].dates(event).min()) < rule.as_of for name, event in ends]
                if not all(past) and rule.before != rule.after:
                    found.add(i)
            case Width() | Gate():
                found.add(i)
            case _:
                pass
    return found


class Conditions:
    """Conditions between dates of two packages, collected rule by rule; see ``Pairs``."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._at = {name: p for p, name in enumerate(layout.names)}
        self._dates: list[Ints] = []
        self._known: dict[Dated, int] = {}
        self._found: list[list[tuple[int, int, int, int, int]]] = [[] for _ in layout.names]

    def post(self, rule: object) -> None:
        """Add the conditions of a link, a width or a gate."""
        match rule:
            case Link():
                low = -FREE if rule.minimum is None else rule.minimum
                high = FREE if rule.maximum is None else rule.maximum
                self._add((rule.before, rule.before_event, None), (rule.after, rule.after_event, None), (low, high))
            case Width():
                plan = range(rule.as_of, FREE)
                for i, (name, event) in enumerate(rule.members):
                    for other, event_ in rule.members[:i]:
                        self._add((other, event_, plan), (name, event, plan), (-rule.width, rule.width))
            case Gate():
                for name in sorted(rule.waiting):
                    for other in rule.before:
                        waits = name, Event.TRANSFER, rule.months
                        self._add((other, rule.event, None), waits, (rule.minimum, FREE))
            case _:
                pass

    def told(self) -> Pairs:
        """Return all conditions as arrays, those of each package together, and so their events."""
        owners = np.array([self._at[name] for name, _, _ in self._known], np.int64)
        begins_at = np.concatenate([[0], np.cumsum([len(dates) for dates in self._dates])]).astype(np.int64)
        order = np.argsort(owners, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        listed = np.array([pair for pairs in self._found for pair in pairs], np.int64).reshape(-1, 5)
        other, here, there, low, high = (np.ascontiguousarray(column) for column in listed.T)
        packages = len(self._found)
        return Pairs(
            at=np.concatenate([[0], np.cumsum([len(pairs) for pairs in self._found])]).astype(np.int64),
            other=other,
            event=rank[here],
            there=begins_at[there],
            low=low,
            high=high,
            dates=np.concatenate([*self._dates, np.zeros(0, np.int64)]),
            events_at=np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=packages))]).astype(np.int64),
            dates_at=begins_at[order],
        )

    def _add(self, first: Dated, second: Dated, lag: tuple[int, int]) -> None:
        """Say that the second date exceeds the first by no less and no more, to both packages."""
        if first[0] == second[0]:
            return
        one, two = self._dated(*first), self._dated(*second)
        low, high = lag
        self._found[self._at[second[0]]].append((self._at[first[0]], two, one, low, high))
        self._found[self._at[first[0]]].append((self._at[second[0]], one, two, -high, -low))

    def _dated(self, name: str, event: Event, months: range | None) -> int:
        """Return the number of an event whose dates outside some months are ``NEVER``."""
        key = (name, event, months)
        if key not in self._known:
            dates = self._layout.program.told.packages[name].dates(event)[self._layout.order(self._at[name])]
            if months is not None:
                dates = np.where((dates >= months.start) & (dates < months.stop), dates, NEVER)
            self._known[key] = len(self._dates)
            self._dates.append(dates)
        return self._known[key]

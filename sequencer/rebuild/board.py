"""A problem as ruin and recreate sees it: what cells take of rows, and conditions between the dates of two packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.program import Program
from sequencer.places.divide import begins
from sequencer.places.split import Columns, columns
from sequencer.problem import Bridge, Cell, Gate, Link, Reserve, Width
from sequencer.rebuild.state import NEVER, Board
from sequencer.vocabulary import Event

Ints = NDArray[np.int64]

FREE = 3 * NEVER  # months, more than any two dates are apart

#: A package, an event of it, and the months that count; None: all.
Dated: TypeAlias = tuple[str, Event, range | None]


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """A row that every plan keeps; it says in cells alone what other variables must make possible.

    Attributes
    ----------
    need : int array, length J
        What each cell takes.
    side : int
        What all may take together.
    """

    need: Ints
    side: int


@dataclass(frozen=True, eq=False)
class Layout:
    """Where packages and cells stand on boards of a program.

    Attributes
    ----------
    program : Program
    names : tuple of str, length P
        Packages, those of a place together.
    starts : int array, length P + 1
        Where the cells of each begin.
    var : int array, length J
        The variable of each cell; those of a package stand by their cost, the cheapest first.
    on : int array
        The cell of each variable; -1 for one that is no cell.
    """

    program: Program
    names: tuple[str, ...]
    starts: Ints
    var: Ints
    on: Ints

    @classmethod
    def of(cls, program: Program, places: Sequence[str]) -> Layout:
        """Return the layout of a program whose packages stand in an order."""
        vars_, cost = [], program.arrays.cost
        for name in places:
            package = program.told.packages[name]
            vars_.append(package.vars[np.lexsort((package.transfers, cost[package.vars]))])
        var = np.concatenate(vars_)
        on = np.full(len(cost), -1, np.int64)
        on[var] = np.arange(len(var))
        starts = np.concatenate([[0], np.cumsum([len(part) for part in vars_])])
        return cls(program, tuple(places), starts.astype(np.int64), var, on)

    def order(self, p: int) -> Ints:
        """Return the position, among the cells of a package, of each of its cells on the board."""
        mine = self.var[self.starts[p] : self.starts[p + 1]]
        order: Ints = mine - self.program.told.packages[self.names[p]].vars[0]
        return order

    def cells(self, chosen: Ints) -> dict[str, Cell]:
        """Return a schedule from the cell of each package on the board."""
        return {
            name: self.program.told.packages[name].cell(int(self.order(p)[chosen[p] - self.starts[p]]))
            for p, name in enumerate(self.names)
        }

    def chosen(self, cells: Mapping[str, Cell]) -> Ints:
        """Return the cell of each package on the board in a schedule; -1 for one that is not open."""
        found = np.full(len(self.names), -1, np.int64)
        for p, name in enumerate(self.names):
            package = self.program.told.packages[name]
            at = np.flatnonzero((package.options == cells[name].option) & (package.transfers == cells[name].transfer))
            if len(at):
                found[p] = self.on[package.vars[at[0]]]
        return found


def lay(layout: Layout, cuts: Sequence[Cut]) -> tuple[Board, Ints]:
    """Return the board of a program with some cuts, and the right side of each row.

    Rows of money are left out: cuts stand for them.
    """
    program = layout.program
    arrays, rules = program.arrays, program.problem.rules
    paired = _pairable(program)
    out = [isinstance(rule, Bridge | Reserve) or i in paired for i, rule in enumerate(rules)]
    left = ~np.array([*out, False, True])[program.rules]  # CAP is -2 and stays, CHOICE is -1
    entries = _entries(layout, left, cuts)
    slots, people, most = _slots(layout)
    conditions = _Conditions(layout)
    for i in sorted(paired):
        conditions.post(rules[i])
    members_at = begins(layout.names)
    soft = np.unique(np.concatenate([entries.row[entries.entry < 0], len(arrays.sides) + np.arange(len(cuts))]))
    sizes = np.ones(len(arrays.sides) + len(cuts), np.int64)
    np.maximum.at(sizes, entries.row, np.abs(entries.entry))
    board = Board(
        cells=layout.starts,
        cost=arrays.cost[layout.var].astype(np.float64),
        month=np.concatenate(
            [program.told.packages[name].transfers[layout.order(p)] for p, name in enumerate(layout.names)]
        ),
        **_stretches(entries),
        **conditions.told(),
        slot_at=slots.at,
        slot=slots.row,
        relapse=slots.entry,
        people=people,
        most=most,
        soft=soft,
        largest=sizes[soft],
        place=np.repeat(np.arange(len(members_at) - 1), np.diff(members_at)),
        members_at=members_at,
    )
    return board, np.concatenate([np.where(left, arrays.sides, 0), np.array([cut.side for cut in cuts], np.int64)])


def _entries(layout: Layout, left: NDArray[np.bool_], cuts: Sequence[Cut]) -> Columns:
    """Return what each cell takes of the rows that are left, and of cuts, which stand after all rows."""
    arrays = layout.program.arrays
    on = left[arrays.row]
    row, cell, need = arrays.row[on], layout.on[arrays.index[on]], arrays.value[on]
    rows, cells, needs = [row[cell >= 0]], [cell[cell >= 0]], [need[cell >= 0]]
    for i, cut in enumerate(cuts):
        at = np.flatnonzero(cut.need)
        rows.append(np.full(len(at), len(arrays.sides) + i))
        cells.append(at)
        needs.append(cut.need[at])
    return columns(np.concatenate(cells), np.concatenate(rows), np.concatenate(needs), len(layout.var))


def _stretches(entries: Columns) -> dict[str, Ints]:
    """Return entries with those of one column that stand one below the other, and are equal, as one; see ``Board``."""
    first = np.ones(len(entries.row), np.bool_)
    first[1:] = (np.diff(entries.row) != 1) | (np.diff(entries.entry) != 0)
    first[entries.at[:-1][np.diff(entries.at) > 0]] = True
    before = np.concatenate([[0], np.cumsum(first)]).astype(np.int64)  # stretches that begin before each entry
    last = np.append(np.flatnonzero(first)[1:], len(first)) - 1
    return {
        "at": before[entries.at],
        "row": entries.row[first],
        "stop": entries.row[last[: before[-1]]] + 1,
        "need": entries.entry[first],
    }


def _pairable(program: Program) -> set[int]:
    """Return the positions of links, widths and gates that pairs of dates can tell.

    Not those that a package may be exempt from because its event lies before the plan: rows tell them.
    """
    found = set()
    for i, rule in enumerate(program.problem.rules):
        match rule:
            case Link():
                ends = ((rule.before, rule.before_event), (rule.after, rule.after_event))
                past = [int(program.told.packages[name].dates(event).min()) < 0 for name, event in ends]
                if not all(past) and rule.before != rule.after:
                    found.add(i)
            case Width() | Gate():
                found.add(i)
            case _:
                pass
    return found


def _slots(layout: Layout) -> tuple[Columns, Ints, Ints]:
    """Return what relapses need by slot, cell by cell, and the force and number of relapses of each slot."""
    problem = layout.program.problem
    cells, slots, needs = [], [], []
    people: list[int] = []
    most: list[int] = []
    for rule in problem.reserves:
        months = [range(month, month + 1) for month in rule.binding]
        for name in layout.names:
            if name not in rule.demands_of:
                continue
            spread = layout.program.told.relapses(rule, name, months)
            cells.append(layout.on[spread[1]])
            slots.append(spread[0] + len(people))
            needs.append(spread[2])
        people += [rule.people[month] for month in rule.binding]
        most += [rule.k] * len(rule.binding)
    none = np.zeros(0, np.int64)
    at, row, entry = (np.concatenate(parts) if parts else none for parts in (cells, slots, needs))
    return columns(at, row, entry, len(layout.var)), np.array(people, np.int64), np.array(most, np.int64)


class _Conditions:
    """Conditions between dates of two packages, collected rule by rule; see ``Board``."""

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
                plan = range(FREE)
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

    def told(self) -> dict[str, Ints]:
        """Return all conditions as arrays, those of each package together, and so their events."""
        owners = np.array([self._at[name] for name, _, _ in self._known], np.int64)
        begins_at = np.concatenate([[0], np.cumsum([len(dates) for dates in self._dates])]).astype(np.int64)
        order = np.argsort(owners, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        listed = np.array([pair for pairs in self._found for pair in pairs], np.int64).reshape(-1, 5)
        other, here, there, low, high = (np.ascontiguousarray(column) for column in listed.T)
        packages = len(self._found)
        return {
            "pairs_at": np.concatenate([[0], np.cumsum([len(pairs) for pairs in self._found])]).astype(np.int64),
            "other": other,
            "event": rank[here],
            "there": begins_at[there],
            "low": low,
            "high": high,
            "dates": np.concatenate([*self._dates, np.zeros(0, np.int64)]),
            "events_at": np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=packages))]).astype(np.int64),
            "dates_at": begins_at[order],
        }

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

"""A problem as ruin and recreate sees it: what cells take of rows, and conditions between the dates of two packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.places.divide import begins
from sequencer.places.split import Columns, columns
from sequencer.problem import Bridge, Reserve
from sequencer.rebuild.conditions import Conditions, pairable
from sequencer.rebuild.layout import Layout
from sequencer.rebuild.state import Board, Ints, Relapses, Takes


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


def lay(layout: Layout) -> tuple[Board, Ints]:
    """Return the board of a program, and the right side of each row.

    Rows of money are left out: cuts stand for them.
    """
    program = layout.program
    arrays, rules = program.arrays, program.problem.rules
    paired = pairable(program)
    out = [isinstance(rule, Bridge | Reserve) or i in paired for i, rule in enumerate(rules)]
    left = ~np.array([*out, False, True])[program.rules]  # CAP is -2 and stays, CHOICE is -1
    entries = _entries(layout, left)
    conditions = Conditions(layout)
    for i in sorted(paired):
        conditions.post(rules[i])
    members_at = begins(layout.names)
    soft = np.unique(entries.row[entries.entry < 0])
    sizes = np.ones(len(arrays.sides), np.int64)
    np.maximum.at(sizes, entries.row, np.abs(entries.entry))
    board = Board(
        cells=layout.starts,
        cost=arrays.cost[layout.var].astype(np.float64),
        month=np.concatenate(
            [program.told.packages[name].transfers[layout.order(p)] for p, name in enumerate(layout.names)]
        ),
        takes=_takes(entries),
        pairs=conditions.told(),
        relapses=_relapses(layout),
        soft=soft,
        largest=sizes[soft],
        place=np.repeat(np.arange(len(members_at) - 1), np.diff(members_at)),
        members_at=members_at,
    )
    return board, np.where(left, arrays.sides, 0)


def cut_off(board: Board, room: Ints, cuts: Sequence[Cut]) -> tuple[Board, Ints]:
    """Return a board and its right sides with some more cuts."""
    if not cuts:
        return board, room
    needs = np.stack([cut.need for cut in cuts], axis=1)
    news = np.arange(len(room), len(room) + len(cuts))
    cut = np.ascontiguousarray(np.concatenate([board.takes.cut, needs], axis=1))
    told = board._replace(
        takes=board.takes._replace(cut=cut),
        soft=np.concatenate([board.soft, news]),
        largest=np.concatenate([board.largest, np.maximum(1, np.abs(needs).max(axis=0))]),
    )
    return told, np.concatenate([room, np.array([cut.side for cut in cuts], np.int64)])


def _entries(layout: Layout, left: NDArray[np.bool_]) -> Columns:
    """Return what each cell takes of the rows that are left."""
    arrays = layout.program.arrays
    on = left[arrays.row] & (layout.on[arrays.index] >= 0)
    return columns(layout.on[arrays.index[on]], arrays.row[on], arrays.value[on], len(layout.var))


def _takes(entries: Columns) -> Takes:
    """Return entries with those of one column that stand one below the other, and are equal, as one; no cuts."""
    first = np.ones(len(entries.row), np.bool_)
    first[1:] = (np.diff(entries.row) != 1) | (np.diff(entries.entry) != 0)
    first[entries.at[:-1][np.diff(entries.at) > 0]] = True
    before = np.concatenate([[0], np.cumsum(first)]).astype(np.int64)  # stretches that begin before each entry
    last = np.append(np.flatnonzero(first)[1:], len(first)) - 1
    return Takes(
        at=before[entries.at],
        row=entries.row[first],
        stop=entries.row[last[: before[-1]]] + 1,
        need=entries.entry[first],
        cut=np.zeros((len(entries.at) - 1, 0), np.int64),
    )


def _relapses(layout: Layout) -> Relapses:
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
    told = columns(at, row, entry, len(layout.var))
    return Relapses(told.at, told.row, told.entry, np.array(people, np.int64), np.array(most, np.int64))

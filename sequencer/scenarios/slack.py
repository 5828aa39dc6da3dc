"""Slack: whether a package of a plan could come any later, all others left where they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sequencer.problem import Cell, Problem, Rule, Schedule, Term
from sequencer.solving.checker import uses_of


def critical(problem: Problem, cells: Mapping[str, Cell], term: Term) -> Iterator[str]:
    """Yield the packages of a plan that have no slack.

    A package has slack if there is a later transfer month in which, with the same option and all others left where they
    are, every rule holds and the term is not above its value in the plan. What was handed over before ``as_of`` has
    nothing left to slip and is never critical.
    """
    most = problem.value(term, cells)
    for name, cell in cells.items():
        if cell.transfer >= problem.as_of and not any(
            problem.value(term, moved) <= most and _keeps(problem, moved, name)
            for moved in _later(problem, cells, name)
        ):
            yield name


def _later(problem: Problem, cells: Mapping[str, Cell], name: str) -> Iterator[dict[str, Cell]]:
    """Yield the plan with one package in each later month that its own windows leave open."""
    cell, path = cells[name], problem.paths[name]
    first = path.column(cell.transfer) + 1
    for column in np.flatnonzero(problem.open_cells(name)[cell.option][first:]).tolist():
        yield {**cells, name: cell._replace(transfer=path.months[first + column])}


def _keeps(problem: Problem, cells: Mapping[str, Cell], name: str) -> bool:
    """Return whether the rules that one package has a part in hold; the money is shared out anew."""
    schedule = Schedule(problem.calendar, problem.paths, cells)
    rules: list[Rule] = [
        *problem.together_of.get(name, ()),
        *problem.gates,
        *(supply for supply in problem.supplies if name in supply.demands_of),
        *(reserve for reserve in problem.reserves if name in reserve.demands_of),
    ]
    if any(next(rule.breaches(schedule), None) is not None for rule in rules):
        return False
    if problem.bridge is None:
        return True
    paid = Schedule(problem.calendar, problem.paths, cells, uses_of(problem, cells))
    return next(problem.bridge.breaches(paid), None) is None

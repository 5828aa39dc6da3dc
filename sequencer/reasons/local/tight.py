"""What holds each package at its month in the timetable shown.

A promise is *tight* for a package if the package, moved one month earlier with the same option while all others stay,
would break it. That is a fact about this timetable only; whether more of something would improve the plan is another
question, and the answer may be no. A package that could move alone is held by the objective: the first term that
would exceed what the plan may reach says by how much. Whether money would suffice is asked only where nothing else
holds a package, since lines of money can always be used in another way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import assert_never

from sequencer import words
from sequencer.problem import Cell, Problem, Rule, Schedule
from sequencer.reasons.local.around import Around
from sequencer.reasons.local.obstacles import (
    Apart,
    Begins,
    Closed,
    Obstacle,
    Short,
    Spread,
    Unanswered,
    Unopened,
    Unpaid,
    Worse,
)
from sequencer.vocabulary import Origin


@dataclass(frozen=True, slots=True)
class Tight:
    """One promise that holds a package at its month.

    Attributes
    ----------
    package : str
    rule : str
        Id of the rule in ``models/problem.md``, or the name of an objective term.
    text : str
        What would be broken, or worse, one month earlier.
    origins : tuple of Origin
        The rows it rests on.
    promise : Rule or None
        The promise itself; None for what has happened, the beginning of the plan, and a term of the objective.
    """

    package: str
    rule: str
    text: str
    origins: tuple[Origin, ...]
    promise: Rule | None = field(default=None, repr=False, compare=False)


def tight(problem: Problem, cells: Mapping[str, Cell], caps: Sequence[tuple[str, int]] = ()) -> Iterator[Tight]:
    """Yield, package by package, each promise it would break one month earlier, all others staying where they are.

    Parameters
    ----------
    problem : Problem
    cells : mapping of str to Cell
        A plan: it breaches nothing.
    caps : sequence of (str, int)
        The terms the plan was made for, in order, and the most each may reach.

    Yields
    ------
    Tight
        At least one for each package, unless it could move and neither a promise nor a term would notice.
    """
    around = Around(problem, cells, caps)
    for name, cell in cells.items():
        if cell.transfer < problem.as_of:
            when = "before the plan" if cell.transfer < 0 else "already"
            yield Tight(name, "W7", f"it was handed over {when}", ())
            continue
        earlier = Cell(cell.option, cell.transfer - 1)
        if earlier.transfer in problem.paths[name].months:
            yield from against(around, cells, name, earlier)
        else:
            for text in _promise(problem, name, earlier, Begins(cell.transfer)):
                yield Tight(name, Begins(cell.transfer).rule, text, Begins(cell.transfer).origins)


def against(around: Around, cells: Mapping[str, Cell], name: str, cell: Cell) -> Iterator[Tight]:
    """Yield each promise a package would break in a cell of its path, all others staying; if none, what gets worse.

    Parameters
    ----------
    around : Around
        The plan, with the terms it was made for.
    cells : mapping of str to Cell
        That plan.
    name : str
    cell : Cell
        Where the package would be moved alone.
    """
    problem = around.problem
    obstacles = around.against(name, cell)
    for obstacle in obstacles:
        for text in _promise(problem, name, cell, obstacle):
            promise = None if isinstance(obstacle, Begins) else obstacle.promise
            yield Tight(name, obstacle.rule, text, obstacle.origins, promise)
    unpaid = None if obstacles else around.unpaid(name, cell)
    worse = None if obstacles or unpaid else around.worse(name, cell)
    if unpaid is not None:
        yield from _money(problem, name, {**cells, name: cell}, unpaid)
    if worse is not None:
        yield _term(name, worse)


def _promise(problem: Problem, name: str, earlier: Cell, obstacle: Obstacle) -> Iterator[str]:
    """Yield what is said of a promise that stands against the month before."""
    match obstacle:
        case Begins():
            yield f"the plan starts in {problem.calendar.label(0)}"
        case Closed(promise=window):
            yield window.reason((earlier.option, problem.paths[name].column(earlier.transfer)), problem.calendar)
        case Apart(promise=link):
            yield link.sentence(obstacle.rule)
        case Spread(promise=width):
            yield width.sentence()
        case Unopened(promise=gate):
            yield from (gate.sentence(wait.awaited.package) for wait in obstacle.waits)
        case Short(promise=supply):
            yield f"{supply.sentence(obstacle.buckets[0])}, {obstacle.used + obstacle.need} would be needed"
        case Unanswered(promise=reserve):
            needed = sum(user.amount for user in obstacle.users) + obstacle.need
            yield f"{reserve.sentence(obstacle.months[0], problem.calendar)}, {needed} would be needed"
        case _:
            assert_never(obstacle)


def _money(problem: Problem, name: str, cells: Mapping[str, Cell], unpaid: Unpaid) -> Iterator[Tight]:
    """Yield the first thing that could not be paid for."""
    if problem.bridge is not None:
        paid = Schedule(problem.calendar, problem.paths, cells, unpaid.uses)
        for breach in islice(problem.bridge.breaches(paid), 1):
            yield Tight(name, breach.rule, breach.text, breach.origins, problem.bridge)


def _term(name: str, worse: Worse) -> Tight:
    over = words.amount(worse.amount, worse.promise.unit)
    term = worse.promise.name
    return Tight(name, term, f"{term} would exceed what this plan allows it by {over}", ())

"""What holds each package at its month in the timetable shown.

A promise is *tight* for a package if the package, moved one month earlier with the same option while all others stay,
would break it. That is a fact about this timetable only; whether more of something would improve the plan is another
question, and the answer may be no. A package that could move alone is held by the objective: the first term that
would exceed what the plan may reach says by how much. Whether money would suffice is asked only where nothing else
holds a package, since lines of money can always be used in another way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sequencer import words
from sequencer.cpsat.allotment import allot
from sequencer.problem import Cell, Link, Problem, Reserve, Schedule, Supply
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
    """

    package: str
    rule: str
    text: str
    origins: tuple[Origin, ...]


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
    schedule = Schedule(problem.calendar, problem.paths, cells)
    needs = [(supply, supply.totals(schedule)) for supply in problem.supplies]
    relapses = [(reserve, reserve.needs(schedule)) for reserve in problem.reserves]
    for name, cell in cells.items():
        if cell.transfer < 0:
            yield Tight(name, "W7", "it was handed over before the plan", ())
            continue
        earlier = Cell(cell.option, cell.transfer - 1)
        held = list(_windows(problem, name, earlier))
        if earlier.transfer in problem.paths[name].months:
            moved = Schedule(problem.calendar, problem.paths, {**cells, name: earlier})
            held += _together(problem, name, moved)
            for supply, totals in needs:
                held += _supply(supply, totals, name, schedule, earlier)
            for reserve, fragile in relapses:
                held += _reserve(reserve, fragile, name, moved)
            held = held or list(_money(problem, schedule, moved, name))
        yield from held or _terms(problem, name, {**cells, name: earlier}, caps)


def _windows(problem: Problem, name: str, earlier: Cell) -> Iterator[Tight]:
    path = problem.paths[name]
    if earlier.transfer not in path.months:
        yield Tight(name, "P1", f"the plan starts in {problem.calendar.label(0)}", ())
        return
    at = (earlier.option, path.column(earlier.transfer))
    for window in problem.windows[name]:
        if window.closed[at]:
            yield Tight(name, window.id, window.reason(at, problem.calendar), window.rows(at))


def _together(problem: Problem, name: str, moved: Schedule) -> Iterator[Tight]:
    for rule in problem.together_of.get(name, ()):
        for breach in rule.breaches(moved):
            text = rule.sentence(breach.rule) if isinstance(rule, Link) else rule.sentence()
            yield Tight(name, breach.rule, text, breach.origins)
    for gate in problem.gates:
        for breach in gate.unopened(moved, name):
            yield Tight(name, breach.rule, gate.sentence(breach.about[0]), breach.origins)


def _reserve(reserve: Reserve, fragile: list[list[tuple[int, str]]], name: str, moved: Schedule) -> Iterator[Tight]:
    """Yield the first month in which the relapses that must be answerable would need more than is there."""
    if name not in reserve.demands_of:
        return
    for month, need in reserve.fragile(name, moved.paths[name], moved.cells[name]):
        others = [entry for entry in fragile[month] if entry[1] != name]
        needed = sum(size for size, _ in reserve.worst([*others, (need, name)]))
        if needed > reserve.people[month]:
            text = f"{reserve.sentence(month, moved.calendar)}, {needed} would be needed"
            yield Tight(name, "R1", text, reserve.origins[month])
            return


def _money(problem: Problem, schedule: Schedule, moved: Schedule, name: str) -> Iterator[Tight]:
    """Yield the first thing that could not be paid for; to be asked of packages that nothing else holds."""
    bridge = problem.bridge
    if bridge is None:
        return
    now, then = (bridge.need(name, plan.paths[name], plan.cells[name]) for plan in (schedule, moved))
    if now == then and bridge.capacities(schedule) == bridge.capacities(moved):
        return  # nobody else moves, so nothing about money does
    paid = replace(moved, uses=allot(problem, moved.cells))
    for breach in bridge.breaches(paid):
        yield Tight(name, breach.rule, breach.text, breach.origins)
        return


def _supply(supply: Supply, totals: list[int], name: str, schedule: Schedule, earlier: Cell) -> Iterator[Tight]:
    """Yield the first bucket of a pool that would not suffice."""
    if name not in supply.demands_of:
        return
    path = schedule.paths[name]
    now, then = supply.need(name, path, schedule.cells[name]), supply.need(name, path, earlier)
    for b, capacity in enumerate(supply.capacity):
        needed = totals[b] - now[b] + then[b]
        if needed > capacity:
            text = f"{supply.sentence(b)}, {needed} would be needed"
            yield Tight(name, "S1", text, supply.origins[b])
            return


def _terms(problem: Problem, name: str, cells: Mapping[str, Cell], caps: Sequence[tuple[str, int]]) -> Iterator[Tight]:
    """Yield the first term that would exceed what it may reach."""
    then = problem.values(cells)
    for term, most in caps:
        if then[term] > most:
            over = words.amount(then[term] - most, problem.terms[term].unit)
            yield Tight(name, term, f"{term} would exceed what this plan allows it by {over}", ())
            return

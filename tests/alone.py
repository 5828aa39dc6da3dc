"""What each package of a small plan would break if it moved alone, found by trying every month and option."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, assert_never

from crowded import Crowd
from money_oracle import MoneyOracle
from strategies import draw_begun, draw_instance

from sequencer import Instance
from sequencer.compile import compile_instance
from sequencer.problem import Cell, Gate, Problem, Schedule
from sequencer.reasons.local.obstacles import Apart, Begins, Closed, Obstacle, Short, Spread, Unanswered, Unopened

TRIED = 3000  # timetables, before a draw is given up

#: Rule, month, amount and unit of something broken.
Broken: TypeAlias = tuple[str, int, int, str]
#: The position of a rule in its problem, which of its bounds, and whether the package holds up others by it.
Promise: TypeAlias = tuple[int, str, bool]


def late_plan(instance: Instance, problem: Problem) -> dict[str, Cell] | None:
    """Return a plan whose packages come late, so that there are earlier months; None if none is soon found."""
    money, cells = MoneyOracle(instance), []
    for name, path in problem.paths.items():
        is_open = problem.open_cells(name)
        months = reversed(path.months)
        cells.append([Cell(k, m) for m in months for k in range(len(path.options)) if is_open[k, path.column(m)]])
    for plan in itertools.islice(itertools.product(*cells), TRIED):
        chosen = dict(zip(problem.paths, plan, strict=True))
        uses = money.uses(problem.choices(chosen))
        if uses is not None and not any(problem.breaches(chosen, uses)):
            return chosen
    return None


def drawn(
    seeds: Iterable[int], crowds: Iterable[int], begun: Iterable[int] = ()
) -> Iterator[tuple[str, Problem, dict[str, Cell]]]:
    """Yield problems with a plan, and how each is drawn: from instances, some of them begun, and around a plan."""
    for seed in crowds:
        crowd = Crowd(seed)
        yield f"Crowd({seed})", crowd.problem, crowd.plan
    asked = [(draw_instance, seed) for seed in seeds] + [(draw_begun, seed) for seed in begun]
    for draw, seed in asked:
        instance = draw(seed)
        problem = compile_instance(instance)
        plan = late_plan(instance, problem)
        if plan is not None:
            yield f"{draw.__name__}({seed})", problem, plan


def earlier(problem: Problem, plan: Mapping[str, Cell]) -> Iterator[tuple[str, Cell, Schedule]]:
    """Yield every cell before the transfer of each package, and the timetable in which it alone has moved there.

    Cells in months that are over are left out.
    """
    for name, cell in plan.items():
        path = problem.paths[name]
        for k in range(len(path.options)):
            start = problem.as_of or path.months.start
            for month in range(start, start if cell.transfer < problem.as_of else cell.transfer):
                moved = Cell(k, month)
                yield name, moved, Schedule(problem.calendar, problem.paths, {**plan, name: moved})


def flat(obstacle: Obstacle) -> list[Broken]:
    """Return what a record says is broken, as ``breaches`` would count it."""
    match obstacle:
        case Closed(promise=window):
            return [(window.id, obstacle.month, obstacle.amount, window.unit)]
        case Apart():
            return [(obstacle.rule, obstacle.after.month, obstacle.amount, "months")]
        case Spread():
            return [("L3", obstacle.last.month, obstacle.amount, "months")]
        case Unopened():
            return [("L4", wait.transfer, wait.amount, "months") for wait in obstacle.waits]
        case Short(promise=supply):
            starts = (supply.buckets[b].start for b in obstacle.buckets)
            return [("S1", start, n, supply.unit) for start, n in zip(starts, obstacle.lacking, strict=True)]
        case Unanswered():
            return [("R1", month, n, "people") for month, n in zip(obstacle.months, obstacle.lacking, strict=True)]
        case Begins():
            raise AssertionError(obstacle)
        case _:
            assert_never(obstacle)


def broken(problem: Problem, moved: Schedule) -> Counter[Broken]:
    """Return all breaches of a timetable that are not about money."""
    rules = (rule for rule in problem.rules if rule is not problem.bridge)
    breaches = (breach for rule in rules for breach in rule.breaches(moved))
    return Counter((breach.rule, breach.month, breach.amount, breach.unit) for breach in breaches)


def promises(problem: Problem, moved: Schedule, name: str) -> frozenset[Promise]:
    """Return which promises a timetable breaks."""
    return frozenset(
        (i, breach.rule, isinstance(rule, Gate) and breach.about[0] == name)
        for i, rule in enumerate(problem.rules)
        if rule is not problem.bridge
        for breach in rule.breaches(moved)
    )


def position(problem: Problem, obstacle: Obstacle) -> Promise:
    """Return which promise a record is about."""
    assert not isinstance(obstacle, Begins)
    place = next(i for i, rule in enumerate(problem.rules) if rule is obstacle.promise)
    return place, obstacle.rule, isinstance(obstacle, Unopened) and obstacle.holds_up

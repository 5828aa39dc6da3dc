"""Searches for plans that have a wish, near a plan first: such plans are found soonest, and few packages move."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sequencer.auto.sums import is_small
from sequencer.cpsat import search
from sequencer.cpsat.over_cells import OverCells
from sequencer.engine.run import Caps, Run
from sequencer.engine.tables import open_masks
from sequencer.instance.facts import Goal
from sequencer.outcome import Limits, Outcome, Status
from sequencer.problem import Cell, Problem, Term, Window
from sequencer.questions.trying.anyhow import any_plan_or_none
from sequencer.questions.wishes import Wish, wished
from sequencer.solving.engines import by_name
from sequencer.solving.levels import Levels
from sequencer.solving.objective import goals, too_large
from sequencer.timetable import Choices

#: The parts of the time for plans in which only packages of the same places move, and in which all move a little.
BESIDE, ABOUT = 0.45, 0.1

#: The part of the time for any plan that is as good as the one given.
SAME = 0.3

#: Months by which all packages may move.
REACH = 3


@dataclass(frozen=True, slots=True)
class Nearby:
    """A plan with a wish near the one given, None if none was found, and the time spent on it.

    ``refuted``: whether it is proven that no plan with the wish is as good as the one given.
    """

    cells: Mapping[str, Cell] | None
    spent: float
    refuted: bool = False


def searching(outcome: Outcome, problem: Problem, limits: Limits, stop: threading.Event, frozen: Caps = ()) -> Levels:
    """Return the search of the outcome for another problem, with terms that must stay at most at some values."""
    solver = by_name(outcome.asks, deterministic=limits.deterministic)
    wanted = goals(problem, [Goal(term=level.term, tolerance=level.tolerance) for level in outcome.levels])
    return Levels(problem, solver, wanted, limits, None, stop, frozen)


def searched(search: Levels, near: Choices) -> Status:
    """Search, and come as near to a plan as time allows."""
    if not all(mask.any() for mask in open_masks(search.problem, search.frozen).values()):
        return Status.INFEASIBLE
    status = search.run()
    if len(search.found) == len(search.goals):
        with search.keeping():
            search.tidy(near)
    return status


def nearby(
    outcome: Outcome,
    asked: Wish,
    limits: Limits,
    stop: threading.Event,
    most: Caps = (),
) -> Nearby:
    """Look for good plans with the wish near the one given, and return the best.

    Parameters
    ----------
    most : sequence of (Term, int)
        What terms may reach in a plan that is as good as the one given: if one is found, no better one is looked for.
    """
    beside = _beside(outcome, asked, replace(limits, seconds=limits.seconds * BESIDE), stop)
    if beside.cells is not None and most and all(asked.problem.value(term, beside.cells) <= top for term, top in most):
        return beside
    same = _same(outcome, asked, most, replace(limits, seconds=limits.seconds * SAME), stop)
    if same.cells is not None:
        return Nearby(same.cells, beside.spent + same.spent)
    problem = replace(asked.problem, rules=(*asked.problem.rules, *_about(outcome, asked)))
    about = searching(outcome, problem, replace(limits, seconds=limits.seconds * ABOUT), stop)
    searched(about, outcome.choices or {})
    found = [cells for cells in (beside.cells, about.cells) if cells is not None]
    best = min(found, key=lambda cells: _worth(outcome, asked.problem, cells), default=None)
    return Nearby(best, beside.spent + same.spent + about.used(), same.refuted)


def _same(outcome: Outcome, asked: Wish, most: Caps, limits: Limits, stop: threading.Event) -> Nearby:
    """Look for any plan with the wish that is as good as the one given, and for a proof that there is none.

    On a large instance ruin and recreate finds one in seconds, where searches for the best plan with the wish take
    minutes; small instances are soon searched for that.
    """
    if not most or outcome.asks != "auto" or limits.deterministic or is_small(asked.problem, most) or stop.is_set():
        return Nearby(None, 0.0)
    run = any_plan_or_none(asked.problem, most, limits, stop)
    return Nearby(run.cells, run.spent, refuted=is_least(outcome, asked) and run.status is Status.INFEASIBLE)


def is_least(outcome: Outcome, asked: Wish) -> bool:
    """Return whether a plan with a wish that is as good as the one given exceeds it in no term.

    Else it could be better in one term, and exceed a later one: where that term is not proven, or the wish allows what
    the instance does not, as a donor's conditions go with the donor.
    """
    earlier = outcome.levels[:-1]
    return not earlier or (asked.instance is outcome.instance and all(level.proven for level in earlier))


def _worth(outcome: Outcome, problem: Problem, cells: Mapping[str, Cell]) -> tuple[int, ...]:
    values = problem.values(cells)
    return tuple(values[level.term] for level in outcome.levels)


def _beside(outcome: Outcome, asked: Wish, limits: Limits, stop: threading.Event) -> Nearby:
    """Look for a plan in which only packages of the places that the wish is about move, as long as it is no later.

    On a large instance it is found in seconds, where one in which all may move takes minutes: most is settled before
    the search begins, so that binaries for what is left are told and searched soonest. Maxima are held, or let go where
    no plan keeps them; then one sum after the other is made small.
    """
    places = {name.partition("/")[0] for name in asked.packages}
    others = [name for name in asked.problem.paths if name.partition("/")[0] not in places]
    if not places or not others:
        return Nearby(None, 0.0)
    problem = replace(asked.problem, rules=(*asked.problem.rules, *_stays(outcome, asked.problem, others)))
    terms = [(problem.terms[level.term], level.achieved) for level in outcome.levels]
    held: list[tuple[Term, int]] = [(term, most) for term, most in terms if term.maximum and most is not None]
    sums: list[Term | None] = [term for term, _ in terms if not term.maximum and not too_large(term)]
    best: Mapping[str, Cell] | None = None
    spent = 0.0
    for term in sums or [None]:
        run = Run(Status.UNKNOWN, None, None, 0.0)
        for caps in (held, []) if best is None else (held,):
            if spent < limits.seconds and not stop.is_set():
                left = replace(limits, seconds=limits.seconds - spent)
                run = search.run(problem, term, caps, best, limits=left, stop=stop, formulation=OverCells)
                spent += run.spent
            if run.status is not Status.INFEASIBLE:
                break
            held = []
        if run.cells is None:
            break
        best = run.cells
        held += [] if term is None else [(term, problem.value(term, best))]
    return Nearby(best, spent)


def _stays(outcome: Outcome, problem: Problem, names: list[str]) -> Iterator[Window]:
    plan = outcome.problem.cells(outcome.choices or {})
    for name in names:
        path, cell = problem.paths[name], plan[name]
        away = np.ones(path.shape, dtype=np.int64)
        away[cell.option, path.column(cell.transfer)] = 0
        yield wished(name, away, "as in the plan")


def _about(outcome: Outcome, asked: Wish) -> tuple[Window, ...]:
    """Return windows in which all packages that the wish is not about may move a little only."""
    choices, windows = outcome.choices or {}, []
    for name, path in asked.problem.paths.items():
        if name not in asked.packages:
            away = abs(np.array(path.months, dtype=np.int64) - choices[name].transfer) - REACH
            windows.append(wished(name, np.broadcast_to(away, path.shape), "near the plan"))
    return tuple(windows)

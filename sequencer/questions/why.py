"""Why not: a wish cannot be had, could be had at a price, or could be had for nothing."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from sequencer.audit import audit
from sequencer.cpsat.allotment import allot
from sequencer.errors import Disagreement
from sequencer.explain.conflicts import Conflict, Scope, conflicts
from sequencer.instance.facts import Goal
from sequencer.outcome import Limits, Outcome, Status
from sequencer.problem import Cell, Problem
from sequencer.questions.wishes import Wish, wish, wished
from sequencer.solving.engines import by_name
from sequencer.solving.levels import Levels
from sequencer.solving.objective import goals
from sequencer.timetable import Choice, Choices

#: The parts of the time that are spent near the plan, far from it, and on reasons.
NEAR, FAR = 0.35, 0.4

#: Months by which packages may move at first.
REACH = 3


class Tier(StrEnum):
    """What came of a wish; UNKNOWN where time ran out: never to be read as no."""

    CANNOT = "cannot"
    COULD = "could, but"
    FREE = "free choice"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Price:
    """What a wish costs in one term of the objective.

    Attributes
    ----------
    term, unit : str
    before, after : int
        The value in the plan, and in the best plan found that has the wish. Earlier terms count first: a later one may
        become smaller.
    bound : int or None
        No plan that has the wish, and earlier terms as they are in it, has a smaller value.
    proven : bool
        Whether both plans are proven best in this term and in all before it, or the wish costs nothing: else the price
        is at most what it seems.
    """

    term: str
    unit: str
    before: int
    after: int
    bound: int | None
    proven: bool


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to a wish.

    Attributes
    ----------
    wish : str
        As it was written.
    tier : Tier
    prices : tuple of Price
        One for each term of the objective, in order; empty unless a plan was found.
    choices : mapping of str to Choice, or None
        A plan that has the wish, as near to the given one as was found: every price is attained by it.
    moved : mapping of str to int
        Months by which each package moves in it, later than 0 or earlier; packages that only change option with 0.
    conflicts : tuple of Conflict
        Why it cannot be had; empty in other tiers, or where time ran out.
    problem : Problem
        That of which the parts of the conflicts are: the given one and the rules of the wish.
    proven : bool
        Whether the tier is proven. A plan found proves that the wish can be had, not that it costs as much.
    """

    wish: str
    tier: Tier
    prices: tuple[Price, ...]
    choices: Choices | None
    moved: Mapping[str, int]
    conflicts: tuple[Conflict, ...]
    problem: Problem
    proven: bool


def why_not(outcome: Outcome, text: str, *, limits: Limits | None = None, stop: threading.Event | None = None) -> Why:
    """Return what stands against a wish.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    text : str
        The wish; see ``sequencer.questions.wishes``.
    limits : Limits, optional
        Default: ten seconds.
    stop : threading.Event, optional
        Ends the search soon after it is set.

    Raises
    ------
    UsageError
        If the wish is not understood.
    ValueError
        If the outcome has no plan.
    Disagreement
        If a plan with the wish fails the re-check by the rules or by the audit.
    """
    if outcome.choices is None:
        raise ValueError(f"no plan was found: the status is {outcome.status}")
    limits, stop = limits or Limits(seconds=10.0), stop or threading.Event()
    asked = wish(text, outcome.instance, outcome.problem, outcome.problem.cells(outcome.choices))
    if not all(asked.problem.open_cells(name).any() for name in asked.problem.paths):
        return _cannot(asked, limits, stop)
    search = _near(outcome, asked, replace(limits, seconds=limits.seconds * NEAR), stop)
    if search.cells is None or not _as_good(outcome, asked.problem.values(search.cells)):
        spent, plan = search.used(), search.cells
        left = max(0.01, limits.seconds * (NEAR + FAR) - spent)
        search = _levels(outcome, asked.problem, replace(limits, seconds=left), stop)
        search.cells = plan
        if search.run() is Status.INFEASIBLE:
            return _cannot(asked, replace(limits, seconds=max(1.0, limits.seconds - spent - search.used())), stop)
        with search.keeping():
            search.tidy(outcome.choices)
    if search.cells is None:
        return Why(asked.text, Tier.UNKNOWN, (), None, {}, (), asked.problem, proven=False)
    return _priced(outcome, asked, search)


def _levels(outcome: Outcome, problem: Problem, limits: Limits, stop: threading.Event) -> Levels:
    """Return the search of the outcome for another problem."""
    engine = by_name(outcome.engine, deterministic=limits.deterministic)
    wanted = goals(problem, [Goal(term=level.term, tolerance=level.tolerance) for level in outcome.levels])
    return Levels(problem, engine, wanted, limits, None, stop)


def _near(outcome: Outcome, asked: Wish, limits: Limits, stop: threading.Event) -> Levels:
    """Look for a plan with the wish in which all move a little only: it is quickly found, if there is one."""
    choices = outcome.choices or {}
    windows = []
    for name, path in asked.problem.paths.items():
        if name not in asked.packages:
            away = abs(np.array(path.months, dtype=np.int64) - choices[name].transfer) - REACH
            windows.append(wished(name, np.broadcast_to(away, path.shape), "near the plan"))
    problem = replace(asked.problem, rules=(*asked.problem.rules, *windows))
    search = _levels(outcome, problem, limits, stop)
    if all(problem.open_cells(name).any() for name in problem.paths):
        search.run()
        if search.cells is not None:
            with search.keeping():
                search.tidy(choices)
    return search


def _cannot(asked: Wish, limits: Limits, stop: threading.Event) -> Why:
    reasons = conflicts(asked.problem, Scope.all_of(asked.instance), limits, stop, most=1)
    return Why(asked.text, Tier.CANNOT, (), None, {}, reasons, asked.problem, proven=True)


def _as_good(outcome: Outcome, values: Mapping[str, int]) -> bool:
    """Return whether a plan with these values is as good as the one given: each term within what the plan allows it."""
    last = len(outcome.levels) - 1
    return all(
        level.value is not None
        and level.achieved is not None
        and values[level.term] <= max(level.achieved, level.value + level.tolerance if i < last else level.value)
        for i, level in enumerate(outcome.levels)
    )


def _priced(outcome: Outcome, asked: Wish, search: Levels) -> Why:
    """Return what a plan with the wish costs."""
    cells = search.cells or {}
    choices, values = asked.problem.choices(cells), asked.problem.values(cells)
    _recheck(asked, cells, choices)
    is_near = search.problem is not asked.problem  # what is proven there is proven of plans near this one only
    prices, proven, is_free = [], not is_near, _as_good(outcome, values)
    for position, level in enumerate(outcome.levels):
        value, bound = search.found[position] if position < len(search.found) else (None, None)
        proven &= level.proven and value is not None and value == bound
        before = values[level.term] if level.achieved is None else level.achieved
        known = None if is_near else bound
        prices.append(Price(level.term, level.unit, before, values[level.term], known, proven or is_free))
    return Why(
        asked.text,
        Tier.FREE if is_free else Tier.COULD,
        tuple(prices),
        choices,
        _moved(outcome.choices or {}, choices),
        (),
        asked.problem,
        proven=is_free or any(price.proven and price.after > price.before for price in prices),
    )


def _recheck(asked: Wish, cells: Mapping[str, Cell], choices: Choices) -> None:
    """Raise ``Disagreement`` if rules, the wish among them, or the audit object to a plan."""
    uses = allot(asked.problem, cells)
    against = [*asked.problem.breaches(cells, uses), *audit(asked.instance, choices, uses)]
    if against:
        raise Disagreement("a plan with the wish does not pass the re-check:\n" + "\n".join(map(str, against)))


def _moved(before: Choices, after: Mapping[str, Choice]) -> dict[str, int]:
    """Return by how many months packages move; 0 where only the option changes."""
    return {
        name: choice.transfer - before[name].transfer
        for name, choice in after.items()
        if name in before and choice != before[name]
    }

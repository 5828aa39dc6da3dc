"""Why not: a wish cannot be had, could be had at a price, or could be had for nothing."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sequencer.cpsat.allotment import allot
from sequencer.engine.run import Caps
from sequencer.outcome import Level, Limits, Outcome, Status
from sequencer.problem import Cell, Problem
from sequencer.questions.near import Nearby, is_least, nearby, searched, searching
from sequencer.questions.repairs import Repairs
from sequencer.questions.wishes import Wish, wish
from sequencer.reasons.conflicts import Conflict, Scope, conflicts
from sequencer.solving.solver import recheck
from sequencer.timetable import Choice, Choices

#: The part of the time for plans; the rest is for reasons, or to refute that one is as good.
SEARCH = 0.55

#: The part of it that is left for the best plan with the wish, however long those near the plan were looked for.
FAR = 0.1

#: The part of it that must be left to ask at last for a plan that is as good: telling a large model takes seconds.
LAST = 0.15


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
        Whether both values are proven best, and all terms before are proven, too, or the wish costs nothing: else it is
        only known what these two plans differ by.
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
    possible : Repairs or None
        Of a wish that cannot be had: the cheapest changes of numbers with which it can. None where it was not asked.
    compatible : Repairs or None
        Of a wish that can be had at a price, or not at all: the cheapest changes of numbers with which a plan has it
        and no term is worse than in the plan given. None where it was not asked, or nothing makes the wish possible.
    """

    wish: str
    tier: Tier
    prices: tuple[Price, ...]
    choices: Choices | None
    moved: Mapping[str, int]
    conflicts: tuple[Conflict, ...]
    problem: Problem
    proven: bool
    possible: Repairs | None = None
    compatible: Repairs | None = None


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
    asked = wish(text, outcome.instance, outcome.problem, outcome.problem.cells(outcome.choices))
    return answered(outcome, asked, limits or Limits(seconds=10.0), stop or threading.Event())


def answered(outcome: Outcome, asked: Wish, limits: Limits, stop: threading.Event) -> Why:
    """Return what stands against a wish that is understood; see ``why_not``."""
    plan = outcome.problem.cells(outcome.choices or {})
    if not all(asked.problem.open_cells(name).any() for name in asked.problem.paths):
        return _cannot(asked, limits, stop)
    if _has(outcome, asked, plan):
        return free(outcome, asked, plan)
    near = nearby(outcome, asked, limits, stop, _held(outcome, asked))
    if near.cells is not None and _as_good(outcome, asked.problem.values(near.cells)):
        return free(outcome, asked, near.cells)
    return _far(outcome, asked, near, limits, stop)


def free(outcome: Outcome, asked: Wish, cells: Mapping[str, Cell]) -> Why:
    """Return the answer to a wish that a plan has which is as good as the one given."""
    return _priced(outcome, asked, cells, (), refuted=False)


def _far(outcome: Outcome, asked: Wish, near: Nearby, limits: Limits, stop: threading.Event) -> Why:
    """Return what the best plan with the wish costs, and whether one that is as good has it after all."""
    choices, spent = outcome.choices or {}, near.spent
    left = max(0.01, limits.seconds * FAR, limits.seconds * SEARCH - spent)
    search = searching(outcome, asked.problem, replace(limits, seconds=left), stop)
    search.cells = near.cells
    status = searched(search, choices)
    spent += search.used()
    if status is Status.INFEASIBLE:
        return _cannot(asked, replace(limits, seconds=max(1.0, limits.seconds - spent)), stop)
    if search.cells is None:
        return Why(asked.text, Tier.UNKNOWN, (), None, {}, (), asked.problem, proven=False)
    refuted = near.refuted or _refuted(outcome, search.found)
    in_time = spent < limits.seconds * (1 - LAST)
    if in_time and not refuted and not _as_good(outcome, asked.problem.values(search.cells)):
        rest = replace(limits, seconds=max(0.01, limits.seconds - spent))
        held = searching(outcome, asked.problem, rest, stop, _held(outcome, asked))
        refuted = searched(held, choices) is Status.INFEASIBLE and is_least(outcome, asked)
        if held.cells is not None:
            return _priced(outcome, asked, held.cells, (), refuted=False)
    return _priced(outcome, asked, search.cells, search.found, refuted=refuted)


def _has(outcome: Outcome, asked: Wish, cells: Mapping[str, Cell]) -> bool:
    """Return whether the plan given has the wish."""
    if asked.instance is not outcome.instance:
        return not any(asked.problem.breaches(cells, allot(asked.problem, cells)))
    added = asked.problem.rules[len(outcome.problem.rules) :]
    return not any(replace(asked.problem, rules=added).breaches(cells))


def _cannot(asked: Wish, limits: Limits, stop: threading.Event) -> Why:
    reasons = conflicts(asked.problem, Scope.all_of(asked.instance), limits, stop, most=1)
    return Why(asked.text, Tier.CANNOT, (), None, {}, reasons, asked.problem, proven=True)


def _allowed(outcome: Outcome) -> list[tuple[Level, int]]:
    """Return each level and what its term may reach in a plan that is as good as the one given."""
    last = len(outcome.levels) - 1
    return [
        (level, max(level.achieved, level.value + (level.tolerance if i < last else 0)))
        for i, level in enumerate(outcome.levels)
        if level.value is not None and level.achieved is not None
    ]


def _held(outcome: Outcome, asked: Wish) -> Caps:
    """Return terms, and what each may reach in a plan that is as good as the one given."""
    return [(asked.problem.terms[level.term], most) for level, most in _allowed(outcome)]


def _as_good(outcome: Outcome, values: Mapping[str, int]) -> bool:
    """Return whether a plan with these values is as good as the one given: each term within what the plan allows it.

    A plan that is not proven best may even be beaten: then nothing that comes after is a price.
    """
    for level, most in _allowed(outcome):
        if values[level.term] > most:
            return False
        if level.value is not None and values[level.term] < level.value:
            return True
    return True


def _refuted(outcome: Outcome, found: Sequence[tuple[int, int | None]]) -> bool:
    """Return whether bounds prove that no plan is as good as the one given: a term must be larger than it may be there.

    A bound counts only if the terms before it were free to be what they may be.
    """
    for (level, most), (value, bound) in zip(_allowed(outcome), found, strict=False):
        if bound is not None and bound > most:
            return True
        if value + level.tolerance < most:
            return False
    return False


def _priced(
    outcome: Outcome, asked: Wish, cells: Mapping[str, Cell], found: Sequence[tuple[int, int | None]], *, refuted: bool
) -> Why:
    """Return what a plan with the wish costs.

    Parameters
    ----------
    found : sequence of (int, int or None)
        Best value and bound of each level of all plans with the wish, as far as they are known.
    refuted : bool
        Whether it is proven that no plan with the wish is as good as the one given.
    """
    choices, values = asked.problem.choices(cells), asked.problem.values(cells)
    recheck(asked.instance, asked.problem, cells, allot(asked.problem, cells))
    prices, proven, is_free = [], True, _as_good(outcome, values)
    for position, level in enumerate(outcome.levels):
        value, bound = found[position] if position < len(found) else (None, None)
        before, after = values[level.term] if level.achieved is None else level.achieved, values[level.term]
        proven &= level.proven and value is not None and value == bound
        is_best = proven and (before, after) == (level.value, value)
        prices.append(Price(level.term, level.unit, before, after, bound, is_free or is_best))
    return Why(
        asked.text,
        Tier.FREE if is_free else Tier.COULD,
        tuple(prices),
        choices,
        _moved(outcome.choices or {}, choices),
        (),
        asked.problem,
        proven=is_free or refuted,
    )


def _moved(before: Choices, after: Mapping[str, Choice]) -> dict[str, int]:
    """Return by how many months packages move; 0 where only the option changes."""
    return {
        name: choice.transfer - before[name].transfer
        for name, choice in after.items()
        if name in before and choice != before[name]
    }

"""Who decides: which scores, taken at the low or the high end that assessors gave, would move the plan.

At once it is said what a score does to its own package: whether its date would stand with the low score, and which
earlier months would open with the high one. Whether the plan as a whole would move is proven on request, by solving
again with each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.compile.readiness import Gate, worst_scores
from sequencer.compile.windows import past
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.outcome import Status
from sequencer.problem import Cell, Problem
from sequencer.reasons.conditions.places import Addresses

Mask: TypeAlias = NDArray[np.bool_]
#: By gate, the cells that pass it.
Masks: TypeAlias = Mapping[Gate, Mask]

#: The value and the proven bound of a level, None where unknown; all are minimised.
Value: TypeAlias = tuple[int | None, int | None]
#: What is known of the best plan of an instance: its status, and its levels in the order of the objective.
Answer: TypeAlias = tuple[Status, tuple[Value, ...]]

READINESS = "W1"  # the rule about scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """A score for which assessors gave a range, and what either end of it would do to the date of its package.

    Attributes
    ----------
    address : str
        Of the score.
    package, criterion, assessor : str
    score, low, high : int
        In thousandths of a point.
    transfer : int
        The month of the transfer in the plan.
    stands : bool
        Whether this date stands with the low score, all else where it is.
    earliest : int or None
        The first month of transfer before it that the rules about this package alone close now and would allow with
        the high score; None if there is no such month.
    option : str
        The option with which that month opens; empty without one.
    opened : int
        How many months before the transfer open so.
    """

    address: str
    package: str
    criterion: str
    assessor: str
    score: int
    low: int
    high: int
    transfer: int
    stands: bool
    earliest: int | None
    option: str
    opened: int

    @property
    def decides(self) -> bool:
        """Whether the low score lets the date fall, or the high one opens an earlier month."""
        return not self.stands or self.opened > 0


def deciders(instance: Instance, problem: Problem, cells: Mapping[str, Cell]) -> tuple[Decider, ...]:
    """Return every score with a range that some gate reads, those that decide something first.

    Parameters
    ----------
    instance : Instance
    problem : Problem
        As compiled from the instance.
    cells : mapping of str to Cell
        A plan.

    Returns
    -------
    tuple of Decider
        Those first whose low score lets the date fall, the widest range first, then those whose high score opens most
        months. Packages handed over already are left out.
    """
    found = list(_found(instance, problem, cells))
    return tuple(sorted(found, key=lambda each: (each.stands, each.low - each.score, -each.opened, each.address)))


def _found(instance: Instance, problem: Problem, cells: Mapping[str, Cell]) -> Iterator[Decider]:
    now, low, high = (_passed(instance, problem, end) for end in ("score", "low", "high"))
    addresses = Addresses(instance)
    for name, gates in instance.criteria_of.items():
        path, cell = problem.paths[name], cells[name]
        column = path.column(cell.transfer)
        if past(instance, instance.package[name], path)[cell.option, column]:
            continue
        otherwise = _open_otherwise(problem, name)
        for criterion in dict.fromkeys(gate.criterion for gate in gates):
            fact = instance.score_of[name, criterion]
            if fact.low == fact.score == fact.high:
                continue
            own = [_key(gate) for gate in gates if gate.criterion == criterion]
            rest = _all(now, [_key(gate) for gate in gates if gate.criterion != criterion], otherwise)
            opened = _opened(_all(now, own, rest), _all(high, own, rest), column)
            earliest, option = opened[0] if opened else (None, None)
            yield Decider(
                address=addresses.of("readiness", fact),
                package=name,
                criterion=criterion,
                assessor=fact.assessor,
                score=fact.score,
                low=fact.low,
                high=fact.high,
                transfer=cell.transfer,
                stands=all(low[key][cell.option, column] for key in own),
                earliest=None if earliest is None else path.months[earliest],
                option="" if option is None else path.options[option].name,
                opened=len(opened),
            )


def _key(gate: facts.Criterion) -> Gate:
    return gate.package, gate.criterion, gate.event


def _passed(instance: Instance, problem: Problem, end: str) -> Masks:
    """Return, by gate, the cells that pass it if every score is at one end of its range."""
    readiness = tuple(replace(fact, score=getattr(fact, end)) for fact in instance.readiness)
    worst = worst_scores(replace(instance, readiness=readiness), problem.paths)
    return {_key(gate): worst[_key(gate)][0] >= gate.threshold for gate in instance.criteria}


def _open_otherwise(problem: Problem, package: str) -> Mask:
    """Return the cells of a package that all rules about it alone leave open but those about scores."""
    mask = np.ones(problem.paths[package].shape, dtype=bool)
    for window in problem.windows[package]:
        if window.id != READINESS:
            mask &= ~window.closed
    return mask


def _all(passed: Masks, gates: Iterable[Gate], cells: Mask) -> Mask:
    """Return those of some cells that pass all of some gates."""
    mask = cells.copy()
    for gate in gates:
        mask &= passed[gate]
    return mask


def _opened(now: Mask, then: Mask, before: int) -> list[tuple[int, int]]:
    """Return the columns before one in which cells are open then and none is now, and the first option of each."""
    columns = np.flatnonzero(then.any(axis=0) & ~now.any(axis=0))
    return [(int(column), int(np.flatnonzero(then[:, column])[0])) for column in columns if column < before]


class Move(StrEnum):
    """What another score does to the plan, proven.

    NONE: the plan stands, and none is better. PLAN: its date falls, another plan is as good. BETTER, WORSE: the best
    plan is another, and better or worse. NO_PLAN: none is left. UNKNOWN: not proven within the limits of the solves.
    """

    NONE = "none"
    PLAN = "plan"
    BETTER = "better"
    WORSE = "worse"
    NO_PLAN = "no plan"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Proven:
    """What each end of a range does to the plan; None where the end is the score itself."""

    decider: Decider
    low: Move | None
    high: Move | None

    @property
    def moves(self) -> bool | None:
        """Whether either end moves the plan or its values; None if that is not known."""
        ends = [end for end in (self.low, self.high) if end is not None]
        if any(end not in {Move.NONE, Move.UNKNOWN} for end in ends):
            return True
        return None if Move.UNKNOWN in ends else False


def proven(
    instance: Instance,
    found: Iterable[Decider],
    solve_values: Callable[[Instance], Answer],
    base: Answer | None = None,
) -> Iterator[Proven]:
    """Yield what the ends of some ranges do to the plan, found by solving again with each.

    Parameters
    ----------
    instance : Instance
    found : iterable of Decider
        As many as there is time for: each asks for up to two solves.
    solve_values : callable
        Solves an instance within limits of its own.
    base : Answer, optional
        What is known of the instance as it is; asked for if it is not given.

    Yields
    ------
    Proven
        One for each, as soon as it is known. A score that has no low end of its own is followed by it
        (``Instance.but``), so that a higher score also lowers the risk.
    """
    before = solve_values(instance) if base is None else base
    for decider in found:
        ends = []
        for end, stands in ((decider.low, decider.stands), (decider.high, True)):
            text = f"={Decimal(end) / facts.SCORE:f}"
            after = None if end == decider.score else solve_values(instance.but({decider.address: text}))
            ends.append(None if after is None else _move(before, after, stands=stands))
        yield Proven(decider, *ends)


def _move(before: Answer, after: Answer, *, stands: bool) -> Move:
    if after[0] is Status.INFEASIBLE:
        return Move.NO_PLAN
    change = _change(before[1], after[1])
    if change is None:
        return Move.UNKNOWN
    if change == 0:
        return Move.NONE if stands else Move.PLAN
    return Move.BETTER if change < 0 else Move.WORSE


def _change(before: Sequence[Value], after: Sequence[Value]) -> int | None:
    """Return the sign of the first change of a level's best value; None if it is not proven."""
    for (value, bound), (then, at_least) in zip(before, after, strict=False):
        if then is not None and bound is not None and then < bound:
            return -1
        if value is not None and at_least is not None and at_least > value:
            return 1
        if value is None or not value == bound == then == at_least:
            return None
    return 0 if before and len(before) == len(after) else None

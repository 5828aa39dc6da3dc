"""The cheapest vector of steps that avoids what is known to fail.

What fails is known by vectors of steps that still fail, and so does every smaller one: who wants to succeed must go
beyond each of them somewhere. This is the implicit hitting set of [1]_, with steps instead of members.

References
----------
.. [1] E. Moreno-Centeno, R. M. Karp, "The implicit hitting set approach to solve combinatorial optimization problems
   with an application to multigenome alignment", Operations Research 61 (2013).
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

#: Steps by position; positions without steps are left out.
Steps: TypeAlias = tuple[tuple[int, int], ...]

#: Positions and the steps from which on each of them avoids a failure.
Clause: TypeAlias = Mapping[int, int]


class TooManyError(Exception):
    """The search was given up."""


def cheapest(
    costs: Sequence[Fraction], clauses: Sequence[Clause], blocked: Iterable[Mapping[int, int]], most: int = 100_000
) -> Steps | None:
    """Return the cheapest steps that meet every clause and are not at least as large as any that are blocked.

    Parameters
    ----------
    costs : sequence of Fraction
        Of one step at each position, positive.
    clauses : sequence of mapping of int to int
        Each is met if at one of its positions there are at least so many steps.
    blocked : iterable of mapping of int to int
    most : int
        States that are looked at.

    Returns
    -------
    tuple of (int, int), or None
        None if there are no such steps. Among equally cheap ones those with the fewest positions.

    Raises
    ------
    TooManyError
        If this takes more states.
    """
    walls, order = list(blocked), itertools.count()
    start: Steps = ()
    if any(not wall for wall in walls):
        return None  # everything is at least as large as no steps at all
    heap: list[tuple[Fraction, int, int, Fraction, Steps]] = [(Fraction(0), 0, next(order), Fraction(0), start)]
    seen = {start}
    while heap:
        _, _, _, cost, state = heapq.heappop(heap)
        clause = _dearest(costs, clauses, dict(state))
        if clause is None:
            return state
        for position, steps in clause.items():
            units = dict(state)
            after = cost + costs[position] * (steps - units.get(position, 0))
            units[position] = steps
            reached = tuple(sorted(units.items()))
            if reached in seen or any(_beyond(units, wall) for wall in walls):
                continue
            seen.add(reached)
            rest = _dearest(costs, clauses, units)
            left = Fraction(0) if rest is None else _least(costs, rest, units)
            if left is not None:
                heapq.heappush(heap, (after + left, len(reached), next(order), after, reached))
        if len(seen) > most:
            raise TooManyError
    return None


def _beyond(units: Mapping[int, int], wall: Mapping[int, int]) -> bool:
    return all(units.get(position, 0) >= steps for position, steps in wall.items())


def _dearest(costs: Sequence[Fraction], clauses: Sequence[Clause], units: Mapping[int, int]) -> Clause | None:
    """Return the clause that is not met yet and costs most to meet: what it costs bounds what is still to come."""
    found: Clause | None = None
    dearest = Fraction(-1)
    for clause in clauses:
        if not any(units.get(position, 0) >= steps for position, steps in clause.items()):
            least = _least(costs, clause, units)
            if least is None:
                return clause
            if least > dearest:
                found, dearest = clause, least
    return found


def _least(costs: Sequence[Fraction], clause: Clause, units: Mapping[int, int]) -> Fraction | None:
    return min((costs[i] * (steps - units.get(i, 0)) for i, steps in clause.items()), default=None)

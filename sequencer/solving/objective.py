"""The objective: the terms wanted, in order, and the distance to an earlier plan that breaks ties."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sequencer.errors import UsageError
from sequencer.instance.facts import Goal
from sequencer.problem import Problem, Term
from sequencer.timetable import Choices

#: What terms need that an instance may lack.
LACKING = {
    "risk": " (it needs people and threat levels for every place with readiness criteria)",
    "departure": " (it needs a resource that the mission owns)",
}

#: What must be said of a term that counts nothing in an instance, since a 0 would sound like an achievement.
HOLLOW = {
    "risk": "risk says nothing here: no package has a readiness gate at its transfer",
    "departure": "departure says nothing here: no package needs what the mission owns",
}

LARGEST = 2**62  # of any sum the solver is given, in 64-bit integers


def too_large(term: Term) -> bool:
    """Return whether the sum of all entries, in their greatest unit, could be too large for the solver to be exact."""
    if term.maximum:
        return False
    unit = math.gcd(*(int(np.gcd.reduce(table, axis=None)) for table in term.tables.values())) or 1
    return sum(int(abs(table).astype(object).sum()) for table in term.tables.values()) // unit > LARGEST


def distance(problem: Problem, near: Choices) -> Term:
    """Return the number of packages whose option or transfer differs from an earlier timetable."""
    tables = {}
    for name, path in problem.paths.items():
        if name in near:
            options = np.array([[option.name != near[name].option] for option in path.options])
            months = np.array([[month != near[name].transfer for month in path.months]])
            tables[name] = (options | months).astype(np.int64)
    return Term("distance", "packages", maximum=False, tables=tables)


def goals(problem: Problem, objective: Sequence[Goal | str]) -> list[tuple[Term, int]]:
    """Return the terms of an objective and their tolerances.

    Raises
    ------
    UsageError
        If a term is unknown, doubled, lacks its data, or could grow too large to be exact.
    """
    found: list[tuple[Term, int]] = []
    for entry in objective:
        goal = Goal(term=entry) if isinstance(entry, str) else entry
        if goal.term not in problem.terms:
            known = ", ".join(sorted(problem.terms))
            raise UsageError(f"no objective {goal.term!r} here{LACKING.get(goal.term, '')}; there is: {known}")
        if goal.tolerance < 0:
            raise UsageError(f"the tolerance of {goal.term} must not be negative, not {goal.tolerance}")
        term = problem.terms[goal.term]
        if too_large(term):
            raise UsageError(f"{goal.term} could become too large to be exact: state money or people in thousands")
        found.append((term, goal.tolerance))
    names = [term.name for term, _ in found]
    if not names or len(set(names)) < len(names):
        raise UsageError(f"the objective names each term once and at least one: found {', '.join(names) or 'none'}")
    return found

"""One question put to every engine there is: the best value of each level of an objective, or that there is no plan."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TypeAlias

import minizinc
import pytest
from money_oracle import MoneyOracle
from oracles import best, every_plan

from sequencer import Instance, Limits, Status, solve
from sequencer.compile import compile_instance
from sequencer.instance.facts import Goal

#: A status, and the best value of each level; none without a plan.
Answer: TypeAlias = tuple[Status, list[int]]

#: Terms in order of importance, each with its tolerance.
Goals: TypeAlias = Sequence[tuple[str, int]]

MINIZINC = "minizinc"
#: Where MiniZinc is absent its tests are skipped, or fail if it must be there.
ASKS_MINIZINC = pytest.mark.skipif(
    not minizinc.present() and os.environ.get("REQUIRE_MINIZINC") != "1", reason="MiniZinc is not installed"
)
ENGINES = ["auto", "cpsat", "milp", pytest.param(MINIZINC, marks=ASKS_MINIZINC)]


def open_timetables(instance: Instance) -> int:
    """Return how many timetables of open cells there are."""
    problem = compile_instance(instance)
    return math.prod(int(problem.open_cells(name).sum()) for name in problem.paths)


def available(instance: Instance, goals: Goals) -> Goals:
    """Return the terms that the instance has data for."""
    terms = compile_instance(instance).terms
    return [(term, tolerance) for term, tolerance in goals if term in terms]


def by_enumeration(instance: Instance, goals: Goals) -> Answer:
    """Return the answer found by trying every timetable."""
    problem = compile_instance(instance)
    plans = list(every_plan(problem, MoneyOracle(instance)))
    return (Status.OPTIMAL, best(problem, plans, goals)) if plans else (Status.INFEASIBLE, [])


def by_engine(instance: Instance, goals: Goals, engine: str) -> Answer:
    """Return the answer of an engine of the program, or that of MiniZinc and Gecode; each value is a bound, too."""
    if engine == MINIZINC:
        return minizinc.lexicographic(instance, goals)
    objective = [Goal(term=term, tolerance=tolerance) for term, tolerance in goals]
    outcome = solve(instance, objective=objective, limits=Limits(workers=1, seconds=60), haste=False, engine=engine)
    values = [level.value for level in outcome.levels if level.value is not None]
    assert [level.bound for level in outcome.levels if level.value is not None] == values
    return outcome.status, values

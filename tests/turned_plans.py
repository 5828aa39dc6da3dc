"""What a level is worth in a changed instance, by trying all its plans under the caps of the base case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from engines import available, open_timetables
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import draw_instance
from test_cpsat import ORDERS
from test_optima import PROMISES, without
from valued import SMALL

from sequencer import Choice, Instance, Limits, Outcome, UsageError, solve
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.engine.run import Run
from sequencer.instance.facts import Goal
from sequencer.instance.levers import Lever
from sequencer.questions.turning import Turning

LIMITS = Limits(seconds=60, workers=1)


@dataclass(frozen=True)
class Plan:
    """A plan and what it is worth."""

    choices: Mapping[str, Choice]
    values: Mapping[str, int]


def plans(instance: Instance) -> list[Plan]:
    """Return every plan, by enumeration."""
    problem = compile_instance(instance)
    every = (dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(problem, MoneyOracle(instance)))
    return [Plan(problem.choices(cells), problem.values(cells)) for cells in every]


def search_for(count: int, then: Run) -> Callable[..., Run]:
    """Return a search that answers so many times, and after that always the same."""
    left, real = [count], search.run

    def run(*arguments: Any, **words: Any) -> Run:  # noqa: ANN401 - whatever the search is told
        left[0] -= 1
        return real(*arguments, **words) if left[0] >= 0 else then

    return run


def drawn(seed: int) -> tuple[Outcome, Random] | None:
    """Return the answer to a small random instance; None if it is not small, or has no plan."""
    random = Random(seed)  # noqa: S311 - tests
    instance = without(draw_instance(seed), *(table for table in PROMISES if random.random() < 0.4))
    goals = available(instance, [(term, random.choice([0, 0, 0, 2])) for term in random.choice(ORDERS)])
    if not goals or open_timetables(instance) > SMALL // 3:
        return None
    objective = [Goal(term=term, tolerance=tolerance) for term, tolerance in goals]
    outcome = solve(instance, objective=objective, limits=LIMITS, haste=False, engine="cpsat")
    return None if outcome.choices is None else (outcome, random)


def turned(instance: Instance, lever: Lever, units: int) -> Instance | None:
    """Return the instance with a number turned; None if it cannot be."""
    try:
        return instance.but({lever.address: f"{'+' if lever.relax > 0 else '-'}{units}"})
    except UsageError:
        return None


def value(every: Sequence[Plan], outcome: Outcome, term: str) -> int:
    """Return the best value of a level over plans, under the caps of the outcome."""
    terms = [level.term for level in outcome.levels]
    caps = {level.term: (level.value or 0) + level.tolerance for level in outcome.levels[: terms.index(term)]}
    return min(p.values[term] for p in every if all(p.values[name] <= most for name, most in caps.items()))


def levers(instance: Instance) -> Mapping[str, Lever]:
    return Turning(instance).levers


def is_attained(
    outcome: Outcome, term: str, improvement: int, choices: Mapping[str, object] | None, every: Sequence[Plan]
) -> None:
    """Check that the plan of a row is one of the changed instance, keeps the caps, and has the value that is said."""
    assert (choices is None) == (improvement == 0)
    if choices is not None:
        (plan,) = [plan for plan in every if plan.choices == choices]
        assert (
            plan.values[term] == next(level.value or 0 for level in outcome.levels if level.term == term) - improvement
        )
        assert value([plan], outcome, term) == plan.values[term]

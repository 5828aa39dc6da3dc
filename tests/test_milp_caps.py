"""Levels under caps that only just bind: where solvers that simplify too boldly lose the best plans."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from oracles import Plan, best, every_plan

from sequencer import Limits, Status, read
from sequencer.compile import compile_instance
from sequencer.engine.run import Caps
from sequencer.instance.instance import Instance
from sequencer.milp import highs, search
from sequencer.problem import Problem, Term

TINY = Path(__file__).parent.parent / "instances" / "tiny"
NAMES = ("worked-example", "supply-teams", "link-lag", "reserve", "options", "window-phase")
TERMS = ("risk", "cost", "early_transfer")


@cache
def shipped(name: str) -> tuple[Instance, list[Plan]]:
    """Return a tiny instance and all its plans: none of its rules reads weights, costs or people."""
    instance = read(TINY / name)
    return instance, list(every_plan(compile_instance(instance)))


def priced(random: Random, instance: Instance) -> Problem:
    """Return an instance with other weights, costs and people, of some magnitude."""
    large = 10 ** random.randint(2, 5)

    def amount() -> int:
        return random.randint(1, large)

    packages = tuple(
        replace(row, weight=amount(), holding_cost=amount(), recurrent_cost=amount(), handover_cost=amount())
        for row in instance.packages
    )
    places = tuple(replace(row, population=row.population and amount()) for row in instance.places)
    options = tuple(replace(row, cost=amount()) for row in instance.options)
    return compile_instance(replace(instance, packages=packages, places=places, options=options))


def values(problem: Problem, plans: list[Plan]) -> list[Mapping[str, int]]:
    return [problem.values(dict(zip(problem.paths, plan, strict=True))) for plan in plans]


def levels(random: Random, problem: Problem, plans: list[Plan]) -> Iterator[tuple[Term, int, Caps]]:
    """Yield levels, each with its least value and caps that some plan just keeps, or just fails to keep."""
    left = values(problem, plans)
    wanted = random.choice(left)
    caps: list[tuple[Term, int]] = []
    for name in random.sample(TERMS, len(TERMS)):
        if name not in problem.terms or not problem.terms[name].tables:
            continue
        least = min(value[name] for value in left)
        yield problem.terms[name], least, tuple(caps)
        most = max(least, wanted[name] + random.choice([0, 0, -1, 1]))
        left = [value for value in left if value[name] <= most]
        caps.append((problem.terms[name], most))


def compare_all(seeds: range) -> int:
    """Compare HiGHS with enumeration on draws of these seeds; return how many levels had caps."""
    capped = 0
    for seed in seeds:
        random = Random(seed)  # noqa: S311 - tests
        instance, plans = shipped(random.choice(NAMES))
        problem = priced(random, instance)
        for term, least, caps in levels(random, problem, plans):
            limits, stop = Limits(workers=1, seconds=30), threading.Event()
            run = search.run(highs.solve, problem, term, caps, None, limits=limits, stop=stop)
            assert (run.status, run.bound) == (Status.OPTIMAL, least), (seed, term.name)
            capped += bool(caps)
    return capped


def test_levels_under_caps_are_those_of_enumeration() -> None:
    assert compare_all(range(25)) > 15


@pytest.mark.slow
def test_levels_under_caps_are_those_of_enumeration_in_many_draws() -> None:
    assert compare_all(range(1000, 3500)) > 1700


def test_the_measure_of_these_tests_is_that_of_the_others() -> None:
    instance, plans = shipped("worked-example")
    problem = priced(Random(1), instance)  # noqa: S311 - tests
    assert set(plans) == set(every_plan(problem))
    assert best(problem, plans, [("cost", 0)]) == [min(value["cost"] for value in values(problem, plans))]

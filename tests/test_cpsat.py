"""Both CP-SAT formulations admit exactly the timetables that break no rule, and find the optimum of enumeration."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, assume, event, given, seed, settings
from oracles import admitted_by_cpsat, best, cells_of, every_plan
from strategies import instances

from sequencer.compile import compile_instance
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.problem import Problem
from sequencer.solver import solve

SMALL = 4000  # open timetables that enumeration goes through in a fraction of a second
FORMULATIONS = [OverCells, OverDates]
ORDERS = [
    ("exit", "risk", "early_transfer"),
    ("departure", "cost", "exit"),
    ("cost", "early_transfer"),
    ("risk", "exit"),
]


def small(instance: Instance) -> Problem:
    """Return the problem, if few enough timetables are open to try them all."""
    problem = compile_instance(instance)
    assert len(cells_of(problem)) == len(problem.paths)
    assume(math.prod(int(problem.open_cells(name).sum()) for name in problem.paths) <= SMALL)
    return problem


def admits_exactly(instance: Instance, formulation: type[OverCells | OverDates]) -> None:
    """Too loose and too tight both fail: the two sets of timetables are equal."""
    problem = small(instance)
    allowed = set(every_plan(problem))
    event("feasible" if allowed else "infeasible")
    assert admitted_by_cpsat(problem, formulation) == allowed


def finds_the_optimum(instance: Instance, order: tuple[str, ...], tolerance: int) -> None:
    """Status and the value of every level are those of enumeration; the bound equals the value."""
    problem = small(instance)
    plans = list(every_plan(problem))
    goals = [Goal(term=term, tolerance=tolerance) for term in order if term in problem.terms]
    outcome = solve(instance, objective=goals, limits=Limits(workers=1, seconds=60))
    event("feasible" if plans else "infeasible")
    if not plans:
        assert outcome.status is Status.INFEASIBLE
        assert outcome.choices is None
        return
    assert outcome.status is Status.OPTIMAL
    expected = best(problem, plans, [(goal.term, goal.tolerance) for goal in goals])
    assert [level.value for level in outcome.levels] == expected
    assert [level.bound for level in outcome.levels] == expected
    assert [level.proof for level in outcome.levels] == ["exact"] * len(expected)


def settings_for(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("formulation", FORMULATIONS)
@seed(3)
@settings_for(150)
@given(instances())
def test_cpsat_admits_exactly_what_the_rules_allow(
    formulation: type[OverCells | OverDates], instance: Instance
) -> None:
    admits_exactly(instance, formulation)


@pytest.mark.slow
@pytest.mark.parametrize("formulation", FORMULATIONS)
@seed(4)
@settings_for(2500)
@given(instances())
def test_cpsat_admits_exactly_what_the_rules_allow_in_many_draws(
    formulation: type[OverCells | OverDates], instance: Instance
) -> None:
    admits_exactly(instance, formulation)


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@seed(5)
@settings_for(25)
@given(instances())
def test_levels_are_those_of_enumeration(order: tuple[str, ...], instance: Instance) -> None:
    finds_the_optimum(instance, order, tolerance=0)


@pytest.mark.slow
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@pytest.mark.parametrize("tolerance", [0, 2])
@seed(6)
@settings_for(250)
@given(instances())
def test_levels_are_those_of_enumeration_in_many_draws(
    order: tuple[str, ...], tolerance: int, instance: Instance
) -> None:
    finds_the_optimum(instance, order, tolerance)

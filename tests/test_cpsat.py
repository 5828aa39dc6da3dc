"""Both CP-SAT formulations admit exactly the timetables that break no rule, and find the optimum of enumeration."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest
from audit_cases import capacity, case, function, need, package, phase, resource
from hypothesis import HealthCheck, assume, event, given, seed, settings
from milp_rows import admitted_by_milp
from money_oracle import MoneyOracle
from oracles import admitted_by_cpsat, best, cells_of, every_plan, settled
from strategies import draw_plan, instances

from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Link, Path, PathOption, Problem, Schedule
from sequencer.solving.solver import solve
from sequencer.solving.sources import ALONE
from sequencer.timetable import Choice
from sequencer.vocabulary import Event, Stage

SMALL = 4000  # open timetables that enumeration goes through in a fraction of a second
FEW = 120  # timetables that searches find one by one in a fraction of a second
FORMULATIONS: list[type[OverCells | OverDates]] = [OverCells, OverDates]
ORDERS = [
    ("exit", "risk", "early_transfer"),
    ("departure", "cost", "exit"),
    ("cost", "early_transfer"),
    ("change", "cost", "risk", "exit"),
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
    allowed = set(every_plan(problem, MoneyOracle(instance)))
    event("feasible" if allowed else "infeasible")
    assume(settled(problem) or len(allowed) <= FEW)
    assert admitted_by_cpsat(problem, formulation, most=len(allowed)) == allowed


def finds_the_optimum(
    instance: Instance, order: tuple[str, ...], tolerance: int, *, engine: str = "cpsat", proof: str = "exact"
) -> None:
    """Status and the value of every level are those of enumeration; the bound equals the value."""
    problem = small(instance)
    plans = list(every_plan(problem, MoneyOracle(instance)))
    goals = [Goal(term=term, tolerance=tolerance) for term in order if term in problem.terms]
    outcome = solve(
        instance, objective=goals, limits=Limits(workers=1, seconds=60), haste=engine == "cpsat", engine=engine
    )
    event("feasible" if plans else "infeasible")
    assert outcome.engine == engine
    if not plans:
        assert outcome.status is Status.INFEASIBLE
        assert outcome.choices is None
        return
    assert outcome.status is Status.OPTIMAL
    expected = best(problem, plans, [(goal.term, goal.tolerance) for goal in goals])
    assert [level.value for level in outcome.levels] == expected
    assert [level.bound for level in outcome.levels] == expected
    alone = ["exact" if level.bounded_by == ALONE else proof for level in outcome.levels]
    assert [level.proof for level in outcome.levels] == alone


def pays_if_it_can_be_paid(instance: Instance, choices: Mapping[str, Choice]) -> str:
    """Payments are made without a breach if and only if trying them out finds some, and those breach nothing either."""
    problem = compile_instance(instance)
    bridge = problem.bridge
    if bridge is None:
        return "no money"
    cells, money = problem.cells(choices), MoneyOracle(instance)
    assert [line.name for line in bridge.lines] == list(instance.money_lines)
    tried, made = money.uses(choices), allot(problem, cells)
    assert any(bridge.breaches(Schedule(problem.calendar, problem.paths, cells, made))) == (tried is None)
    if tried is None:
        return "unpaid"
    assert not any(bridge.breaches(Schedule(problem.calendar, problem.paths, cells, tried)))
    return "paid"


def pay_all(seeds: Iterable[int]) -> None:
    """Compare the payments for the draws of these seeds; many can be paid for and many cannot."""
    answers: Counter[str] = Counter()
    for drawn in seeds:
        instance, choices, _ = draw_plan(drawn)
        try:
            answers[pays_if_it_can_be_paid(instance, choices)] += 1
        except AssertionError as error:
            raise AssertionError(f"draw_plan({drawn}): {error}") from error
    assert answers["paid"] > answers.total() / 10, answers
    assert answers["unpaid"] > answers.total() / 20, answers


def settings_for(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("formulation", FORMULATIONS)
@seed(3)
@settings_for(250)
@given(instances())
def test_cpsat_admits_exactly_what_the_rules_allow(
    formulation: type[OverCells | OverDates], instance: Instance
) -> None:
    admits_exactly(instance, formulation)


@pytest.mark.parametrize("formulation", FORMULATIONS)
def test_a_stage_that_is_over_when_the_plan_begins_needs_nothing(formulation: type[OverCells | OverDates]) -> None:
    """An advisory stage since month 0 puts the beginning of support, where the need ends, before the plan."""
    begun = package(option="none", current_stage=Stage.ADVISORY, since=0)
    problem = compile_instance(
        case(
            packages=(begun,),
            functions=(function(joint=1, mentored=0),),
            phases=(phase("all", 0, 23),),
            resources=(resource(),),
            capacity=(capacity(1),),
            needs=(need(Stage.INTERNATIONAL, 1), need(Stage.PROVING, 0)),
        )
    )
    assert admitted_by_cpsat(problem, formulation, most=1) == set(every_plan(problem)) == {(Cell(0, 0),)}


@pytest.mark.parametrize("bounds", [(1, 2), (0, None), (None, 1), (-1, 1)])
def test_links_between_events_of_which_both_may_lie_before_the_plan(bounds: tuple[int | None, int | None]) -> None:
    """Such a pair is exempt, whatever makes a package choose: no other rule settles where it stands."""
    option = PathOption("none", support=0, proving=0, joint=1, mentored=1, advisory=0)
    paths = {name: Path(name, (option,), range(-3, 4)) for name in ("a/x", "b/x")}
    link = Link("a/x", Event.TRANSFER, "b/x", Event.EXIT, *bounds)
    problem = Problem(calendar=Calendar(2030, 1), horizon=6, paths=paths, rules=(link,), terms={})
    allowed = set(every_plan(problem))
    assert (Cell(0, -3), Cell(0, -2)) in allowed
    assert len(allowed) < 49
    for formulation in FORMULATIONS:
        assert admitted_by_cpsat(problem, formulation, most=49) == allowed
    assert admitted_by_milp(problem) == allowed


@pytest.mark.slow
@pytest.mark.parametrize("formulation", FORMULATIONS)
@seed(4)
@settings_for(2500)
@given(instances())
def test_cpsat_admits_exactly_what_the_rules_allow_in_many_draws(
    formulation: type[OverCells | OverDates], instance: Instance
) -> None:
    admits_exactly(instance, formulation)


def test_payments_are_made_if_there_are_any_to_make() -> None:
    pay_all(range(300))


@pytest.mark.slow
def test_payments_are_made_if_there_are_any_to_make_in_many_draws() -> None:
    pay_all(range(300, 8000))


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

"""Level after level: what a search out of time or memory leaves behind is never claimed to be more than it is."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from audit_cases import capacity, case, function, need, package, phase, resource
from hypothesis import HealthCheck, given, seed, settings
from money_oracle import MoneyOracle
from oracles import admitted_by_cpsat, best, every_plan
from strategies import instances
from test_cpsat import small

from sequencer import Limits, Status, check, read, solve
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.cpsat.engine import CpSat
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.engine.run import Run
from sequencer.instance.instance import Instance
from sequencer.problem import Problem, Term
from sequencer.solving.levels import Levels
from sequencer.vocabulary import Stage


@pytest.fixture(scope="module")
def example() -> Instance:
    return read(Path(__file__).parent.parent / "instances" / "tiny" / "worked-example")


def levels_of(problem: Problem, *terms: str) -> Levels:
    goals = [(problem.terms[name], 0) for name in terms]
    return Levels(problem, CpSat(), goals, Limits(), None, threading.Event())


def test_a_better_value_at_an_unproven_level_unsettles_the_levels_after_it(example: Instance) -> None:
    """What a later level reached under the worse value may be out of reach under the better one."""
    outcome = solve(example, haste=False)
    problem = outcome.problem
    levels = levels_of(problem, "exit", "cost", "early_transfer")
    levels.found = [(14, 12), (500, 500), (31, 31)]  # cost 500 was proven while the exit could be 14
    levels.cells = problem.cells(outcome.choices or {})
    levels._better_earlier(levels.cells)
    assert levels.found == [(12, 12), (595, 500), (31, None)]
    assert not levels.proven


def test_a_level_whose_value_rises_unsettles_the_bounds_after_it(example: Instance) -> None:
    """With its tolerance it allows more than before: what was proven under the tighter cap is no longer proven."""
    outcome = solve(example, haste=False)
    problem = outcome.problem
    levels = levels_of(problem, "exit", "cost", "early_transfer", "risk")
    levels.found = [(14, 12), (500, 500), (31, 31), (118_000_000, 118_000_000)]
    levels.cells = problem.cells(outcome.choices or {})
    levels._better_earlier(levels.cells)
    assert levels.found == [(12, 12), (595, 500), (31, None), (118_000_000, None)]


def test_a_worse_plan_found_out_of_time_does_not_replace_a_better_one(
    example: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = compile_instance(example)
    plans = [dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(problem)]
    worst = max(plans, key=lambda plan: problem.value(problem.terms["cost"], plan))
    levels = levels_of(problem, "exit", "cost")
    levels.cells = min(plans, key=lambda plan: problem.value(problem.terms["cost"], plan))
    monkeypatch.setattr(search, "run", lambda *_, **__: Run(Status.FEASIBLE, worst, 0, 0.0))
    monkeypatch.setattr(Levels, "at_bound", lambda *_: None)
    kept = levels.cells
    assert levels.run() is Status.FEASIBLE
    assert problem.value(problem.terms["cost"], levels.cells) == problem.value(problem.terms["cost"], kept)


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
def test_a_plan_is_not_lost_while_ties_are_broken(
    example: Instance, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = search.run

    def fails(problem: Problem, term: Term | None, *args: Any, **kwargs: Any) -> Run:  # noqa: ANN401
        if term is not None and term.name == "cost":
            raise error
        return honest(problem, term, *args, **kwargs)

    monkeypatch.setattr(search, "run", fails)
    outcome = solve(example)
    assert outcome.status is Status.OPTIMAL
    assert outcome.choices is not None
    assert check(example, outcome.choices) == ()


@pytest.mark.parametrize("formulation", [OverCells, OverDates])
def test_a_need_that_begins_after_the_plan_is_none(formulation: type[OverCells | OverDates]) -> None:
    """A package handed over before the plan may become autonomous after its end; until then it needs no monitors."""
    problem = compile_instance(
        case(
            packages=(package(option="none", current_stage=Stage.MENTORED, since=-1),),
            functions=(function(joint=1, mentored=20, advisory=20),),
            phases=(phase("all", 0, 23),),
            resources=(resource(),),
            capacity=(capacity(1),),
            needs=(need(Stage.AUTONOMOUS, 1),),
        )
    )
    plans = set(every_plan(problem))
    assert len(plans) == 1
    assert admitted_by_cpsat(problem, formulation, most=2) == plans


@seed(11)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances())
def test_the_search_over_dates_alone_finds_the_least_maximum(instance: Instance) -> None:
    problem = small(instance)
    plans = list(every_plan(problem, MoneyOracle(instance) if instance.funded else None))
    levels = levels_of(problem, "exit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Levels, "at_bound", lambda *_: None)
        status = levels.run()
    assert status is (Status.OPTIMAL if plans else Status.INFEASIBLE)
    if plans:
        assert [value for value, _ in levels.found] == best(problem, plans, [("exit", 0)])

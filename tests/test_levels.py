"""Level after level: what a search out of time or memory leaves behind is never claimed to be more than it is."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
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
from sequencer.engine.run import WRONG, Run
from sequencer.engine.steps import Step
from sequencer.errors import Disagreement
from sequencer.instance.instance import Instance
from sequencer.places.certificate import Certificate
from sequencer.problem import Cell, Problem, Term
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


class Claims(CpSat):
    """An engine that ends a level without a plan, and with a bound of floating point; any plan it finds well."""

    def __init__(self, bound: int, certificate: Certificate | None) -> None:
        self.bound, self.certificate = bound, certificate
        self.seconds: list[float] = []

    def run(self, problem: Problem, term: Term | None, *args: Any, **kwargs: Any) -> Run:  # noqa: ANN401
        """Minimise nothing."""
        if term is None:
            return super().run(problem, term, *args, **kwargs)
        self.seconds.append(kwargs["limits"].seconds)
        steps = (Step("prices", 0.0, None, 1), Step("floats", 0.0, None, self.bound))
        return Run(Status.UNKNOWN, None, self.bound, 0.0, proof="numeric", certificate=self.certificate, steps=steps)

    def find(self, *_: object, **__: object) -> Run:
        """Find nothing, at once."""
        return Run(Status.UNKNOWN, None, None, 0.0)


@pytest.mark.parametrize(("certified", "bound", "proof"), [(None, None, None), (1, 1, "exact")])
def test_a_bound_of_floating_point_above_any_plan_is_left_out(
    example: Instance, certified: int | None, bound: int | None, proof: str | None
) -> None:
    """It ended the solve with an error, and the plan was lost; what prices prove remains."""
    problem = compile_instance(example)
    term = problem.terms["early_transfer"]
    proven = None
    if certified is not None:
        proven = Certificate(term=term.name, caps=(), parts=1, prices={}, bound=certified)
    levels = Levels(problem, Claims(10**9, proven), [(term, 0)], Limits(seconds=20), None, threading.Event())
    assert levels.run() is Status.FEASIBLE
    assert levels.cells is not None
    assert levels.notes == (WRONG,)
    (level,) = levels.levels(None)
    assert (level.value, level.bound, level.proof) == (problem.value(term, levels.cells), bound, proof)
    assert level.bounded_by == (None if bound is None else "prices")
    assert level.found_by == "cpsat"


class Mistaken(CpSat):
    """An engine that ends the first level with a plan that is not the best, and a bound that there is none better."""

    def __init__(self, cells: Mapping[str, Cell], proof: str, certificate: Certificate | None) -> None:
        self.first, self.claimed, self.certificate = cells, proof, certificate

    def run(self, problem: Problem, term: Term | None, *args: Any, **kwargs: Any) -> Run:  # noqa: ANN401
        """Minimise any other term with nothing held."""
        if term is None or term.name != "early_transfer":
            return super().run(problem, term, (), *args[1:], **kwargs)
        value = problem.value(term, self.first)
        known = Run(Status.FEASIBLE, self.first, value - 1, 0.0, proof=self.claimed, certificate=self.certificate)
        return replace(known, steps=(Step("prices", 0.0, None, 1), Step("floats", 0.0, value, value - 1)))


@pytest.mark.parametrize("certified", [None, 1])
def test_a_bound_of_floating_point_that_a_later_plan_refutes_is_taken_back(
    example: Instance, certified: int | None
) -> None:
    problem = compile_instance(example)
    wanted, later = problem.terms["early_transfer"], problem.terms["exit"]
    plans = [dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(problem)]
    worst = max(plans, key=lambda plan: problem.value(wanted, plan))
    proven = None if certified is None else Certificate(term=wanted.name, caps=(), parts=1, prices={}, bound=certified)
    levels = Levels(
        problem,
        Mistaken(worst, "numeric", proven),
        [(wanted, 0), (later, 0)],
        Limits(seconds=20),
        None,
        threading.Event(),
    )
    levels.run()
    assert levels.cells is not None
    assert problem.value(wanted, levels.cells) < problem.value(wanted, worst) - 1
    assert levels.notes == (WRONG,)
    level = levels.levels(None)[0]
    assert (level.value, level.bound) == (problem.value(wanted, levels.cells), certified)
    assert (level.bounded_by, level.proof) == ((None, None) if certified is None else ("prices", "exact"))
    assert [step.bound for step in level.steps if step.bound is not None and certified is not None] in ([], [1])


def test_an_exact_bound_that_a_later_plan_refutes_is_an_error(example: Instance) -> None:
    problem = compile_instance(example)
    wanted, later = problem.terms["early_transfer"], problem.terms["exit"]
    plans = [dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(problem)]
    worst = max(plans, key=lambda plan: problem.value(wanted, plan))
    engine = Mistaken(worst, "exact", None)
    levels = Levels(problem, engine, [(wanted, 0), (later, 0)], Limits(seconds=20), None, threading.Event())
    with pytest.raises(Disagreement, match="a later plan of"):
        levels.run()


def test_any_plan_keeps_what_is_frozen(example: Instance) -> None:
    problem = compile_instance(example)
    cost = problem.terms["cost"]
    plans = [dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(problem)]
    least = min(problem.value(cost, plan) for plan in plans)
    frozen = [(cost, least)]
    levels = Levels(
        problem, Claims(0, None), [(problem.terms["early_transfer"], 0)], Limits(), None, threading.Event(), frozen
    )
    levels.run()
    assert levels.cells is not None
    assert problem.value(cost, levels.cells) == least


def test_a_glance_that_ends_at_once_takes_no_time_from_the_level(example: Instance) -> None:
    problem = compile_instance(example)
    engine = Claims(0, None)
    Levels(problem, engine, [(problem.terms["exit"], 0)], Limits(seconds=40), None, threading.Event()).run()
    assert engine.seconds[0] > 35

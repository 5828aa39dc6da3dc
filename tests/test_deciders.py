"""Who decides: what the low and the high end of a score would do, asked again of the instance with that score."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from math import prod

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st
from micro import read_tables
from money_oracle import MoneyOracle
from oracles import best, cells_of, every_plan
from strategies import instances

from sequencer.compile import compile_instance
from sequencer.instance.contradictions import contradictions
from sequencer.instance.instance import Instance
from sequencer.outcome import Status
from sequencer.problem import Cell
from sequencer.reasons.deciders import Answer, Decider, Move, deciders, proven
from sequencer.vocabulary import SCORE


@seed(41)
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(), st.integers(0, 20))
def test_each_end_does_what_is_said(instance: Instance, more: int) -> None:
    told = tuple(replace(fact, high=min(100 * SCORE, fact.high + more * SCORE)) for fact in instance.readiness)
    instance = replace(instance, readiness=told)
    assume(not contradictions(instance))
    problem = compile_instance(instance)
    assume(prod(map(len, cells_of(problem))) <= 20_000)
    plan = next(every_plan(problem, MoneyOracle(instance)), None)
    assume(plan is not None)
    assert plan is not None
    cells = dict(zip(problem.paths, plan, strict=True))
    found = deciders(instance, problem, cells)
    for decider in found:
        name, path = decider.package, problem.paths[decider.package]
        low = compile_instance(instance.but({decider.address: decider.low / SCORE}))
        assert decider.stands == low.open_cells(name)[cells[name].option, path.column(cells[name].transfer)]
        then = compile_instance(instance.but({decider.address: decider.high / SCORE})).open_cells(name)
        opened = np.flatnonzero(then.any(axis=0) & ~problem.open_cells(name).any(axis=0)) + path.months.start
        opened = opened[opened < decider.transfer]
        assert decider.opened == len(opened)
        assert decider.earliest == (opened[0] if len(opened) else None)
        assert not len(opened) or then[[o.name for o in path.options].index(decider.option), path.column(opened[0])]
    gates = {
        (gate.package, gate.criterion)
        for gate in instance.criteria
        if cells[gate.package].transfer >= instance.plan.as_of
    }
    ranged = {(fact.package, fact.criterion) for fact in instance.readiness if fact.low < fact.high}
    assert {(each.package, each.criterion) for each in found} >= gates & ranged


TABLES = {
    "plan": "months = 10",
    "places": "place,region,population | arden,north,2000",
    "functions": "function,sector,joint_months,mentored_months,advisory_months | policing,security,0,1,0 | fire,,0,1,0",
    "packages": "place,function | arden,policing | arden,fire",
    "criteria": "packages,criterion,event,threshold | policing,radio,transfer,60 | fire,radio,transfer,50",
    "readiness": "packages,criterion,score,low,high,assessor,growth"
    " | arden/policing,radio,58,56,60,UNPOL,1 | arden/fire,radio,50,49,51,brigade,1",
}


@pytest.fixture
def instance() -> Instance:
    """Return a plan in which policing is ready in month 2 (month 4 or 0 at the ends), fire at once (or in month 1)."""
    return read_tables(TABLES)


def solved(instance: Instance) -> Answer:
    """Return the best exit and the best weighted transfers of an instance, by trying every plan."""
    problem = compile_instance(instance)
    plans = list(islice(every_plan(problem), 10_000))
    if not plans:
        return Status.INFEASIBLE, ()
    values = best(problem, plans, [("exit", 0), ("early_transfer", 0)])
    return Status.OPTIMAL, tuple((value, value) for value in values)


def asked(instance: Instance, policing: int, fire: int) -> tuple[Decider, ...]:
    """Return the deciders of a plan."""
    cells = {"arden/policing": Cell(0, policing), "arden/fire": Cell(0, fire)}
    return deciders(instance, compile_instance(instance), cells)


def test_a_low_score_lets_a_date_fall_and_a_high_one_opens_months(instance: Instance) -> None:
    policing, fire = asked(instance, 2, 0)
    assert (policing.assessor, policing.stands, policing.earliest, policing.opened) == ("UNPOL", False, 0, 2)
    assert (policing.address, policing.option, policing.decides) == ("readiness.arden/policing.radio", "none", True)
    assert (fire.assessor, fire.stands, fire.earliest, fire.opened) == ("brigade", False, None, 0)


def test_a_date_with_room_is_decided_by_nobody(instance: Instance) -> None:
    fire = next(each for each in asked(instance, 4, 3) if each.package == "arden/fire")
    assert fire.stands
    assert not fire.decides


def test_what_moves_the_plan_is_proven_by_solving_again(instance: Instance) -> None:
    policing, fire = proven(instance, asked(instance, 2, 0), solved)
    assert (policing.low, policing.high, policing.moves) == (Move.WORSE, Move.BETTER, True)
    assert (fire.low, fire.high) == (Move.WORSE, Move.NONE)  # its own transfer, not the exit


def test_without_a_plan_at_one_end_that_is_said(instance: Instance) -> None:
    instance = instance.but({"packages.arden/policing.latest": "2030-04"})
    policing, _ = proven(instance, asked(instance, 2, 0), solved)
    assert policing.low is Move.NO_PLAN


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (((5, 5), (9, 9)), ((5, 5), (9, 9)), Move.NONE),
        (((5, 5), (9, 8)), ((5, 5), (9, 8)), Move.UNKNOWN),
        (((5, 5), (9, 8)), ((5, 5), (7, 0)), Move.BETTER),
        (((5, 5), (9, 8)), ((5, 5), (12, 10)), Move.WORSE),
        (((5, 5), (9, 8)), ((5, 4), (7, 7)), Move.UNKNOWN),
        (((5, 5), (9, 9)), ((None, None), (None, None)), Move.UNKNOWN),
        (((5, 5), (9, 9)), ((None, 6), (None, None)), Move.WORSE),
        (((5, 5), (9, 9)), ((5, 5),), Move.UNKNOWN),
        ((), (), Move.UNKNOWN),
    ],
)
def test_only_what_bounds_prove_is_said(
    instance: Instance,
    before: tuple[tuple[int | None, int | None], ...],
    after: tuple[tuple[int | None, int | None], ...],
    move: Move,
) -> None:
    decider = next(each for each in asked(instance, 4, 3) if each.package == "arden/fire")
    (found,) = proven(instance, [decider], lambda _: (Status.FEASIBLE, after), (Status.FEASIBLE, before))
    assert (found.low, found.high) == (move, move)
    assert found.moves == {Move.NONE: False, Move.UNKNOWN: None}.get(move, True)


def test_a_date_that_falls_while_another_plan_is_as_good_moves_the_plan(instance: Instance) -> None:
    policing = next(each for each in asked(instance, 2, 0) if each.package == "arden/policing")
    same: Answer = (Status.OPTIMAL, ((5, 5),))
    (found,) = proven(instance, [policing], lambda _: same)
    assert (found.low, found.high, found.moves) == (Move.PLAN, Move.NONE, True)


def test_an_end_that_is_the_score_is_not_solved_for(instance: Instance) -> None:
    instance = instance.but({"readiness.arden/fire.radio.low": 50})
    fire = next(each for each in asked(instance, 2, 0) if each.package == "arden/fire")
    solves: list[Instance] = []

    def counted(changed: Instance) -> Answer:
        solves.append(changed)
        return solved(changed)

    (found,) = proven(instance, [fire], counted)
    assert found.low is None
    assert len(solves) == 2  # as it is, and with the high score

"""Plans that have begun: all readings and engines agree on what has happened before ``as_of``, and binds no more."""

from __future__ import annotations

from collections import Counter

import minizinc
import pytest
from engines import ASKS_MINIZINC, ENGINES, MINIZINC, open_timetables
from money_oracle import MoneyOracle
from oracles import every_plan
from strategies import draw_begun, planned
from test_agreement import timetables
from test_cpsat import ORDERS, SMALL
from test_optima import LEFT_OUT, agrees
from test_readings import compare

from sequencer import Status
from sequencer.audit import audit
from sequencer.compile import compile_instance

DRAWS = 60
TRIED = 40  # timetables of one instance, closed cells among them


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration_on_plans_that_have_begun(engine: str) -> None:
    answers: Counter[str] = Counter()
    for seed in range(20 if engine == MINIZINC else DRAWS):
        goals = [(term, seed % 3) for term in ORDERS[seed % len(ORDERS)]]
        try:
            answers[agrees(draw_begun(seed), goals, engine)] += 1
        except AssertionError as error:
            raise AssertionError(f"draw_begun({seed}), {goals}: {error}") from error
    assert answers[Status.OPTIMAL.value] > answers.total() / 5, answers
    assert answers[Status.INFEASIBLE.value] > answers.total() / 20, answers
    assert answers[LEFT_OUT] < answers.total() / 2, answers


def test_rules_and_audit_accept_the_same_timetables_of_plans_that_have_begun() -> None:
    broken: Counter[str] = Counter()
    for seed in range(5 * DRAWS):
        try:
            broken.update(compare(planned(draw_begun(seed), seed)) or {"kept"})
        except Exception as error:
            raise AssertionError(f"planned(draw_begun({seed}), {seed}): {type(error).__name__} {error}") from error
    assert broken["P1"] > DRAWS
    assert broken["kept"] > DRAWS / 4, broken


def test_rules_and_audit_agree_on_closed_cells_of_plans_that_have_begun() -> None:
    tried = 0
    for seed in range(DRAWS):
        instance = draw_begun(seed)
        problem = compile_instance(instance)
        if instance.funded:
            continue
        for _, cells in zip(range(TRIED), timetables(problem), strict=False):
            found = audit(instance, problem.choices(cells))
            rules = {breach.rule for breach in problem.breaches(cells)}
            assert rules == {finding.rule for finding in found}, f"draw_begun({seed}), {cells}"
            tried += 1
    assert tried > DRAWS


@ASKS_MINIZINC
def test_minizinc_admits_the_plans_of_enumeration() -> None:
    compared = 0
    for seed in range(100, 112):
        instance = draw_begun(seed)
        if open_timetables(instance) <= SMALL:
            assert minizinc.admitted(instance) == set(every_plan(compile_instance(instance), MoneyOracle(instance)))
            compared += 1
    assert compared

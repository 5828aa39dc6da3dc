"""Plans near a plan: what moves in them, and that they have the wish."""

from __future__ import annotations

import threading

import pytest
from wishing import LIMITS, drawn, told, wished

from sequencer import Limits, Outcome
from sequencer.questions.near import _beside, nearby
from sequencer.questions.why import _has, why_not
from sequencer.questions.wishes import Wish, wish


def asked(outcome: Outcome, text: str) -> Wish:
    return wish(text, outcome.instance, outcome.problem, outcome.problem.cells(outcome.choices or {}))


@pytest.mark.parametrize("seed", range(30))
def test_beside_a_plan_only_the_places_of_the_wish_move(seed: int) -> None:
    found = drawn(seed)
    if found is None:
        return
    outcome, _, random = found
    plan = outcome.problem.cells(outcome.choices or {})
    now = {name: cell.transfer for name, cell in plan.items()}
    for one in wished(outcome.instance, now, random):
        it = asked(outcome, one.text)
        if not all(it.problem.open_cells(name).any() for name in plan):
            continue
        beside = _beside(outcome, it, LIMITS, threading.Event())
        if beside.cells is None:
            continue
        places = {name.partition("/")[0] for name in it.packages}
        assert places
        assert {name.partition("/")[0] for name in plan if beside.cells[name] != plan[name]} <= places
        assert _has(outcome, it, beside.cells)


def test_a_maximum_is_let_go_where_no_plan_beside_keeps_it() -> None:
    """The exit is in May, and the wish alone comes later: a plan beside is found, though it is worse."""
    outcome = told()
    it = asked(outcome, "belmont/policing=2030-06")
    beside = _beside(outcome, it, LIMITS, threading.Event())
    assert beside.cells is not None
    assert beside.cells["belmont/policing"].transfer == 5
    assert it.problem.values(beside.cells)["exit"] > (outcome.values or {})["exit"]


def test_what_is_about_all_is_not_looked_for_beside() -> None:
    outcome = told()
    every = asked(outcome, "policing by 2030-04")
    assert {name.partition("/")[0] for name in every.packages} < {p.place for p in outcome.instance.packages}
    whole = asked(outcome, "exit by 2030-05")
    assert _beside(outcome, whole, LIMITS, threading.Event()).cells is None


def test_the_better_of_what_is_found_is_taken() -> None:
    outcome = told()
    it = asked(outcome, "new town/health care=2030-05")
    best = nearby(outcome, it, Limits(seconds=10, workers=1), threading.Event())
    assert best.cells is not None
    assert why_not(outcome, it.text, limits=LIMITS).prices
    beside = _beside(outcome, it, LIMITS, threading.Event())
    assert beside.cells is not None
    terms = [level.term for level in outcome.levels]
    values = [[it.problem.values(cells)[term] for term in terms] for cells in (best.cells, beside.cells)]
    assert values[0] <= values[1]

"""Neighbourhoods: what they offer are better plans, one of everything finds the best plan, and a plan it keeps."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from pricing import Question, questions, tangles

from sequencer import Limits
from sequencer.auto import neighbours
from sequencer.auto.blackboard import Blackboard
from sequencer.auto.neighbours import Neighbours
from sequencer.auto.relaxing import Relaxed
from sequencer.milp import linear
from sequencer.places.divide import divide
from sequencer.places.prices import Pricer
from sequencer.rebuild.admit import admits

NEVER = threading.Event()
CASES = [
    question for question in (*questions(range(340, 380)), *tangles(range(20, 40), forest=False)) if question.plans
]


def around(question: Question, *, cells: float) -> Neighbours:
    """Return a search that begins from the worst plan there is."""
    program = question.program
    places = divide(program)
    solved = linear.relax(program.arrays, 60, NEVER)
    assert solved is not None
    proven = Pricer(program, places).prove(solved.prices)
    board = Blackboard(program.problem, program.term, None)
    board.offer("a test", max(question.plans, key=lambda each: each[1])[0])
    relaxed = Relaxed(solved.prices, proven, solved.values[places.var], solved=True)
    return Neighbours(program, places, relaxed, board, Limits(seed=1), cells)


@pytest.mark.parametrize("seed", range(len(CASES)))
def test_a_neighbourhood_of_everything_holds_the_best_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "FEWEST", 10**6)  # no package keeps its cell
    question = CASES[seed]
    search = around(question, cells=10.0**6)
    search.search(60, NEVER)
    best = min(objective for _, objective in question.plans)
    assert search.board.value == question.program.value(best)


@pytest.mark.parametrize("seed", range(0, len(CASES), 4))
def test_plans_that_are_offered_are_plans_and_better(seed: int) -> None:
    question = CASES[seed]
    search = around(question, cells=2.0)
    for _ in range(20):
        before = search.board.value
        search.search(60, NEVER)
        assert search.board.cells is not None
        assert admits(question.program, search.board.cells)
        assert (search.board.value or 0) <= (before or 0)


def test_small_neighbourhoods_lead_from_the_worst_plans_to_better_ones() -> None:
    better = 0
    for question in CASES:
        search = around(question, cells=4.0)
        first = search.board.value
        for _ in range(8):
            search.search(60, NEVER)
        better += (search.board.value or 0) < (first or 0)
    worse = sum(len({objective for _, objective in question.plans}) > 1 for question in CASES)
    assert better > worse / 2
    assert worse > len(CASES) / 4


def test_numbers_that_doubles_do_not_hold_are_not_searched() -> None:
    program = CASES[0].program
    assert around(CASES[0], cells=4.0).possible
    large = replace(program, arrays=replace(program.arrays, sides=np.full_like(program.arrays.sides, 2**53)))
    assert not replace(around(CASES[0], cells=4.0), program=large).possible

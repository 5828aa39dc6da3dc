"""Neighbourhoods: what they offer are better plans, one of everything finds the best plan, and a plan it keeps."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from pricing import Question, questions, tangles

from sequencer import Limits, Status
from sequencer.auto import neighbours, priced
from sequencer.auto.blackboard import Blackboard
from sequencer.auto.neighbours import Neighbours
from sequencer.auto.priced import _Search
from sequencer.auto.relaxing import Relaxed
from sequencer.engine.run import Stoppable
from sequencer.milp import linear
from sequencer.outcome import SEED
from sequencer.places.divide import divide
from sequencer.places.prices import Pricer
from sequencer.rebuild import search as rebuild
from sequencer.rebuild.admit import admits
from sequencer.rebuild.search import Rebuilder
from sequencer.rebuild.tries import Lead

NEVER = threading.Event()
CASES = [
    question for question in (*questions(range(340, 380)), *tangles(range(20, 40), forest=False)) if question.plans
]


def around(question: Question, *, cells: float, seed: int = 1) -> Neighbours:
    """Return a search that begins from the worst plan there is."""
    program = question.program
    places = divide(program)
    solved = linear.relax(program.arrays, 60, NEVER)
    assert solved is not None
    proven = Pricer(program, places).prove(solved.prices)
    board = Blackboard(program.problem, program.term, None)
    board.offer("a test", max(question.plans, key=lambda each: each[1])[0])
    relaxed = Relaxed(solved.prices, proven, solved.values[places.var], solved=True)
    return Neighbours(program, places, relaxed, board, Limits(seed=seed), cells)


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


def test_cells_are_no_more_than_limit_a_search() -> None:
    search = around(CASES[0], cells=4.0)
    for _ in range(300):
        search.search(60, NEVER)
    assert search.cells <= 2 * len(search.program.arrays.cost)


def test_the_largest_seed_is_one() -> None:
    for seed in (SEED, SEED - 3):
        search = around(CASES[0], cells=4.0, seed=seed)
        for _ in range(5):
            search.search(60, NEVER)
        program = search.program
        limits = Limits(seconds=60, workers=2, seed=seed)
        run = priced.run(program.problem, program.term, program.caps, None, limits=limits, stop=NEVER, progress=None)
        assert run.status is Status.OPTIMAL


@pytest.mark.parametrize(
    ("far", "soon", "first"), [(False, 1.0, True), (True, 1.0, False), (True, 0.0, True)], ids=["near", "far", "failed"]
)
def test_a_plan_of_the_level_before_has_its_neighbourhoods_searched_first(
    monkeypatch: pytest.MonkeyPatch, far: bool, soon: float, first: bool
) -> None:
    """Before the finder has cooled down once, which takes eight seconds at least; far off, once it has failed."""
    searched: list[str] = []

    def search(self: Neighbours, seconds: float, stop: Stoppable) -> None:  # noqa: ARG001
        searched.append(threading.current_thread().name)

    monkeypatch.setattr(Neighbours, "search", search)
    monkeypatch.setattr(Rebuilder, "work", lambda _: NEVER.wait(0.01))  # it finds nothing, and never cools down
    monkeypatch.setattr(_Search, "_search_left", lambda *_: False)  # nor is anything closed
    monkeypatch.setattr(_Search, "_is_far", lambda _: far)
    monkeypatch.setattr(rebuild, "SOON", soon)
    led: list[bool] = []
    told = Rebuilder.told

    def tell(self: Rebuilder, lead: Lead, *, fresh: bool) -> None:
        led.append(True)
        told(self, lead, fresh=fresh)

    monkeypatch.setattr(Rebuilder, "told", tell)
    for question in CASES[:12]:
        program = question.program
        hint = max(question.plans, key=lambda each: each[1])[0]
        limits = Limits(seconds=0.5, workers=2)
        for begin in (None, hint):
            searched.clear()
            led.clear()
            priced.run(program.problem, program.term, program.caps, begin, limits=limits, stop=NEVER, progress=None)
            assert not searched or begin is not None
            if led and begin is not None:
                assert ("_find" in searched) is first
                return
    raise AssertionError("nothing was left to search")


def test_packages_that_cost_most_beyond_their_best_are_drawn_most() -> None:
    ordered = 0
    for question in CASES:
        search = around(question, cells=4.0)
        assert search.board.cells is not None
        chosen = np.flatnonzero(search.program.vector(search.board.cells)[search.places.var] > 0)
        beyond = search.relaxed.proven.through[chosen]
        if beyond.max() <= 2 * beyond.min():
            continue
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(neighbours, "KINDS", (0.0, 0.0, 0.0))
            patch.setattr(neighbours, "FEWEST", 1)
            patch.setattr(neighbours, "MOST", 1)
            drawn = np.sum([search._drawn(chosen) for _ in range(300)], axis=0)
        assert drawn.sum() == 300
        assert drawn[beyond.argmax()] > 1.5 * drawn[beyond.argmin()]
        ordered += 1
    assert ordered > 5


@pytest.mark.parametrize("seed", range(0, len(CASES), 10))
def test_what_no_row_comes_to_more_than(seed: int) -> None:
    arrays = CASES[seed].program.arrays
    most = [int(abs(arrays.cost) @ arrays.tops), int(abs(arrays.sides).max(initial=0))]
    for first, last in zip(arrays.starts[:-1].tolist(), arrays.starts[1:].tolist(), strict=True):
        most.append(int(abs(arrays.value[first:last]) @ arrays.tops[arrays.index[first:last]]))
    assert arrays.reach == max(most)

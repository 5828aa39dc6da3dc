"""Relaxations from few cells at a time prove no more than is true, and as much as simplex on all cells does."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
import pytest
from pricing import Question, questions, tangles

from sequencer.auto import relaxing
from sequencer.auto.relaxing import Relaxed, Relaxing
from sequencer.milp import linear
from sequencer.places import ascent
from sequencer.places.divide import divide
from sequencer.places.prices import Pricer, Proven
from sequencer.problem import Cell

NEVER = threading.Event()
CASES = [*questions(range(340, 380)), *tangles(range(20, 40), forest=False)]


def solved(question: Question, plan: Mapping[str, Cell] | None) -> tuple[Relaxed, list[Proven], list[Relaxed]]:
    """Return the relaxation of a question, what prices proved on the way, and the relaxations heard of."""
    pricer = Pricer(question.program, divide(question.program))
    proven: list[Proven] = []
    heard: list[Relaxed] = []
    ways = Relaxing(pricer, NEVER, lambda: 60.0, proven.append, heard.append, lambda: plan)
    found = ways.run()
    assert found is not None
    return found, proven, heard


def best(question: Question) -> int:
    return min(objective for _, objective in question.plans)


@pytest.mark.parametrize("known", [False, True], ids=["no plan", "a plan"])
def test_few_cells_at_a_time_prove_what_all_do(monkeypatch: pytest.MonkeyPatch, *, known: bool) -> None:
    for module, name, value in (
        (relaxing, "AT_ONCE", 0),
        (relaxing, "NARROW", 0.01),
        (ascent, "HEATS", (0.3,)),
        (ascent, "STEPS", (3,)),
    ):
        monkeypatch.setattr(module, name, value)
    sifted = close = 0
    for question in CASES:
        program = question.program
        found, proven, heard = solved(question, question.plans[0][0] if known else None)
        whole = linear.relax(program.arrays, 60, NEVER)
        assert whole is not None
        at_once = Pricer(program, divide(program)).prove(whole.prices)
        bounds = [each.height for each in (*proven, *(each.proven for each in heard), found.proven)]
        assert max(bounds) <= best(question)
        later = [each.proven.height for each in heard]
        assert later == sorted(later)
        sifted += len(heard) > 1
        close += bounds[-1] >= at_once.height - 0.02 * max(1.0, abs(whole.value))
    assert sifted > 5
    assert close == len(CASES)


def test_shares_are_those_of_one_cell_for_each_package(monkeypatch: pytest.MonkeyPatch) -> None:
    for at_once in (0, relaxing.AT_ONCE):
        monkeypatch.setattr(relaxing, "AT_ONCE", at_once)
        for question in CASES[:20]:
            found, _, _ = solved(question, None)
            shares = np.add.reduceat(found.shares, divide(question.program).forest.cells[:-1])
            assert shares == pytest.approx(1, abs=1e-5)


def test_it_ends_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known then is a bound; nothing is known of what simplex had no time for."""
    over = threading.Event()
    over.set()
    for at_once in (0, relaxing.AT_ONCE):
        monkeypatch.setattr(relaxing, "AT_ONCE", at_once)
        for question in CASES[:10]:
            pricer = Pricer(question.program, divide(question.program))
            found = Relaxing(pricer, over, lambda: 0.01, lambda _: None, lambda _: None, lambda: None).run()
            if found is not None:
                assert found.proven.bound <= best(question) * found.proven.parts


def test_without_a_solution_there_is_a_bound_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some cells are in no plan: once all others have been tried, it ends."""
    question = next(case for case in CASES if not np.isfinite(_nothing(case).through).all())
    monkeypatch.setattr(linear, "relax", lambda *_: None)
    for at_once, is_bounded in ((0, True), (len(question.program.arrays.index), False)):
        monkeypatch.setattr(relaxing, "AT_ONCE", at_once)
        pricer = Pricer(question.program, divide(question.program))
        found = Relaxing(pricer, NEVER, lambda: 3600.0, lambda _: None, lambda _: None, lambda: None).run()
        assert (found is not None) == is_bounded


def _nothing(question: Question) -> Proven:
    """Return what is proven without prices."""
    pricer = Pricer(question.program, divide(question.program))
    return pricer.prove(np.zeros(len(question.program.arrays.sides)))

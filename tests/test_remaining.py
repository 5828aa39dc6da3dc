"""What prices leave, told to CP-SAT and to branch and bound: both find the least of what enumeration finds there."""

from __future__ import annotations

import threading
from random import Random
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray
from pricing import Question, questions, tangles

from sequencer import Limits, Status
from sequencer.auto import combined, priced, remaining
from sequencer.auto.blackboard import Blackboard
from sequencer.auto.remaining import Remaining
from sequencer.cpsat import over_rows
from sequencer.engine.run import Stoppable
from sequencer.milp import linear
from sequencer.rebuild.admit import admits

NEVER = threading.Event()
LIMITS = Limits(seconds=60, workers=2)
CASES = [*questions(range(300, 340)), *tangles(range(20), forest=False)]


def part_of(question: Question, seed: int) -> tuple[Remaining, list[int]]:
    """Return a program without cells drawn at random, and the objectives of the plans that remain, one at least."""
    program, random = question.program, Random(seed)  # noqa: S311 - tests
    kept = program.vector(random.choice(question.plans)[0])
    out = np.array([random.random() < 0.5 for _ in kept]) & (kept == 0) & (program.choices >= 0)
    objectives = [each for plan, each in question.plans if not (program.vector(plan) > 0)[out].any()]
    return Remaining.of(program, out, max(objectives) + 1, whole=True), objectives


def test_enough_is_compared() -> None:
    assert len(CASES) > 20
    fewer = [part_of(question, seed)[0].arrays for seed, question in enumerate(CASES)]
    assert sum(len(part.sides) < len(case.program.arrays.sides) for part, case in zip(fewer, CASES, strict=True)) > 10


@pytest.mark.parametrize("seed", range(len(CASES)))
def test_cp_sat_on_rows_finds_the_least_of_what_remains(seed: int) -> None:
    question = CASES[seed]
    part, objectives = part_of(question, seed)
    board = Blackboard(question.program.problem, question.program.term, None)
    bounds: list[int] = []

    def hear(values: NDArray[np.float64] | None, bound: int | None) -> None:
        if values is not None:
            part.offer("CP-SAT", values, board)
        if bound is not None:
            bounds.append(bound)

    best = min(objectives)
    assert over_rows.run(part.arrays, 0, part.objective - 1, limits=LIMITS, stop=NEVER, hear=hear) == best
    assert all(bound <= best for bound in bounds)
    assert board.cells is not None
    assert admits(question.program, board.cells)
    assert question.program.objective(board.value or 0) == best
    assert over_rows.run(part.arrays, 0, best - 1, limits=LIMITS, stop=NEVER, hear=hear) == best  # there is none below


@pytest.mark.parametrize("seed", range(len(CASES)))
def test_branch_and_bound_finds_the_same(seed: int) -> None:
    part, objectives = part_of(CASES[seed], seed)
    nothing = np.zeros(len(part.columns), np.int64), np.zeros(len(part.columns), np.bool_)
    found = linear.search(part.arrays, nothing, 60, NEVER, lambda *_: None, presolve=False)
    assert found.done
    assert found.best == pytest.approx(min(objectives))


def test_a_bound_on_a_part_says_nothing_of_plans_outside_it() -> None:
    question = CASES[0]
    program = question.program
    part = Remaining.of(program, np.zeros(len(program.choices), np.bool_), 7, whole=True)
    board = Blackboard(program.problem, program.term, None)
    part.raise_bound("CP-SAT", 100, board)
    assert (board.bound, board.exact) == (program.value(7), True)
    near = Remaining.of(program, np.zeros(len(program.choices), np.bool_), 9, whole=False)
    near.raise_bound("CP-SAT", 100, board)
    assert board.bound == program.value(7)


def test_what_cp_sat_proves_is_exact_though_branch_and_bound_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With two workers both go on at once; the proof is that of the one that ended."""
    searched: list[int] = []

    def wait(*told: object, presolve: bool) -> linear.Searched:
        stop = cast("Stoppable", told[3])
        searched.append(presolve)
        while not stop.is_set():
            threading.Event().wait(0.01)
        return linear.Searched(None, None, False)

    monkeypatch.setattr(linear, "search", wait)
    monkeypatch.setattr(priced, "SOON", 0.0)
    by: set[str] = set()
    for question in CASES:
        program = question.program
        run = priced.run(program.problem, program.term, program.caps, None, limits=LIMITS, stop=NEVER, progress=None)
        best = program.value(min(objective for _, objective in question.plans))
        assert (run.status, run.bound, run.proof) == (Status.OPTIMAL, best, "exact")
        by.add(next(step.by for step in run.steps if step.bound == best))
    assert searched
    assert by >= {combined.CPSAT, combined.PRICES}


def test_cp_sat_is_not_told_numbers_that_it_might_not_add(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise AssertionError("told")

    monkeypatch.setattr(remaining, "TRUSTED", 0)
    monkeypatch.setattr(priced, "EXACT", 0.0)
    monkeypatch.setattr(priced, "SOON", 0.0)
    monkeypatch.setattr(over_rows, "run", refuse)
    limits = Limits(seconds=0.5, workers=2)
    last: list[str] = []
    for question in CASES[10:22]:
        program = question.program
        run = priced.run(program.problem, program.term, program.caps, None, limits=limits, stop=NEVER, progress=None)
        best = program.value(min(objective for _, objective in question.plans))
        assert run.bound is not None
        assert run.bound <= best
        last.append(run.status.name)
    assert "FEASIBLE" in last  # prices alone do not prove all of them: there was something to be told


def test_a_bound_that_is_proven_exactly_later_is_exact_and_so_is_who_proved_it() -> None:
    program = CASES[0].program
    board = Blackboard(program.problem, program.term, None)
    for by, bound, exact in (("HiGHS", 3, False), ("CP-SAT", 2, True), ("CP-SAT", 3, True), ("prices", 3, True)):
        board.raise_bound(by, bound, exact=exact)
    assert (board.bound, board.exact, board.sure) == (3, True, 3)
    assert [(step.by, step.bound) for step in board.steps] == [("HiGHS", 3), ("CP-SAT", 3)]

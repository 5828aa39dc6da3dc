"""Dates alone, place by place, against trying all timetables."""

from __future__ import annotations

from collections import Counter

import pytest
from conflicting import FEW, LIMITS, NEVER, ways
from lifted import Truth, spots
from strategies import draw_instance

from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.engine.run import Caps, Run
from sequencer.outcome import Status
from sequencer.problem import Gate, Link, Problem, Width, Window
from sequencer.reasons.apart import apart
from sequencer.reasons.conflicts import Scope
from sequencer.reasons.dated import Dated
from sequencer.reasons.parts import parts_of

DATES = (Window, Link, Width, Gate)


def dates_hold(problem: Problem, names: list[str], caps: Caps = ()) -> bool:
    """Return whether some packages alone can keep their dates."""
    side = apart(problem, [names]).problem
    parts = [part for part in parts_of(side) if isinstance(side.rules[part.position], DATES)]
    return Truth.of(side, caps).holds(spots(parts))


def test_what_is_said_of_dates_is_so() -> None:
    answers: Counter[str] = Counter()
    for seed in range(80):
        instance = draw_instance(seed)
        problem = compile_instance(instance)
        if ways(problem) > FEW:
            continue
        dated = Dated(problem, (), LIMITS, NEVER)
        closed, holds = [*dated.closed()], dated.holds()
        for place, names in Scope.all_of(instance)[0].blocks.items():
            assert place not in closed or not dates_hold(problem, [*names]), seed
        truth = dates_hold(problem, [*problem.paths])
        assert truth or not holds, seed
        assert not (holds and closed), seed
        answers["holds" if holds else "closed" if closed else "not known" if truth else "not together"] += 1
    assert answers["holds"] > 10, answers
    assert answers["closed"] > 5, answers
    assert answers["not known"] < answers["holds"] / 2, answers


def test_caps_on_maxima_count() -> None:
    answers: Counter[bool] = Counter()
    for seed in range(40):
        problem = compile_instance(draw_instance(seed))
        term = problem.terms["exit"]
        if ways(problem) > FEW or not term.tables:
            continue
        caps = [(term, max(int(table.min()) for table in term.tables.values()) + seed % 12)]
        holds = Dated(problem, caps, LIMITS, NEVER).holds()
        assert dates_hold(problem, [*problem.paths], caps) or not holds, seed
        answers[holds] += 1
    assert answers[True] > 2, answers
    assert answers[False] > 2, answers


def test_what_is_not_known_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a search ends without an answer, a place is not closed, and nothing holds."""
    monkeypatch.setattr(search, "run", lambda *_, **__: Run(Status.UNKNOWN, None, None, 0.0))
    unknown = 0
    for seed in range(80):
        problem = compile_instance(draw_instance(seed))
        dated = Dated(problem, (), LIMITS, NEVER)
        assert not [*dated.closed()], seed
        unknown += not dated.holds()
    assert unknown > 5

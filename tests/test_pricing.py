"""Prices prove what they say, and only that: compared with all timetables of small instances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
import pytest
from conflicting import FEW, LIMITS, NEVER, is_conflict, ways
from lifted import Truth, spots
from strategies import draw_instance

from sequencer.compile import compile_instance
from sequencer.problem import Problem
from sequencer.reasons import conflicts as looked
from sequencer.reasons.conflicts import Scope, conflicts
from sequencer.reasons.parts import DEFINED, Part, parts_of
from sequencer.reasons.scarcity.needed import needed
from sequencer.reasons.scarcity.pricing import Pricing
from sequencer.reasons.scarcity.scarce import confirm
from sequencer.reasons.scarcity.shortfall import Prices


def small(seeds: range) -> list[tuple[int, Problem, tuple[Scope, ...]]]:
    """Return drawn instances whose timetables can all be tried."""
    drawn = [(seed, draw_instance(seed)) for seed in seeds]
    compiled = [(seed, compile_instance(instance), Scope.all_of(instance)) for seed, instance in drawn]
    return [entry for entry in compiled if ways(entry[1]) <= FEW]


def some(random: Random, parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.id in DEFINED or random.random() < 0.9]


def test_what_prices_prove_is_so_and_what_they_need_suffices() -> None:
    """Any parts may be lifted: no proof where a timetable keeps the rest, or what is said to be needed."""
    answers: Counter[str] = Counter()
    for seed, problem, _ in small(range(60)):
        random, parts, truth = Random(seed), parts_of(problem), Truth.of(problem)  # noqa: S311 - tests
        pricing = Pricing.of(problem, (), parts)
        for kept in [parts, *(some(random, parts) for _ in range(4))] if pricing is not None else ():
            assert pricing is not None
            found = pricing.ask(kept, 10, NEVER)
            holds = truth.holds(spots(kept))
            if isinstance(found, Prices):
                answers["proven"] += 1
                assert not holds, seed
                core = needed(pricing, found)
                assert core <= {*kept}
                assert not truth.holds(spots(core)), seed
            else:
                answers["held" if holds else "not decided"] += 1
    assert answers["proven"] > 10, answers
    assert answers["held"] > 10, answers


def test_any_prices_are_safe() -> None:
    """Whoever suggests them: rounded prices prove nothing of problems that have plans."""
    for seed, problem, _ in small(range(40)):
        pricing = Pricing.of(problem, (), parts_of(problem))
        if pricing is None or not Truth.of(problem).holds(spots(parts_of(problem))):
            continue
        pricing.kept.only(parts_of(problem))
        random = np.random.default_rng(seed)
        for scale in (1e-6, 1.0, 1e6):
            told = pricing.shortfall.round(random.normal(size=len(pricing.shortfall.names)) * scale)
            assert pricing.beyond(told) <= 0, seed


def test_the_second_proof_agrees_with_all_timetables() -> None:
    answers: Counter[bool] = Counter()
    for seed, problem, _ in small(range(40)):
        said = confirm(problem, (), LIMITS, NEVER)
        assert not (said and Truth.of(problem).holds(spots(parts_of(problem)))), seed
        answers[said] += 1
    assert answers[True] > 2, answers


def test_conflicts_found_by_prices_are_minimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small instances are sent that way, too: what is found is what enumeration finds."""
    monkeypatch.setattr(looked, "MANY", 0)
    priced: list[bool] = []
    real = looked._priced

    def counted(*told: Any) -> Any:  # noqa: ANN401 - passed on
        found = real(*told)
        priced.append(found is not None)
        return found

    monkeypatch.setattr(looked, "_priced", counted)
    for seed, problem, scopes in small(range(60)):
        for conflict in conflicts(problem, scopes, LIMITS, NEVER):
            assert conflict.sure, seed
            assert conflict.confirmed, seed
            assert is_conflict(problem, scopes, conflict, ()), seed
    assert sum(priced) > 3

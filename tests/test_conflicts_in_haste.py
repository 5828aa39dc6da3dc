"""Conflicts where time is short or a search is wrong: nothing is claimed that is not so."""

from __future__ import annotations

import itertools
import threading
import time
from random import Random
from typing import Any

import pytest
from conflicting import (
    FEW,
    INFEASIBLE,
    LIMITS,
    NEVER,
    infeasible,
    is_conflict,
    search_for,
    system_of,
    ways,
)
from micro.case import BASE, read_tables
from strategies import draw_instance

from sequencer import Limits, Status, read
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.engine.run import Run
from sequencer.errors import Disagreement
from sequencer.outcome import SEED
from sequencer.problem import Window
from sequencer.reasons import conflicts as narrowed
from sequencer.reasons.conflicts import Scope, conflicts
from sequencer.reasons.parts import Side


@pytest.mark.parametrize("count", [1, 3, 6, 11])
def test_where_time_runs_out_nothing_wrong_is_claimed(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named contradicts itself in its scope; that nothing of it is needless is said only where it is so."""
    found, nothing = 0, Run(Status.UNKNOWN, None, None, 0.0)
    for seed, problem, scopes in infeasible(60):
        with monkeypatch.context() as patch:
            patch.setattr(search, "run", search_for(count, nothing))
            for conflict in conflicts(problem, scopes, LIMITS, NEVER):
                assert is_conflict(problem, scopes, conflict, ()), f"draw_instance({seed})"
                found += 1
    assert found


def test_a_second_proof_that_does_not_end_confirms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = search.run, 0

    def run(*arguments: Any, formulation: Any = None, **words: Any) -> Run:  # noqa: ANN401
        if formulation is not None:
            return Run(Status.UNKNOWN, None, None, 0.0)
        return real(*arguments, **words)

    monkeypatch.setattr(search, "run", run)
    for _, problem, scopes in infeasible(60):
        for conflict in conflicts(problem, scopes, LIMITS, NEVER):
            is_seen = all(isinstance(problem.rules[part.position], Window) for part in conflict.parts)
            assert conflict.confirmed == is_seen  # that a package has no open month needs no search
            assert conflict.sure
            seen += not is_seen
    assert seen


def test_of_two_places_none_is_named_before_it_is_known_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither place can keep its promises alone, and time runs out before that is known of any of them."""
    links = "before,after,minimum | arden/policing,arden/clinics,9 | belmont/policing,belmont/clinics,9"
    packages = "place,function | arden,policing | arden,clinics | belmont,policing | belmont,clinics"
    instance = read_tables({**BASE, "packages": packages, "links": links})
    problem, scopes = compile_instance(instance), Scope.all_of(instance)
    assert [conflict.scope for conflict in conflicts(problem, scopes, LIMITS, NEVER)] == ["arden", "belmont"]
    monkeypatch.setattr(search, "run", search_for(1, Run(Status.UNKNOWN, None, None, 0.0)))
    assert all(not conflict.scope for conflict in conflicts(problem, scopes, LIMITS, NEVER))


@pytest.mark.parametrize("seconds", [1e-6, 1e-3, 0.01, 0.1])
@pytest.mark.parametrize("deterministic", [False, True])
def test_little_time_is_no_error(seconds: float, deterministic: bool) -> None:
    limits = Limits(seconds=seconds, workers=1, deterministic=deterministic)
    for folder in INFEASIBLE[::2]:
        instance = read(folder)
        problem, scopes = compile_instance(instance), Scope.all_of(instance)
        for conflict in conflicts(problem, scopes, limits, NEVER):
            again = [part for part in conflict.parts if part.side is not Side.DEFINITION]
            assert system_of(problem).clash(again)


def test_nothing_is_said_after_a_stop() -> None:
    stop = threading.Event()
    stop.set()
    for folder in INFEASIBLE:
        instance = read(folder)
        assert conflicts(compile_instance(instance), Scope.all_of(instance), LIMITS, stop) == ()


@pytest.mark.parametrize("many", [0, narrowed.MANY])
def test_deterministic_conflicts_are_the_same_each_time(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the clock says, and also where it is asked first which rules the solver needed."""
    limits = Limits(seconds=30, deterministic=True)
    monkeypatch.setattr(narrowed, "MANY", many)
    for folder in INFEASIBLE:
        instance = read(folder)
        problem, scopes = compile_instance(instance), Scope.all_of(instance)
        before = conflicts(problem, scopes, limits, NEVER)
        clock = itertools.count(0, 20)
        with monkeypatch.context() as patch:
            patch.setattr(time, "monotonic", lambda clock=clock: next(clock))
            assert conflicts(problem, scopes, limits, NEVER) == before


@pytest.mark.parametrize("share", [0.05, 0.3, 1.0])
def test_a_search_that_is_wrong_is_found_out(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says now and then that parts contradict each other that do not; the second, told otherwise, is right."""
    real, random, caught = search.run, Random(3), 0  # noqa: S311 - tests

    def lies(*arguments: Any, formulation: Any = None, **words: Any) -> Run:  # noqa: ANN401
        if formulation is None and random.random() < share:
            return Run(Status.INFEASIBLE, None, None, 0.0)
        return real(*arguments, formulation=formulation, **words)

    monkeypatch.setattr(search, "run", lies)
    for seed in range(25):
        instance = draw_instance(seed)
        problem = compile_instance(instance)
        if ways(problem) > FEW:
            continue
        scopes = Scope.all_of(instance)
        try:
            found = conflicts(problem, scopes, LIMITS, NEVER)
        except Disagreement:
            caught += 1
            continue
        assert all(is_conflict(problem, scopes, conflict, ()) for conflict in found if conflict.confirmed)
    assert caught


def test_the_largest_seed_is_allowed() -> None:
    instance = read(INFEASIBLE[0])
    limits = Limits(seconds=20, workers=1, seed=SEED)
    assert conflicts(compile_instance(instance), Scope.all_of(instance), limits, NEVER)

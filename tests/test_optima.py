"""Every engine finds the optimum of enumeration, or that there is no plan, on random instances and random folders."""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from engines import ENGINES, MINIZINC, Answer, Goals, available, by_engine, by_enumeration, open_timetables
from folder_oracle import Draw
from minizinc_data import OutOfRangeError
from strategies import draw_instance
from test_cpsat import ORDERS, SMALL

from sequencer import Instance, InstanceError, Status, read

LEFT_OUT = "left out"
KINDS = {Status.OPTIMAL.value, Status.INFEASIBLE.value, LEFT_OUT}

#: Tables that hold nothing but promises; each is now and then taken away, so that there are more plans.
PROMISES = ("criteria", "limits", "links", "widths", "gates", "calendar_events", "needs", "reserves")


def agrees(instance: Instance, goals: Goals, engine: str) -> str:
    """Compare the answers of one engine and of enumeration; return what kind of answer it is."""
    goals = available(instance, goals)
    if not goals or open_timetables(instance) > SMALL:
        return LEFT_OUT
    expected = by_enumeration(instance, goals)
    try:
        assert by_engine(instance, goals, engine) == expected
    except OutOfRangeError:
        return LEFT_OUT
    return expected[0].value


def agree_on_instances(engine: str, seeds: Iterable[int]) -> Counter[str]:
    """Compare on random instances; return how many answers there are of each kind."""
    answers: Counter[str] = Counter()
    for drawn in seeds:
        random = Random(drawn)  # noqa: S311 - tests
        goals = [(term, random.choice([0, 0, 2])) for term in random.choice(ORDERS)]
        instance = without(draw_instance(drawn), *(table for table in PROMISES if random.random() < 0.4))
        try:
            answers[agrees(instance, goals, engine)] += 1
        except AssertionError as error:
            raise AssertionError(
                f"draw_instance({drawn}), {goals}, {least(instance, goals, engine)}: {error}"
            ) from error
    return answers


def without(instance: Instance, *tables: str) -> Instance:
    """Return an instance without some tables."""
    nothing: dict[str, Any] = dict.fromkeys(tables, ())
    return dataclasses.replace(instance, **nothing)


def least(instance: Instance, goals: Goals, engine: str) -> str:
    """Say which tables of promises an instance must have for an engine to disagree."""
    kept = [table for table in PROMISES if getattr(instance, table)]
    for table in list(kept):
        smaller = without(instance, *(other for other in PROMISES if other not in kept or other == table))
        try:
            agrees(smaller, goals, engine)
        except AssertionError:
            kept.remove(table)
    return f"with {', '.join(kept) or 'none'} of the tables of promises"


def agree_on_folders(engine: str, seeds: Iterable[int], folder: Path) -> Counter[str]:
    """Compare on random folders, with the objectives they state; return how many answers there are of each kind."""
    answers: Counter[str] = Counter()
    for drawn in seeds:
        path = folder / str(drawn)
        Draw(drawn).write(path)
        try:
            instance = read(path)
        except InstanceError:
            answers[LEFT_OUT] += 1
            continue
        goals = [(goal.term, goal.tolerance) for goal in instance.plan.objective]
        try:
            answers[agrees(instance, goals, engine)] += 1
        except AssertionError as error:
            raise AssertionError(f"folder {path} of seed {drawn}: {error}") from error
    return answers


def tell(answers: Counter[str], request: pytest.FixtureRequest) -> None:
    """Tell at the end of the run how many draws had no plan; many have one, and many do not."""
    compared = answers[Status.OPTIMAL.value] + answers[Status.INFEASIBLE.value]
    share = answers[Status.INFEASIBLE.value] / compared
    said = f"{compared} compared, {share:.0%} without a plan, {answers[LEFT_OUT]} left out"
    request.node.user_properties.append(("draws", said))
    assert 0.1 < share < 0.7, said
    assert answers[LEFT_OUT] < compared, said
    assert set(answers) <= KINDS, said


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration(engine: str, request: pytest.FixtureRequest) -> None:
    tell(agree_on_instances(engine, range(20 if engine == MINIZINC else 60)), request)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration_on_folders(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tell(agree_on_folders(engine, range(20 if engine == MINIZINC else 60), tmp_path), request)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration_in_many_draws(engine: str, request: pytest.FixtureRequest) -> None:
    tell(agree_on_instances(engine, range(1000, 1080 if engine == MINIZINC else 1600)), request)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration_on_many_folders(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tell(agree_on_folders(engine, range(1000, 1120 if engine == MINIZINC else 1600), tmp_path), request)


def test_a_disagreement_is_told_with_the_tables_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is wrong wherever there are links and limits."""

    def wrong(instance: Instance, goals: Goals, engine: str) -> Answer:  # noqa: ARG001 - stands in for an engine
        status, values = by_enumeration(instance, goals)
        return status, [value + bool(instance.links and instance.limits) for value in values]

    monkeypatch.setattr(sys.modules[__name__], "by_engine", wrong)
    with pytest.raises(AssertionError, match=r"draw_instance\(\d+\).* with limits, links of the tables of promises"):
        agree_on_instances("wrong", range(200))

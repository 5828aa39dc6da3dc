"""Every engine finds the optimum of enumeration, or that there is no plan, on random instances and random folders."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import minizinc
import pytest
from engines import ENGINES, MINIZINC, Goals, available, by_engine, by_enumeration, open_timetables
from folder_oracle import Draw
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from strategies import draw_instance
from strategies.draws import SEEDS
from test_cpsat import ORDERS, SMALL

from sequencer import Instance, InstanceError, Status, read

LEFT_OUT = "left out"
KINDS = {Status.OPTIMAL.value, Status.INFEASIBLE.value, LEFT_OUT}

#: Tables that hold nothing but promises. Some are taken away, so that there are more plans; a failing draw shrinks to
#: few tables.
PROMISES = ("criteria", "limits", "links", "widths", "gates", "calendar_events", "reserves")
KEPT = st.tuples(*(st.sampled_from([False, True, True, True]) for _ in PROMISES))


def agrees(instance: Instance, goals: Goals, engine: str) -> str:
    """Compare the answers of one engine and of enumeration; return what kind of answer it is."""
    goals = available(instance, goals)
    if not goals or open_timetables(instance) > SMALL:
        return LEFT_OUT
    expected = by_enumeration(instance, goals)
    try:
        assert by_engine(instance, goals, engine) == expected
    except minizinc.OutOfRange:
        return LEFT_OUT
    return expected[0].value


def agree_on_instances(engine: str, examples: int) -> Counter[str]:
    """Compare on random instances; return how many answers there are of each kind."""
    answers: Counter[str] = Counter()

    @seed(21)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(SEEDS, KEPT, st.sampled_from(ORDERS), st.sampled_from([0, 2]))
    def compare(drawn: int, kept: tuple[bool, ...], order: tuple[str, ...], tolerance: int) -> None:
        dropped: dict[str, Any] = {table: () for table, keep in zip(PROMISES, kept, strict=True) if not keep}
        note(f"draw_instance({drawn}) without {', '.join(dropped)}")
        instance = dataclasses.replace(draw_instance(drawn), **dropped)
        answers[agrees(instance, [(term, tolerance) for term in order], engine)] += 1

    compare()
    return answers


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
    tell(agree_on_instances(engine, 20 if engine == MINIZINC else 60), request)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration_on_folders(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tell(agree_on_folders(engine, range(20 if engine == MINIZINC else 60), tmp_path), request)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration_in_many_draws(engine: str, request: pytest.FixtureRequest) -> None:
    tell(agree_on_instances(engine, 120 if engine == MINIZINC else 600), request)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_agrees_with_enumeration_on_many_folders(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tell(agree_on_folders(engine, range(1000, 1120 if engine == MINIZINC else 1600), tmp_path), request)

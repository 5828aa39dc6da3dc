"""Schedules bred for maxima, and the bounds beside them: compared with enumeration, and repeated."""

from __future__ import annotations

import dataclasses
import math
import threading
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from money_oracle import MoneyOracle
from oracles import every_plan
from projects import draw_project, shortest
from strategies import draw_instance
from test_cpsat import SMALL

from sequencer import Instance, Limits, Status, read
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.importing.folder import write_folder
from sequencer.importing.project import Mode, Project, Resource
from sequencer.problem import Problem
from sequencer.schedules import bounds, reader, search, tasks
from sequencer.schedules.population import Population
from sequencer.schedules.tasks import NEVER

#: Rules that arrays cannot say; without them instances are bred for.
BEYOND: dict[str, Any] = {"widths": (), "gates": (), "budget": (), "pledges": (), "donors": (), "reserves": ()}
LIMITS = Limits(seconds=20, workers=2)


def asked(problem: Problem, term: str, limits: Limits = LIMITS) -> tuple[Status, int | None, int | None]:
    run = search.run(problem, problem.terms[term], [], None, limits=limits, stop=threading.Event())
    if run.cells is None:
        return run.status, None, run.bound
    assert not list(problem.breaches(run.cells, allot(problem, run.cells)))
    return run.status, problem.value(problem.terms[term], run.cells), run.bound


def enumerable(seed: int, *, plain: bool) -> Instance | None:
    """Return a random instance, plain enough for arrays if asked for; None if there is too much to try."""
    random = Random(seed)  # noqa: S311 - tests
    instance = draw_instance(seed)
    kept = {"criteria", "limits", "calendar_events"} if random.random() < 0.5 else set()
    bare: dict[str, Any] = {name: () for name in ("criteria", "limits", "calendar_events") if name not in kept}
    instance = dataclasses.replace(instance, **bare, **(BEYOND if plain else {}))
    problem = compile_instance(instance)
    few = math.prod(int(problem.open_cells(name).sum()) for name in problem.paths) <= SMALL
    return instance if few else None


@pytest.mark.parametrize("plain", [True, False])
def test_the_least_maximum_is_that_of_enumeration(plain: bool) -> None:
    found = {"bred": 0, "left to CP-SAT": 0, "without a plan": 0}
    for seed in range(60):
        instance = enumerable(seed, plain=plain)
        if instance is None:
            continue
        problem = compile_instance(instance)
        plans = list(every_plan(problem, MoneyOracle(instance)))
        for term in problem.terms.values():
            if not term.maximum or not term.tables:
                continue
            values = [problem.value(term, dict(zip(problem.paths, plan, strict=True))) for plan in plans]
            expected = (Status.OPTIMAL, min(values), min(values)) if values else (Status.INFEASIBLE, None, None)
            status, value, bound = asked(problem, term.name)
            assert (status, value) == expected[:2], (seed, term.name)
            assert bound == expected[2] or not values, (seed, term.name)
            reading = reader.read(problem, term, [])
            found["bred" if reading.whole and reading.regular else "left to CP-SAT"] += 1
            found["without a plan"] += not values
    assert all(count > 2 for name, count in found.items() if plain or name != "bred"), found


@pytest.mark.parametrize("plain", [True, False])
def test_arithmetic_refutes_nothing_that_a_plan_reaches(plain: bool) -> None:
    """Propositions 13 and 14: a value that is refuted is below that of every plan."""
    tight = above = 0
    for seed in range(60, 160):
        instance = enumerable(seed, plain=plain)
        if instance is None:
            continue
        problem = compile_instance(instance)
        plans = list(every_plan(problem, MoneyOracle(instance)))
        for term in problem.terms.values():
            if not term.maximum or not term.tables or not plans:
                continue
            best = min(problem.value(term, dict(zip(problem.paths, plan, strict=True))) for plan in plans)
            entries = [int(value) for table in term.tables.values() for value in (table.min(), table.max())]
            reading = reader.read(problem, term, [])
            least = min(0, *entries)
            bound = bounds.lower_bound(reading.tasks, least, max(0, *entries))
            assert bound is not None
            assert bound <= best, (seed, term.name)
            tight += bound == best
            above += bound > least
    assert tight > 5
    assert above > 5


def folder_of(project: Project, folder: Path) -> Problem:
    write_folder(project, folder)
    return compile_instance(read(folder))


def test_bounds_by_energy_and_by_chains_are_reached_where_they_must_be(tmp_path: Path) -> None:
    """Six tasks of two months, two at once: energy says 6; three at once and three of them in a row: chains say 6."""
    dummy, task = (Mode(0, (0,)),), (Mode(2, (1,)),)
    six = Project(
        name="six", activities=(dummy, *[task] * 6, dummy), resources=(Resource("R", renewable=True, capacity=2),)
    )
    problem = folder_of(six, tmp_path / "six")
    reading = reader.read(problem, problem.terms["exit"], [])
    assert bounds.lower_bound(reading.tasks, 0, 100) == 6
    chain = dataclasses.replace(
        six, precedences=((1, 2), (2, 3)), resources=(Resource("R", renewable=True, capacity=3),)
    )
    problem = folder_of(chain, tmp_path / "chain")
    reading = reader.read(problem, problem.terms["exit"], [])
    assert bounds.lower_bound(reading.tasks, 0, 100) == 6
    assert asked(problem, "exit") == (Status.OPTIMAL, 6, 6)


@pytest.mark.parametrize("modes", [1, 3])
def test_breeding_alone_finds_shortest_schedules_of_small_projects(modes: int, tmp_path: Path) -> None:
    for seed in range(100, 115):
        project = draw_project(seed, modes=modes, most=4 if modes == 1 else 3)
        expected = shortest(project)
        problem = folder_of(project, tmp_path / str(seed))
        reading = reader.read(problem, problem.terms["exit"], [])
        assert reading.whole
        assert reading.regular
        population = Population.of(reading, seed, target=0)
        if expected is None:
            assert population is None or population.best() is None
            continue
        assert population is not None
        population.breed(3000)
        best = population.best()
        assert best is not None
        assert best[0] == expected == problem.value(problem.terms["exit"], best[1])
        assert not list(problem.breaches(best[1]))


def test_where_no_proof_is_in_sight_a_second_herd_is_bred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FAR", -1.0)  # as if the bound were always far from the plan
    monkeypatch.setattr(search, "GLANCE", 0.0)
    monkeypatch.setattr(search, "lower_bound", lambda *_: 0)
    monkeypatch.setattr(search._Search, "_take", lambda *_: None)  # of the first herd nothing is heard
    drawn: list[int] = []
    another = Population.another

    def counted(herd: Population, seed: int) -> Population:
        drawn.append(seed)
        return another(herd, seed)

    monkeypatch.setattr(Population, "another", counted)
    for seed in range(100, 106):
        project = draw_project(seed, modes=1, most=4)
        expected = shortest(project)
        if expected is None:
            continue
        problem = folder_of(project, tmp_path / str(seed))
        assert asked(problem, "exit", Limits(seconds=1, workers=2))[1] == expected
    assert drawn


def test_packages_that_need_a_pool_twice_in_a_month_are_read_as_needing_both(tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    write_folder(draw_project(1), folder)
    needs = (folder / "needs.csv").read_text(encoding="utf-8").splitlines()
    (folder / "needs.csv").write_text("\n".join([*needs, "activity-2,,transfer,R0,1"]) + "\n", encoding="utf-8")
    problem = compile_instance(read(folder))
    data = reader.read(problem, problem.terms["exit"], []).tasks
    for p in range(len(problem.paths)):
        pieces = range(data.piece_at[p], data.piece_at[p + 1])
        months = [(int(data.row[i]), m) for i in pieces for m in range(data.first[i], data.last[i])]
        assert len(months) == len(set(months))
    assert asked(problem, "exit")[0] in {Status.OPTIMAL, Status.INFEASIBLE}


def test_a_deterministic_search_repeats_itself_and_keeps_its_limit(tmp_path: Path) -> None:
    problem = folder_of(draw_project(7, modes=3, most=6), tmp_path / "seven")
    limits = Limits(seconds=2, deterministic=True)
    runs = [
        search.run(problem, problem.terms["exit"], [], None, limits=limits, stop=threading.Event()) for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert runs[0].spent <= 2.5


def test_a_stopped_search_returns_the_plan_it_began_from(tmp_path: Path) -> None:
    problem = folder_of(draw_project(3), tmp_path / "three")
    term = problem.terms["exit"]
    first = search.run(problem, term, [], None, limits=LIMITS, stop=threading.Event())
    assert first.cells is not None
    stop = threading.Event()
    stop.set()
    again = search.run(problem, term, [], first.cells, limits=LIMITS, stop=stop)
    assert again.cells is not None
    assert problem.value(term, again.cells) == problem.value(term, first.cells)


def test_caps_on_maxima_are_kept_and_those_on_sums_left_to_cpsat(tmp_path: Path) -> None:
    problem = folder_of(draw_project(5), tmp_path / "five")
    leaving, early = problem.terms["exit"], problem.terms["early_transfer"]
    assert reader.read(problem, leaving, [(leaving, 100)]).whole
    assert not reader.read(problem, leaving, [(early, 1000)]).whole
    _, value, _ = asked(problem, "exit")
    assert value is not None
    run = search.run(problem, leaving, [(leaving, value - 1)], None, limits=LIMITS, stop=threading.Event())
    assert run.status is Status.INFEASIBLE


def test_sums_are_refused(tmp_path: Path) -> None:
    problem = folder_of(draw_project(5), tmp_path / "five")
    with pytest.raises(ValueError, match="sum"):
        asked(problem, "early_transfer")


def test_circles_of_lags_are_left_to_cpsat(tmp_path: Path) -> None:
    seeds = [seed for seed in range(40) if any(lag.periods < 0 for lag in draw_project(seed, lags=True).lags)]
    for seed in seeds[:6]:
        project = draw_project(seed, lags=True)
        expected = shortest(project)
        status, value, _ = asked(folder_of(project, tmp_path / str(seed)), "exit")
        assert value == expected
        assert status is (Status.INFEASIBLE if expected is None else Status.OPTIMAL)


def test_stretched_tasks_are_open_after_their_last_month_and_unchanged_before(tmp_path: Path) -> None:
    problem = folder_of(draw_project(9), tmp_path / "nine")
    data = reader.read(problem, problem.terms["exit"], []).tasks
    longer, months = tasks.stretched(data), data.following.shape[2] - 1
    last = data.preceding[:, :, -1]
    for m in range(months):
        kept = data.following[:, :, m] < NEVER
        assert (longer.following[:, :, m][kept] == data.following[:, :, m][kept]).all()
    assert (longer.following[:, :, months] == np.where(last >= 0, months, NEVER)).all()
    assert (longer.preceding[:, :, -1] == np.where(last >= 0, 2 * months - 1, -NEVER)).all()

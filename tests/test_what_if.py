"""Fronts, tornados, global effects and the command: each says what trying all plans says, and no more."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from engines import available, open_timetables
from here import Here
from strategies import draw_instance
from test_optima import PROMISES, without
from valued import SMALL, plans

from sequencer import Instance, Limits, UsageError, read, sensitivity
from sequencer.cli import main
from sequencer.instance.contradictions import contradictions
from sequencer.months import Calendar
from sequencer.sensitivity import effects
from sequencer.sensitivity.command import ranges
from sequencer.sensitivity.plots import axes

EXAMPLE = Path(__file__).parents[1] / "instances" / "tiny" / "worked-example"
TEAMS = "capacity.mentor_team.pool"
GIVEN: dict[str, Any] = {"limits": Limits(seconds=60, workers=1, deterministic=True), "engine": "cpsat"}
POINTS = 40  # at which a term is held
TERMS = ("exit", "risk", "early_transfer", "cost", "departure", "change")


def pareto(points: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    return {
        one
        for one in points
        if not any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in points)
    }


def drawn(seed: int, count: int) -> tuple[Instance, tuple[str, ...]] | None:
    """Return a small instance and terms that it has."""
    random = Random(seed)  # noqa: S311 - tests
    instance = without(draw_instance(seed), *(table for table in PROMISES if random.random() < 0.5))
    terms = [term for term, _ in available(instance, tuple((term, 0) for term in TERMS))]
    if len(terms) < count or contradictions(instance) or open_timetables(instance) > SMALL:
        return None
    return instance, tuple(random.sample(terms, count))


@pytest.mark.parametrize("count", [2, 3])
def test_a_front_is_that_of_all_plans(count: int) -> None:
    compared = several = complete = 0
    for seed in range(60):
        found = drawn(seed, count)
        if found is None:
            continue
        instance, terms = found
        front = sensitivity.front(instance, terms, points=POINTS, executor=Here(), **GIVEN)
        real = pareto({tuple(values[term] for term in terms) for values in plans(instance).values()})
        said = {tuple(point.values[term] for term in terms) for point in front.points}
        assert said <= real, seed
        whole = all(max(column) - min(column) < POINTS for column in list(zip(*real, strict=True))[1:])
        assert said == real or not whole, seed
        complete += whole and len(real) > 1
        assert bool(said) == bool(real)
        assert all(point.proven and not point.dominated for point in front.points)
        assert len(front.frame) == len(front.points)
        compared += 1
        several += len(real) > 1
    assert compared > 5
    assert several > 1
    assert complete > 0


def test_a_front_without_plans_has_no_points(infeasible: Path) -> None:
    front = sensitivity.front(read(infeasible), ["exit", "early_transfer"], executor=Here(), **GIVEN)
    assert (front.points, front.without, front.waiting) == ((), 2, 0)
    assert front.frame.empty


@pytest.fixture
def infeasible(top: Path) -> Path:
    return next(folder for folder in sorted((top / "instances" / "infeasible").iterdir()) if folder.is_dir())


@pytest.mark.parametrize("terms", [["exit"], ["exit", "risk", "cost", "change"], ["exit", "nothing"], ["exit", "exit"]])
def test_a_front_of_other_terms_is_refused(terms: list[str]) -> None:
    with pytest.raises(UsageError):
        sensitivity.front(read(EXAMPLE), terms, executor=Here(), **GIVEN)


def test_a_tornado_turns_one_number_at_a_time() -> None:
    instance = read(EXAMPLE)
    turned: Any = {TEAMS: (1, 2), "plan.mandate_end": ("2030-03", "2031-06"), "plan.months": ("-1", "+1")}
    frame = sensitivity.tornado(instance, turned, term="exit", executor=Here(), **GIVEN).frame.set_index("factor")
    assert list(frame.index) == [TEAMS, "plan.months", "plan.mandate_end"]  # the widest first, what has none last
    assert (frame.loc[TEAMS, "low_value"], frame.loc[TEAMS, "high_value"], frame.loc[TEAMS, "swing"]) == (12, 10, 2)
    assert frame.loc["plan.mandate_end", "low_status"] == "INFEASIBLE"
    assert frame["swing"].isna().sum() == 1
    assert frame.loc["plan.months", "swing"] == 0
    assert set(frame["base"]) == {min(values["exit"] for values in plans(instance).values())}


def test_addresses_alone_are_turned_by_one_unit() -> None:
    instance = read(EXAMPLE).but({TEAMS: 2})
    found = sensitivity.tornado(instance, [TEAMS], executor=Here(), **GIVEN)
    assert [run.factors for run in found.studied.runs] == [{TEAMS: "-1"}, {TEAMS: "+1"}]
    assert found.term == "exit"
    assert list(found.frame["swing"]) == [2]
    with pytest.raises(UsageError, match="at least one number"):
        sensitivity.tornado(instance, [], executor=Here(), **GIVEN)
    with pytest.raises(UsageError, match="a list of addresses"):
        sensitivity.tornado(instance, TEAMS, executor=Here(), **GIVEN)


PROBLEM = {"num_vars": 2, "names": [TEAMS, "plan.months"], "bounds": [[1, 4], [24, 30]]}


def test_effects_find_the_factor_that_matters() -> None:
    instance = read(EXAMPLE)
    screened = sensitivity.morris(instance, PROBLEM, trajectories=6, term="exit", executor=Here(), **GIVEN)
    moved = dict(zip(screened.frame["factor"], screened.frame["mu_star"], strict=True))
    assert moved[TEAMS] > 0 == moved["plan.months"]
    assert (screened.blocks, screened.left_out) == (6, 0)
    shares = sensitivity.sobol(instance, PROBLEM, samples=16, term="exit", executor=Here(), **GIVEN)
    total = dict(zip(shares.frame["factor"], shares.frame["ST"], strict=True))
    assert total[TEAMS] > 0.5
    assert total["plan.months"] == 0
    assert len(shares.studied.runs) < 16 * 4  # equal values are solved once


def test_runs_without_a_proven_plan_are_left_out_of_effects() -> None:
    problem = {"num_vars": 2, "names": [TEAMS, "plan.mandate_end"], "bounds": [[1, 4], [2, 20]]}
    instance = read(EXAMPLE)
    found = sensitivity.morris(instance, problem, trajectories=8, term="exit", seed=1, executor=Here(), **GIVEN)
    statuses = {run.status for run in found.studied.runs}
    assert statuses == {"OPTIMAL", "INFEASIBLE"}
    assert 0 < found.left_out <= found.blocks == 8
    never = {"num_vars": 1, "names": ["plan.mandate_end"], "bounds": [[0, 3]]}
    found = sensitivity.morris(instance, never, trajectories=4, term="exit", executor=Here(), **GIVEN)
    assert found.left_out == 4
    assert found.frame["mu_star"].isna().all()


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ({}, "num_vars"),
        ({"names": ["a"], "bounds": []}, "num_vars"),
        ({"names": [TEAMS], "bounds": [[1, 2]], "groups": ["x"]}, "groups"),
        ({"names": ["capacity.nobody"], "bounds": [[1, 2]]}, "no number has the address"),
    ],
)
def test_a_problem_that_is_none_is_refused(problem: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        sensitivity.morris(read(EXAMPLE), problem, executor=Here(), **GIVEN)


def test_effects_are_for_the_whole_range_of_a_number() -> None:
    """Runs are made at values that the number can have, and effects are divided by the steps between these."""
    instance = read(EXAMPLE).but({"packages.arden/clinics.earliest": "2030-10"})
    problem: Any = {"num_vars": 1, "names": ["packages.arden/clinics.earliest"], "bounds": [[9, 10]]}
    given: Any = {"term": "exit", "trajectories": 6, "executor": Here(), **GIVEN}
    found = sensitivity.morris(instance, problem, levels=2, **given)
    later = [values["exit"] for values in (best_of(instance, month) for month in ("2030-10", "2030-11"))]
    assert later[1] - later[0] == 1
    assert found.frame[["mu", "mu_star", "sigma"]].to_numpy().tolist() == [[1, 1, 0]]
    with pytest.raises(UsageError, match=r"9, 9\.33333, 9\.66667, 10, which it cannot have"):
        sensitivity.morris(instance, problem, levels=4, **given)
    with pytest.raises(UsageError, match="low bound of each factor"):
        sensitivity.morris(instance, {**problem, "bounds": [[9, 9]]}, **given)
    with pytest.raises(UsageError, match="leave out dists"):
        sensitivity.morris(instance, {**problem, "dists": ["norm"]}, **given)


def best_of(instance: Instance, earliest: str) -> dict[str, int]:
    changed = instance.but({"packages.arden/clinics.earliest": earliest})
    return dict(min(plans(changed).values(), key=lambda values: values["exit"]))


def test_sobol_draws_each_value_as_often() -> None:
    problem: Any = {"num_vars": 1, "names": [TEAMS], "bounds": [[1, 4]]}
    asked = effects._Asked(read(EXAMPLE), problem)
    drawn = asked.inside(np.linspace(0.5, 4.5, 4001)[1:-1, None])
    assert asked.widened["bounds"] == [[0.5, 4.5]]
    counts = Counter(value for row in drawn for value in asked._factors(row).values())
    assert set(counts) == {1, 2, 3, 4}
    assert max(counts.values()) - min(counts.values()) <= 2


def test_samples_of_sobol_are_a_power_of_two() -> None:
    with pytest.raises(UsageError, match="power of two"):
        sensitivity.sobol(read(EXAMPLE), PROBLEM, samples=12, executor=Here(), **GIVEN)


def test_what_is_optional_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(UsageError, match=r"sequencer\[plots\]"):
        axes(None)
    monkeypatch.setitem(__import__("sys").modules, "SALib.analyze.morris", None)
    with pytest.raises(UsageError, match=r"sequencer\[global\]"):
        effects.morris(read(EXAMPLE), PROBLEM, executor=Here(), **GIVEN)


def test_pictures_show_what_has_no_plan_in_words() -> None:
    turned: Any = {TEAMS: [1, 2], "plan.mandate_end": ["2030-03", "2031-06"]}
    swept = sensitivity.sweep(read(EXAMPLE), turned, executor=Here(), **GIVEN)
    heat = swept.plot_heat(TEAMS, "plan.mandate_end", "exit")
    assert sorted(text.get_text() for text in heat.texts) == ["10", "12", "infeasible", "infeasible"]
    lines = sensitivity.sweep(read(EXAMPLE), {"plan.mandate_end": ["2030-03", "2031-06"]}, executor=Here(), **GIVEN)
    drawn = lines.plot_lines("plan.mandate_end", "exit")
    assert [text.get_text() for text in drawn.texts] == ["infeasible"]
    turn: Any = {TEAMS: (1, 2), "plan.mandate_end": ("2030-03", "2031-06")}
    bars = sensitivity.tornado(read(EXAMPLE), turn, executor=Here(), **GIVEN).plot_tornado()
    assert [text.get_text() for text in bars.texts] == [" 2030-03: infeasible"]
    assert len(bars.patches) == 3
    points = sensitivity.front(read(EXAMPLE), ["exit", "early_transfer"], executor=Here(), **GIVEN).plot_front()
    assert (points.get_xlabel(), points.get_ylabel()) == ("exit", "early_transfer")


def test_runs_say_what_binds_them() -> None:
    swept = sensitivity.sweep(
        read(EXAMPLE), {TEAMS: [1, 2]}, objective=["exit"], executor=Here(), reasons=True, **GIVEN
    )
    assert list(swept.frame["binds"]) == [
        "exit: the dates of arden; the dates of belmont; the link from policing, arden to clinics, arden; mentor team",
        "exit: the dates of arden; the dates of belmont; the link from policing, arden to clinics, arden; mentor team",
        "exit: the dates of belmont",
    ]


# --- The command -----------------------------------------------------------------------------------------------------


def swept(*arguments: object) -> int:
    return main(["sweep", str(EXAMPLE), "--quiet", "--engine", "cpsat", *map(str, arguments)])


def test_the_command_prints_and_writes_each_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, runs = tmp_path / "runs.csv", tmp_path / "runs.jsonl"
    assert swept("--vary", f"{TEAMS}=1..3", "--out", out, "--runs", runs) == 0
    printed = capsys.readouterr().out
    assert "4 runs: 4 OPTIMAL" in printed
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [(row[TEAMS], row["exit"]) for row in rows] == [("", "12"), ("1", "12"), ("2", "10"), ("3", "10")]
    assert swept("--vary", f"{TEAMS}=1..3", "--out", out) == 2
    assert "is there already" in capsys.readouterr().err
    before = runs.read_bytes()
    assert swept("--vary", f"{TEAMS}=1..3", "--runs", runs, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert [run["exit"] for run in said["runs"]] == [12, 12, 10, 10]
    assert runs.read_bytes() == before  # nothing was asked again


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("nothing", "--vary needs"),
        (f"{TEAMS}=", "--vary needs"),
        (f"{TEAMS}=5..1", "is empty"),
        (f"{TEAMS}=1..x", "a range is"),
        (f"{TEAMS}=1..99999999", "more than 10000"),
        (f"{TEAMS}=1,1", "more than once"),
        (f"{TEAMS}=-5", "must lie between"),
        ("capacity.nobody=1", "no number has the address"),
    ],
)
def test_the_command_says_what_it_does_not_understand(vary: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert swept("--vary", vary) == 2
    assert said in capsys.readouterr().err


def test_factors_are_ranges_of_numbers_and_months_or_lists() -> None:
    texts = ["a=4..6", "b=2030-11..2031-01", "c= +1 ,2,none", "d.x=y=1"]
    assert ranges(texts, Calendar(2030, 1)) == {
        "a": [4, 5, 6],
        "b": ["2030-11", "2030-12", "2031-01"],
        "c": ["+1", "2", "none"],
        "d.x=y": ["1"],
    }
    with pytest.raises(UsageError, match="twice"):
        ranges(["a=1", "a=2"], Calendar(2030, 1))
    with pytest.raises(UsageError, match="more than 10000 runs"):
        ranges(["a=0..200", "b=0..200"], Calendar(2030, 1))


def test_an_executor_is_one_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert swept("--vary", f"{TEAMS}=1..2", "--executor", "cloud") == 2
    assert "dask://HOST:PORT" in capsys.readouterr().err

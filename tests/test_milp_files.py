"""Models written to files for other solvers: readable by them, named safely, and never in place of somebody's work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import highspy
import pytest

from sequencer import Limits, Status, UsageError, read, solve
from sequencer.compile import compile_instance
from sequencer.engine.run import Caps
from sequencer.instance.instance import Instance
from sequencer.milp import search
from sequencer.milp.engine import Milp
from sequencer.problem import Term


@pytest.fixture(scope="module")
def example(worked: Path) -> Instance:
    return read(worked)


def in_order(term: Callable[[str], Term], values: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int, Caps]]:
    """Yield each level: its term, its least value, and the caps of the levels before it."""
    for position, (name, value) in enumerate(values):
        yield name, value, [(term(earlier), most) for earlier, most in values[:position]]


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_models_are_written_for_other_solvers(suffix: str, example: Instance, tmp_path: Path) -> None:
    """HiGHS reads each file by itself and finds the least value of its level; earlier ones stand beside the last."""
    problem = compile_instance(example)
    engine = Milp(dump=tmp_path / f"model{suffix}")
    values = [("exit", 12), ("risk", 118_000_000), ("early_transfer", 31)]
    for name, _, caps in in_order(problem.terms.__getitem__, values):
        engine.begin(problem, problem.terms[name], caps)
    files = [f"model.1-exit{suffix}", f"model.2-risk{suffix}", f"model{suffix}"]
    assert sorted(file.name for file in tmp_path.iterdir()) == files
    for file, (name, value) in zip(files, values, strict=True):
        path = tmp_path / file
        assert re.match(rf"\S {name} = 0 \+ 1 x objective\n", path.read_text())
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        assert model.readModel(str(path)) == highspy.HighsStatus.kOk
        assert model.run() == highspy.HighsStatus.kOk
        assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        assert model.getInfo().objective_function_value == pytest.approx(value, abs=1e-6)


def test_a_model_with_large_numbers_says_what_its_objective_counts(example: Instance, tmp_path: Path) -> None:
    """Files hold twelve digits: larger values are counted in their greatest common unit, beyond the least possible."""
    large = example.but({"places.arden.population": 2 * 10**9, "places.belmont.population": 10**9})
    problem = compile_instance(large)
    assert Milp(dump=tmp_path / "model.mps").begin(problem, problem.terms["risk"], []) == ""
    said = re.match(r"\* risk = (\d+) \+ (\d+) x objective\n", (tmp_path / "model.mps").read_text())
    assert said
    assert int(said[2]) > 10**12


def test_a_model_that_cannot_be_written_costs_no_answer(example: Instance, tmp_path: Path) -> None:
    engine, problem = Milp(dump=tmp_path / "model.mps"), compile_instance(example)
    tmp_path.rename(tmp_path.with_name("gone"))
    assert engine.begin(problem, problem.terms["exit"], []).startswith("no model of exit was written: ")


def test_a_solve_writes_the_model_of_each_level_and_of_nothing_else(example: Instance, tmp_path: Path) -> None:
    """Neither breaking ties nor later exits nor second proofs write anything."""
    outcome = solve(example, engine="milp", dump=tmp_path / "model.lp", verify=True)
    assert outcome.status is Status.OPTIMAL
    assert len(outcome.haste) > 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.1-exit.lp", "model.2-risk.lp", "model.lp"]
    assert (tmp_path / "model.lp").read_text().startswith("\\ early_transfer = ")


def test_a_model_does_not_replace_files_unasked(example: Instance, tmp_path: Path) -> None:
    problem = compile_instance(example)
    earlier = tmp_path / "model.1-exit.mps"
    earlier.write_text("mine")
    (tmp_path / "model.1-exit.lp").write_text("mine")
    with pytest.raises(UsageError, match=r"model\.1-exit\.mps is there already"):
        Milp(dump=tmp_path / "model.mps")
    Milp(dump=tmp_path / "model.mps", overwrite=True).begin(problem, problem.terms["cost"], [])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.1-exit.lp", "model.mps"]


@pytest.mark.parametrize(
    ("file", "said"), [("model.txt", "a model is written as"), ("no/model.mps", "cannot write model.mps")]
)
def test_a_model_that_cannot_be_written_is_told_at_once(file: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        Milp(dump=tmp_path / file)


def test_files_of_others_stay_and_those_of_an_earlier_solve_go(example: Instance, tmp_path: Path) -> None:
    """Also where nothing takes their place, since no package has a month."""
    for name in ("model.MPS", "model.1-exit.MPS", "model.2-mine.MPS", "other.MPS"):
        (tmp_path / name).write_text("earlier", encoding="utf-8")
    closed = example.but({"packages.belmont/policing.latest": "2030-07"})
    outcome = solve(closed, engine="milp", dump=str(tmp_path / "model.MPS"), overwrite=True)
    assert "no model of exit was written: a package has no month left" in outcome.notes
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.2-mine.MPS", "other.MPS"]


def test_a_deterministic_solve_is_refused_before_anything_is_written(example: Instance, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no repeatable clock"):
        solve(example, engine="milp", dump=tmp_path / "model.mps", limits=Limits(deterministic=True))
    assert not list(tmp_path.iterdir())


def test_names_are_safe_in_every_format(top: Path) -> None:
    halvara = compile_instance(read(top / "instances" / "national" / "halvara"))
    told = search.tell(halvara, halvara.terms["exit"], [])
    assert told is not None
    problem = told.rows.problem
    names = [item.name for item in (*problem.variables(), *problem.constraints())]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-DF-Za-df-z][A-Za-z0-9_]{0,79}", name) for name in names)

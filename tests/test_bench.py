"""The benchmark harness: runs in processes of their own, rows, resumption and exit status."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sequencer.bench import harness
from sequencer.bench.record import read_rows
from sequencer.bench.runs import COLUMNS, Row, Task, measure
from sequencer.bench.sets import Entry
from sequencer.bench.versions import Versions
from sequencer.cli import main

TINY = Path(__file__).parent.parent / "instances" / "tiny"
VERSIONS = Versions("abc", "sequencer 1", "3", "a machine")


def entry(name: str = "worked-example") -> Entry:
    return Entry("tiny", name, TINY / name, "digest")


def task(engine: str, objective: tuple[str, ...] = ("exit",), **other: int) -> Task:
    return Task(entry(), engine, objective, seed=0, seconds=20.0, workers=1, **other)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    for name in ("options", "link-lag"):
        shutil.copytree(TINY / name, folder / name)
    return folder


def bench(*arguments: object) -> int:
    return main(["bench", *map(str, arguments), "--seconds", "20", "--workers", "1"])


@pytest.mark.parametrize("engine", ["cpsat", "intervals", "highs"])
def test_a_run_is_a_row(engine: str) -> None:
    row = measure(task(engine, ()), VERSIONS)
    assert tuple(row) == COLUMNS
    assert row["status"] == "OPTIMAL"
    assert row["objective"] == "default"
    with (TINY / "best.csv").open(encoding="utf-8", newline="") as file:
        best = [entry for entry in csv.DictReader(file) if entry["instance"] == "worked-example"]
    terms = [entry["term"] for entry in best if entry["objective"] == best[0]["objective"]]
    values = {entry["term"]: entry["value"] for entry in best if entry["objective"] == best[0]["objective"]}
    assert row["values"] == ";".join(f"{term}={values[term]}" for term in terms)
    assert row["bounds"] == row["values"]
    assert row["gap"] == "0"
    times = [float(row[name]) for name in ("first_s", "one_percent_s", "tenth_percent_s", "proof_s", "wall_s")]
    assert times == sorted(times)
    assert 0 < times[-1] < 20
    assert 0 < float(row["cpu_s"]) < 60
    assert 30 < int(row["peak_mib"]) < 4096
    assert row["commit"] == "abc"


def test_what_an_engine_refuses_is_a_row() -> None:
    row = measure(task("no-such-engine"), VERSIONS)
    assert row["status"] == "REFUSED"
    assert "no engine 'no-such-engine'" in row["note"]
    assert measure(task("pyjobshop"), VERSIONS)["status"] == "REFUSED"


def test_a_run_that_takes_too_much_memory_is_a_row() -> None:
    row = measure(task("cpsat", memory=20), VERSIONS)
    assert row["status"] == "MEMORY"
    assert int(row["peak_mib"]) > 20
    assert row["proof_s"] == ""


def test_a_run_that_crashes_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("months = 0\n", encoding="utf-8")
    row = measure(Task(Entry("s", "bad", tmp_path, "d"), "cpsat", (), 0, 5.0, 1), VERSIONS)
    assert row["status"] == "CRASHED"
    assert row["note"].startswith("exit status 1; ")
    assert row["values"] == ""


def test_the_command_writes_rows_and_does_not_run_them_again(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, profile = tmp_path / "out.csv", tmp_path / "profile.svg"
    assert bench(small, "--engines", "cpsat,intervals", "--objectives", "exit", "--out", out, "--profile", profile) == 0
    rows = read_rows(out)
    assert [(row["instance"], row["engine"]) for row in rows] == [
        ("link-lag", "cpsat"), ("link-lag", "intervals"), ("options", "cpsat"), ("options", "intervals"),
    ]  # fmt: skip
    assert "intervals (100 %)" in profile.read_text(encoding="utf-8")
    told = capsys.readouterr()
    assert "[4/4] small/options exit intervals: OPTIMAL, gap 0" in told.err
    assert "| small | exit      | cpsat     |    2 |" in told.out
    before = out.read_bytes()
    assert bench(small, "--engines", "cpsat,intervals", "--objectives", "exit", "--out", out) == 0
    again = capsys.readouterr()
    assert again.err.count("on record") == 4
    assert again.out == told.out
    assert out.read_bytes() == before
    assert bench(small, "--engines", "cpsat", "--objectives", "exit", "--out", out, "--every", 2, "--repeat", 2) == 0
    assert [row["seed"] for row in read_rows(out)[4:]] == ["1"]


def test_an_interrupt_keeps_the_rows_so_far(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def once(task: Task, versions: Versions, hear: Callable[[str], None]) -> Row:
        if task.entry.name == "options":
            raise KeyboardInterrupt
        return measure(task, versions, hear)

    monkeypatch.setattr(harness, "measure", once)
    out = tmp_path / "out.csv"
    assert bench(small, "--engines", "cpsat", "--out", out) == 130
    assert [row["instance"] for row in read_rows(out)] == ["link-lag"]
    assert "| small | default   | cpsat  |    1 |" in capsys.readouterr().out


def test_best_values_are_written_where_asked(small: Path) -> None:
    assert bench(small, "--engines", "cpsat") == 0
    assert not (small / "best.csv").exists()
    clean = Versions("abc", "sequencer 1", "3", "a machine")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Versions, "here", classmethod(lambda _: clean))
        assert bench(small, "--engines", "cpsat", "--best") == 0
    with (small / "best.csv").open(encoding="utf-8", newline="") as file:
        found = {(row["instance"], row["objective"], row["term"]): row["value"] for row in csv.DictReader(file)}
    with (TINY / "best.csv").open(encoding="utf-8", newline="") as file:
        known = {(row["instance"], row["objective"], row["term"]): row["value"] for row in csv.DictReader(file)}
    assert found
    assert found == {key: known[key] for key in found}


def test_a_changed_instance_is_run_again(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert bench(small / "options", "--engines", "cpsat", "--out", out) == 0
    plan = small / "options" / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert bench(small / "options", "--engines", "cpsat", "--out", out) == 0
    rows = read_rows(out)
    assert len(rows) == 2
    assert rows[0]["digest"] != rows[1]["digest"]


def test_results_behind_the_baseline_end_with_status_4(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, baseline = tmp_path / "out.csv", tmp_path / "baseline.csv"
    assert bench(small, "--engines", "cpsat", "--objectives", "exit", "--out", baseline) == 0
    assert bench(small, "--engines", "cpsat", "--objectives", "exit", "--out", out, "--baseline", baseline) == 0
    assert "speed is not judged" in capsys.readouterr().err
    text = baseline.read_text(encoding="utf-8")
    value = read_rows(baseline)[0]["values"]
    baseline.write_text(text.replace(value, "exit=1"), encoding="utf-8")
    assert bench(small, "--engines", "cpsat", "--objectives", "exit", "--out", out, "--baseline", baseline) == 4
    assert f"proven {value}, in the baseline exit=1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--objectives", "beauty"], "no objective 'beauty'"),
        (["--engines", ","], "names no engine"),
        (["--every", "0"], "at least 1"),
        (["--repeat", "0"], "at least 1"),
        (["--baseline", "nowhere.csv"], "cannot read the results nowhere.csv"),
    ],
)
def test_what_cannot_be_understood_ends_with_status_2(
    small: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(small, *arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_every_objective_apart(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert bench(small / "options", "--engines", "cpsat", "--objectives", "each,exit+cost", "--out", out) == 0
    rows = {row["objective"]: row for row in read_rows(out)}
    assert set(rows) == {"default", "exit", "departure", "risk", "early_transfer", "cost", "change", "exit+cost"}
    assert rows["exit+cost"]["values"].startswith("exit=")
    assert rows["departure"]["status"] in {"REFUSED", "OPTIMAL"}

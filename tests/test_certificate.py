"""Certificates: what prices prove is confirmed without a solver, changed bounds are not, hostile files are refused."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from editing import edit
from pricing import questions
from test_auto import LIMITS, NEVER

from sequencer.auto import sums
from sequencer.auto.engine import Auto
from sequencer.cli import main
from sequencer.places.claims import LARGEST
from sequencer.places.divide import divide
from sequencer.places.prices import EXACT, Pricer

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def certified(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an answer with certificates of two levels."""
    out = tmp_path_factory.mktemp("certified") / "plan"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sums, "SMALL", 0)
        assert main(["solve", str(worked), "--engine", "auto", "--out", str(out), "--quiet", "--no-haste"]) == 0
    return out


@pytest.fixture
def record(certified: Path) -> dict[str, Any]:
    """Return its bounds, to be changed."""
    told: dict[str, Any] = json.loads((certified / "bounds.json").read_text(encoding="utf-8"))
    return told


def asked(instance: Path, record: object, folder: Path, *more: str) -> int:
    """Return the exit status of a check of bounds."""
    file = folder / "bounds.json"
    file.write_text(record if isinstance(record, str) else json.dumps(record), encoding="utf-8")
    return main(["check", str(instance), "--bound", str(file), *more])


def test_bounds_are_confirmed_and_told(worked: Path, certified: Path, capsys: Captured) -> None:
    file = str(certified / "bounds.json")
    held = "exit at most 12, risk at most 118000000"
    assert main(["check", str(worked), "--bound", file]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "risk at least 118 000 people x level x points, exit at most 12: confirmed in whole numbers",
        f"early_transfer at least 31 weighted months, {held}: confirmed in whole numbers",
    ]
    assert main(["check", str(worked), str(certified / "timetable.csv"), "--bound", file, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["breaches"] == []
    assert [(bound["term"], bound["claimed"], bound["proven"], bound["confirmed"]) for bound in answer["bounds"]] == [
        ("risk", 118_000_000, 118_000_000, True),
        ("early_transfer", 31, 31, True),
    ]


def test_check_needs_something_to_check(worked: Path, capsys: Captured) -> None:
    assert main(["check", str(worked)]) == 2
    assert "TIMETABLE, or --bound FILE" in capsys.readouterr().err


def test_no_solver_is_loaded(worked: Path, certified: Path) -> None:
    """In a process of its own: neither solver is imported when bounds are checked."""
    script = (
        "import sys; from sequencer.cli import main\n"
        f"assert main(['check', {str(worked)!r}, '--bound', {str(certified / 'bounds.json')!r}]) == 0\n"
        "print([name for name in ('ortools', 'highspy', 'pulp') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_bound_that_prices_do_not_prove_is_told(
    worked: Path, record: dict[str, Any], tmp_path: Path, capsys: Captured
) -> None:
    record["levels"][1]["bound"] += 1
    assert asked(worked, record, tmp_path) == 4
    assert "at least 32 weighted months" in capsys.readouterr().out
    assert asked(worked, record, tmp_path, "--json") == 4
    (first, second) = json.loads(capsys.readouterr().out)["bounds"]
    assert (first["confirmed"], second["confirmed"], second["claimed"], second["proven"]) == (True, False, 32, 31)


def test_other_prices_prove_less_and_no_prices_least(worked: Path, record: dict[str, Any], tmp_path: Path) -> None:
    """Prices are what proves: halved, left out or negative they do not prove the same."""
    changes: list[Callable[[int], int]] = [lambda price: price // 2, lambda _: 0, lambda price: -price]
    for change in changes:
        told = json.loads(json.dumps(record))
        told["levels"][1]["prices"] = [[name, at, change(price)] for name, at, price in told["levels"][1]["prices"]]
        assert asked(worked, told, tmp_path) == 4


@pytest.mark.parametrize("caps", [[], [{"term": "exit", "most": 13}], [{"term": "exit", "most": 14}]])
def test_caps_are_part_of_what_is_proven(
    worked: Path, record: dict[str, Any], tmp_path: Path, caps: list[object]
) -> None:
    """The bound on the risk holds for exit 12 only; under other caps there are other rows, or the prices prove less."""
    told = record["levels"][0] | {"caps": caps}
    assert asked(worked, record | {"levels": [told]}, tmp_path) in {3, 4}


def test_caps_that_nothing_keeps_prove_anything(worked: Path, record: dict[str, Any], tmp_path: Path) -> None:
    told = record["levels"][0] | {"caps": [{"term": "exit", "most": 1}], "prices": [], "bound": LARGEST}
    assert asked(worked, record | {"levels": [told]}, tmp_path) == 0


def test_a_certificate_of_another_instance_is_a_fault(
    folder: Path, record: dict[str, Any], tmp_path: Path, capsys: Captured
) -> None:
    edit(folder / "capacity.csv", ",1", ",2")
    assert asked(folder, record, tmp_path) == 3
    assert "digest" in capsys.readouterr().err


def with_level(told: dict[str, Any], **changed: object) -> dict[str, Any]:
    """Return bounds with the first level alone, some keys changed."""
    return told | {"levels": [told["levels"][0] | changed]}


def lacking(told: dict[str, Any], key: str) -> dict[str, Any]:
    """Return bounds with the first level alone, without a key."""
    return told | {"levels": [{name: value for name, value in told["levels"][0].items() if name != key}]}


ROW = "S1_b7_r10"
WRONG: dict[str, list[object]] = {
    "term": ["exit", "nothing", 1, None, ["risk"]],
    "caps": [
        1,
        [1],
        [{"term": "exit"}],
        [{"term": "exit", "most": 1.5}],
        [{"term": ["exit"], "most": 1}],
        [{"term": "exit", "most": 10**40}],
        [{"term": "exit", "most": 12}, {"term": "exit", "most": 13}],
        [{"term": "risk", "most": 12}],
    ],
    "parts": [0, -1, 1.0, True, "1", int(EXACT), 10**40],
    "bound": [1.0, None, True, "31", 10**40],
    "prices": [
        1,
        {ROW: 1},
        [[ROW, 12]],
        [[ROW, 12, 1.5]],
        [[ROW, 12, True]],
        [[ROW, 13, 1]],
        [[ROW, -1, 1]],
        [[ROW, 10**30, 1]],
        [["nothing", 12, 1]],
        [[ROW, 12, 1], [ROW, 12, 1]],
        [[ROW, 12, 10**40]],
        [[ROW, 12, int(EXACT)]],
        [[ROW, [12], 1]],
        [[None, 12, 1]],
    ],
}
CHANGED = [{key: value} for key, values in WRONG.items() for value in values]
FILES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no JSON": lambda _: "{",
    "not text": lambda _: "\x00\x01",
    "deep": lambda _: "[" * 100_000,
    "a number with many digits": lambda _: "9" * 10_000,
    "a list": lambda _: [],
    "null": lambda _: None,
    "no levels": lambda told: {"digest": told["digest"]},
    "no level": lambda told: told | {"levels": []},
    "levels of another kind": lambda told: told | {"levels": {"0": 1}},
    "digest of another kind": lambda told: told | {"digest": 1},
}


def refused(status: int, said: str) -> bool:
    """Return whether one fault is told in a line."""
    lines = said.splitlines()
    return status == 3 and len(lines) == 2 and lines[1].startswith("bounds.json") and len(lines[1]) < 600


@pytest.mark.parametrize("case", FILES)
def test_hostile_files_are_refused_in_a_line(
    worked: Path, record: dict[str, Any], tmp_path: Path, case: str, capsys: Captured
) -> None:
    status = asked(worked, FILES[case](record), tmp_path)
    assert refused(status, capsys.readouterr().err)


@pytest.mark.parametrize("changed", CHANGED, ids=lambda changed: f"{changed!r:.40}")
def test_hostile_levels_are_refused_in_a_line(
    worked: Path, record: dict[str, Any], tmp_path: Path, changed: dict[str, object], capsys: Captured
) -> None:
    status = asked(worked, with_level(record, **changed), tmp_path)
    assert refused(status, capsys.readouterr().err)


@pytest.mark.parametrize("key", ["term", "caps", "parts", "bound", "prices"])
def test_missing_keys_are_refused_in_a_line(
    worked: Path, record: dict[str, Any], tmp_path: Path, key: str, capsys: Captured
) -> None:
    status = asked(worked, lacking(record, key), tmp_path)
    said = capsys.readouterr().err
    assert refused(status, said)
    assert f"no {key}" in said


def test_a_missing_file_is_a_fault(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["check", str(worked), "--bound", str(tmp_path / "nothing.json")]) == 3
    assert main(["check", str(worked), "--bound", str(tmp_path)]) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_answers_without_certificates_write_no_bounds(worked: Path, certified: Path, tmp_path: Path) -> None:
    """An answer without them does not leave those of the answer before beside it."""
    out = tmp_path / "plan"
    out.mkdir()
    for file in certified.iterdir():
        (out / file.name).write_bytes(file.read_bytes())
    assert main(["solve", str(worked), "--out", str(out), "--quiet", "--no-haste"]) == 0
    assert not (out / "bounds.json").exists()
    assert (out / "previous" / "bounds.json").read_bytes() == (certified / "bounds.json").read_bytes()


def test_bounds_changed_by_hand_are_not_overwritten(worked: Path, certified: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    out.mkdir()
    for file in certified.iterdir():
        (out / file.name).write_bytes(file.read_bytes())
    edit(out / "bounds.json", "12", "13")
    assert main(["solve", str(worked), "--out", str(out), "--quiet", "--no-haste"]) == 2


def test_prices_are_written_with_what_they_are_paid_for(certified: Path) -> None:
    levels = json.loads((certified / "outcome.json").read_text(encoding="utf-8"))["levels"]
    assert levels[0]["prices"] == []
    assert sorted(levels[2]["prices"], key=str)[0].keys() == {"what", "when", "unit", "price"}
    for level in levels[1:]:
        prices = [price["price"] for price in level["prices"]]
        assert prices
        assert prices == sorted(prices, reverse=True)
    assert {price["what"] for price in levels[2]["prices"]} <= {"mentor_team", "risk"}
    assert {price["unit"] for price in levels[2]["prices"]} <= {
        "weighted months per team",
        "weighted months per people x level x thousandths of a point",
    }


def test_certificates_of_random_instances_prove_what_they_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "SMALL", 0)
    for question in questions(range(10)):
        program = question.program
        told = Auto().run(program.problem, program.term, program.caps, None, limits=LIMITS, stop=NEVER).certificate
        assert told is not None
        assert told.caps == tuple((term.name, most) for term, most in program.caps)
        prices = np.zeros(len(program.names))
        for (name, at), price in told.prices.items():
            assert program.names[at] == name
            prices[at] = price
        proven = Pricer(program, divide(program)).evaluate(prices, told.parts)
        assert program.value(proven.least) == told.bound

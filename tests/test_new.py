"""Starters: what ``sequencer new`` writes is in order, is solved at once, uses what it shows, and harms nothing."""

from __future__ import annotations

import csv
import shutil
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from sequencer import arguments, read, solve
from sequencer.cli import main
from sequencer.errors import UsageError
from sequencer.instance.digest import digest
from sequencer.instance.idle import idle
from sequencer.outcome import Limits, Outcome, Status
from sequencer.starters import NAMES, begin, texts
from sequencer.tables.plan import KEYS
from sequencer.tables.schema import tables

#: Terms enough to see that a number counts.
FIRST = ("exit", "risk")

Captured = pytest.CaptureFixture[str]


def solved(path: Path, objective: tuple[str, ...] | None = None) -> Outcome:
    """Return the answer."""
    return solve(read(path), objective=objective, limits=Limits(seconds=20, workers=1), haste=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_starter_is_in_order_and_is_solved_as_it_is(name: str, tmp_path: Path) -> None:
    folder = begin(tmp_path / "new", name)
    instance = read(folder)
    assert idle(instance) == ()
    outcome = solved(folder)
    assert outcome.status is Status.OPTIMAL
    assert outcome.seconds is not None
    assert outcome.seconds < 15  # a few, on a machine that does nothing else


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_says_the_same_as_the_folder(name: str, tmp_path: Path) -> None:
    path = begin(tmp_path / "new", name, workbook=True)
    assert path == tmp_path / "new.xlsx"
    assert digest(read(path)) == digest(read(begin(tmp_path / "folder", name)))
    sheets = openpyxl.load_workbook(path)
    assert sheets.sheetnames[:2] == ["notes", "plan"]
    for sheet in sheets.worksheets[2:]:
        columns = tables()[sheet.title].columns if sheet.title in tables() else ()  # wide files have none of their own
        meant = {column.name: column.description for column in columns}
        assert {cell.value: cell.comment.text for cell in sheet[1] if cell.comment} == {
            cell.value: meant[cell.value] for cell in sheet[1] if cell.value in meant
        }
    assert all(row[2].value for row in sheets["plan"].iter_rows(min_row=2))  # what each key means


@pytest.mark.parametrize("name", NAMES)
def test_what_is_invented_says_so(name: str) -> None:
    for file, text in texts(name).items():
        if file.endswith(".csv"):
            rows = list(csv.DictReader(text.splitlines()))
            assert {row["confidence"] for row in rows} <= {"synthetic", "judgement"}, file
            assert any(row["note"] for row in rows), file  # the table explains itself
    assert "invented" in texts(name)["README.md"]


@pytest.mark.parametrize("name", NAMES)
def test_the_notes_explain_every_table_and_the_plan_every_key(name: str) -> None:
    files = texts(name)
    explained = {
        word.strip()
        for line in files["README.md"].splitlines()
        if line.startswith("|")
        for word in line.split("|")[1].split(",")
    }
    assert {file.removesuffix(".csv") for file in files if file.endswith(".csv")} <= explained
    lines = files["plan.toml"].splitlines()
    assert all("  # " in line for line in lines)
    assert set(tomllib.loads(files["plan.toml"])) <= set(KEYS)


@pytest.mark.parametrize(
    ("name", "table", "change"),
    [
        ("peacekeeping", "reserve.csv", ("country,2", "country,4")),
        ("peacekeeping", "guarantees.csv", (",320,", ",100,")),
        ("peacekeeping", "pledges.csv", (",900,", ",100,")),
        ("peacekeeping", "criteria.csv", (",certification,transfer,80", ",certification,transfer,95")),
        ("withdrawal", "reserve.csv", ("west,1", "west,2")),
        ("withdrawal", "guarantees.csv", (",450,", ",100,")),
        ("withdrawal", "pledges.csv", (",1300,", ",100,")),
        ("withdrawal", "criteria.csv", (",certification,transfer,75", ",certification,transfer,88")),
    ],
)
def test_readiness_forces_and_money_count(name: str, table: str, change: tuple[str, str], tmp_path: Path) -> None:
    folder = begin(tmp_path / "new", name)
    before = _unchanged(name)
    text = (folder / table).read_text(encoding="utf-8")
    assert change[0] in text
    (folder / table).write_text(text.replace(*change), encoding="utf-8")
    assert _first(solved(folder, FIRST)) != before


@cache
def _unchanged(name: str) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as made:
        return _first(solved(begin(Path(made) / "new", name), FIRST))


def _first(outcome: Outcome) -> tuple[object, ...]:
    """Return what must differ where a number counts: the status and the values of all levels."""
    return (outcome.status, *(level.value for level in outcome.levels))


def test_a_number_changed_in_excel_changes_the_plan(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "mine.xlsx"
    assert main(["new", str(path)]) == 0
    before = solved(path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["capacity"]
    sheet["B2"] = 2.0
    workbook.save(path)
    after = solved(path)
    assert after.status is Status.OPTIMAL
    assert before.levels[0].value is not None
    assert after.levels[0].value is not None
    assert after.levels[0].value < before.levels[0].value
    assert "mine.xlsx" in capsys.readouterr().out


def test_the_command_says_what_to_do_next(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my plan", "--from", "withdrawal"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert not err
    assert "sequencer validate 'my plan'" in out
    assert "sequencer solve 'my plan' --out 'my plan-plan'" in out
    assert main(["validate", "my plan"]) == 0
    assert main(["new", "--", "-plan"]) == 0
    assert "sequencer solve ./-plan --out ./-plan-plan" in capsys.readouterr().out


def test_nothing_is_overwritten_unasked_and_nothing_else_ever(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "places.csv").write_text("mine", encoding="utf-8")
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    assert main(["new", str(folder)]) == 2
    assert "holds letter.txt: name an empty folder, or add --overwrite" in capsys.readouterr().err
    assert (folder / "places.csv").read_text(encoding="utf-8") == "mine"
    assert main(["new", str(folder), "--overwrite"]) == 0
    assert (folder / "letter.txt").read_text(encoding="utf-8") == "mine"
    assert main(["validate", str(folder)]) == 0
    book = tmp_path / "book.xlsx"
    book.write_text("mine", encoding="utf-8")
    assert main(["new", str(tmp_path / "book"), "--workbook"]) == 2
    assert "is there: name another file, or add --overwrite" in capsys.readouterr().err
    assert book.read_text(encoding="utf-8") == "mine"
    assert main(["new", str(book), "--overwrite"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "full"]


def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for target in ("file", "file/below", "file/below.xlsx"):
        assert main(["new", str(tmp_path / target)]) == 2
    assert capsys.readouterr().err.count("sequencer: cannot write") == 3
    assert main(["new", " "]) == 2
    (tmp_path / "new" / "places.csv").mkdir(parents=True)
    with pytest.raises(UsageError, match="which is no file"):
        begin(tmp_path / "new", overwrite=True)


def test_the_command_knows_every_starter(top: Path) -> None:
    plans = (top / "sequencer" / "starters").glob("*/plan.toml")
    assert arguments.STARTERS == NAMES
    assert {path.parent.name for path in plans} == set(NAMES)


def test_convert_from_the_command_line(tmp_path: Path, worked: Path, capsys: Captured) -> None:
    book, folder = tmp_path / "book.xlsx", tmp_path / "folder"
    assert main(["convert", str(worked), "--out", str(book)]) == 0
    assert main(["convert", str(book), "--out", str(folder)]) == 0
    assert digest(read(folder)) == digest(read(worked))
    assert main(["convert", str(book), "--out", str(folder)]) == 2
    assert main(["convert", str(tmp_path / "nowhere"), "--out", str(tmp_path / "other.xlsx")]) == 3
    capsys.readouterr()
    shutil.copy(book, tmp_path / "spoilt.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "spoilt.xlsx")
    workbook["places"]["A2"] = "=1+1"
    workbook.save(tmp_path / "spoilt.xlsx")
    assert main(["convert", str(tmp_path / "spoilt.xlsx"), "--out", str(tmp_path / "third")]) == 3
    assert "spoilt.xlsx, sheet places, row 2, column place: found a formula without" in capsys.readouterr().err
    assert not (tmp_path / "third").exists()

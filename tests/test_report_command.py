"""The command ``report``, and the report beside an answer: whole, the same every time, and never written over work."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pages import Read, faults

from sequencer import read, solve
from sequencer.answers import export
from sequencer.cli import main
from sequencer.errors import UsageError
from sequencer.instance.levers import addresses
from sequencer.outcome import Limits
from sequencer.pictures import command

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def out(worked: Path, tmp_path: Path) -> Path:
    """Return a folder of solve --out."""
    folder = tmp_path / "plan"
    assert main(["solve", str(worked), "--out", str(folder), "--quiet", "--deterministic"]) == 0
    return folder


def test_an_answer_has_its_report_beside_it(worked: Path, out: Path, capsys: Captured) -> None:
    page = (out / "report.html").read_text(encoding="utf-8")
    assert faults(page) == []
    assert "Edition for the public" in page
    assert "this is proven" in page
    assert export.record(out)["files"].keys() == {path.name for path in out.iterdir()}
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    again = ["solve", str(worked), "--out", str(out), "--quiet", "--deterministic"]
    assert main(again) == 0  # nothing was changed by hand, so that nothing is in the way
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    assert (out / "previous" / "report.html").read_bytes() == before["report.html"]
    (out / "report.html").write_text("mine", encoding="utf-8")
    capsys.readouterr()
    assert main(again) == 2
    assert "report.html" in capsys.readouterr().err
    assert main([*again, "--overwrite", "--language", "fr"]) == 0
    assert "En bref" in (out / "report.html").read_text(encoding="utf-8")


def test_a_report_of_an_answer_goes_on_where_it_stands(worked: Path, out: Path, capsys: Captured) -> None:
    file = out.parent / "pages" / "mission.html"
    arguments = ["report", str(worked), str(out), "--out", str(file), "--seconds", "5"]
    assert main([*arguments, "--audience", "mission", "--binding"]) == 0
    assert f"written: {file}" in capsys.readouterr().out
    read_ = Read(file.read_text(encoding="utf-8"))
    assert faults(file.read_text(encoding="utf-8")) == []
    assert {"What more of each number would bring", "What holds the dates"} <= set(read_.headings)
    assert "this is proven" in read_.text
    assert "clinics, arden could come earlier" in read_.text.replace("Clinics", "clinics")
    assert main(arguments) == 2  # there is one already
    assert main([*arguments, "--overwrite", "--language", "fr", "--audience", "partners"]) == 0
    assert "Édition pour les partenaires" in file.read_text(encoding="utf-8")


def test_a_bare_timetable_and_changed_numbers(worked: Path, out: Path, capsys: Captured) -> None:
    alone = out.parent / "mine.csv"
    alone.write_bytes((out / "timetable.csv").read_bytes())
    file = out.parent / "mine.html"
    arguments = ["report", str(worked), str(alone), "--out", str(file), "--seconds", "1", "--overwrite"]
    assert main(arguments) == 0
    assert "whether a better one exists is not known" in capsys.readouterr().err
    assert "It was checked here, not made here" in file.read_text(encoding="utf-8")
    address = next(name for name in addresses(read(worked)) if name.startswith("capacity."))
    assert main([*arguments, "--set", f"{address}=+1"]) == 0
    assert "is not the one" not in capsys.readouterr().err  # nothing is on record of a timetable alone
    assert main(["report", str(worked), str(out), *arguments[3:], "--set", f"{address}=+1"]) == 0
    assert "the instance is not the one that this plan was made of" in capsys.readouterr().err
    assert f"{address}: 1 -> 2" in Read(file.read_text(encoding="utf-8")).text
    before = file.read_bytes()
    assert main([*arguments, "--set", f"{address}=0"]) == 2  # the plan breaks a promise then
    assert "breaks promises" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_no_plan_has_a_report_too(top: Path, tmp_path: Path) -> None:
    instance, out = top / "instances" / "infeasible" / "money-gap", tmp_path / "plan"
    assert main(["solve", str(instance), "--out", str(out), "--quiet", "--seconds", "20"]) == 4
    first = (out / "report.html").read_text(encoding="utf-8")
    assert "What would make a plan possible" in Read(first).headings
    file = tmp_path / "why.html"
    assert main(["report", str(instance), str(out), "--out", str(file), "--seconds", "5"]) == 4
    assert "Why there is no plan" in Read(file.read_text(encoding="utf-8")).headings


@pytest.mark.parametrize("name", ["", ".", "plan"])
def test_where_no_page_can_be_is_told_before_time_is_spent(
    worked: Path, out: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(out.parent)
    assert main(["report", str(worked), str(out), "--out", name]) == 2
    assert "needs the name of a file" in capsys.readouterr().err


def test_a_folder_changed_meanwhile_is_left_alone(worked: Path, out: Path) -> None:
    outcome = solve(read(worked), haste=False)
    (out / "timetable.csv").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(UsageError, match="changed meanwhile"):
        command.beside(outcome, out, limits=Limits(), stop=threading.Event())
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_an_answer_is_there_before_its_report_is_begun(
    worked: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "briefly", interrupted)
    out = tmp_path / "plan"
    assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 130
    assert "OPTIMAL" in capsys.readouterr().out
    assert export.record(out)["status"] == "OPTIMAL"
    assert not (out / "report.html").exists()


def test_large_plans_are_explained_in_part(worked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "LARGE", 2)
    outcome = solve(read(worked), haste=False)
    found = command.briefly(outcome, Limits(), threading.Event())
    assert found.conditions == ()
    assert [one.package for one in found.local] == ["arden/clinics"]  # it holds the last exit

"""The command replan as a user meets it: what is printed, what is written, and the exit status."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sequencer.cli import main

Captured = pytest.CaptureFixture[str]
RELAPSE = "package,stage\narden/policing,international\n"


@pytest.fixture
def published(worked: Path, tmp_path: Path) -> Path:
    """Return the folder of a published plan."""
    folder = tmp_path / "published"
    assert main(["solve", str(worked), "--out", str(folder), "--quiet", "--no-haste", "--engine", "cpsat"]) == 0
    return folder


def asked(worked: Path, published: Path, *more: str) -> int:
    """Return the exit status of replan."""
    return main(["replan", str(worked), str(published), "--quiet", "--engine", "cpsat", *more])


def actuals(folder: Path, text: str, name: str = "actuals.csv") -> str:
    """Write what happened; return the name of the file."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_what_moved_is_said_and_written(worked: Path, published: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "again"
    said = actuals(tmp_path, RELAPSE)
    capsys.readouterr()
    assert asked(worked, published, "--as-of", "2030-06", "--actuals", said, "--out", str(out)) == 0
    printed, complaints = capsys.readouterr()
    assert complaints == ""
    assert "Planned again as of 2030-06: 0 packages handed over, 0 under way, 3 open" in printed
    assert "3 packages moved, by 7 months in all (0 of them recorded or under way), 0 into another phase" in printed
    why = printed.split("\nWhy\n")[1]
    assert "arden/policing\n    it begins anew, as actuals.csv row 2 says\n" in why
    assert (
        "arden/clinics\n    not proven to be why; going back alone, it would break: arden/clinics transfer comes"
        " at least 3 months after arden/policing transfer [links.csv row 2]"
        " (lever: links.arden/policing.transfer--arden/clinics.transfer.minimum)" in why
    )
    assert "When" in (out / "report.html").read_text(encoding="utf-8")  # as solve --out writes
    with (out / "replan.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["package"]: row for row in csv.DictReader(file)}
    clinics = rows["arden/clinics"]
    assert (clinics["published_transfer"], clinics["transfer"], clinics["months_later"]) == ("2030-10", "2030-12", "2")
    assert (clinics["how_known"], clinics["rules"], rows["arden/policing"]["how_known"]) == (
        "alone",
        "L1 | S1",
        "recorded",
    )
    assert (out / "timetable.csv").exists()


def test_json_says_the_same(worked: Path, published: Path, tmp_path: Path, capsys: Captured) -> None:
    said = actuals(tmp_path, RELAPSE)
    capsys.readouterr()
    assert asked(worked, published / "timetable.csv", "--as-of", "2030-06", "--actuals", said, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    told = answer["replan"]
    assert (answer["status"], told["as_of"], told["packages_moved"], told["months_moved"]) == (
        "OPTIMAL",
        "2030-06",
        3,
        7,
    )
    moved = {entry["package"]: entry for entry in told["packages"]}
    assert moved["arden/policing"]["published"]["transfer"] == "2030-05"
    assert moved["arden/policing"]["now"]["transfer"] == "2030-08"
    assert moved["arden/policing"]["reasons"][0]["kind"] == "recorded"


def test_an_answer_may_be_written_over_the_published_plan_which_is_kept(worked: Path, published: Path) -> None:
    assert asked(worked, published, "--as-of", "2030-06", "--out", str(published)) == 0
    assert (published / "previous" / "timetable.csv").exists()
    (published / "replan.csv").write_text("mine", encoding="utf-8")
    assert asked(worked, published, "--as-of", "2030-06", "--out", str(published)) == 2
    assert (published / "replan.csv").read_text(encoding="utf-8") == "mine"


def test_exit_status(worked: Path, published: Path, tmp_path: Path, capsys: Captured) -> None:
    assert asked(worked, published) == 2
    assert "needs --as-of" in capsys.readouterr().err
    assert asked(worked, published, "--as-of", "2044-01") == 2
    assert asked(worked, published, "--as-of", "2030-06", "--out", " ") == 2
    broken = actuals(tmp_path, "package,transfer\narden/polcing,2030-05\n")
    assert asked(worked, published, "--as-of", "2030-06", "--actuals", broken) == 3
    assert "nearest: arden/policing" in capsys.readouterr().err
    assert asked(worked, tmp_path / "nowhere.csv", "--as-of", "2030-06") == 3
    relapse = actuals(tmp_path, RELAPSE)
    capsys.readouterr()
    assert asked(worked, published, "--as-of", "2030-06", "--actuals", relapse, "--most-change", "6") == 4
    assert "no plan moves what is to come by 6 months or less in all" in capsys.readouterr().out


def test_without_a_plan_what_is_under_way_is_named(
    folder: Path, published: Path, tmp_path: Path, capsys: Captured
) -> None:
    """Belmont is under way in 2030-07; without the team of 2030-08 it cannot be mentored as it goes on."""
    out = tmp_path / "none"
    lever = "capacity.mentor_team.pool@2030-08..2030-08=0"
    assert asked(folder, published, "--as-of", "2030-07", "--set", lever, "--out", str(out)) == 4
    printed = capsys.readouterr().out
    assert "under way, so that their months are settled: belmont/policing" in printed
    assert not (out / "replan.csv").exists()


def test_a_file_name_cannot_steer_the_terminal(worked: Path, published: Path, tmp_path: Path, capsys: Captured) -> None:
    said = actuals(tmp_path, RELAPSE, "\x1b[31mred.csv")
    assert asked(worked, published, "--as-of", "2030-06", "--actuals", said) == 0
    printed = capsys.readouterr().out
    assert "red.csv row 2" in printed
    assert "\x1b" not in printed

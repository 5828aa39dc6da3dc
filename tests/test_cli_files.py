"""The files that an answer leaves: what they hold, and that nobody's work is ever lost to them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from editing import edit

from sequencer.answers import export
from sequencer.cli import main
from sequencer.outcome import Outcome

Captured = pytest.CaptureFixture[str]


def test_out_writes_files_that_agree_with_json(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plans" / "first"
    assert main(["solve", str(worked), "--out", str(out), "--json", "--quiet"]) == 0
    printed, progress = capsys.readouterr()
    assert progress == ""
    answer = json.loads(printed)
    assert {"status", "levels", "timetable", "engine", "seconds", "digest", "versions"} <= set(answer)
    keys = {"term", "unit", "value", "bound", "gap", "proof", "tolerance", "achieved", "found_by", "bounded_by"}
    assert set(answer["levels"][0]) == keys | {"steps", "prices"}
    assert set(answer["levels"][0]["steps"][0]) == {"by", "seconds", "value", "bound"}
    files = ["communities.csv", "outcome.json", "report.html", "supplies.csv", "tight.csv", "timetable.csv"]
    assert sorted(path.name for path in out.iterdir()) == files
    written = json.loads((out / "outcome.json").read_text(encoding="utf-8"))
    assert {key: written[key] for key in answer} == answer
    with (out / "timetable.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == answer["timetable"]
    with (out / "supplies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"resource": "mentor_team", "bucket": "2030-05", "source": "", "need": "1", "capacity": "1"} in rows


def test_an_answer_beside_the_instance_is_no_part_of_it(top: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(top / "instances" / "tiny" / "bridge-carry-over", tmp_path / "instance")
    for _ in range(2):
        assert main(["solve", str(folder), "--out", str(folder), "--quiet"]) == 0
    assert (folder / "funding.csv").exists()
    assert main(["validate", str(folder)]) == 0


def test_files_of_an_answer_without_money_do_not_stand_beside_old_ones(top: Path, worked: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    assert main(["solve", str(top / "instances" / "tiny" / "bridge-carry-over"), "--out", str(out), "--quiet"]) == 0
    assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 0
    assert not (out / "funding.csv").exists()
    assert (out / "previous" / "funding.csv").exists()


def test_solving_again_shows_what_moved_and_keeps_the_earlier_plan(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = str(tmp_path / "plan")
    assert main(["solve", str(folder), "--out", out, "--quiet"]) == 0
    first = (tmp_path / "plan" / "timetable.csv").read_text(encoding="utf-8")
    edit(folder / "capacity.csv", ",1", ",2")
    capsys.readouterr()
    assert main(["solve", str(folder), "--out", out, "--quiet"]) == 0
    assert "arden/clinics: transfer 2030-10 -> 2030-08, exit 2031-01 -> 2030-11" in capsys.readouterr().out
    assert (tmp_path / "plan" / "previous" / "timetable.csv").read_text(encoding="utf-8") == first


def test_a_file_changed_by_hand_is_never_overwritten_unasked(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plan"
    assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 0
    edit(out / "timetable.csv", "2030-05", "2030-06")
    mine = (out / "timetable.csv").read_text(encoding="utf-8")
    assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 2
    assert "timetable.csv" in capsys.readouterr().err
    assert (out / "timetable.csv").read_text(encoding="utf-8") == mine
    assert main(["solve", str(worked), "--out", str(out), "--quiet", "--overwrite"]) == 0
    assert (out / "timetable.csv").read_text(encoding="utf-8") != mine


def test_a_folder_of_somebody_else_is_left_alone(worked: Path, tmp_path: Path) -> None:
    (tmp_path / "tight.csv").write_text("mine", encoding="utf-8")
    assert main(["solve", str(worked), "--out", str(tmp_path), "--quiet"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["tight.csv"]


def test_an_infeasible_answer_sets_the_earlier_plan_aside(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plan"
    assert main(["solve", str(folder), "--out", str(out), "--quiet"]) == 0
    assert main(["solve", str(folder), "--out", str(out), "--quiet", "--set", "links.*.minimum=8"]) == 4
    assert "INFEASIBLE" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["outcome.json", "previous", "report.html"]
    assert (out / "previous" / "timetable.csv").exists()
    assert json.loads((out / "outcome.json").read_text(encoding="utf-8"))["timetable"] is None


def test_answers_without_a_plan_never_erase_the_last_plan(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plan"
    assert main(["solve", str(folder), "--out", str(out), "--quiet"]) == 0
    first = (out / "timetable.csv").read_text(encoding="utf-8")
    for _ in range(2):
        assert main(["solve", str(folder), "--out", str(out), "--quiet", "--set", "links.*.minimum=8"]) == 4
    assert (out / "previous" / "timetable.csv").read_text(encoding="utf-8") == first
    capsys.readouterr()
    assert main(["solve", str(folder), "--out", str(out), "--quiet"]) == 0
    assert "Changed since the earlier plan: nothing" in capsys.readouterr().out


def test_what_was_edited_and_overwritten_is_set_aside(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plan"
    assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 0
    edit(out / "timetable.csv", "2030-05", "2030-06")
    mine = (out / "timetable.csv").read_text(encoding="utf-8")
    assert main(["solve", str(worked), "--out", str(out), "--quiet", "--overwrite"]) == 0
    capsys.readouterr()
    assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 0
    assert "Changed since the earlier plan: nothing" in capsys.readouterr().out  # compared with the last answer
    edit(out / "timetable.csv", "package", "nonsense")  # and something that is no timetable any more
    assert main(["solve", str(worked), "--out", str(out), "--quiet", "--overwrite"]) == 0
    for _ in range(2):  # later answers find another place
        assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 0
    assert (out / "previous" / "timetable.csv").read_text(encoding="utf-8") == mine


def test_ctrl_c_while_the_answer_is_written_does_not_cost_it(
    worked: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = export.write

    def pressed(outcome: Outcome, folder: Path) -> list[str] | None:
        os.kill(os.getpid(), signal.SIGINT)
        return write(outcome, folder)

    monkeypatch.setattr(export, "write", pressed)
    assert main(["solve", str(worked), "--out", str(tmp_path / "plan"), "--quiet"]) == 130
    assert "OPTIMAL" in capsys.readouterr().out
    assert (tmp_path / "plan" / "outcome.json").exists()


def test_a_full_disk_leaves_the_folder_as_it_was_and_prints_the_answer(
    worked: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "plan"
    assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    capsys.readouterr()

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        assert main(["solve", str(worked), "--out", str(out), "--quiet"]) == 2
    printed, complaint = capsys.readouterr()
    assert "OPTIMAL" in printed
    assert "No space left on device" in complaint
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize("name", ["timetable.csv", "file/plan", ""])
def test_a_place_that_cannot_be_written_to_is_refused_before_the_search(
    worked: Path, tmp_path: Path, name: str, capsys: Captured
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "timetable.csv").mkdir()
    out = "" if not name else str(tmp_path if name == "timetable.csv" else tmp_path / name)
    assert main(["solve", str(worked), "--out", out, "--quiet"]) == 2
    printed, complaint = capsys.readouterr()
    assert printed == ""
    assert "Traceback" not in complaint


def test_formulas_in_names_are_written_as_text(folder: Path, tmp_path: Path) -> None:
    file = folder / "packages.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        row["institution"] = "=HYPERLINK(1)"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert main(["solve", str(folder), "--out", str(tmp_path / "plan"), "--quiet"]) == 0
    with (tmp_path / "plan" / "timetable.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["institution"] for row in csv.DictReader(stream)} == {"'=HYPERLINK(1)"}

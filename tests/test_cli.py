"""The command line as a user meets it: what is printed where, what is written, and the exit status."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from sequencer import export
from sequencer.cli import main
from sequencer.outcome import Outcome
from sequencer.tables import schema

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(worked: Path, tmp_path: Path) -> Path:
    """Return a copy of the worked example to change."""
    return Path(shutil.copytree(worked, tmp_path / "instance"))


def edit(file: Path, old: str, new: str) -> None:
    """Change one cell, as a planner would in a spreadsheet."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_solve_prints_the_timetable_by_phase_and_what_holds_it(worked: Path, capsys: Captured) -> None:
    assert main(["solve", str(worked)]) == 0
    out, err = capsys.readouterr()
    assert "OPTIMAL" in out
    assert "exit: 2031-01, proven best" in out
    timetable = out.split("Phase ")[1]
    assert [line.split()[0] for line in timetable.splitlines()[2:5]] == [
        "arden/policing",
        "belmont/policing",
        "arden/clinics",
    ]
    held = out.split("What holds each package")[1]
    assert (
        "arden/policing 2030-05\n    preparation would have to start before the plan does (2030-01) [plan.toml]" in held
    )
    assert "belmont/policing 2030-08\n    threat in belmont" in held
    assert "arden/clinics 2030-10\n    mentor_team: 1 team in 2030-09, 2 would be needed [capacity.csv row 2]" in held
    assert "exit: best plan 2031-01, bound 2031-01, gap 0 months" in err  # progress never mixes with the answer


def test_out_writes_files_that_agree_with_json(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plans" / "first"
    assert main(["solve", str(worked), "--out", str(out), "--json", "--quiet"]) == 0
    printed, progress = capsys.readouterr()
    assert progress == ""
    answer = json.loads(printed)
    assert {"status", "levels", "timetable", "engine", "seconds", "digest", "versions"} <= set(answer)
    assert set(answer["levels"][0]) >= {"term", "value", "bound", "gap", "proof"}
    files = ["communities.csv", "outcome.json", "supplies.csv", "tight.csv", "timetable.csv"]
    assert sorted(path.name for path in out.iterdir()) == files
    written = json.loads((out / "outcome.json").read_text(encoding="utf-8"))
    assert {key: written[key] for key in answer} == answer
    with (out / "timetable.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == answer["timetable"]
    with (out / "supplies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"resource": "mentor_team", "bucket": "2030-05", "source": "", "need": "1", "capacity": "1"} in rows


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
    assert sorted(path.name for path in out.iterdir()) == ["outcome.json", "previous"]
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


def test_changes_for_one_run_are_told_wherever_they_matter(worked: Path, capsys: Captured) -> None:
    address = "capacity.mentor_team.pool@2030-01.."
    assert main(["solve", str(worked), "--quiet", "--set", f"{address}=+1"]) == 0
    printed = capsys.readouterr().out
    assert f"Changed for this run, not in the files:\n  {address}: 1 -> 2\n" in printed
    assert main(["solve", str(worked), "--quiet", "--json", "--set", f"{address}=+1"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == [f"{address}: 1 -> 2"]


def test_set_changes_a_number_for_one_run(worked: Path, capsys: Captured) -> None:
    assert main(["solve", str(worked), "--json", "--quiet", "--set", "capacity.mentor_team.pool@2030-01..=+1"]) == 0
    assert json.loads(capsys.readouterr().out)["levels"][0]["value"] == 10
    assert main(["solve", str(worked), "--set", "capacity.mentor@2030-01..=+1"]) == 2
    assert "nearest: capacity.mentor_team.pool@2030-01.." in capsys.readouterr().err
    assert main(["solve", str(worked), "--set", "nothing"]) == 2


def test_check_accepts_what_solve_wrote_and_lists_what_is_broken(
    worked: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "plan"
    main(["solve", str(worked), "--out", str(out), "--quiet"])
    capsys.readouterr()
    assert main(["check", str(worked), str(out / "timetable.csv")]) == 0
    assert capsys.readouterr().out == "every promise is kept\n"
    (tmp_path / "mine.csv").write_text(
        "package;option;transfer\narden/policing;intensive;May-30\nbelmont/policing;;Aug-30\narden/clinics;;Sep-30\n",
        encoding="cp1252",
    )
    assert main(["check", str(worked), str(tmp_path / "mine.csv")]) == 4
    printed = capsys.readouterr().out
    assert printed.startswith("1 promise broken\n  mentor_team: 1 team in 2030-09, 2 needed by")
    assert main(["check", str(worked), str(tmp_path / "mine.csv"), "--json"]) == 4
    assert [breach["rule"] for breach in json.loads(capsys.readouterr().out)["breaches"]] == ["S1"]


def test_validate_lists_every_fault_with_its_place(folder: Path, capsys: Captured) -> None:
    assert main(["validate", str(folder)]) == 0
    edit(folder / "places.csv", "2000", "many")
    edit(folder / "links.csv", "clinics", "clinic")
    assert main(["validate", str(folder)]) == 3
    err = capsys.readouterr().err
    assert "places.csv, row 2, column population" in err
    assert "links.csv, row 2, column after" in err
    assert "clinics" in err
    assert "Traceback" not in err
    assert main(["validate", str(folder), "--json"]) == 3
    assert len(json.loads(capsys.readouterr().out)["faults"]) == 2


def test_a_missing_folder_is_bad_input(tmp_path: Path, capsys: Captured) -> None:
    assert main(["solve", str(tmp_path / "nowhere")]) == 3
    assert "nowhere" in capsys.readouterr().err


def test_schema_prints_the_table_schema(capsys: Captured) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == schema.text()


def test_levers_are_printed_as_csv(worked: Path, capsys: Captured) -> None:
    assert main(["levers", str(worked)]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    by_address = {row["address"]: row for row in rows}
    lever = by_address["capacity.mentor_team.pool@2030-01.."]
    assert (lever["value"], lever["relaxes"]) == ("1", "up")


def test_out_of_time_is_status_6(timor: Path, capsys: Captured) -> None:
    assert main(["solve", str(timor), "--seconds", "0.000001", "--deterministic", "--quiet"]) == 6
    assert "UNKNOWN" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve"],
        ["fly"],
        ["solve", "x", "--seconds", "0"],
        ["solve", "x", "--workers", "-1"],
        ["solve", "x", "--seed", "a"],
    ],
)
def test_usage_errors_are_status_2(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("objective", ["speed", "exit,exit", "exit:-1", "exit:x", ""])
def test_a_wrong_objective_is_status_2(worked: Path, objective: str, capsys: Captured) -> None:
    assert main(["solve", str(worked), "--objective", objective]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_no_command_prints_the_help(capsys: Captured) -> None:
    assert main([]) == 2
    assert "usage: sequencer" in capsys.readouterr().err


def test_deterministic_prints_the_same_bytes(worked: Path, capsys: Captured) -> None:
    printed = []
    for _ in range(2):
        assert main(["solve", str(worked), "--deterministic", "--json", "--quiet"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert json.loads(printed[0])["seconds"] is None


def test_hostile_words_cannot_steer_the_terminal(folder: Path, capsys: Captured) -> None:
    edit(folder / "plan.toml", 'title = "', 'title = "\\u001b[31mred [bold]')
    assert main(["solve", str(folder), "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b[31mred [bold]" in out


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

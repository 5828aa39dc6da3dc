"""The command line as a user meets it: what is printed where, and the exit status."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from editing import edit

from sequencer.cli import main
from sequencer.commands import looking
from sequencer.tables import schema

Captured = pytest.CaptureFixture[str]


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


def test_check_says_what_cannot_be_paid_for(top: Path, tmp_path: Path, capsys: Captured) -> None:
    money, mine = top / "instances" / "tiny" / "bridge-carry-over", tmp_path / "mine.csv"
    mine.write_text("package,transfer\narden/policing,2030-07\nbelmont/policing,2030-07\n", encoding="utf-8")
    assert main(["check", str(money), str(mine), "--json"]) == 4
    breaches = json.loads(capsys.readouterr().out)["breaches"]
    assert {breach["rule"] for breach in breaches} == {"S2"}
    assert main(["solve", str(money), "--out", str(tmp_path / "plan"), "--quiet"]) == 0
    assert main(["check", str(money), str(tmp_path / "plan" / "timetable.csv")]) == 0


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


def test_one_package_and_one_month_are_said_as_one(top: Path, capsys: Captured) -> None:
    assert main(["validate", str(top / "instances" / "infeasible" / "too-few-donors")]) == 0
    assert "(1 package, " in capsys.readouterr().out


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


@pytest.mark.parametrize("is_importing", [False, True])
def test_interrupted_is_status_130_and_one_line(
    is_importing: bool, worked: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled modules that are interrupted while they are imported say so in an ImportError."""

    def interrupted(_: object) -> int:
        if is_importing:
            raise ImportError("initialization failed") from KeyboardInterrupt()
        raise KeyboardInterrupt

    monkeypatch.setattr(looking, "levers", interrupted)
    assert main(["levers", str(worked)]) == 130
    assert capsys.readouterr().err == "sequencer: interrupted before it was done\n"


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

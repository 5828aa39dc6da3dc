"""``sequencer stress`` says what the frames say, and refuses what makes no sense."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from sequencer import Choice, read
from sequencer.cli import main
from sequencer.scenarios import Uncertainty, draw, stress

PLAN = {
    "arden/policing": Choice("intensive", 4),
    "arden/clinics": Choice("none", 9),
    "belmont/policing": Choice("none", 7),
}


@pytest.fixture
def timetable(worked: Path, tmp_path: Path) -> Path:
    """Return a file with the best plan of the worked example."""
    label = read(worked).calendar.label
    path = tmp_path / "timetable.csv"
    rows = (f"{name},{choice.option},{label(choice.transfer)}\n" for name, choice in PLAN.items())
    path.write_text("package,option,transfer\n" + "".join(rows), encoding="utf-8")
    return path


def test_the_command_says_what_the_frames_say(
    worked: Path, timetable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["stress", str(worked), str(timetable), "--scenarios", "15", "--seed", "3", "--growth", "60"]
    out = tmp_path / "dates.csv"
    assert main([*given, "--json", "--out", str(out)]) == 0
    said = json.loads(capsys.readouterr().out)
    instance = read(worked)
    found = stress(instance, PLAN, draw(instance, Uncertainty(growth=0.6), 15, 3))
    assert said["scenarios"] == 15
    assert said["all_hold"] == sum(not each.broken for each in found.held)
    assert [row["holds"] for row in said["packages"]] == list(found.packages["holds"])
    assert [row["scenario"] for row in said["runs"]] == list(range(1, 16))
    assert said["planned_exit"] == found.planned
    assert list(pd.read_csv(out)["package"]) == list(PLAN)
    assert main(given) == 0
    text = capsys.readouterr().out
    assert f"Every promise holds in {said['all_hold']} of 15 scenarios" in text
    assert "not levelled again" in text
    assert main([*given, "--out", str(out)]) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--slip", "elections"], "--slip is EVENT=MONTHS"),
        (["--slip", "elections=3"], "no calendar event is called 'elections'"),
        (["--growth", "150"], "growth is a share"),
    ],
)
def test_what_makes_no_sense_is_refused(
    worked: Path, timetable: Path, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    assert main(["stress", str(worked), str(timetable), *given]) == 2
    assert said in capsys.readouterr().err

"""The long tables: what frictionless says of them, and that they agree with the plan."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from exporting import HOSTILE, called, shown
from frictionless import Package

from sequencer.answers.export import FORMULA
from sequencer.exports import Audience, tables
from sequencer.exports.command import write


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))


@pytest.mark.parametrize("name", ["worked-example", "bridge-carry-over", "reserve", "under-way-stages"])
def test_the_tables_are_what_their_schema_says(name: str, tmp_path: Path) -> None:
    write(tables(shown(name)), tmp_path / "plan")
    report = Package(str(tmp_path / "plan" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert report.stats["tasks"] == 8


def test_stages_events_and_status_tell_the_same_timetable() -> None:
    files, frame = tables(shown()), shown().outcome.timetable
    events = {(row["package"], row["event"]): row["month"] for row in rows(files, "events")}
    for line in frame.to_dict("records"):
        for event in ("support_start", "joint_start", "transfer", "exit"):
            assert events[line["package"], event] == f"{line[event]}-01"
    status = rows(files, "status")
    assert len(status) == len(frame) * shown().instance.plan.months
    for row in status:
        assert row["local"] == str(int(row["month"] >= events[row["package"], "transfer"]))
        assert row["autonomous"] == str(int(row["month"] >= events[row["package"], "exit"]))
    for stage in rows(files, "stages"):
        inside = [row for row in status if row["package"] == stage["package"] and row["stage"] == stage["stage"]]
        assert next(row["month"] for row in inside) == stage["start"]
        assert len(inside) == int(stage["months"])


def test_levels_tell_dates_as_dates_and_numbers_as_numbers() -> None:
    told = {row["term"]: row for row in rows(tables(shown()), "levels")}
    assert (told["exit"]["value_date"], told["exit"]["bound_date"], told["exit"]["value"]) == ("2031-01-01",) * 2 + (
        "",
    )
    assert told["early_transfer"]["value"] == told["early_transfer"]["bound"] == "31"
    assert {row["proven"] for row in told.values()} == {"1"}


def test_money_adds_up_to_what_the_answer_says() -> None:
    plan = shown("bridge-carry-over")
    told = rows(tables(plan), "money")
    assert [int(row["paid"]) for row in told] == list(plan.outcome.funding["amount"])
    schema = json.loads(tables(plan)["datapackage.json"])
    (money,) = (each for each in schema["resources"] if each["name"] == "money")
    units = {field["name"]: field.get("unit") for field in money["schema"]["fields"]}
    assert units["paid"] == plan.instance.plan.money_unit


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    files = tables(called(text))
    for name, data in files.items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(data.decode())) for cell in row]
            assert not [cell for cell in cells if cell.startswith(FORMULA)], name
    json.loads(files["datapackage.json"])


@pytest.mark.parametrize("audience", list(Audience))
def test_only_the_mission_sees_forces_and_reserves(audience: Audience) -> None:
    for name, word in (("supply-presence", "presence"), ("reserve", "reserve")):
        told = {row["resource"] for row in rows(tables(shown(name, audience)), "supplies")}
        assert (word in told) == (audience is Audience.MISSION)

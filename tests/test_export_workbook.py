"""The workbook: what its sheets say, as openpyxl reads them again, and that no cell is ever a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from exporting import HOSTILE, called, shown

from sequencer.answers.export import FORMULA
from sequencer.answers.standing import standing
from sequencer.exports import Audience, Shown, workbook
from sequencer.exports.sheets import CUT, LONGEST, Sheet, book
from sequencer.exports.text import legal

CHANGED = "changed for this run"


def opened(data: bytes) -> Any:  # noqa: ANN401 - a workbook of openpyxl, which has no types
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(data: bytes, name: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by heading."""
    head, *found = opened(data)[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def parts(data: bytes) -> dict[str, str]:
    """Return the XML of each sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name}


def test_sheets_stand_in_order_and_money_only_where_there_is_a_rule() -> None:
    names = ["about", "timetable", "phases", "supplies", "tight"]
    assert opened(workbook(shown())).sheetnames == names
    with_money = [*names[:4], "money", names[4]]
    assert opened(workbook(shown("bridge-carry-over"))).sheetnames == with_money


def test_the_timetable_is_that_of_the_plan_with_real_dates() -> None:
    plan = shown()
    data = workbook(plan)
    told = rows(data, "timetable")
    frame = plan.outcome.timetable
    assert [row["package"] for row in told] == list(frame["package"])
    for event in ("support_start", "joint_start", "transfer", "exit"):
        assert [f"{row[event]:%Y-%m-%d}" for row in told] == [f"{month}-01" for month in frame[event]]
        assert all(isinstance(row[event], datetime) for row in told)
    sheet = opened(data)["timetable"]
    assert {cell.number_format for cell in sheet["J"][1:]} == {"yyyy-mm"}
    first = next(row for row in told if row["package"] == "arden/policing")
    assert (first["preparation (months)"], first["fragile or advised (months)"]) == (4, 3)


def test_every_sheet_has_a_frozen_head_a_filter_and_wide_enough_columns() -> None:
    for sheet in opened(workbook(shown("bridge-carry-over"))).worksheets:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        for column in sheet.iter_cols(max_row=1):
            assert sheet.column_dimensions[column[0].column_letter].width >= min(60, len(str(column[0].value)))


def test_about_says_what_is_proven() -> None:
    plan = shown()
    told = {row["what"]: row for row in rows(workbook(plan), "about")}
    assert told["title"]["said"] == plan.instance.plan.title
    assert told["status"]["said"].startswith("OPTIMAL")
    assert told["aim 1: exit"]["value"] == told["aim 1: exit"]["bound"] == datetime(2031, 1, 1)  # noqa: DTZ001
    assert told["aim 2: risk"]["value"] == 118_000
    assert told["aim 2: risk"]["unit"] == "people x level x points"
    assert told["digest of the input"]["said"]
    assert told["version of sequencer"]["said"]
    assert told["last sheet"]["said"].startswith("tight")


def test_supplies_agree_with_the_answer_and_used_up_months_are_coloured() -> None:
    plan = shown()
    data = workbook(plan)
    told = rows(data, "supplies")
    frame = plan.outcome.supplies
    keys = list(zip(frame["resource"], frame["bucket"], frame["need"], frame["capacity"], strict=True))
    assert [(r["resource"], r["period"], r["need (units)"], r["capacity (units)"]) for r in told] == keys
    assert {row["unit"] for row in told} == {"team"}
    full = [row["period"] for row in told if row["need (units)"] and not row["left (units)"]]
    assert full
    (area,) = opened(data)["supplies"].conditional_formatting
    assert str(area.sqref) == f"H2:H{len(told) + 1}"
    assert area.rules[0].formula == ["AND($F2>0,$H2<=0)"]


def test_money_is_what_each_line_pays() -> None:
    plan = shown("bridge-carry-over")
    told = rows(workbook(plan), "money")
    frame = plan.outcome.funding
    unit = plan.instance.plan.money_unit
    assert [row[f"paid ({unit})"] for row in told] == list(frame["amount"])
    assert sum(row[f"paid ({unit})"] for row in told) > 0
    assert [row["source"] for row in told] == list(frame["source"])


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_breaks_the_file(text: str) -> None:
    data = workbook(called(text))
    for name, xml in parts(data).items():
        assert "<f>" not in xml, name
        assert "<f " not in xml, name
    sheet = opened(data)["timetable"]
    cells = [sheet.cell(row, 4) for row in range(2, 5)]
    seen = text.replace("_x0041_", "_x005F_x0041_")  # so that a spreadsheet shows what was meant
    assert [cell.value for cell in cells] == [legal(seen) or None] * 3
    if legal(text):
        assert {cell.data_type for cell in cells} == {"s"}
        assert {bool(cell.quotePrefix) for cell in cells} == {legal(text).startswith(FORMULA)}


def test_what_a_cell_cannot_hold_is_cut_with_a_sign_and_long_numbers_keep_their_digits() -> None:
    data = book("t", [Sheet("s", ["text", "number"], [("x" * (LONGEST + 1), 10**15 + 1)])])
    text, number = next(opened(data)["s"].iter_rows(min_row=2, values_only=True))
    assert len(text) == LONGEST
    assert text.endswith(CUT)
    assert number == str(10**15 + 1)


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert workbook(shown()) == workbook(shown())


def test_what_binds_takes_the_place_of_what_is_tight() -> None:
    frame = pd.DataFrame(
        {
            "address": ["capacity.mentor_team.pool@2030-01..", "threat.arden@2030-01..2030-08"],
            "number": ["'=teams", "threat"],
            "units": [1, 1],
            "most": pd.array([None, 2], dtype="Int64"),
        }
    )
    data = workbook(shown(binding=frame))
    assert opened(data).sheetnames[-1] == "binding"
    assert [row["number"] for row in rows(data, "binding")] == ["=teams", "threat"]
    assert rows(data, "binding")[0]["most"] is None
    assert next(row for row in rows(data, "about") if row["what"] == "last sheet")["said"].startswith("binding")
    public = rows(workbook(shown(audience=Audience.PUBLIC, binding=frame)), "binding")
    assert [row["number"] for row in public] == ["=teams"]


@pytest.mark.parametrize(("name", "word"), [("supply-presence", "presence"), ("reserve", "reserve")])
@pytest.mark.parametrize("audience", list(Audience))
def test_only_the_mission_sees_forces_and_reserves(name: str, word: str, audience: Audience) -> None:
    told = {row["resource"] for row in rows(workbook(shown(name, audience)), "supplies")}
    assert (word in told) == (audience is Audience.MISSION)


def test_only_the_mission_sees_what_rests_on_threat_and_who_says_so() -> None:
    mission, public = (rows(workbook(shown(audience=one)), "tight") for one in (Audience.MISSION, Audience.PUBLIC))
    assert [row["package"] for row in mission if row["rule"] == "W2"] == ["belmont/policing"]
    assert [row["package"] for row in public] == [row["package"] for row in mission if row["rule"] != "W2"]
    assert "source" in mission[0]
    assert "source" not in public[0]


def test_only_the_mission_sees_what_a_force_or_a_reserve_holds() -> None:
    for name, word in (("supply-presence", "presence"), ("reserve", "reserve")):
        told = {
            one: [row["one month earlier"] for row in rows(workbook(shown(name, one)), "tight")] for one in Audience
        }
        assert any(text.startswith(word) for text in told[Audience.MISSION])
        assert not any(word in text for one in (Audience.PUBLIC, Audience.PARTNERS) for text in told[one])


def test_numbers_changed_for_a_run_are_told_but_not_those_of_threat(tmp_path: Path) -> None:
    plan = shown().outcome
    file = tmp_path / "timetable.csv"
    plan.timetable.to_csv(file, index=False)
    instance = plan.instance.but({"threat.arden@2030-09..2030-09": 2, "capacity.mentor_team.pool": 3})
    changed = standing(instance, file)
    told = {
        one: [row for row in rows(workbook(Shown(changed, one)), "about") if CHANGED in row["what"]] for one in Audience
    }
    assert [row["said"].partition(":")[0] for row in told[Audience.MISSION]] == [
        "threat.arden@2030-09..2030-09",
        "capacity.mentor_team.pool@2030-01..",
    ]
    for one in (Audience.PUBLIC, Audience.PARTNERS):
        assert told[one][0]["said"].startswith("capacity.mentor_team")
        assert (told[one][1]["said"], told[one][1]["value"]) == ("numbers that are not shown to this audience", 1)
    status = next(row for row in rows(workbook(Shown(changed)), "about") if row["what"] == "status")
    assert status["said"].startswith("FEASIBLE")

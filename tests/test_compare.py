"""A plan and a record side by side: what agrees, what does not, and that nobody is dropped."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sequencer import Choice, Comparison, Instance, InstanceError, compare, read
from sequencer.cli import main
from sequencer.tables.record import read_record

Captured = pytest.CaptureFixture[str]

PLAN = "package,transfer\narden/policing,2030-05\nbelmont/policing,2030-08\narden/clinics,2030-10\n"


@pytest.fixture(scope="module")
def instance(worked: Path) -> Instance:
    """Return the worked example: arden/policing, arden/clinics and belmont/policing from 2030-01."""
    return read(worked)


def table(path: Path, text: str) -> Path:
    """Write a table."""
    path.write_text(text, encoding="utf-8")
    return path


def compared(instance: Instance, folder: Path, record: str, plan: str = PLAN) -> Comparison:
    """Return a comparison of two tables."""
    return compare(instance, table(folder / "plan.csv", plan), table(folder / "record.csv", record))


def test_months_and_order_are_compared(instance: Instance, tmp_path: Path) -> None:
    record = (
        "place,function,transfer,note\narden,policing,2030-06,late\nbelmont,policing,2030-08,\narden,clinics,2031-03,\n"
    )
    found = compared(instance, tmp_path, record)
    assert list(found.packages["package"]) == ["arden/policing", "belmont/policing", "arden/clinics"]
    assert list(found.packages["months_later"]) == [1, 0, 5]
    assert (found.compared, found.mean_months_later, found.median_months_later) == (3, 2.0, 1.0)
    assert found.rank_correlation == pytest.approx(1.0)
    places = found.places.set_index("place")
    assert (places.loc["arden", "mean_months_later"], places.loc["arden", "compared"]) == (3.0, 2)
    functions = found.functions.set_index("function")
    assert functions.loc["policing", "median_months_later"] == 0.5


@pytest.mark.parametrize(
    ("months", "correlation"),
    [
        (("2030-03", "2030-02", "2030-01"), -1.0),
        (("2030-02", "2030-02", "2030-09"), 0.8660254),  # equals share a rank: 1.5, 1.5, 3 against 1, 2, 3
        (("2030-02", "2030-02", "2030-02"), None),
    ],
)
def test_the_rank_correlation_is_spearmans_with_mean_ranks(
    instance: Instance, tmp_path: Path, months: tuple[str, str, str], correlation: float | None
) -> None:
    names = ("arden/policing", "belmont/policing", "arden/clinics")
    rows = "".join(f"{name},{month}\n" for name, month in zip(names, months, strict=True))
    found = compared(instance, tmp_path, f"package,transfer\n{rows}")
    assert found.rank_correlation == (correlation if correlation is None else pytest.approx(correlation))


def test_nobody_is_dropped(instance: Instance, tmp_path: Path) -> None:
    record = "package,transfer\narden/policing,\nbelmont/clinics,2030-02\nardn/clinics,2030-03\n"
    found = compared(
        instance, tmp_path, record, plan="package,transfer\narden/policing,2030-05\narden/clinics,2030-08\n"
    )
    assert found.left_out == {
        "in neither": ["belmont/policing"],
        "no month in the record": ["arden/policing"],
        "not in the plan": ["belmont/clinics", "ardn/clinics"],
        "not in the record": ["arden/clinics"],
    }
    assert found.unknown == {"belmont/clinics": "nearest: arden/clinics", "ardn/clinics": "nearest: arden/clinics"}
    assert (found.compared, found.rank_correlation, found.mean_months_later) == (0, None, None)
    assert list(found.places["place"]) == ["arden", "ardn", "belmont"]


def test_a_record_may_lie_before_and_after_the_plan(instance: Instance, tmp_path: Path) -> None:
    record = "package,transfer\narden/policing,2029-05\nbelmont/policing,2039-08\n"
    assert list(compared(instance, tmp_path, record).packages["months_later"].dropna()) == [-12, 108]


def test_choices_stand_for_a_plan(instance: Instance, tmp_path: Path) -> None:
    choices = {"arden/policing": Choice("none", 4)}
    record = table(tmp_path / "record.csv", "package,transfer\narden/policing,2030-06\n")
    assert compare(instance, choices, record).mean_months_later == 1.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("package,month\narden/policing,2030-05\n", "found the columns package, month; needed: package, or place and"),
        ("place,transfer\narden,2030-05\n", "needed: package, or place and function, and transfer"),
        ("package,transfer,transfer\n", "the column transfer twice"),
        ("package,transfer\narden/policing,soon\n", "row 2, column transfer: found"),
        ("package,transfer\narden/policing,2030-05\narden/policing,2030-06\n", "row 3, column package: found"),
        ("package,transfer\n*/policing,2030-05\n", "needed: one package, PLACE/FUNCTION"),
        ("package,transfer\npolicing,2030-05\n", "needed: one package, PLACE/FUNCTION"),
        ("package,transfer\n,2030-05\n", "needed: a package, or a place and a function"),
        ("package,place,transfer\narden/policing,belmont,2030-05\n", "needed: arden, as package says"),
        ("place,function,transfer\narden,,2030-05\n", "needed: a package, or a place and a function"),
        ('package,transfer\n"arden/policing,2030-05\n', "needed: quotes in pairs"),
        ("", "an empty file"),
    ],
)
def test_what_cannot_be_understood_is_told(instance: Instance, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InstanceError) as caught:
        read_record(table(tmp_path / "record.csv", text), instance)
    assert said in str(caught.value)


def test_every_fault_of_a_record_is_told_at_once(instance: Instance, tmp_path: Path) -> None:
    text = "package,transfer\n*/policing,soon\narden/policing,2030-13\narden/clinics,2030-02\n"
    with pytest.raises(InstanceError) as caught:
        read_record(table(tmp_path / "record.csv", text), instance)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "package"),
        (2, "transfer"),
        (3, "transfer"),
    ]


def test_a_record_saved_by_a_spreadsheet_is_read(instance: Instance, tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_bytes("Place;Function;Transfer;Größe\narden;policing;May-30;x\n".encode("cp1252"))
    assert read_record(path, instance) == {"arden/policing": 4}


def test_the_command_compares_a_folder_of_solve_with_a_record(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    plan, record, out = tmp_path / "plan", tmp_path / "record.csv", tmp_path / "sides.csv"
    assert main(["solve", str(worked), "--out", str(plan), "--quiet"]) == 0
    table(record, "package,transfer\narden/policing,2030-07\nbelmont/policing,2030-08\nelsewhere/\x0bx,2030-01\n")
    assert main(["compare", str(worked), str(plan), str(record)]) == 3
    table(record, "package,transfer\narden/policing,2030-07\nbelmont/policing,2030-08\n")
    capsys.readouterr()
    assert main(["compare", str(worked), str(plan), str(record), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "Compared: 2 of 3 packages" in printed
    assert "  not in the record: arden/clinics\n" in printed
    assert "the record is 1.0 months later than the plan in the mean" in printed
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["months_later"] for row in rows] == ["2", "0", ""]


def test_the_answer_is_one_json_object(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    plan = table(tmp_path / "plan.csv", PLAN)
    record = table(tmp_path / "record.csv", "package,transfer\narden/policing,2030-07\n")
    assert main(["compare", str(worked), str(plan), str(record), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"compared", "rank_correlation", "left_out", "unknown", "packages", "places", "functions"} <= set(answer)
    assert answer["rank_correlation"] is None
    assert answer["packages"][0]["months_later"] == 2
    assert answer["packages"][1]["months_later"] is None


def test_a_file_is_not_overwritten_unasked(worked: Path, tmp_path: Path, capsys: Captured) -> None:
    plan, out = table(tmp_path / "plan.csv", PLAN), table(tmp_path / "mine.csv", "mine")
    command = ["compare", str(worked), str(plan), str(plan), "--out", str(out)]
    assert main(command) == 2
    assert "mine.csv" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "mine"
    assert main([*command, "--overwrite"]) == 0
    assert out.read_text(encoding="utf-8").startswith("package,")
    assert main([*command[:-1], str(tmp_path / "nowhere" / "x.csv")]) == 2

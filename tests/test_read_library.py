"""The shipped library and wide readiness files."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from sequencer.errors import InstanceError
from sequencer.instance.instance import Instance
from sequencer.tables import library, schema
from sequencer.tables.plan import LIBRARY
from sequencer.tables.read import read

FILES = {
    "plan.toml": 'title = "A"\nfirst_month = "2026-01"\nmonths = 60\nobjective = ["exit"]\n'
    'library = ["functions", "criteria", "needs", "resources"]\n',
    "places.csv": "place,region\narden,west\nbelmont,\n",
    "packages.csv": "place,function\narden,water\nbelmont,water\nbelmont,power\n",
    "criteria.csv": "packages,criterion,threshold\n*/*,operators,70\narden/water,Spare parts,50\n",
    "needs.csv": "packages,stages,resource,amount\n*/*,joint,engineer_team,2\n",
    "capacity.csv": "resource,amount\nengineer_team,2\nmonitor,9\ntrainer,9\nassessor_team,1\n",
    "readiness.csv": "packages,criterion,score\npower,operators,70\npower,maintenance,70\npower,cost_recovery,70\n"
    "*/water,operators,60\n",
    "readiness_Water.csv": "place;Operators;maintenance;cost recovery;Spare-parts;growth;note\n"
    "*;;66,5;55;;0,5;all\narden;71;;;40;;mine\n",
}


def folder(path: Path, **texts: str | None) -> Path:
    """Write the folder of this test, with some files replaced or left out."""
    for name, text in (FILES | {f"{stem}.csv": text for stem, text in texts.items()}).items():
        if text is not None:
            (path / name).write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    """Return the faults of a folder."""
    with pytest.raises(InstanceError) as caught:
        read(path)
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return read(folder(tmp_path))


def test_functions_come_from_the_library_if_packages_name_them(instance: Instance) -> None:
    assert [(fact.name, fact.sector, fact.origin.place) for fact in instance.functions] == [
        ("water", "utility", "library/functions.csv row 13"),
        ("power", "utility", "library/functions.csv row 14"),
    ]
    assert all(fact.origin.confidence == "judgement" for fact in instance.functions)


def test_a_row_of_the_folder_overrides_the_library_whatever_its_wildcards(instance: Instance) -> None:
    tests = {(gate.package, gate.criterion): gate for gate in instance.criteria}
    assert tests["arden/water", "operators"].threshold == 70_000
    assert tests["arden/water", "operators"].origin.file == "criteria.csv"
    assert tests["arden/water", "maintenance"].origin.file == "library/criteria.csv"
    assert len(tests) == 10
    needed = {(need.stage or need.event, need.origin.file): need.amount for need in instance.needs_of["engineer_team"]}
    assert needed == {("joint", "needs.csv"): 2, ("mentored", "library/needs.csv"): 1}


def test_only_resources_that_somebody_names_come_along(instance: Instance) -> None:
    assert [fact.name for fact in instance.resources] == ["engineer_team", "trainer", "assessor_team", "monitor"]


def test_a_resource_of_the_folder_keeps_its_own_row(tmp_path: Path) -> None:
    changed = read(folder(tmp_path, resources="resource,bucket,owner\nmonitor,plan,host\n"))
    assert changed.resource["monitor"].owner == "host"
    assert len(changed.resources) == 4


def test_what_the_library_needs_must_be_supplied(tmp_path: Path) -> None:
    assert faults(folder(tmp_path, capacity=None))[-1] == (
        'needs.csv, row 2, column resource: found "engineer_team"; needed: a row for it in capacity.csv'
    )
    supplied = "resource,amount\nengineer_team,2\ntrainer,9\nassessor_team,1\n"
    (found,) = faults(folder(tmp_path, capacity=supplied))
    assert found.startswith("library/needs.csv, row ")
    assert found.endswith('column resource: found "monitor"; needed: a row for it in capacity.csv')


def test_without_the_library_nothing_of_it_counts(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "plan.toml").write_text(FILES["plan.toml"].partition("library")[0], encoding="utf-8")
    assert any(fault.startswith("functions.csv: found no such file") for fault in faults(path))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('"functions"', "needed: a list of tables, any of functions, criteria, needs, resources"),
        ('["function"]', "needed: one of functions, criteria, needs, resources (nearest: functions)"),
        ("[1]", "needed: a list of tables"),
    ],
)
def test_words_that_are_no_table_of_the_library(tmp_path: Path, written: str, message: str) -> None:
    path = folder(tmp_path, functions="function\nwater\npower\n")
    (path / "plan.toml").write_text(f"{FILES['plan.toml'].partition('library')[0]}library = {written}\n")
    assert any(fault.startswith("plan.toml, row 5, column library") and message in fault for fault in faults(path))


def test_the_library_is_whole() -> None:
    """Every function has criteria and needs, what is named exists, and all rows say how sure they are."""
    rows = {word: library.shipped(word) for word in LIBRARY}
    functions = {row["function"] for row in rows["functions"]}
    assert len(functions) >= 14
    for word in ("criteria", "needs"):
        assert {pattern.function for row in rows[word] for pattern in row["packages"]} == functions
    named = {row["resource"] for row in rows["needs"]} - {""}
    assert named == {row["resource"] for row in rows["resources"]}
    assert all(row["confidence"] for table in rows.values() for row in table)
    assert all(row["source"] for table in rows.values() for row in table if row["confidence"] != "judgement")


def test_the_whole_library_can_be_planned_with(tmp_path: Path) -> None:
    functions = [row["function"] for row in library.shipped("functions")]
    gates = {criterion: None for row in library.shipped("criteria") for criterion in [row["criterion"]]}
    texts: dict[str, str | None] = {name.removesuffix(".csv"): None for name in FILES if name.endswith(".csv")}
    texts |= {
        "places": "place\narden\n",
        "packages": "place,function\n" + "".join(f"arden,{name}\n" for name in functions),
        "readiness": "packages,criterion,score\n" + "".join(f"*/*,{name},90\n" for name in gates),
        "capacity": "resource,amount\n"
        + "".join(f"{row['resource']},99\n" for row in library.shipped("resources") if row["resource"] != "presence"),
        "guarantees": "force,covers,people\nguard,*,500\n",
    }
    instance = read(folder(tmp_path, **texts))
    assert len(instance.packages) == len(functions) == len(instance.functions)


def test_the_wheel_holds_the_library(top: Path) -> None:
    built = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert built["wheel"]["packages"] == ["sequencer"]
    assert {path.stem for path in (top / "sequencer" / library.FOLDER).glob("*.csv")} == set(LIBRARY)


def test_a_wide_file_gives_scores_by_criterion(instance: Instance) -> None:
    scores = {key: (row.score, row.growth, row.origin.place) for key, row in instance.score_of.items()}
    assert scores["arden/water", "operators"] == (71_000, 0, "readiness_water.csv row 3")
    assert scores["belmont/water", "operators"] == (60_000, 0, "readiness.csv row 5")
    assert scores["belmont/water", "maintenance"] == (66_500, 500, "readiness_water.csv row 2")
    assert scores["arden/water", "Spare parts"] == (40_000, 0, "readiness_water.csv row 3")
    assert instance.score_of["arden/water", "cost_recovery"].origin.note == "all"
    assert len(scores) == 10


def test_faults_of_wide_files(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        readiness="packages,criterion,score\n*/water,operators,60\n",
        readiness_power="place,operator,maintenance\nbelmond,1,2\narden,1,2\nregion:west,1,2\n*,1,x\n,,\n",
        readiness_watr="place\n*\n",
    )
    (path / "readiness_gas.xlsx").write_bytes(b"PK")
    assert faults(path) == [
        "readiness_gas.xlsx: found a table that is not CSV; needed: readiness_gas.csv (save it as CSV)",
        (
            'readiness_power.csv, row 1, column operator: found the heading "operator"; '
            "needed: a criterion that criteria.csv tests for power (nearest: operators)"
        ),
        'readiness_power.csv, row 2, column place: found "belmond"; needed: a name from places.csv (nearest: belmont)',
        'readiness_power.csv, row 3, column place: found "arden"; needed: places with a package arden/power',
        (
            'readiness_power.csv, row 4, column place: found "region:west"; '
            "needed: places with a package region:west/power"
        ),
        'readiness_power.csv, row 5, column maintenance: found "x"; needed: a number',
        (
            'readiness_watr.csv: found scores of the function "watr"; '
            "needed: the name of a function from functions.csv in that of the file (nearest: water)"
        ),
    ]


def test_scores_of_two_files_that_tie(tmp_path: Path) -> None:
    path = folder(tmp_path, readiness=f"{FILES['readiness.csv']}*/water,maintenance,1\n")
    assert faults(path) == [
        (
            "readiness_water.csv, row 2, column packages: found readiness.csv row 6 and row 2 both for arden/water; "
            "needed: one row more specific than the other"
        ),
    ]


def test_a_missing_score_is_asked_for_by_the_row_that_tests_it(tmp_path: Path) -> None:
    power = FILES["readiness.csv"].partition("*")[0]
    path = folder(tmp_path, readiness=power, readiness_Water="place,operators,maintenance,cost recovery\n*,1,2,3\n")
    assert faults(path) == [
        (
            "readiness.csv, column score: found no score of Spare parts for arden/water; "
            "needed: one for each package, asked for by criteria.csv row 3"
        ),
    ]


def test_a_wide_file_is_declared_like_readiness() -> None:
    table = schema.wide_readiness("readiness_water.csv", "water", ["Spare parts"])
    assert set(table.headings()) == {*schema.WIDE, "place", "Spare parts", "spare_parts"}
    assert table.headings()["spare_parts"].maximum == 100


def test_a_copy_of_a_folder_reads_the_same(tmp_path: Path, instance: Instance) -> None:
    assert read(shutil.copytree(tmp_path, tmp_path / "copy", ignore=shutil.ignore_patterns("copy"))) == instance

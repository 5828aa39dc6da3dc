"""Every shipped instance reads, solves to the optimum on record, and keeps to the Table Schema."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import frictionless
import pytest

from sequencer import Limits, Status, read, solve
from sequencer.tables import schema

TOP = Path(__file__).parent.parent
SETS = sorted(folder.parent for folder in (TOP / "instances").glob("*/best.csv"))
FOLDERS = sorted(path.parent for path in (TOP / "instances").glob("*/*/plan.toml"))


def on_record() -> list[tuple[Path, str, list[dict[str, str]]]]:
    """Return the rows of every best.csv by instance and objective, in the order of the levels."""
    rows: dict[tuple[Path, str], list[dict[str, str]]] = defaultdict(list)
    for folder in SETS:
        with (folder / "best.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                rows[folder / row["instance"], row["objective"]].append(row)
    return [(folder, objective, levels) for (folder, objective), levels in rows.items()]


RECORD = on_record()


def test_every_instance_is_on_record() -> None:
    assert {folder for folder, _, _ in RECORD} == set(FOLDERS)


@pytest.mark.parametrize(("folder", "objective", "levels"), RECORD, ids=[f"{f.name}-{o}" for f, o, _ in RECORD])
def test_the_optimum_is_the_one_on_record(folder: Path, objective: str, levels: list[dict[str, str]]) -> None:
    instance = read(folder)
    planned = ";".join(goal.term for goal in instance.plan.objective)
    outcome = solve(instance, objective=None if objective == planned else objective.split(";"))
    assert outcome.status is Status.OPTIMAL
    assert [level.term for level in outcome.levels] == [row["term"] for row in levels]
    assert [level.value for level in outcome.levels] == [int(row["value"]) for row in levels]
    assert [level.bound for level in outcome.levels] == [int(row["bound"]) for row in levels]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_folder_keeps_to_the_table_schema(folder: Path) -> None:
    declared = json.loads(schema.text())
    present = [table for table in declared["resources"] if (folder / table["path"]).exists()]
    names = {table["name"] for table in present}
    for table in present:
        keys = table["schema"].get("foreignKeys", [])
        table["schema"]["foreignKeys"] = [key for key in keys if key["reference"]["resource"] in names]
    package = frictionless.Package.from_descriptor(declared | {"resources": present}, basepath=str(folder))
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])


def test_a_deterministic_solve_gives_the_same_plan_every_time(timor: Path) -> None:
    instance = read(timor)
    first, second = (solve(instance, limits=Limits(deterministic=True, seconds=20)) for _ in range(2))
    assert first.choices == second.choices
    assert first.levels == second.levels
    assert first.seconds is None

"""Every shipped instance reads, keeps to the Table Schema and has the answer on record: an optimum, or what clashes."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections import defaultdict
from pathlib import Path

import frictionless
import pytest

from sequencer import Limits, Outcome, Status, read, solve
from sequencer.tables import schema
from sequencer.tables.record import read_record

TOP = Path(__file__).parent.parent
SETS = sorted(folder.parent for folder in (TOP / "instances").glob("*/best.csv"))
FOLDERS = sorted(path.parent for path in (TOP / "instances").glob("*/*/plan.toml"))
NATIONAL = TOP / "instances" / "national" / "halvara"
INFEASIBLE = [folder for folder in FOLDERS if folder.parent.name == "infeasible"]
#: Whose later levels take longer than a test may; the first is proven here, the rest by `sequencer bench --best`.
LONG = {"liberia-unmil-2012", "halvara"}


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
    assert {folder for folder, _, _ in RECORD} == set(FOLDERS) - set(INFEASIBLE)


def answer(folder: Path, objective: str) -> Outcome:
    """Return the answer to an instance with the objective of the record, or with its first term if that is enough."""
    instance = read(folder)
    planned = ";".join(goal.term for goal in instance.plan.objective)
    if folder.name in LONG:
        return solve(instance, objective=instance.plan.objective[:1], haste=False)
    return solve(instance, objective=None if objective == planned else objective.split(";"), haste=False)


@pytest.mark.parametrize(("folder", "objective", "levels"), RECORD, ids=[f"{f.name}-{o}" for f, o, _ in RECORD])
def test_the_optimum_is_the_one_on_record(folder: Path, objective: str, levels: list[dict[str, str]]) -> None:
    outcome = answer(folder, objective)
    proven = levels[: len(outcome.levels)]
    assert outcome.status is Status.OPTIMAL
    assert [level.term for level in outcome.levels] == [row["term"] for row in proven]
    assert [level.value for level in outcome.levels] == [int(row["value"]) for row in proven]
    assert [level.bound for level in outcome.levels] == [int(row["bound"]) for row in proven]


@pytest.mark.parametrize("folder", INFEASIBLE, ids=lambda folder: folder.name)
def test_what_clashes_is_named(folder: Path) -> None:
    outcome = solve(read(folder))
    said = "\n".join(outcome.notes)
    assert outcome.status is Status.INFEASIBLE
    for row in (folder / "expected.txt").read_text(encoding="utf-8").splitlines():
        assert row in said, f"{row} is not named in:\n{said}"


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


@pytest.mark.parametrize(
    "path", sorted(TOP.glob("instances/historical/*/record.csv")), ids=lambda path: path.parent.name
)
def test_a_record_speaks_of_packages_and_months_of_its_plan(path: Path) -> None:
    instance = read(path.parent)
    for package, transfer in read_record(path, instance).items():
        assert package in instance.package
        assert transfer is not None
        assert 0 <= transfer < instance.plan.months


def test_a_deterministic_solve_gives_the_same_plan_every_time(timor: Path) -> None:
    instance = read(timor)
    first, second = (solve(instance, limits=Limits(deterministic=True, seconds=20), haste=False) for _ in range(2))
    assert first.choices == second.choices
    assert first.levels == second.levels
    assert first.seconds is None


def test_the_national_instance_has_a_fact_of_every_kind() -> None:
    instance = read(NATIONAL)
    tables = {field.name: getattr(instance, field.name) for field in dataclasses.fields(instance)}
    empty = {name for name, facts in tables.items() if facts == () and name != "changes"}
    assert not empty
    assert {package.current_stage for package in instance.packages} - {None}
    assert any(package.fixed is not None for package in instance.packages)
    assert any(row.serves is not None for row in instance.capacity)
    assert any(row.factor is not None for row in instance.calendar_events)
    assert any(row.yearly for row in instance.calendar_events)
    assert {row.k for row in instance.reserves} == {1, 2}
    assert any(row.carry_until is not None for row in instance.pledges)
    assert any(row.condition is not None for row in instance.pledges)
    assert any(row.serves is not None for row in instance.pledges)
    assert any(row.max_fall is not None for row in instance.pledges)
    assert not all(row.confirmed for row in instance.pledges)
    assert any(row.max_growth is not None for row in instance.budget)
    assert any(donor.max_share is not None for donor in instance.donors)
    assert any(donor.sunset is not None for donor in instance.donors)
    assert any(package.revenue for package in instance.packages)

"""A plan taken up again: what its record says is believed as a whole where a new check agrees, else not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sequencer import read, solve
from sequencer.answers import export
from sequencer.answers.standing import OTHERS, UNBELIEVED, UNKNOWN, standing
from sequencer.errors import InstanceError, UsageError
from sequencer.outcome import Outcome, Status

Record = dict[str, Any]


@pytest.fixture(scope="module")
def answer(top: Path) -> Outcome:
    """Return an answer with money, haste and a second proof."""
    return solve(read(top / "instances" / "tiny" / "bridge-condition"), verify=True)


@pytest.fixture
def out(answer: Outcome, tmp_path: Path) -> Path:
    """Return a folder that holds it."""
    folder = tmp_path / "plan"
    folder.mkdir()
    export.write(answer, folder)
    return folder


def forge(folder: Path, change: Callable[[Record], object]) -> None:
    """Change a record, and its own fingerprint with it, as somebody who knows how would."""
    record = json.loads((folder / export.OUTCOME).read_text(encoding="utf-8"))
    change(record)
    record.get("files", {}).pop(export.OUTCOME, None)
    if isinstance(record.get("files"), dict):
        print_ = export._fingerprint(export._json(record).encode())
        record["files"][export.OUTCOME] = print_
    (folder / export.OUTCOME).write_text(export._json(record), encoding="utf-8")


def test_an_answer_taken_up_again_is_the_same(answer: Outcome, out: Path) -> None:
    found = standing(answer.instance, out)
    assert found.status is Status.OPTIMAL
    assert found.levels == tuple(replace(each, steps=(), prices=(), certificate=None) for each in answer.levels)
    for name in ("choices", "values", "engine", "seconds", "notes", "uses", "haste", "verified"):
        assert getattr(found, name) == getattr(answer, name), name
    assert standing(answer.instance, out / "timetable.csv").levels == found.levels  # the file stands in its folder


def test_a_bare_timetable_claims_nothing(answer: Outcome, out: Path, tmp_path: Path) -> None:
    alone = tmp_path / "mine.csv"
    alone.write_bytes((out / "timetable.csv").read_bytes())
    found = standing(answer.instance, alone)
    assert (found.status, found.engine, found.notes, found.verified) == (Status.FEASIBLE, "none", (UNKNOWN,), None)
    assert [level.value for level in found.levels] == [level.achieved for level in answer.levels]
    assert {level.bound for level in found.levels} == {None}
    assert found.choices == answer.choices


def test_a_record_of_another_instance_claims_nothing(answer: Outcome, out: Path) -> None:
    other = answer.instance.but({"plan.months": "+1"})
    assert standing(other, out).notes == (UNKNOWN, OTHERS)


def _put(*keys: str | int, value: object) -> Callable[[Record], object]:
    def change(record: Record) -> None:
        at: Any = record
        for key in keys[:-1]:
            at = at[key]
        at[keys[-1]] = value

    return change


def _drop(*keys: str | int) -> Callable[[Record], object]:
    def change(record: Record) -> None:
        at: Any = record
        for key in keys[:-1]:
            at = at[key]
        del at[keys[-1]]

    return change


FORGED = {
    "a value that the plan does not have": _put("values", "exit", value=1),
    "a value of a level that it does not have": _put("levels", 0, "value", value=1),
    "a value of a level and its bound": lambda r: r["levels"][0].update(value=1, bound=1, achieved=1, gap=0.0),
    "a bound above the value": lambda r: r["levels"][0].update(bound=10**6, gap=-1.0),
    "a bound without proof": _put("levels", 0, "proof", value=None),
    "a proof of another kind": _put("levels", 0, "proof", value="divine"),
    "a bound that is text": _put("levels", 0, "bound", value="0"),
    "a value that is true": lambda r: r["levels"][-1].update(value=True, bound=True),
    "a tolerance below nothing": _put("levels", 0, "tolerance", value=-5),
    "another unit": _put("levels", 0, "unit", value="<script>"),
    "an unknown term": _put("levels", 0, "term", value="luck"),
    "the same term twice": lambda r: r["levels"].append(r["levels"][0]),
    "no level": _put("levels", value=[]),
    "levels that are none": _put("levels", value={"exit": 3}),
    "a level with a key too few": _drop("levels", 0, "unit"),
    "a level with a key too many": _put("levels", 0, "sure", value=1),
    "a key too many": _put("advice", value="believe me"),
    "a key too few": _drop("notes"),
    "another timetable": _put("timetable", 0, "transfer", value="2031-12"),
    "no timetable": _put("timetable", value=None),
    "another title": _put("title", value="mine"),
    "an unknown status": _put("status", value="PERFECT"),
    "a status without a plan": _put("status", value="INFEASIBLE"),
    "a status that proofs contradict": _put("status", value="FEASIBLE"),
    "an engine that is none": _put("engine", value="oracle"),
    "an engine that is a list": _put("engine", value=["auto"]),
    "seconds below nothing": _put("seconds", value=-1.0),
    "seconds as text": _put("seconds", value="1"),
    "interrupted as a number": _put("interrupted", value=0),
    "notes that are no texts": _put("notes", value=[1]),
    "notes that are one text": _put("notes", value="abc"),
    "payments that are not enough": lambda r: [row.update(amount=0) for row in r["funding"]],
    "payments that are halves": lambda r: [row.update(amount=row["amount"] + 0.5) for row in r["funding"]],
    "payments of an unknown line": _put("funding", 0, "source", value="nobody"),
    "a price of haste that is not the plan's": _put("haste", 0, "exit", value=0),
    "a price of haste as text": _put("haste", 1, "cost", value="cheap"),
    "a price of haste with a key too many": _put("haste", 1, "bonus", value=1),
    "an earlier exit in haste": _put("haste", 1, "exit", value=0),
    "another claim proven again": _put("verified", "claims", 0, "value", value=0),
    "a claim that is text": _put("verified", "claims", 0, "confirmed", value="yes"),
    "infinity": _put("seconds", value=float("inf")),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_record_is_not_believed(answer: Outcome, out: Path, kind: str) -> None:
    forge(out, FORGED[kind])
    assert export.record(out)  # its fingerprints are in order
    found = standing(answer.instance, out)
    assert (found.status, found.engine, found.haste, found.verified) == (Status.FEASIBLE, "none", (), None)
    assert found.notes == (UNKNOWN, UNBELIEVED)
    assert found.values == answer.values
    assert {level.bound for level in found.levels} == {None}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "3", '{"files": 3}', '{"files": {}}', "[" * 100_000, "\ufeff{}", '"é']
)
def test_what_is_no_record_is_none(answer: Outcome, out: Path, text: str) -> None:
    (out / export.OUTCOME).write_bytes(text.encode("latin-1", errors="replace"))
    assert standing(answer.instance, out).notes == (UNKNOWN,)


def test_a_file_changed_by_hand_takes_the_record_with_it(answer: Outcome, out: Path) -> None:
    (out / "communities.csv").write_text("mine", encoding="utf-8")
    assert standing(answer.instance, out).notes == (UNKNOWN,)


def test_a_file_in_the_place_of_which_there_is_a_folder_is_told(answer: Outcome, out: Path) -> None:
    (out / "tight.csv").unlink()
    (out / "tight.csv").mkdir()
    with pytest.raises(UsageError, match="cannot read"):
        standing(answer.instance, out)


def test_a_folder_without_a_plan_is_taken_up_only_as_it_was_written(top: Path, tmp_path: Path) -> None:
    instance = read(top / "instances" / "infeasible" / "chain-too-long")
    outcome = solve(instance)
    export.write(outcome, tmp_path)
    found = standing(instance, tmp_path)
    assert (found.status, found.choices, found.levels) == (Status.INFEASIBLE, None, outcome.levels)
    forge(tmp_path, _put("status", value="OPTIMAL"))
    with pytest.raises(UsageError, match="there is no timetable"):
        standing(instance, tmp_path)


def test_a_plan_that_cannot_be_kept_is_not_passed_on(answer: Outcome, out: Path) -> None:
    text = (out / "timetable.csv").read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    (out / "timetable.csv").write_text("\n".join([header, *rows[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(InstanceError, match="one row for each package"):
        standing(answer.instance, out)
    with pytest.raises(UsageError, match="there is no timetable"):
        standing(answer.instance, out / "nowhere.csv")

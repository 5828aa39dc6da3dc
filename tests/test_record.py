"""Results on file: kept as they come, gone on with, and never taken for those of another question."""

from __future__ import annotations

from pathlib import Path

import pytest

from sequencer.errors import UsageError
from sequencer.running.record import Record

ABOUT = {"instance": "abc", "seconds": 1.5, "objective": ["exit"]}


def test_answers_are_known_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "results.jsonl"
    record = Record(file, ABOUT)
    record.add("a", {"value": 1})
    record.add("b\n é", {"value": None})
    again = Record(file, ABOUT)
    assert again.known == record.known == {"a": {"value": 1}, "b\n é": {"value": None}}
    again.add("c", {})
    assert list(Record(file, ABOUT).known) == ["a", "b\n é", "c"]


def test_without_a_path_nothing_is_written() -> None:
    record = Record(None, ABOUT)
    record.add("a", {})
    assert record.known == {"a": {}}


@pytest.mark.parametrize("cut", range(1, 30, 7))
def test_a_line_that_was_cut_off_is_forgotten(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "results.jsonl"
    record = Record(file, ABOUT)
    record.add("a", {"value": 1})
    record.add("b", {"value": 2})
    file.write_bytes(file.read_bytes()[:-cut])
    again = Record(file, ABOUT)
    assert again.known == {"a": {"value": 1}}
    again.add("b", {"value": 3})
    assert Record(file, ABOUT).known == {"a": {"value": 1}, "b": {"value": 3}}


def test_answers_to_another_question_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "results.jsonl"
    Record(file, ABOUT).add("a", {})
    before = file.read_bytes()
    with pytest.raises(UsageError, match=r"\(instance, seed differ\): name another file"):
        Record(file, {**ABOUT, "instance": "abd", "seed": 1})
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "package,month\n",
        "no line",
        "[" * 100_000 + "\n",
        '{"about": {"instance": "abc", "seconds": 1.5, "objective": ["exit"]}}\n{"key": "a", "answer": 3}\n',
        '{"key": "a", "answer": {}}\n',
        "\n",
        "\udcff\n",
    ],
)
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(text.encode(errors="surrogateescape"))
    before = file.read_bytes()
    with pytest.raises(UsageError, match="is no file of results"):
        Record(file, ABOUT)
    assert file.read_bytes() == before


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot keep results"):
        Record(tmp_path, ABOUT)

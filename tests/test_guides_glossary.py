"""The glossary has every word that the program shows, and names nothing that the program lacks."""

from __future__ import annotations

import argparse
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sequencer
from sequencer import Outcome, Status, sensitivity
from sequencer.cli import parser
from sequencer.outcome import Level
from sequencer.questions.explaining import Explanation
from sequencer.tables import plan, schema
from sequencer.vocabulary import TERMS, Bucket, Event, Stage

ROW = re.compile(r"^\| (?P<words>[^|]+) \| (?P<told>[^|]+) \| (?P<here>[^|]+) \|", re.MULTILINE)
HEADING = {"word", "---"}


@pytest.fixture(scope="module")
def rows(top: Path) -> list[tuple[str, str]]:
    """Return the words of each entry, and what of the program it names."""
    text = (top / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [(row["words"], row["here"]) for row in ROW.finditer(text) if row["words"] not in HEADING]


@pytest.fixture(scope="module")
def words(rows: list[tuple[str, str]]) -> set[str]:
    """Return every word that is explained."""
    return {word.strip() for entry, _ in rows for word in entry.split(",")} | {entry.strip() for entry, _ in rows}


def test_the_words_of_the_front_page_are_explained(top: Path, words: set[str]) -> None:
    front = (top / "README.md").read_text(encoding="utf-8").split("## Words")[1].split("\n## ")[0]
    listed = [entry for entry in re.findall(r"^\| ([^|]+) \| ", front, re.MULTILINE) if entry not in HEADING]
    assert len(listed) >= 10
    for entry in listed:
        for word in entry.split(";"):
            assert word.strip() in words or {each.strip() for each in word.split(",")} <= words, entry


def test_every_status_and_every_term_of_the_objective_is_explained(words: set[str]) -> None:
    assert {status.value for status in Status} <= words
    assert {term.replace("_", " ") for term in TERMS} <= words


def test_every_stage_is_named(rows: list[tuple[str, str]]) -> None:
    here = next(here for entry, here in rows if entry == "stage")
    assert set(re.findall(r"`([^`]+)`", here)) == {stage.value for stage in Stage}


def test_what_is_named_exists_in_the_program(rows: list[tuple[str, str]]) -> None:
    known = set(names())
    named = {name for _, here in rows for name in re.findall(r"`([^`]+)`", here)}
    assert len(named) > 80
    assert named - known == set()


def test_each_word_has_one_entry(rows: list[tuple[str, str]]) -> None:
    entries = [entry for entry, _ in rows]
    assert len(entries) == len(set(entries))


def names() -> Iterator[str]:
    """Yield tables, columns, keys of plan.toml, commands, their options, and what answers are made of."""
    for name, table in schema.tables().items():
        yield name
        yield from (column.name for column in table.columns)
    yield from plan.KEYS
    yield from options(parser())
    yield from (*TERMS, *Stage, *Event, *Bucket, *Status)
    yield from ("presence", "reserve", "relapse", "auto")  # values of role and event; an engine
    yield from (*sequencer.__all__, *sensitivity.__all__)
    for kind in (Outcome, Level, Explanation):
        yield from (*(field.name for field in dataclasses.fields(kind)), *vars(kind))


def options(top: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the names of commands and of their options."""
    for action in top._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield name
                yield from options(command)

"""Whole folders: ``broken`` ones have the faults expected and no others, ``odd`` ones mean what the plain one means."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from sequencer.errors import InstanceError
from sequencer.instance.facts import Fact
from sequencer.instance.instance import Instance
from sequencer.tables.read import read
from sequencer.vocabulary import Origin

HERE = Path(__file__).parent
BROKEN = sorted(path.name for path in (HERE / "broken").iterdir() if path.is_dir())
ODD = sorted(path.name for path in (HERE / "odd").iterdir() if path.is_dir() and path.name != "plain")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_has_exactly_the_expected_faults(name: str) -> None:
    expected = (HERE / "broken" / name / "expected.txt").read_text(encoding="utf-8").splitlines()
    with pytest.raises(InstanceError) as caught:
        read(HERE / "broken" / name)
    assert [str(fault) for fault in caught.value.faults] == expected


def test_every_broken_folder_is_its_own_case() -> None:
    assert len(BROKEN) >= 100
    assert all((HERE / "broken" / name / "expected.txt").is_file() for name in BROKEN)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_folder_means_what_the_plain_one_means(name: str) -> None:
    assert _without_rows(read(HERE / "odd" / name)) == _without_rows(read(HERE / "odd" / "plain"))


def test_a_separator_line_counts_as_a_row() -> None:
    plain, shifted = read(HERE / "odd" / "plain"), read(HERE / "odd" / "sep_line")
    rows = [fact.origin.row or 0 for fact in plain.needs]
    assert [fact.origin.row for fact in shifted.needs] == [row + 1 for row in rows]


@pytest.mark.parametrize("name", ["bom", "utf16", "utf16_without_mark", "cp1252", "decimal_comma", "excel_dates"])
def test_rows_are_numbered_as_in_the_plain_folder(name: str) -> None:
    assert read(HERE / "odd" / name) == read(HERE / "odd" / "plain")


def _without_rows(instance: Instance) -> Instance:
    tables: dict[str, Any] = {
        column.name: tuple(replace(fact, origin=_without_row(fact)) for fact in getattr(instance, column.name))
        for column in fields(instance)
        if isinstance(getattr(instance, column.name), tuple)
    }
    return replace(instance, **tables)


def _without_row(fact: Fact) -> Origin:
    return replace(fact.origin, row=None)

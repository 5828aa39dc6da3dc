"""The one declaration of tables and columns, ``datapackage.json``, as small frozen records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from sequencer.tables.text import heading

PLACE = "place"  # whose scores a row of a wide readiness file holds
#: The columns of readiness.csv that a wide file may have.
WIDE = ("assessed", "assessor", "growth", "growth_after", "source", "confidence", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: ``role`` says how a cell is read, ``choices`` what may stand there (empty: anything).

    ``many``: several values separated by ``;``. ``aliases`` are other headings understood. ``default`` is text
    as a planner would write it.
    """

    name: str
    role: str
    description: str = ""
    required: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    default: str = ""
    unit: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One CSV file: its columns, the columns that together name a row, and where a column's names come from.

    ``ignored``: headings that may stand there though nobody reads them. ``expected``: what a heading should be, for
    faults. ``open``: unknown headings are let through.
    """

    name: str
    path: str
    description: str = ""
    required: bool = False
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: Mapping[str, str]
    ignored: frozenset[str] = frozenset()
    expected: str = "a column of this table"
    open: bool = False

    def headings(self) -> dict[str, Column]:
        """Return the columns by every heading understood."""
        return {heading: column for column in self.columns for heading in (column.name, *column.aliases)}


def text() -> str:
    """Return the Table Schema as the JSON text that ``sequencer schema`` prints."""
    return resources.files(__package__).joinpath("datapackage.json").read_text(encoding="utf-8")


@cache
def tables() -> Mapping[str, Table]:
    """Return all tables of an instance by name, in the order of the declaration."""
    return {entry["name"]: _table(entry) for entry in json.loads(text())["resources"]}


def _table(entry: Mapping[str, Any]) -> Table:
    declared = entry["schema"]
    return Table(
        name=entry["name"],
        path=entry["path"],
        description=entry["description"],
        required=entry["required"],
        columns=tuple(_column(field) for field in declared["fields"]),
        key=tuple(declared.get("primaryKey", ())),
        references={key["fields"][0]: key["reference"]["resource"] for key in declared.get("foreignKeys", ())},
        ignored=frozenset(entry.get("ignored", ())),
    )


def _column(field: Mapping[str, Any]) -> Column:
    limits = field.get("constraints", {})
    return Column(
        name=field["name"],
        role=field["role"],
        description=field["description"],
        required=limits.get("required", False),
        many=field.get("many", False),
        choices=tuple(limits.get("enum", field.get("items", ()))),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        default=str(field.get("default", "")),
        unit=field.get("unit", ""),
        aliases=tuple(field.get("aliases", ())),
    )


def wide_readiness(path: str, function: str, criteria: Iterable[str], *, unsure: bool = False) -> Table:
    """Return the declaration of a file with the scores of one function, a column for each criterion.

    Parameters
    ----------
    path : str
        Name of the file.
    function : str
        Whose scores they are.
    criteria : iterable of str
        What is tested for the function.
    unsure : bool
        Whether there may be more criteria, so that other headings are let through.

    Returns
    -------
    Table
        With a required column ``place`` and those columns of ``readiness.csv`` that hold for a whole row.
    """
    columns = {column.name: column for column in tables()["readiness"].columns if column.name in WIDE}
    score = tables()["readiness"].headings()["score"]
    tested = (replace(score, name=name, required=False, aliases=(heading(name),)) for name in criteria)
    place = replace(tables()["threat"].headings()["places"], name=PLACE)
    return Table(
        name="readiness",
        path=path,
        columns=(place, *columns.values(), *tested),
        references={},
        expected=f"a criterion that criteria.csv tests for {function}",
        open=unsure,
    )

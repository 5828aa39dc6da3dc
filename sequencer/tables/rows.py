"""From the cells of a table to typed rows, driven by the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sequencer.errors import Fault
from sequencer.tables import cells, text
from sequencer.tables.cells import Setting
from sequencer.tables.faults import CellError, Faults, listed, nearest, shown
from sequencer.tables.schema import Column, Table
from sequencer.tables.sources import Source
from sequencer.vocabulary import Origin


@dataclass(slots=True, eq=False)
class Row:
    """One row: values by column. ``bad`` names the columns that have a fault, whose values must not be used.

    ``shipped``: a row of the library, which every row of the folder overrides. ``sheet``: where the file is one of a
    workbook.
    """

    file: str
    number: int
    values: dict[str, Any]
    bad: set[str] = field(default_factory=set)
    shipped: bool = False
    sheet: str = ""
    _origin: Origin | None = None

    def __getitem__(self, column: str) -> Any:  # noqa: ANN401 - the role of the column says which type
        return self.values[column]

    @property
    def origin(self) -> Origin:
        """Where the row stands, with the planner's own words about it."""
        if self._origin is None:  # made once: a row of wildcards stands for thousands of facts
            self._origin = self._made_origin()
        return self._origin

    def _made_origin(self) -> Origin:
        where = "reference" if "reference" in self.values else "source"  # where `source` names a team
        source, confidence, note = (self.values.get(column) or "" for column in (where, "confidence", "note"))
        return Origin(self.file, self.number, source, confidence, note, self.sheet)

    def fault(self, faults: Faults, column: str, found: str, needed: str, hint: str = "") -> None:
        """Note a fault of this row and remember that the column is not to be used."""
        self.bad.add(column)
        faults.add(Fault(self.file, self.number, column, found, needed, hint))


@dataclass(slots=True)
class Rows:
    """The rows of one table.

    ``whole``: no row of the file is left out, so that what is missing is truly missing. ``offered``: names that the
    library would give.
    """

    table: Table
    rows: list[Row] = field(default_factory=list)
    whole: bool = True
    offered: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def sound(self) -> Iterator[Row]:
        """Return the rows without a fault."""
        return (row for row in self.rows if not row.bad)

    def names(self, column: str) -> dict[str, Row]:
        """Return the first row of each value of a column."""
        first: dict[str, Row] = {}
        for row in self.rows:
            if column not in row.bad and row[column]:
                first.setdefault(row[column], row)
        return first


def read_rows(source: Source, table: Table, setting: Setting, faults: Faults) -> Rows:
    """Read one table.

    Parameters
    ----------
    source : Source
        Where it is written.
    table : Table
        What it should hold.
    setting : Setting
        What months and numbers depend on; its delimiter is replaced by the file's.
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    Rows
        All rows that could be told apart, faulty ones too: a name in a row with another fault is still known.
    """
    known = frozenset(table.headings())
    try:
        sheet = source.table(known)
    except text.FileError as bad:
        faults.add(bad.fault(table.path))
        return Rows(table, whole=False)
    if sheet.trouble:
        faults.add(sheet.trouble.fault(table.path))
    result = Rows(table, whole=sheet.trouble is None)
    columns, complete = _columns(sheet, table, faults)
    if not complete:
        return Rows(table, whole=False)
    reader = _RowReader(table, columns, replace(setting, delimiter=sheet.delimiter), faults)
    result.rows = [reader.row(sheet, number, line, source.sheet) for number, line in sheet.rows]
    return result


def _columns(sheet: text.Sheet, table: Table, faults: Faults) -> tuple[list[Column | None], bool]:
    """Return the column that each heading means, and whether all required ones are there."""
    known = table.headings()
    headings = [text.heading(written) for written in sheet.header]
    if not any(heading in known or heading in table.ignored for heading in headings):
        found = f"no heading of this table but {shown(listed(filter(None, sheet.header)))}"
        needed = f"a header with {listed(column.name for column in table.columns if column.required)}"
        faults.add(Fault(table.path, sheet.first, "", found, needed, "the first row names the columns"))
        return [], False
    columns: list[Column | None] = []
    guessed = set()
    for place, (written, heading) in enumerate(zip(sheet.header, headings, strict=True)):
        column = known.get(heading)
        if heading in table.ignored or (table.open and column is None):
            pass
        elif column is None and (written or any(len(line) > place and line[place] for _, line in sheet.rows)):
            hint = nearest(heading, known)
            guessed.add(hint.removeprefix("nearest: "))
            found = f"the heading {shown(written)}" if written else "cells without a heading"
            faults.add(Fault(table.path, sheet.first, written, found, table.expected, hint))
        elif column in columns and column is not None:
            faults.add(Fault(table.path, sheet.first, column.name, "the column twice", "each column once"))
            column = None
        columns.append(column)
    missing = [column for column in table.columns if column.required and column not in columns]
    for column in missing:
        if guessed.isdisjoint((column.name, *column.aliases)):  # else the misspelt heading is the fault
            faults.add(Fault(table.path, sheet.first, column.name, "no such column", column.description))
    return columns, not missing


class _RowReader:
    """Reads rows of one file; equal cells of a column are read once."""

    def __init__(self, table: Table, columns: list[Column | None], setting: Setting, faults: Faults) -> None:
        self.table = table
        self.width = len(columns)
        self.setting = setting
        self.faults = faults
        self.absent = {
            column.name: cells.value("", column, setting) for column in table.columns if column not in columns
        }
        self.seen: list[tuple[int, Column, dict[str, Any]]] = [
            (place, column, {}) for place, column in enumerate(columns) if column is not None
        ]

    def row(self, sheet: text.Sheet, number: int, line: list[str], named: str) -> Row:
        row = Row(self.table.path, number, dict(self.absent), sheet=named)
        line += [""] * (self.width - len(line))
        for place, column, seen in self.seen:
            cell = line[place]
            if spoilt := sheet.spoilt.get((number, place)):
                row.values[column.name] = None
                row.fault(self.faults, column.name, spoilt.found, spoilt.needed, spoilt.hint)
                continue
            if cell not in seen:
                seen[cell] = self._read(column, cell)
            value = row.values[column.name] = seen[cell]
            if isinstance(value, CellError):
                row.values[column.name] = None
                row.fault(self.faults, column.name, shown(cell), value.needed, value.hint)
        if len(line) > self.width:
            found = f"{len(line)} cells"
            hint = "" if named else "quote cells that hold the delimiter"
            row.fault(self.faults, "", found, f"at most {self.width}, one for each column", hint)
        return row

    def _read(self, column: Column, cell: str) -> Any:  # noqa: ANN401 - the role of the column says which type
        try:
            return cells.value(cell, column, self.setting)
        except CellError as bad:
            return bad

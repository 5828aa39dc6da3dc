"""Making a workbook of a folder: a sheet for each table, with what each column means where the pointer rests on it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sequencer.errors import InstanceError, UsageError
from sequencer.tables import text
from sequencer.tables.cells import number
from sequencer.tables.faults import CellError, Faults
from sequencer.tables.folder import listed
from sequencer.tables.plan import FILE
from sequencer.tables.schema import Column, Table, tables
from sequencer.tables.sources import Source
from sequencer.tables.wide import START
from sequencer.tables.workbook.book import NOTES, PLAN
from sequencer.tables.workbook.scalars import COLUMNS, TERMS, WHOLE, cell
from sequencer.tables.workbook.values import DIGITS, LONGEST

WHOLE_NUMBERS = frozenset({"count", "lag", "fiscal_year", "levels"})
NUMBERS = WHOLE_NUMBERS | {"points", "percent", "factor"}
README = "README.md"
LONGEST_NAME = 31  # characters that Excel allows
WIDEST, EXTRA_ROWS = 40, 500  # characters; rows below the last in which a list of choices is still offered
HEADER = PatternFill("solid", fgColor="DDE6EE")
KEY = re.compile(r"\s*([a-z_]+)\s*=[^#]*?(?:#\s*(.*))?$")


def write(folder: Path, path: Path) -> None:
    """Write a folder of tables as a workbook that means the same.

    Parameters
    ----------
    folder : Path
        Holds ``plan.toml`` and CSV files; a ``README.md`` becomes the sheet ``notes``.
    path : Path
        The workbook; one that is there is replaced.

    Raises
    ------
    InstanceError
        If a file cannot be split into cells, or is none of an instance.
    UsageError
        If a sheet cannot hold what a file holds, or nothing can be written to ``path``.
    """
    faults = Faults()
    sources = listed(folder, faults)
    book = Workbook()
    book.remove(book.active)
    if (folder / README).is_file():
        _notes(book.create_sheet(NOTES), text.load(folder / README))
    try:
        _plan(book.create_sheet(PLAN), sources[FILE].toml())
    except text.FileError as bad:
        faults.add(bad.fault(FILE))
    for file, table in _in_order(sources):
        try:
            sheet = sources[file].table(frozenset(table.headings() if table else ()))
        except text.FileError as bad:
            faults.add(bad.fault(file))
            continue
        if sheet.trouble:
            faults.add(sheet.trouble.fault(file))
        _table(book, file, sheet, table)
    if faults.found:
        raise InstanceError(faults.found)
    book.active = book.sheetnames.index(PLAN)
    _save(book, path)


def _in_order(sources: dict[str, Source]) -> list[tuple[str, Table | None]]:
    """Return the files that are there and their declarations, in the order of the schema, others last."""
    known = {table.path: table for table in tables().values()}
    first = [(path, table) for path, table in known.items() if path in sources]
    return [*first, *((file, None) for file in sources if file not in known and file != FILE)]


def _save(book: Workbook, path: Path) -> None:
    new = path.with_name(f".new-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(new)
        new.replace(path)
    except OSError as error:
        if new.is_file():
            new.unlink()
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def _notes(sheet: Worksheet, said: str) -> None:
    """Write text for people: a line in each row, a table in two columns."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 110
    row = 0
    for line in said.splitlines():
        if line.startswith("|--"):
            continue
        row += 1
        cells = line.strip("|").split("|", 1) if line.startswith("|") else [line.lstrip("# ") or ""]
        for place, words in enumerate(cells, start=1):
            placed = _put(sheet, row, place, words.strip())
            placed.font = Font(bold=line.startswith("#"))


def _plan(sheet: Worksheet, written: str) -> None:
    """Write the keys of ``plan.toml``, with the comment that stands behind each."""
    try:
        entries = tomllib.loads(written, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise text.FileError(f"broken TOML: {error}", "valid TOML") from None
    meant = {found[1]: found[2] or "" for line in written.splitlines() if (found := KEY.match(line))}
    _header(sheet, COLUMNS, {})
    for row, (key, value) in enumerate(entries.items(), start=2):
        try:
            said = cell(value)
            if key == TERMS and not said:
                raise ValueError("a blank cell stands for the usual objective")  # noqa: TRY301
        except (KeyError, ValueError):
            raise text.FileError(f"a value of {key} that no cell can hold", "text, a number or a list") from None
        _put(sheet, row, 1, key)
        placed = _put(sheet, row, 2, said, _number(said, None, ",") if key in WHOLE else None)
        placed.alignment = Alignment(horizontal="left")
        _put(sheet, row, 3, meant.get(key, ""))
    _widen(sheet)


def _table(book: Workbook, file: str, written: text.Sheet, table: Table | None) -> None:
    name = file.removesuffix(".csv")
    if len(name) > LONGEST_NAME:
        needed = f"at most {LONGEST_NAME} characters; write its scores in readiness.csv"
        raise UsageError(f"a sheet cannot be called {name}: a name has {needed}")
    sheet = book.create_sheet(name)
    headings = table.headings() if table else {}
    columns = [headings.get(text.heading(cell)) for cell in written.header]
    _header(sheet, written.header, {place: column for place, column in enumerate(columns) if column})
    wide = file.startswith(START)
    for row, (_, line) in enumerate(written.rows, start=2):
        for place, said in enumerate(line):
            column = columns[place] if place < len(columns) else None
            numeric = wide or (column is not None and column.role in NUMBERS and not column.many)
            value = _number(said, column, written.delimiter) if numeric else None
            _put(sheet, row, place + 1, said, value)
    for place, column in enumerate(columns):
        if column and column.choices and not column.many and column.role == "text":
            _choices(sheet, place, column, len(written.rows))
    _widen(sheet)


def _header(sheet: Worksheet, names: Sequence[str], columns: dict[int, Column]) -> None:
    for place, name in enumerate(names):
        placed = _put(sheet, 1, place + 1, name)
        placed.font, placed.fill = Font(bold=True), HEADER
        if place in columns:
            placed.comment = Comment(columns[place].description, "sequencer", height=80, width=320)
    sheet.freeze_panes = "A2"


def _choices(sheet: Worksheet, place: int, column: Column, rows: int) -> None:
    """Offer the words that a column admits; others are refused when the workbook is read."""
    said = ",".join(column.choices)
    if len(said) < 250:  # noqa: PLR2004 - what Excel allows
        offered = DataValidation(type="list", formula1=f'"{said}"', allow_blank=True, showErrorMessage=False)
        letter = get_column_letter(place + 1)
        offered.add(f"{letter}2:{letter}{rows + EXTRA_ROWS}")
        sheet.add_data_validation(offered)


def _put(sheet: Worksheet, row: int, column: int, said: str, value: float | None = None) -> Cell:
    """Write one cell: a number where it has a value, otherwise text, never a formula or a date."""
    placed: Cell = sheet.cell(row, column)
    if len(said) > LONGEST:
        raise UsageError(f"sheet {sheet.title}, row {row}: a cell holds at most {LONGEST:,} characters")
    if value is not None:
        placed.value = value
    elif said:
        placed.value = said
        placed.data_type = "s"  # not what the text looks like
        placed.number_format = "@"  # what is typed over it stays text, too: 2030-03 is no day in March
    return placed


def _number(said: str, column: Column | None, delimiter: str) -> int | float | None:
    """Return the number that a cell of a CSV file holds; none where it has two readings, or too many digits."""
    try:
        exact = number(said, delimiter, whole=column is not None and column.role in WHOLE_NUMBERS)
    except CellError:
        return None
    if len(exact.as_tuple().digits) > DIGITS:
        return None
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _widen(sheet: Worksheet) -> None:
    for cells in sheet.iter_cols():
        width = max(len(str(placed.value or "")) for placed in cells)
        sheet.column_dimensions[cells[0].column_letter].width = min(max(width + 2, 9), WIDEST)

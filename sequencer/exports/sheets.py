"""One sheet of a workbook: headings that stay, rows that can be filtered, and cells that are never formulas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sequencer.answers.export import FORMULA
from sequencer.exports.text import legal

Value: TypeAlias = str | int | float | date | None

LONGEST = 32_767  # characters in a cell
CUT = " […]"
EXACT = 10**15  # a spreadsheet keeps fifteen digits
OLDEST = date(1900, 3, 1)  # spreadsheets count a 29th of February 1900
MONTH = "yyyy-mm"
WIDEST = 60  # characters of a column
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what spreadsheets would take for a character's number

HEAD = PatternFill("solid", fgColor="FF1F3864")
AMBER = "FFFFD966"
GREY = "FFD9D9D9"
#: By a phase's number, pale enough to read black on, and told apart by lightness, too.
PHASES = ("FFDDEBF7", "FFFFF2CC", "FFE2EFDA", "FFFCE4D6", "FFE4DFEC", "FFD0CECE")
#: When every file was last changed: the same plan gives the same bytes.
STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet holds.

    Attributes
    ----------
    name : str
        At most 31 characters.
    headings : sequence of str
        Units in brackets.
    rows : sequence of sequence of Value
        Dates are shown as months.
    warned : mapping of str to (str, str)
        By heading: when its cells take a colour, and which. ``{heading}`` stands for the cell of a column in the same
        row, as in ``"AND({need}>0,{left}<=0)"``; columns are named by their first word.
    filled : mapping of (int, int) to str
        A colour for a cell, by row and column from 0.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    warned: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    filled: Mapping[tuple[int, int], str] = field(default_factory=dict)


def book(title: str, sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook; the same sheets give the same bytes."""
    made = Workbook()
    made.remove(made.worksheets[0])
    made.properties.title, made.properties.creator = legal(title), "sequencer"
    for sheet in sheets:
        _write(made.create_sheet(sheet.name), sheet)
    kept = io.BytesIO()
    made.save(kept)
    return _undated(kept.getvalue())


def _write(there: Worksheet, sheet: Sheet) -> None:
    for column, heading in enumerate(sheet.headings, start=1):
        head = _cell(there, 1, column, heading)
        head.font, head.fill = Font(bold=True, color="FFFFFFFF"), HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            cell = _cell(there, number + 2, column + 1, value)
            if colour := sheet.filled.get((number, column)):
                cell.fill = PatternFill("solid", fgColor=colour)
    last, end = get_column_letter(len(sheet.headings)), max(2, len(sheet.rows) + 1)
    there.freeze_panes = "B2"
    there.auto_filter.ref = f"A1:{last}{end}"
    letters = {heading.split()[0]: get_column_letter(n) for n, heading in enumerate(sheet.headings, start=1)}
    for name, (when, colour) in sheet.warned.items():
        condition = when.format(**{word: f"${letter}2" for word, letter in letters.items()})
        fill = PatternFill("solid", start_color=colour, end_color=colour)
        there.conditional_formatting.add(
            f"{letters[name]}2:{letters[name]}{end}", FormulaRule(formula=[condition], fill=fill)
        )
    for column, heading in enumerate(sheet.headings):
        longest = max((len(_shown(row[column])) for row in sheet.rows), default=0)
        there.column_dimensions[get_column_letter(column + 1)].width = min(WIDEST, max(longest, len(heading), 8)) + 2


def _cell(there: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write a value: months as dates, numbers as numbers where none of their digits is lost, the rest as text."""
    cell: Any = there.cell(row, column)
    if value is None or value == "":
        return cell
    if isinstance(value, date) and value >= OLDEST:
        cell.value, cell.number_format = value, MONTH
    elif isinstance(value, int | float) and abs(value) < EXACT:
        cell.value, cell.number_format = value, "#,##0" if isinstance(value, int) else "#,##0.0##"
    else:
        text = ESCAPE.sub("_x005F_", legal(_shown(value)))
        cell.value = text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
        cell.data_type = "s"  # openpyxl takes text that begins with = for a formula
        cell.quotePrefix = text.startswith(FORMULA)  # and a spreadsheet would once somebody edits the cell
        cell.alignment = Alignment(wrap_text=len(text) > WIDEST, vertical="top")
    return cell


def _shown(value: Value) -> str:
    return value.strftime("%Y-%m") if isinstance(value, date) else "" if value is None else str(value)


def _undated(data: bytes) -> bytes:
    """Return a workbook that does not say when it was written."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, date_time=STAMP)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, part)
    return kept.getvalue()

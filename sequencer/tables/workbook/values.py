"""From what a spreadsheet stores in a cell to the text that a planner would have written in a CSV file."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import TypeAlias
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from sequencer.tables.text import BLANKS, CONTROLS, FileError, trimmed
from sequencer.tables.workbook.archive import Archive, local

DIGITS = 15  # of a number; more are not shown by any spreadsheet, and are what is left of 0.1 + 0.2
LONGEST = 32_767  # characters that a spreadsheet keeps in a cell
FINEST = Decimal("1e-12")
SAVE = "open the workbook in Excel or LibreOffice, and save it"

Said: TypeAlias = "str | FileError"


@dataclass(slots=True)
class Values:
    """What the cells of a workbook refer to: its texts, its formats, and the day from which dates count."""

    texts: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    since_1904: bool = False

    def said(self, cell: Element) -> Said:
        """Return the text that a cell stands for; a fault where it holds none, or one that nobody computed.

        Parameters
        ----------
        cell : Element
            The element ``c`` of a sheet.
        """
        kind = cell.get("t", "n")
        parts = {local(part): part for part in cell}
        stored = parts["v"].text or "" if "v" in parts else None
        if kind == "inlineStr":
            return _short(written(parts["is"])) if "is" in parts else ""
        if stored is None or (not stored and kind != "str"):
            return FileError("a formula without a result", "a value", hint=SAVE) if "f" in parts else ""
        if kind == "e":
            hint = "a spreadsheet error: it could not compute this cell"
            return FileError(f'"{clean(stored[:60])}"', "a value", hint=hint)
        if kind == "b":
            return "TRUE" if stored.strip() in ("1", "true") else "FALSE"
        if kind == "s":
            return self._text(stored)
        return self._number(stored, cell.get("s", "")) if kind == "n" else _short(stored)

    def _text(self, stored: str) -> Said:
        try:
            return _short(self.texts[int(stored)]) if int(stored) >= 0 else _damaged(stored)
        except (ValueError, IndexError):
            return _damaged(stored)

    def _number(self, stored: str, style: str) -> Said:
        """Return a number, or what its format makes of it: a date, a percentage."""
        try:
            value = float(stored)
        except ValueError:
            return _damaged(stored)
        if not math.isfinite(value):
            return _damaged(stored)
        code = self.formats[int(style)] if style.isdecimal() and int(style) < len(self.formats) else ""
        if is_timedelta_format(code):
            return FileError("a length of time", "a number, a month or text")
        if is_date_format(code):
            return self._date(value)
        exact = Decimal(f"{value:.{DIGITS}g}")
        return f"{plain(exact * 100)}%" if "%" in code else plain(exact)

    def _date(self, value: float) -> Said:
        try:
            found = from_excel(value, MAC_EPOCH if self.since_1904 else WINDOWS_EPOCH)
        except (OverflowError, ValueError):
            found = None
        if not isinstance(found, datetime):
            return FileError(f"the number {value:g} shown as a date", "a date", hint="change the format of the cell")
        return found.date().isoformat() if found.time() == time() else found.isoformat(" ")


def plain(exact: Decimal) -> str:
    """Return a number in digits that have one reading, whatever the language of the reader: no 1.234, but 1.2340."""
    if exact.as_tuple().exponent < FINEST.as_tuple().exponent:  # type: ignore[operator] # finite numbers only
        exact = exact.quantize(FINEST) if abs(exact) < 1 else exact
    digits = f"{exact:f}"
    if "." in digits:
        digits = digits.rstrip("0").removesuffix(".")
    digits = "0" if digits == "-0" else digits
    return f"{digits}0" if len(digits.partition(".")[2]) == 3 else digits  # noqa: PLR2004 - as thousands would be written


def written(element: Element) -> str:
    """Return the text of a string, without what is said of its pronunciation."""
    found = []
    for part in element:
        if local(part) == "t":
            found.append(part.text or "")
        elif local(part) == "r":
            found += [run.text or "" for run in part if local(run) == "t"]
    return "".join(found)


def clean(text: str) -> str:
    """Return text as the reader of CSV files returns it: composed, blanks plain and trimmed, nothing invisible."""
    composed = unicodedata.normalize("NFC", text.translate(BLANKS))
    return trimmed(CONTROLS.sub("\ufffd", composed))


def values(archive: Archive) -> Values:
    """Return what the cells of a workbook refer to."""
    found = Values(since_1904=archive.since_1904)
    for event, element in archive.elements(archive.strings):
        if event == "end" and local(element) == "si":
            found.texts.append(written(element))
            element.clear()
    codes: dict[str, str] = {}
    inside = False  # the formats of cells stand beside those of styles with a name
    for event, element in archive.elements(archive.styles):
        name = local(element)
        if name == "cellXfs":
            inside = event == "start"
        elif name == "numFmt" and event == "start":
            codes[element.get("numFmtId", "")] = element.get("formatCode", "")
        elif name == "xf" and event == "start" and inside:
            number = element.get("numFmtId", "0")
            known = BUILTIN_FORMATS.get(int(number), "") if number.isdecimal() else ""
            found.formats.append(codes.get(number, known))
    return found


def _short(text: str) -> Said:
    if len(text) > LONGEST:
        return FileError(f"a text of {len(text):,} characters", f"at most {LONGEST:,}")
    return clean(text)


def _damaged(stored: str) -> FileError:
    return FileError(f'"{clean(stored[:60])}" stored as a number or text', "a value", hint=SAVE)

"""The many ways in which people and spreadsheets write a month."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sequencer.tables.faults import CellError

NEEDED = "a month, YYYY-MM"
YEARS = range(1900, 2201)
EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial numbers from March 1900 on
SERIALS = range(20_000, 80_001)
NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})(?:\2([0-9]{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?)?)?")
YEAR_DOTS = re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?: 00:00(?::00)?)?")
MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
NAMED = re.compile(r"(?:([0-9]{1,2})[-/. ]+)?([a-z]+)\.?[-/ ]*([0-9]{4}|[0-9]{2})")
SERIAL = re.compile(r"([0-9]{5})(?:[.,]0+)?")
YEARLESS = re.compile(r"([0-9]{1,2})[-/. ]*([a-z]+)\.?")
AS_NUMBER = re.compile(r"([0-9]{4})[., ]([0-9]{1,2})")


def year_month(text: str, near: int) -> tuple[int, int]:
    """Return the year and month that a cell names.

    Parameters
    ----------
    text : str
        ``2009-05``, ``2009-05-01``, ``2009/05``, ``May-09``, ``May 2009``, ``17.5.2009``, Excel's serial number …
    near : int
        A year with two digits is the one nearest to this.

    Returns
    -------
    tuple of int
        Year, and month from 1 to 12.

    Raises
    ------
    CellError
        If it is no date, or day and month could be exchanged.
    """
    year, month, day = _parts(text.casefold(), near)
    try:
        date(year, month, day)
    except ValueError:
        raise CellError(NEEDED, "no such date") from None
    if year not in YEARS:
        raise CellError(f"a month in the years {YEARS[0]} to {YEARS[-1]}")
    return year, month


def _parts(text: str, near: int) -> tuple[int, int, int]:
    if found := YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4] or 1)
    if found := YEAR_DOTS.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := MONTH_YEAR.fullmatch(text):
        return int(found[2]), int(found[1]), 1
    if found := YEAR_LAST.fullmatch(text):
        return _day_or_month_first(int(found[1]), int(found[3]), int(found[4]))
    if found := NAMED.fullmatch(text):
        return _near(found[3], near), _named(found[2]), int(found[1] or 1)
    if (found := SERIAL.fullmatch(text)) and int(found[1]) in SERIALS:
        day = EPOCH + timedelta(days=int(found[1]))
        return day.year, day.month, day.day
    raise CellError(NEEDED, _hint(text, near))


def _hint(text: str, near: int) -> str:
    """Return what to write instead of something that is nearly a month."""
    if (found := YEARLESS.fullmatch(text)) and found[2][:3] in NAMES:
        month = NAMES.index(found[2][:3]) + 1
        return f"a day and a month without a year; write {_near(found[1].zfill(2), near)}-{month:02d} if that is meant"
    if (found := AS_NUMBER.fullmatch(text)) and 0 < int(found[2]) < 13:  # noqa: PLR2004 - months
        other = f" or {found[1]}-10" if found[2] == "1" else ""  # a spreadsheet drops the last 0 of a number
        return f"write {found[1]}-{int(found[2]):02d}{other}"
    return ""


def _day_or_month_first(first: int, second: int, year: int) -> tuple[int, int, int]:
    months = range(1, 13)
    if first in months and second in months and first != second:
        both = f"could be {year:04d}-{second:02d} or {year:04d}-{first:02d}"
        raise CellError(NEEDED, both)
    return (year, first, second) if first in months else (year, second, first)


def _named(word: str) -> int:
    word = "sep" if word == "sept" else word
    for words in (NAMES, FULL):
        if word in words:
            return words.index(word) + 1
    raise CellError(NEEDED, "months are named in English")


def _near(year: str, near: int) -> int:
    if len(year) == 4:  # noqa: PLR2004 - four digits say it all
        return int(year)
    oldest = near - 50
    return oldest + (int(year) - oldest) % 100

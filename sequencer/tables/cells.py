"""From the text of a cell to a value: forgiving where one reading is certain, strict where two are possible."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from sequencer.instance.facts import SCORE, THOUSANDTHS
from sequencer.months import Calendar
from sequencer.tables import dates, patterns
from sequencer.tables.faults import CellError, nearest
from sequencer.tables.schema import Column

TRUE = frozenset({"yes", "true", "1", "x", "y"})
FALSE = frozenset({"no", "false", "0", "n"})
ANY = "any"

PLAIN = re.compile(r"[+-]?[0-9]+")
DECIMAL = re.compile(r"[+-]?[0-9]*[.,][0-9]+")
#: Groups of three with no other reading: by blanks, by one sign twice, or by one sign before the other.
GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?: [0-9]{3})+(?:[.,][0-9]+)?|(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|(?:\.[0-9]{3}){2,}(?:,[0-9]+)?"
    r"|,[0-9]{3}\.[0-9]+|\.[0-9]{3},[0-9]+)"
)
#: A thousand and something, or a number below a thousand with three decimals.
TWOFOLD = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
#: A fiscal year; one year of 2027/28 alone would leave open which is meant.
FISCAL_YEAR = re.compile(r"(?:fy[\s-]?)?([0-9]{4})", re.IGNORECASE)
#: What a spreadsheet shows for a formula without a result, in many languages, or for a column that is too narrow.
ERROR = re.compile(r"#(n/[ad]|nv|[^\s!?]+[!?]|#+)|err:[0-9]{3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """What reading a cell depends on besides the cell.

    ``mandate_end``: None when the plan has none. ``last``: the last month of the plan.
    """

    delimiter: str
    calendar: Calendar
    mandate_end: int | None
    last: int


def value(text: str, column: Column, setting: Setting) -> Any:  # noqa: ANN401 - the role says which type
    """Return the value of a cell by its column's role.

    Parameters
    ----------
    text : str
        The cell, blanks trimmed.
    column : Column
        Says what is expected; its default stands for a blank cell.
    setting : Setting
        What else it depends on.

    Returns
    -------
    object
        A tuple for columns with several values; None for a blank cell without a default (text: the empty string).

    Raises
    ------
    CellError
        If the cell cannot be understood or its value is not allowed.
    """
    if not text and column.required:
        raise CellError("a value")
    if ERROR.fullmatch(text) and (column.role != "text" or column.choices):
        raise CellError("a value", "a spreadsheet error: it could not compute this cell")
    text = text or column.default
    read = READERS[column.role]
    if column.many:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        if column.required and not parts:
            raise CellError("a value")
        return tuple(dict.fromkeys(read(part, column, setting) for part in parts))
    if not text:
        return BLANK.get(column.role)
    return read(text, column, setting)


def number(text: str, delimiter: str, *, whole: bool) -> Decimal:
    """Return the number a cell holds.

    Parameters
    ----------
    text : str
        The cell.
    delimiter : str
        The file's: where it is a semicolon the comma may be the decimal sign, so that ``1.234`` is ambiguous.
    whole : bool
        Whether only whole numbers are wanted; then three decimals are ambiguous everywhere.

    Returns
    -------
    Decimal
        Exact.

    Raises
    ------
    CellError
        If it is no number, or could be one of two.
    """
    plain = re.sub(r"\s", " ", text).replace("\u2212", "-")
    if len(plain) > 40 or not (PLAIN.fullmatch(plain) or DECIMAL.fullmatch(plain) or GROUPED.fullmatch(plain)):  # noqa: PLR2004
        _no_number(text, whole=whole)
    if TWOFOLD.fullmatch(plain) and ("," in plain or delimiter == ";" or whole):
        digits = re.sub(r"[.,]", "", plain)
        if whole:
            raise CellError("a whole number with one reading", f"write {digits} if that is meant")
        point = plain.replace(",", ".") + ("0" if delimiter == ";" else "")
        raise CellError("a number with one reading", f"write {digits} or {point}")
    sign = max(plain.rfind("."), plain.rfind(","))
    is_decimal = sign >= 0 and plain.count(plain[sign]) == 1
    left, right = (plain[:sign], plain[sign + 1 :]) if is_decimal else (plain, "")
    exact = Decimal(f"{re.sub('[., ]', '', left) or '0'}.{right or '0'}".replace("+", ""))
    if whole and exact != exact.to_integral_value():
        raise CellError("a whole number")
    return exact


def _no_number(text: str, *, whole: bool) -> NoReturn:
    hint = ""
    if "%" in text:
        hint = "without the percent sign"
    elif re.match(r"[+-]?[0-9][0-9.,]*[eE][+-]?[0-9]", text):
        hint = "write all digits"
    elif re.match(r"[+-]?[0-9][0-9., ]*[^\W\d_]+", text) or re.match(r"[$€£]", text):
        hint = "the number alone, without a unit"
    raise CellError("a whole number" if whole else "a number", hint)


def _count(text: str, column: Column, setting: Setting) -> int:
    return int(_within(number(text, setting.delimiter, whole=True), column))


def _points(text: str, column: Column, setting: Setting) -> int:
    thousandths = _within(number(text, setting.delimiter, whole=False), column) * SCORE
    if thousandths != thousandths.to_integral_value():
        raise CellError("at most three decimals")
    return int(thousandths)


def _percent(text: str, column: Column, setting: Setting) -> int:
    exact = _within(number(text.removesuffix("%").rstrip(), setting.delimiter, whole=False), column)
    if 0 < exact < 1:
        meant = f"{(exact * 100).normalize():f}"
        raise CellError("a percentage", f"write {meant} for {meant} %")
    if exact * 10 != (exact * 10).to_integral_value():
        raise CellError("a percentage with at most one decimal")
    return int(exact * 10)


def _factor(text: str, column: Column, setting: Setting) -> int:
    exact = _within(number(text, setting.delimiter, whole=False), column) * THOUSANDTHS
    if exact != exact.to_integral_value():
        raise CellError("at most three decimals")
    return int(exact)


def _within(exact: Decimal, column: Column) -> Decimal:
    low, high = column.minimum, column.maximum
    if (low is not None and exact < low) or (high is not None and exact > high):
        bounds = f"{low} or more" if high is None else f"{high} or less" if low is None else f"from {low} to {high}"
        raise CellError(f"a number {bounds}")
    return exact


def _lag(text: str, column: Column, setting: Setting) -> int | str:
    return ANY if text.casefold() == ANY else _count(text, column, setting)


def _month(text: str, column: Column, setting: Setting) -> int:  # noqa: ARG001 - one signature for all readers
    if text.casefold() == "mandate_end":
        if setting.mandate_end is None:
            raise CellError("a month", "plan.toml has no mandate_end")
        return setting.mandate_end
    return setting.calendar.number(*dates.year_month(text, setting.calendar.year))


def _fiscal_year(text: str, column: Column, setting: Setting) -> int:  # noqa: ARG001
    found = FISCAL_YEAR.fullmatch(text)
    if found and int(found[1]) in dates.YEARS:
        return int(found[1])
    needed = "a fiscal year, named by the calendar year in which it ends: 2028 or FY2028"
    raise CellError(needed, "several are separated by ;" if "," in text else "")


def _carry(text: str, column: Column, setting: Setting) -> int | None:
    if text.casefold() in ("yes", "no"):
        return setting.last if text.casefold() == "yes" else None
    try:
        return _month(text, column, setting)
    except CellError as bad:
        raise CellError("yes, no, or the last month in which it may be used", bad.hint) from None


def _flag(text: str, column: Column, setting: Setting) -> bool:  # noqa: ARG001
    word = text.casefold()
    if word not in TRUE | FALSE:
        raise CellError("yes or no")
    return word in TRUE


def _text(text: str, column: Column, setting: Setting) -> str:  # noqa: ARG001
    return chosen(text, column) if column.choices else text


def _name(text: str, column: Column, setting: Setting) -> str:  # noqa: ARG001
    return patterns.name(text)


def _levels(text: str, column: Column, setting: Setting) -> int:  # noqa: ARG001
    return int(chosen(text, column))


def chosen(text: str, column: Column) -> str:
    """Return the choice that is meant, whatever its case and blanks; raise `CellError` if none is."""
    word = re.sub(r"[\s-]+", "_", text.casefold())
    if word not in column.choices:
        raise CellError(f"one of {', '.join(column.choices)}", nearest(word, column.choices))
    return word


READERS: dict[str, Callable[[str, Column, Setting], Any]] = {
    "text": _text,
    "name": _name,
    "count": _count,
    "points": _points,
    "lag": _lag,
    "percent": _percent,
    "factor": _factor,
    "month": _month,
    "fiscal_year": _fiscal_year,
    "carry": _carry,
    "flag": _flag,
    "event": _text,
    "stage": _text,
    "levels": _levels,
    "pattern": lambda text, _column, _setting: patterns.pattern(text),
    "places": lambda text, _column, _setting: patterns.segment(text, "region"),
    "functions": lambda text, _column, _setting: patterns.segment(text, "sector"),
}

#: What a blank cell without a default stands for where that is not None.
BLANK: dict[str, Any] = {"text": "", "name": "", "flag": False, "stage": "", "event": ""}

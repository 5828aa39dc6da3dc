"""Cells: every way of writing a number, a month or a flag, and every way that is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sequencer.months import Calendar
from sequencer.tables.cells import Setting, number, value
from sequencer.tables.dates import year_month
from sequencer.tables.faults import CellError, nearest, shown
from sequencer.tables.patterns import Pattern
from sequencer.tables.schema import Column

SETTING = Setting(",", Calendar(2009, 1), mandate_end=35, last=47)

NUMBERS = {
    "7": "7", "+7": "7", "-7": "-7", "\u22127": "-7", "007": "7", "1.5": "1.5", "1,5": "1.5", ".5": "0.5",
    ",25": "0.25", "-.5": "-0.5",
    "1.2345": "1.2345", "1,2345": "1.2345", "1234,567": "1234.567", "1234.567": "1234.567",
    "0,125": "0.125", "0.125": "0.125", "1,234,567": "1234567", "1.234.567": "1234567", "1 234 567": "1234567",
    "1 234,5": "1234.5", "1,234.5": "1234.5", "1.234,5": "1234.5", "1,234,567.89": "1234567.89", "66.125": "66.125",
    "1\u202f234": "1234",
}  # fmt: skip

NO_NUMBERS = [
    "", "-", ".", "1.", "5%", "$5", "5 months", "#REF!", "#N/A", "nan", "inf", "-inf", "0x10", "1_000", "1e3",
    "4.4E+04", "1,23,456", "12 34", "1 2345", "--1", "1-",
    "\u0661\u0662", "1.2.3", "1,2,3", "9" * 41, "1,234", "44,325", "-1,234",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items())
def test_numbers(text: str, expected: str) -> None:
    assert number(text, ",", whole=False) == Decimal(expected)


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("whole", [False, True])
def test_what_is_no_number_or_could_be_two(text: str, whole: bool) -> None:
    with pytest.raises(CellError):
        number(text, ",", whole=whole)


@pytest.mark.parametrize("text", ["1.234", "-1.234", "44.325"])
def test_a_point_before_three_digits(text: str) -> None:
    """It is a decimal sign where commas separate cells, but may be either where semicolons do, or in whole numbers."""
    assert number(text, "\t", whole=False) == number(text, ",", whole=False) == Decimal(text)
    for delimiter, whole in ((";", False), (";", True), (",", True)):
        with pytest.raises(CellError, match="one reading"):
            number(text, delimiter, whole=whole)


def test_what_is_suggested_resolves_the_doubt() -> None:
    for delimiter in ",;":
        with pytest.raises(CellError) as caught:
            number("1,234", delimiter, whole=False)
        one, other = caught.value.hint.removeprefix("write ").split(" or ")
        assert {number(one, delimiter, whole=False), number(other, delimiter, whole=False)} == {
            Decimal(1234),
            Decimal("1.234"),
        }


@pytest.mark.parametrize(
    ("text", "expected"), {"3": 3, "3.0": 3, "3,00": 3, "1 200": 1200, "1,234,567": 1234567}.items()
)
def test_whole_numbers(text: str, expected: int) -> None:
    assert value(text, Column(name="n", role="count"), SETTING) == expected


@pytest.mark.parametrize("text", ["2.5", "2,5", "70.000", "2.001"])
def test_not_whole(text: str) -> None:
    with pytest.raises(CellError, match="whole"):
        value(text, Column(name="n", role="count"), SETTING)


def test_points_are_exact_thousandths() -> None:
    points = Column(name="score", role="points", minimum=-100, maximum=100)
    assert value("66.125", points, SETTING) == 66125
    assert value("0.1", points, SETTING) == 100
    assert value("-0,005", points, SETTING) == -5
    assert value("60.1230", points, SETTING) == 60123
    for text, needed in {"60.1234": "three decimals", "100.001": "from -100 to 100", "-101": "from -100"}.items():
        with pytest.raises(CellError, match=needed):
            value(text, points, SETTING)


MONTHS = {
    "2009-05": (2009, 5), "2009-5": (2009, 5), "2009-05-17": (2009, 5), "2009-05-01 00:00:00": (2009, 5),
    "2009-05-01T00:00": (2009, 5), "2009/05": (2009, 5), "2009/5/1": (2009, 5), "2009.05.17": (2009, 5),
    "May-09": (2009, 5), "may 2009": (2009, 5), "MAY 09": (2009, 5), "May2009": (2009, 5), "Sept. 2009": (2009, 9),
    "December 2009": (2009, 12), "17 May 2009": (2009, 5), "17-May-09": (2009, 5), "17/05/2009": (2009, 5),
    "05/17/2009": (2009, 5), "17.5.2009": (2009, 5), "17-05-2009": (2009, 5), "05/05/2009": (2009, 5),
    "05/2009": (2009, 5), "5.2009": (2009, 5),
    "39934": (2009, 5), "39964.0": (2009, 5), "20000": (1954, 10), "80000": (2119, 1),
    "Jan-58": (2058, 1), "Jan-59": (1959, 1), "2012-02-29": (2012, 2),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MONTHS.items())
def test_months(text: str, expected: tuple[int, int]) -> None:
    assert year_month(text, 2009) == expected


@pytest.mark.parametrize(
    "text",
    [
        "05/06/2009", "5.6.2009", "12-01-2009", "2009", "2009-13", "2009-00", "2009-02-30", "31/02/2009", "13/13/2009",
        "09-May", "Mai 2009", "5/09", "05/06/09", "19999", "80001", "39934.5", "0000-01", "1899-12", "2201-01", "soon",
        "2009-05-01 12:30", "2009-05/01", "32 May 2009", "Ma-09", "\u0662\u0660\u0660\u0669-05",
    ],
)  # fmt: skip
def test_what_is_no_month_or_could_be_two(text: str) -> None:
    with pytest.raises(CellError):
        year_month(text, 2009)


YEARLESS = "a day and a month without a year; write {} if that is meant"
HINTS = {
    "30-Jan": YEARLESS.format("2030-01"), "9 September": YEARLESS.format("2009-09"), "30-foo": "",
    "2030.01": "write 2030-01", "2030,12": "write 2030-12", "2030.1": "write 2030-01 or 2030-10", "2030.13": "",
}  # fmt: skip


@pytest.mark.parametrize(("text", "hint"), HINTS.items())
def test_what_is_nearly_a_month_says_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(CellError) as caught:
        year_month(text, 2009)
    assert caught.value.hint == hint


def test_months_count_from_the_start_of_the_plan() -> None:
    month = Column(name="from", role="month")
    assert value("2009-01", month, SETTING) == 0
    assert value("2008-12", month, SETTING) == -1
    assert value("Mandate_End", month, SETTING) == 35
    assert value("", month, SETTING) is None
    with pytest.raises(CellError, match="month"):
        value("mandate_end", month, Setting(",", Calendar(2009, 1), mandate_end=None, last=47))


@pytest.mark.parametrize(
    ("text", "expected"),
    {"yes": True, "TRUE": True, "1": True, "x": True, "no": False, "False": False, "0": False, "": False}.items(),
)
def test_flags(text: str, expected: bool) -> None:
    assert value(text, Column(name="yearly", role="flag"), SETTING) is expected


#: Names with a joiner inside: Persian, and Malayalam as it was long written.
JOINED = ("\u0645\u06cc\u200c\u0627\u0646\u062f\u0648\u0622\u0628", "\u0d05\u0d35\u0d28\u0d4d\u200d")

CELLS: list[tuple[str, Column, Any]] = [
    ("", Column(name="n", role="count", default="7"), 7),
    ("", Column(name="n", role="count"), None),
    ("", Column(name="n", role="name"), ""),
    ("Fiscal Year", Column(name="bucket", role="text", choices=("month", "fiscal_year")), "fiscal_year"),
    (
        "Joint; mentored ;;joint",
        Column(name="s", role="stage", many=True, choices=("joint", "mentored")),
        ("joint", "mentored"),
    ),
    ("3;4", Column(name="threat", role="levels", many=True, choices=("3", "4")), (3, 4)),
    ("", Column(name="threat", role="levels", many=True, choices=("3", "4")), ()),
    ("any", Column(name="minimum", role="lag"), "any"),
    ("-3", Column(name="minimum", role="lag"), -3),
    ("region: west ; Baucau;*", Column(name="places", role="places", many=True), ("region:west", "Baucau", "*")),
    ("a/b;c", Column(name="note", role="text"), "a/b;c"),
    ("#N/A", Column(name="note", role="text"), "#N/A"),
    ("#4", Column(name="n", role="name"), "#4"),
    *((name, Column(name="n", role="name"), name) for name in ("=1+1", "+5", "-x", "@home", *JOINED)),
    (f"{JOINED[0]}/{JOINED[1]}", Column(name="p", role="pattern"), Pattern(*JOINED)),
    (JOINED[0], Column(name="note", role="text"), JOINED[0]),
]


#: By role: what is written, and what is read; nothing where it is refused.
NEW: dict[str, dict[str, int | None]] = {
    "percent": {
        "40": 400, "40%": 400, "40 %": 400, "33.3": 333, "33,3 %": 333, "0": 0, "1": 10, "100": 1000,
        "0.4": None, "0,999": None, "33.33": None, "101": None, "-1": None, "%": None, "many": None, "1,234": None,
    },
    "factor": {
        "0.5": 500, "0,25": 250, "1": 1000, "0.125": 125, "0": 0, "10": 10_000,
        "0.1234": None, "11": None, "-1": None, "50 %": None, "half": None, "1,234": None,
    },
    "fiscal_year": {
        "2028": 2028, "FY2028": 2028, "fy 2028": 2028, "FY-2028": 2028,
        "2027/28": None, "FY28": None, "28": None, "2027-28": None, "1809": None, "2028.5": None, "next": None,
    },
    "carry": {
        "no": None, "YES": 47, "2010-01": 12, "mandate_end": 35, "Jan-10": 12,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "text", "expected"), [(role, text, read) for role, cells in NEW.items() for text, read in cells.items()]
)
def test_percentages_factors_fiscal_years_and_carry_over(role: str, text: str, expected: int | None) -> None:
    column = Column(name="c", role=role, minimum=0, maximum={"percent": 100, "factor": 10}.get(role))
    if expected is None and role != "carry":
        with pytest.raises(CellError):
            value(text, column, SETTING)
    else:
        assert value(text, column, SETTING) == expected


@pytest.mark.parametrize("text", ["maybe", "1 year", "2010", "soon"])
def test_what_says_not_how_long_money_is_kept(text: str) -> None:
    with pytest.raises(CellError, match="yes, no, or the last month"):
        value(text, Column(name="carry_over", role="carry"), SETTING)


def test_a_share_written_as_a_fraction_says_what_to_write() -> None:
    with pytest.raises(CellError) as caught:
        value("0.925", Column(name="max_share", role="percent"), SETTING)
    assert caught.value.hint == "write 92.5 for 92.5 %"


@pytest.mark.parametrize(("text", "column", "expected"), CELLS)
def test_cells(text: str, column: Column, expected: object) -> None:
    assert value(text, column, SETTING) == expected


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", Column(name="n", role="name", required=True)),
        (";", Column(name="n", role="places", many=True, required=True)),
        ("a,b", Column(name="n", role="name")),
        ("a:b", Column(name="n", role="name")),
        ("two\nlines", Column(name="n", role="name")),
        *(
            (f"a{odd}b", Column(name="n", role="name"))
            for odd in "\u200e\u200f\u202a\u202e\u2066\u2060\u00ad\ufeff\u0600"
        ),
        ("#REF!", Column(name="n", role="name")),
        ("#n/a", Column(name="n", role="pattern")),
        ("#DIV/0!", Column(name="n", role="places", many=True)),
        ("####", Column(name="n", role="month")),
        ("Err:504", Column(name="n", role="text", choices=("all",))),
        ("n" * 201, Column(name="n", role="name")),
        ("sector:security", Column(name="n", role="places", many=True)),
        ("region:", Column(name="n", role="places", many=True)),
        ("6", Column(name="n", role="levels", many=True, choices=("1", "5"))),
    ],
)
def test_refused_cells(text: str, column: Column) -> None:
    with pytest.raises(CellError):
        value(text, column, SETTING)


@pytest.mark.parametrize("role", ["name", "pattern", "places", "month", "count", "event"])
def test_an_error_of_a_spreadsheet_is_called_one(role: str) -> None:
    with pytest.raises(CellError) as caught:
        value("#N/A", Column(name="n", role=role, choices=("exit",)), SETTING)
    assert "spreadsheet error" in caught.value.hint


def test_an_invisible_character_is_named() -> None:
    with pytest.raises(CellError) as caught:
        value("Di\u202eli", Column(name="n", role="name"), SETTING)
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in caught.value.hint


def test_hints_name_the_nearest_word_whatever_its_case() -> None:
    assert nearest("national", ["National", "Aileu"]) == "nearest: National"
    assert nearest("Bacau", ["Baucau", "Aileu"]) == "nearest: Baucau"
    assert nearest("zzz", ["Baucau", "Aileu"]) == ""


def test_what_was_found_is_shown_on_one_short_line() -> None:
    assert shown("") == "nothing"
    assert shown("a\nb") == '"a?b"'
    assert shown(JOINED[0]) == f'"{JOINED[0]}"'
    assert len(shown("x" * 500)) == 63

"""``plan.toml``, or the sheet ``plan`` of a workbook: the scalars of an instance."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sequencer.errors import Fault
from sequencer.instance.facts import SCORE, Goal, Plan
from sequencer.instance.instance import Instance
from sequencer.instance.levers import addresses
from sequencer.instance.patterns import fits
from sequencer.months import Calendar
from sequencer.tables import dates, text
from sequencer.tables.cells import Setting
from sequencer.tables.faults import CellError, Faults, nearest, shown
from sequencer.tables.sources import Source
from sequencer.vocabulary import TERMS, Origin

FILE = "plan.toml"
KEYS = (
    "title", "first_month", "months", "money_unit", "fiscal_year_start", "hold", "as_of", "mandate_end",
    "mandate_requires", "risk_margin", "risk_months", "announced_pledges", "negotiable", "library", "objective",
)  # fmt: skip
LIBRARY = ("functions", "criteria", "needs", "resources")  # tables the library has, those first that others name
DEFAULT_TERMS = ("exit", "risk", "early_transfer")
MILESTONES = ("transfer", "exit", "departure")
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Scalars:
    """What ``plan.toml`` says.

    ``dated``: months can be counted from its first month; otherwise all is a stand-in. ``library``: the tables of the
    shipped library that are wanted.
    """

    plan: Plan
    calendar: Calendar
    dated: bool
    mandate_end: int | None
    library: tuple[str, ...] = ()

    @property
    def setting(self) -> Setting:
        """What reading a cell depends on; each file has a delimiter of its own."""
        return Setting(",", self.calendar, self.mandate_end, self.plan.months - 1)


def read_plan(source: Source, faults: Faults) -> Scalars:
    """Read ``plan.toml``.

    Parameters
    ----------
    source : Source
        Where it is written.
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    Scalars
        With defaults for keys that are missing or wrong, so that the tables can still be read for their faults.
    """
    keys = _Keys(*_parsed(source, faults), faults)
    _check_keys(keys)
    first = keys.month("first_month")
    calendar = Calendar(*(first or (2000, 1)), keys.whole("fiscal_year_start", 1, 12, 1))
    months = keys.whole("months", 1, LONGEST, LONGEST)
    mandate_end = _mandate_end(keys, calendar, dated=first is not None)
    plan = Plan(
        origin=Origin(FILE, sheet=source.sheet),
        title=keys.text("title", source.title),
        months=months,
        money_unit=keys.text("money_unit", "money"),
        hold=keys.whole("hold", 0, LONGEST, 0),
        as_of=_as_of(keys, calendar, months, dated=first is not None),
        mandate_end=mandate_end,
        mandate_requires=keys.word("mandate_requires", MILESTONES, "exit"),
        risk_margin=keys.points("risk_margin"),
        risk_months=keys.whole("risk_months", 0, 2 * LONGEST, 24),
        announced_pledges=keys.flag("announced_pledges"),
        negotiable=_negotiable(keys),
        objective=_objective(keys),
    )
    # An end of the mandate that was given but cannot be read must not make a fault of every cell that names it.
    named = 0 if mandate_end is None and (not keys.usable or "mandate_end" in keys.entries) else mandate_end
    return Scalars(plan, calendar, first is not None, named, _library(keys))


def _check_keys(keys: _Keys) -> None:
    for key in keys.entries:
        if key not in KEYS:
            keys.fault(key, f"the key {shown(key)}", "a key of plan.toml", nearest(key, KEYS))
    required = {"first_month": "the first month, YYYY-MM", "months": f"the number of months, 1 to {LONGEST}"}
    for key in required.keys() - keys.entries.keys() if keys.usable else ():
        keys.fault(key, "nothing", required[key])


def _parsed(source: Source, faults: Faults) -> tuple[str, dict[str, Any] | None]:
    written = ""
    try:
        written = source.toml()
        return written, tomllib.loads(written.replace("\r\n", "\n").replace("\r", "\n"), parse_float=_decimal)
    except text.FileError as bad:
        faults.add(bad.fault(FILE))
    except (ValueError, RecursionError) as error:
        line = int(found[1]) if (found := re.search(r"at line (\d+)", str(error))) else 0
        lines = written.splitlines()
        bare = 0 < line <= len(lines) and re.search(r"=\s*\d{4}-\d{2}\s*(#.*)?$", lines[line - 1])
        said = str(error).partition(" (at ")[0]
        hint = "months stand in quotes" if bare else ""
        faults.add(Fault(FILE, line, "", f"broken TOML: {said}", "valid TOML", hint))
    return written, None


def _decimal(digits: str) -> Decimal | str:
    return Decimal(digits) if re.fullmatch(r"[+-]?[0-9_]+\.[0-9_]+", digits) and len(digits) < 40 else digits  # noqa: PLR2004


def _mandate_end(keys: _Keys, calendar: Calendar, *, dated: bool) -> int | None:
    found = keys.month("mandate_end")
    if found is None or not dated:
        return None
    number = calendar.number(*found)
    if number < 0:
        keys.fault(
            "mandate_end", calendar.label(number), f"a month from {calendar.label(0)}, the first of the plan, on"
        )
        return None
    return number


def _as_of(keys: _Keys, calendar: Calendar, months: int, *, dated: bool) -> int:
    found = keys.month("as_of")
    if found is None or not dated:
        return 0
    number = calendar.number(*found)
    if not 0 <= number < months:
        needed = f"a month of the plan, {calendar.label(0)} to {calendar.label(months - 1)}"
        keys.fault("as_of", calendar.label(number), needed)
        return 0
    return number


def _library(keys: _Keys) -> tuple[str, ...]:
    words = keys.entries.get("library", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        keys.fault("library", _shown(words), f"a list of tables, any of {', '.join(LIBRARY)}")
        return ()
    for word in words:
        if word not in LIBRARY:
            keys.fault("library", shown(word), f"one of {', '.join(LIBRARY)}", nearest(word, LIBRARY))
    return tuple(word for word in LIBRARY if word in words)


def _negotiable(keys: _Keys) -> tuple[str, ...]:
    words = keys.entries.get("negotiable", [])
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return tuple(dict.fromkeys(word.strip() for word in words))
    keys.fault("negotiable", _shown(words), "a list of addresses in quotes, as `sequencer levers` lists them")
    return ()


def check_negotiable(source: Source, instance: Instance, faults: Faults) -> None:
    """Add a fault for each entry of ``negotiable`` that no number has as its address."""
    names = addresses(instance) if instance.plan.negotiable else {}
    for pattern in instance.plan.negotiable:
        if not any(fits(pattern, name) for name in names):
            _Keys(*_parsed(source, Faults()), faults).fault(
                "negotiable", shown(pattern), "the address of a number, * for anything", faults.nearest(pattern, names)
            )


def _objective(keys: _Keys) -> tuple[Goal, ...]:
    entries = keys.entries.get("objective", list(DEFAULT_TERMS))
    if not isinstance(entries, list) or not entries:
        keys.fault("objective", _shown(entries), "a list of terms", f"terms: {', '.join(TERMS)}")
        return ()
    goals: list[Goal] = []
    for entry in entries:
        goal = _goal(keys, entry)
        if goal and goal.term in [other.term for other in goals]:
            keys.fault("objective", f"{shown(goal.term)} twice", "each term once")
        elif goal:
            goals.append(goal)
    return tuple(goals)


def _goal(keys: _Keys, entry: object) -> Goal | None:
    table = entry if isinstance(entry, dict) else {"term": entry}
    term, tolerance = table.get("term"), table.get("tolerance", 0)
    if not isinstance(term, str) or set(table) - {"term", "tolerance"}:
        keys.fault("objective", _shown(entry), "a term, or {term = …, tolerance = …}")
    elif term not in TERMS:
        keys.fault("objective", shown(term), f"one of {', '.join(TERMS)}", nearest(term, TERMS))
    elif type(tolerance) is not int or tolerance < 0:
        keys.fault("objective", f"the tolerance {_shown(tolerance)}", "a whole number, 0 or more")
    else:
        return Goal(term=term, tolerance=tolerance)
    return None


class _Keys:
    """The entries of the file, read one by one."""

    def __init__(self, written: str, entries: dict[str, Any] | None, faults: Faults) -> None:
        self.written = written
        self.usable = entries is not None
        self.entries = entries or {}
        self.faults = faults

    def fault(self, key: str, found: str, needed: str, hint: str = "") -> None:
        line = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*=", self.written, re.MULTILINE)
        row = self.written.count("\n", 0, line.start()) + 1 if line else 0
        self.faults.add(Fault(FILE, row, key if key.isprintable() else shown(key), found, needed, hint))

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        value = self.entries.get(key, default)
        if type(value) is int and low <= value <= high:
            return value
        self.fault(key, _shown(value), f"a whole number from {low} to {high}")
        return default

    def points(self, key: str) -> int:
        value = self.entries.get(key, 0)
        if type(value) in (int, Decimal) and 0 <= value <= 100 and value * SCORE == int(value * SCORE):  # noqa: PLR2004
            return int(value * SCORE)
        self.fault(key, _shown(value), "points from 0 to 100 with at most three decimals")
        return 0

    def flag(self, key: str) -> bool:
        value = self.entries.get(key, False)
        if isinstance(value, bool):
            return value
        self.fault(key, _shown(value), "true or false, without quotes")
        return False

    def text(self, key: str, default: str) -> str:
        value = self.entries.get(key, default)
        if isinstance(value, str):
            return value.strip()
        self.fault(key, _shown(value), "text in quotes")
        return default

    def word(self, key: str, words: tuple[str, ...], default: str) -> str:
        value = self.entries.get(key, default)
        if value in words:
            return str(value)
        self.fault(key, _shown(value), f"one of {', '.join(words)}", nearest(str(value)[:60], words))
        return default

    def month(self, key: str) -> tuple[int, int] | None:
        value = self.entries.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, datetime.date):
                return dates.year_month(f"{value.year:04d}-{value.month:02d}", value.year)
            return dates.year_month(value.strip() if isinstance(value, str) else "", 2000)
        except CellError as bad:
            self.fault(key, _shown(value), bad.needed, bad.hint)
            return None


def _shown(value: object) -> str:
    if isinstance(value, str):
        return shown(value)
    try:
        return shown(str(value)).strip('"')
    except (ValueError, RecursionError):  # a number too long to print
        return "something too long to show"

"""Changing an instance: ``but`` turns levers and returns a checked copy."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from sequencer.errors import UsageError
from sequencer.instance import facts
from sequencer.instance.contradictions import contradictions
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN, SHIFT, TABLES, Lever, addresses
from sequencer.months import Calendar

#: A new value in the unit shown, or a change to it as text with its sign: ``"+1"``, ``"-0.5"``; ``"=-0.5"`` is a value.
Value: TypeAlias = int | float | Decimal | str

F = TypeVar("F", bound=facts.Fact)

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
RANGE = re.compile(
    r"(?P<base>.+)@(?P<first>[0-9]{4}-[0-9]{2}|FY[0-9]{4})(?P<open>\.\.)?(?P<last>[0-9]{4}-[0-9]{2}|FY[0-9]{4})?"
    r"(?P<field>\.[a-z_]+)?",
    re.IGNORECASE,
)
NOTHING = "none"
SPELT = {"pledges": "pledge", "reserve": "reserves"}  # files whose rows are addressed by another word
ABSOLUTE = "="  # before a number with a sign that is a value, not a change


def but(instance: Instance, changes: Iterable[tuple[str, Value]]) -> Instance:
    """Return a copy of an instance with some numbers changed, in order; see ``Instance.but``."""
    draft = _Draft(instance)
    for address, value in changes:
        for lever in draft.meant(_spelt(address)):
            draft.turn(lever, value)
    changed = draft.instance()
    wrong = contradictions(changed)
    if wrong:
        raise UsageError("the changes contradict other facts: " + "; ".join(wrong))
    return changed


def meant(instance: Instance, address: str) -> list[Lever]:
    """Return the numbers that an address means; raises UsageError if there are none."""
    return _Draft(instance).meant(_spelt(address))


class _Draft:
    """An instance while levers are turned, so that many of them cost one copy and one list of addresses."""

    def __init__(self, instance: Instance) -> None:
        self.base = instance
        self.calendar = instance.calendar
        self.plan = instance.plan
        self.said = list(instance.changes)
        self.tables: dict[str, list[Any]] = {}
        self._levers: dict[str, Mapping[str, Lever]] = {}

    def instance(self) -> Instance:
        """Return the instance as it is now."""
        tables: dict[str, Any] = {name: tuple(rows) for name, rows in self.tables.items()}
        return dataclasses.replace(self.base, plan=self.plan, changes=tuple(self.said), **tables)

    def table(self, attribute: str) -> list[Any]:
        """Return the facts of a table, to be changed in place."""
        return self.tables.setdefault(attribute, list(getattr(self.base, attribute)))

    def levers(self, address: str) -> Mapping[str, Lever]:
        """Return the levers among which an address is looked for.

        Their values are those of the time at which addresses changed last.
        """
        word = address.partition(".")[0]
        word = word if word in (*TABLES, PLAN) else ""
        if word not in self._levers:
            self._levers[word] = addresses(self.instance(), word)
        return self._levers[word]

    def meant(self, address: str) -> list[Lever]:
        """Return the levers an address means: several with a star, or without the months of rows that have some."""
        levers = self.levers(address)
        if address not in levers and "*" not in address:
            address = self._ranged(address)
            levers = self.levers(address)
        if address in levers:
            return [levers[address]]
        rows = [lever for name, lever in levers.items() if name.startswith(f"{address}@") and _is_main(lever, name)]
        if rows:
            return rows
        if "*" in address:
            pattern = re.compile(".*".join(map(re.escape, address.split("*"))))
            meant = [lever for name, lever in levers.items() if pattern.fullmatch(name)]
            if meant:
                return meant
        near = difflib.get_close_matches(address, list(levers), n=3, cutoff=0.5)
        hint = f"; nearest: {', '.join(near)}" if near else "; `sequencer levers` lists them all"
        raise UsageError(f"no number has the address {address!r}{hint}")

    def _ranged(self, address: str) -> str:
        """Return the listed address of a row with the range that an address names; cut the row if it is longer."""
        match, word = RANGE.fullmatch(address), address.split(".", 1)[0]
        if match is None or word not in TABLES or not TABLES[word].ranged:
            return address
        table = TABLES[word]
        start, end = self._months(match)
        inside = max(start, 0), None if end is None else max(0, min(end, self.plan.months - 1))
        rows = self.table(table.attribute)
        for first, last in ((start, end), inside):
            for position, row in enumerate(rows):
                name = f"{word}.{table.name(row, self.calendar)}"
                holds = row.start <= first and (row.end is None or (last is not None and last <= row.end))
                if not holds or not name.startswith(f"{match['base']}@"):
                    continue
                if (first, last) != (row.start, row.end):
                    rows[position : position + 1] = _parts(row, first, last)
                    self._levers.clear()
                part = next(part for part in rows[position:] if part.start == first)
                return f"{word}.{table.name(part, self.calendar)}{match['field'] or ''}"
        return address

    def _months(self, match: re.Match[str]) -> tuple[int, int | None]:
        """Return the first and last month of a range, by months or by fiscal years."""
        words = match["first"].upper(), (match["last"] or "").upper()
        years = [int(word[2:]) if word.startswith("FY") else None for word in words]
        start = self.calendar.opening(years[0]) if years[0] else month_of(words[0], self.calendar)
        if match["last"] is None and match["open"]:
            return start, None
        if match["last"] is None:
            return start, start if years[0] is None else self.calendar.opening(years[0] + 1) - 1
        return start, self.calendar.opening(years[1] + 1) - 1 if years[1] else month_of(words[1], self.calendar)

    def turn(self, lever: Lever, value: Value) -> None:
        """Give the number of a lever another value."""
        fact = self.plan if lever.attribute == PLAN else self.table(lever.attribute)[lever.position]
        if lever.field != SHIFT:
            lever = dataclasses.replace(lever, value=getattr(fact, lever.field))
        new = _new_value(lever, value, self.calendar)
        turned = dataclasses.replace(lever, value=new).shown(self.calendar) or NOTHING
        self.said.append(f"{lever.address}: {lever.shown(self.calendar) or NOTHING} -> {turned}")
        if isinstance(fact, facts.Plan):
            scalar: dict[str, Any] = {lever.field: new}  # its origin stays: other scalars of the plan share it
            self.plan = dataclasses.replace(fact, **scalar)
            if lever.field == "months":
                self._stretch()
            return
        if lever.field == SHIFT and new is not None:
            fields: dict[str, Any] = {"start": fact.start + new, "end": fact.end + new}
        else:
            fields = {lever.field: new, **_follow(fact, lever.field, new)}
        changed = _changed(fact, fields, turned)
        self.table(lever.attribute)[lever.position] = changed
        if isinstance(fact, facts.Donor) and lever.field == "sunset":
            self._end_pledges(fact, new)
        if isinstance(fact, facts.Pledge) and lever.field == "carry_until":
            self._carry_alike(fact, new)
        if isinstance(fact, facts.Need) and lever.field == "months":
            self._levers.clear()  # its address names them

    def _stretch(self) -> None:
        """Stretch or cut the last phase to the end of a plan of another length."""
        phases = sorted(self.table("phases"), key=lambda phase: phase.start)
        phases[-1] = dataclasses.replace(phases[-1], end=self.plan.months - 1)
        self.tables["phases"] = phases

    def _end_pledges(self, donor: facts.Donor, sunset: int | None) -> None:
        """Let the pledges that end with their donor's sunset, or with nothing, end with the new one."""
        if sunset is None:
            return
        pledges = self.table("pledges")
        for position, pledge in enumerate(pledges):
            if pledge.donor == donor.name and pledge.end in (None, donor.sunset):
                pledges[position] = dataclasses.replace(pledge, end=sunset)
        self._levers.clear()

    def _carry_alike(self, turned: facts.Pledge, until: int | None) -> None:
        """Let all rows of a pledge carry over until the same month: what is left of one year is left for the next."""
        pledges = self.table("pledges")
        for position, pledge in enumerate(pledges):
            if pledge.line == turned.line:
                pledges[position] = dataclasses.replace(pledge, carry_until=until)


def _is_main(lever: Lever, name: str) -> bool:
    """Return whether a lever is the number that its row is about."""
    word = name.partition(".")[0]
    return word in TABLES and lever.field == TABLES[word].main


def _spelt(address: str) -> str:
    """Return an address that begins with the name of a file as it is listed."""
    word, dot, rest = address.partition(".")
    return f"{SPELT.get(word, word)}{dot}{rest}"


def _parts(row: Any, first: int, last: int | None) -> list[Any]:  # noqa: ANN401 - any kind of fact with a range
    """Return a row cut so that ``first..last`` is a row of its own."""
    parts = [dataclasses.replace(row, start=first, end=last)]
    if row.start < first:
        parts.insert(0, dataclasses.replace(row, end=first - 1))
    if last is not None and row.end != last:
        parts.append(dataclasses.replace(row, start=last + 1))
    if isinstance(row, facts.Pledge):  # what was used before the plan is stated once
        parts[1:] = [dataclasses.replace(part, base=None) for part in parts[1:]]
    return parts


def _changed(fact: F, fields: Mapping[str, Any], turned: str) -> F:
    """Return a fact with other numbers, whose origin says that they are not those of its row."""
    origin = dataclasses.replace(fact.origin, confidence=f"changed to {turned} for this run")
    return dataclasses.replace(fact, **fields, origin=origin)


def _follow(fact: facts.Fact, field: str, new: int | None) -> dict[str, Any]:
    """Return what changes with a score: a range that was not given is the score, and always holds it."""
    if not isinstance(fact, facts.Readiness) or field != "score" or new is None:
        return {}
    low = new if fact.low == fact.score else min(fact.low, new)
    return {"low": low, "high": new if fact.high == fact.score else max(fact.high, new)}


def _new_value(lever: Lever, value: Value, calendar: Calendar) -> int | None:
    """Return the stored value for a value or a change in the unit shown."""
    text = str(value).strip()
    if text.lower() == NOTHING:
        if not lever.optional:
            raise UsageError(f"{lever.address} cannot be without a value")
        return None
    if lever.unit == facts.MONTH and MONTH.fullmatch(text):
        return month_of(text, calendar)
    relative = isinstance(value, str) and text[:1] in {"+", "-"}
    text = text.removeprefix(ABSOLUTE)
    if lever.unit == facts.MONTH and not relative:
        raise UsageError(f"{lever.address} is a month: write YYYY-MM, or +N or -N months; found {text!r}")
    scaled = _scaled(lever, text)
    if relative:
        if lever.value is None:
            raise UsageError(f"{lever.address} says nothing yet, so it cannot be changed by {text}; give a value")
        scaled += lever.value
    if (lever.low is not None and scaled < lever.low * lever.scale) or (
        lever.high is not None and scaled > lever.high * lever.scale
    ):
        raise UsageError(f"{lever.address} must lie between {lever.low} and {lever.high} {lever.unit}; found {text!r}")
    return scaled


def _scaled(lever: Lever, text: str) -> int:
    number = Decimal(text) * lever.scale if NUMBER.fullmatch(text) else Decimal("nan")
    if not number.is_finite() or number != number.to_integral_value() or abs(number) > facts.LARGEST:
        kind = "a number with at most three decimals" if lever.scale > 1 else "a whole number"
        raise UsageError(f"{lever.address} needs {kind} of {lever.unit}; found {text!r}")
    return int(number)


def month_of(text: str, calendar: Calendar) -> int:
    """Return the number of a month written YYYY-MM; raises UsageError for other text."""
    match = MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:  # noqa: PLR2004 - months of a year
        raise UsageError(f"{text!r} is no month: write YYYY-MM")
    return calendar.number(int(match[1]), int(match[2]))

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
from sequencer.instance.levers import SHIFT, TABLES, Lever, addresses
from sequencer.months import Calendar

#: A new value in the unit shown, or a change to it as text with its sign: ``"+1"``, ``"-0.5"``; ``"=-0.5"`` is a value.
Value: TypeAlias = int | float | Decimal | str

F = TypeVar("F", bound=facts.Fact)

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
RANGE = re.compile(r"(?P<base>.+)@(?P<first>\d{4}-\d{2})\.\.(?P<last>\d{4}-\d{2})?")
NOTHING = "none"
ABSOLUTE = "="  # before a number with a sign that is a value, not a change


def but(instance: Instance, changes: Iterable[tuple[str, Value]]) -> Instance:
    """Return a copy of an instance with some numbers changed, in order; see ``Instance.but``."""
    for address, value in changes:
        levers: Mapping[str, Lever] = addresses(instance)
        if address not in levers and "*" not in address:
            instance, levers = _split(instance, levers, address)
        for lever in _meant(levers, address):
            instance = _turn(instance, lever, value)
    wrong = contradictions(instance)
    if wrong:
        raise UsageError("the changes contradict other facts: " + "; ".join(wrong))
    return instance


def _meant(levers: Mapping[str, Lever], address: str) -> list[Lever]:
    """Return the levers an address means; with a star there may be several."""
    if address in levers:
        return [levers[address]]
    if "*" in address:
        pattern = re.compile(".*".join(map(re.escape, address.split("*"))))
        meant = [lever for name, lever in levers.items() if pattern.fullmatch(name)]
        if meant:
            return meant
    near = difflib.get_close_matches(address, list(levers), n=3, cutoff=0.5)
    hint = f"; nearest: {', '.join(near)}" if near else "; `sequencer levers` lists them all"
    raise UsageError(f"no number has the address {address!r}{hint}")


def _split(instance: Instance, levers: Mapping[str, Lever], address: str) -> tuple[Instance, Mapping[str, Lever]]:
    """Cut the row that covers a range of months, so that the range named by an address is a row of its own."""
    match, word = RANGE.fullmatch(address), address.split(".", 1)[0]
    if match is None or word not in TABLES or not TABLES[word].ranged:
        return instance, levers
    first, last = (_month(part, instance.calendar) if part else None for part in match.group("first", "last"))
    attribute = TABLES[word].attribute
    for lever in levers.values():
        if lever.attribute != attribute or not lever.address.startswith(f"{match['base']}@"):
            continue
        rows = getattr(instance, attribute)
        row = rows[lever.position]
        if first is None or row.start > first or (row.end is not None and (last is None or last > row.end)):
            continue
        parts = [dataclasses.replace(row, start=first, end=last)]
        if row.start < first:
            parts.insert(0, dataclasses.replace(row, end=first - 1))
        if last is not None and row.end != last:
            parts.append(dataclasses.replace(row, start=last + 1))
        changed = (*rows[: lever.position], *parts, *rows[lever.position + 1 :])
        instance = _with(instance, attribute, changed)
        return instance, addresses(instance)
    return instance, levers


def _turn(instance: Instance, lever: Lever, value: Value) -> Instance:
    calendar = instance.calendar
    new = _new_value(lever, value, calendar)
    turned = dataclasses.replace(lever, value=new).shown(calendar) or NOTHING
    said = f"{lever.address}: {lever.shown(calendar) or NOTHING} -> {turned}"
    instance = dataclasses.replace(instance, changes=(*instance.changes, said))
    if lever.attribute == "plan":
        scalar: dict[str, Any] = {lever.field: new}  # its origin stays: other scalars of the plan share it
        instance = dataclasses.replace(instance, plan=dataclasses.replace(instance.plan, **scalar))
        return _stretched(instance) if lever.field == "months" else instance
    rows = list(getattr(instance, lever.attribute))
    fact = rows[lever.position]
    if lever.field == SHIFT and new is not None:
        fields: dict[str, Any] = {"start": fact.start + new, "end": fact.end + new}
    else:
        fields = {lever.field: new, **_follow(fact, lever.field, new)}
    rows[lever.position] = _changed(fact, fields, turned)
    return _with(instance, lever.attribute, tuple(rows))


def _changed(fact: F, fields: Mapping[str, Any], turned: str) -> F:
    """Return a fact with other numbers, whose origin says that they are not those of its row."""
    origin = dataclasses.replace(fact.origin, confidence=f"changed to {turned} for this run")
    return dataclasses.replace(fact, **fields, origin=origin)


def _stretched(instance: Instance) -> Instance:
    """Return the instance with its last phase stretched or cut to the end of a plan of another length."""
    phases = sorted(instance.phases, key=lambda phase: phase.start)
    phases[-1] = dataclasses.replace(phases[-1], end=instance.plan.months - 1)
    return dataclasses.replace(instance, phases=tuple(phases))


def _with(instance: Instance, attribute: str, rows: tuple[facts.Fact, ...]) -> Instance:
    changes: dict[str, Any] = {attribute: rows}
    return dataclasses.replace(instance, **changes)


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
        return _month(text, calendar)
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


def _month(text: str, calendar: Calendar) -> int:
    match = MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12:  # noqa: PLR2004 - months of a year
        raise UsageError(f"{text!r} is no month: write YYYY-MM")
    return calendar.number(int(match[1]), int(match[2]))

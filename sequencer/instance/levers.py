"""Levers: every number of an instance has an address, a unit and a direction in which rules become easier to keep.

An address is ``TABLE.NAME`` for the number the row is about, or ``TABLE.NAME.FIELD`` for another one of it::

    readiness.aileu/policing.logistics            the score
    readiness.aileu/policing.logistics.growth     its growth per month
    capacity.mentors@2009-03..2009-12             the amount in a range of months; a part of the range may be named
    pledge.japan/fund@FY2009..FY2011              a range may be named by fiscal years, too
    budget.host@FY2010                            the amount of a fiscal year
    calendar.election.shift                       months by which a closure is moved

A ``*`` in an address stands for anything, so ``readiness.*.logistics`` is every score on logistics. Without its months,
``capacity.mentors`` is the amount in every row of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.months import Calendar

Name: TypeAlias = Callable[[Any, Calendar], str]


@dataclass(frozen=True, slots=True)
class Table:
    """How the facts of one table are addressed: their names, and the field an address without a field means."""

    attribute: str
    name: Name
    main: str = ""
    ranged: bool = False  # the name ends in a range of months


def _ranged(*fields: str) -> Name:
    def name(fact: Any, calendar: Calendar) -> str:  # noqa: ANN401 - any kind of fact
        words = [getattr(fact, field) for field in fields]
        return f"{'.'.join(word for word in words if word)}@{calendar.span(fact.start, fact.end)}"

    return name


def _plain(*fields: str) -> Name:
    def name(fact: Any, calendar: Calendar) -> str:  # noqa: ANN401, ARG001
        return ".".join(str(word) for field in fields if (word := getattr(fact, field)))

    return name


def _pledge(fact: facts.Pledge, calendar: Calendar) -> str:
    return f"{fact.line}@{_years(fact.start, fact.end, calendar) or calendar.span(fact.start, fact.end)}"


def _years(start: int, end: int | None, calendar: Calendar) -> str:
    """Return a range of months as fiscal years; empty where it is not made of whole ones."""
    first = calendar.fiscal_year(start)
    last = None if end is None else calendar.fiscal_year(end)
    if start != calendar.opening(first) or (last is not None and end != calendar.opening(last + 1) - 1):
        return ""
    if first == last:
        return f"FY{first}"
    return f"FY{first}..{'' if last is None else f'FY{last}'}"


def _budget(fact: facts.Budget, calendar: Calendar) -> str:  # noqa: ARG001 - a Name
    return f"{fact.line}@FY{fact.year}"


def _width(fact: facts.Width, calendar: Calendar) -> str:  # noqa: ARG001 - a Name
    ends = "--".join(f"{package}.{event}" for package, event in (fact.members[0], fact.members[-1]))
    between = len(fact.members) - 2
    return f"{ends}+{between}" if between else ends


def _relapse(fact: facts.Relapse, calendar: Calendar) -> str:  # noqa: ARG001 - a Name
    return f"{fact.package}{_levels(fact)}"


def _levels(fact: facts.Need | facts.Relapse) -> str:
    return "" if fact.levels is None else f".threat{'+'.join(map(str, sorted(fact.levels)))}"


def _need(fact: facts.Need, calendar: Calendar) -> str:  # noqa: ARG001 - a Name
    lasting = "" if fact.months is None else f"+{fact.months}"
    return f"{fact.package}.{fact.resource}.{fact.stage or fact.event}{lasting}{_levels(fact)}"


def _link(fact: facts.Link, calendar: Calendar) -> str:  # noqa: ARG001 - a Name
    return f"{fact.before}.{fact.before_event}--{fact.after}.{fact.after_event}"


#: The tables in the order of ``sequencer levers``, by the first word of an address.
TABLES: dict[str, Table] = {
    "phases": Table("phases", _plain("name")),
    "places": Table("places", _plain("name")),
    "functions": Table("functions", _plain("name")),
    "packages": Table("packages", _plain("name")),
    "options": Table("options", _plain("package", "name")),
    "gains": Table("gains", _plain("package", "option", "criterion"), "gain"),
    "criteria": Table("criteria", _plain("package", "criterion", "event"), "threshold"),
    "readiness": Table("readiness", _plain("package", "criterion"), "score"),
    "threat": Table("threat", _ranged("place"), "level", ranged=True),
    "limits": Table("limits", _plain("package", "event"), "limit"),
    "capacity": Table("capacity", _ranged("resource", "pool", "source"), "amount", ranged=True),
    "needs": Table("needs", _need, "amount"),
    "guarantees": Table("guarantees", _ranged("force"), "people", ranged=True),
    "links": Table("links", _link),
    "widths": Table("widths", _width, "width"),
    "gates": Table("gates", _plain("phase", "event"), "minimum"),
    "calendar": Table("calendar_events", _plain("name")),
    "budget": Table("budget", _budget, "amount"),
    "donors": Table("donors", _plain("name")),
    "pledge": Table("pledges", _pledge, "amount", ranged=True),
    "reserves": Table("reserves", _plain("scope"), "k"),
    "relapse": Table("relapses", _relapse, "amount"),
    "published": Table("published", _plain("package"), "transfer"),
}

PLAN = "plan"  # the first word of a scalar's address
SHIFT = "shift"  # the field of a calendar event that moves both its ends


@dataclass(frozen=True, slots=True)
class Lever:
    """One number of an instance.

    Attributes
    ----------
    address : str
    value : int or None
        As stored: months from the start of the plan, thousandths of a point; None where nothing is said.
    unit : str
        Of the value shown.
    relax : int
        +1 if the rules that read the number become easier to keep as it grows, -1 as it falls, 0 if neither is sure.
    scale : int
        The value shown is ``value / scale``.
    low, high : int or None
        The least and greatest value shown that make sense.
    optional : bool
        Whether the number may be taken away.
    """

    address: str
    value: int | None
    unit: str
    relax: int
    scale: int
    low: int | None
    high: int | None
    optional: bool
    attribute: str
    position: int
    field: str

    def shown(self, calendar: Calendar) -> str:
        """Return the value as people write it; empty where nothing is said."""
        if self.value is None:
            return ""
        if self.unit == facts.MONTH:
            return calendar.label(self.value)
        return f"{self.value / self.scale:g}" if self.scale > 1 else str(self.value)


def addresses(instance: Instance, word: str = "") -> dict[str, Lever]:
    """Return every lever of an instance by address, in a fixed order; with a first word only those that begin with it.

    Two facts that would share an address (the same resource needed twice in one stage, say) are told apart by ``#2`` …
    """
    found: dict[str, Lever] = {}
    for lever in _levers(instance, word):
        address, count = lever.address, 2
        while address in found:
            address, count = f"{lever.address}#{count}", count + 1
        found[address] = lever if address == lever.address else dataclasses.replace(lever, address=address)
    return found


def _levers(instance: Instance, wanted: str) -> Iterator[Lever]:
    for field in _numbers(instance.plan) if wanted in ("", PLAN) else ():
        yield _lever(f"{PLAN}.{field.name}", instance.plan, field, PLAN, 0)
    for word, table in TABLES.items():
        if wanted not in ("", word):
            continue
        for position, fact in enumerate(getattr(instance, table.attribute)):
            base = f"{word}.{table.name(fact, instance.calendar)}"
            for field in _numbers(fact):
                address = base if field.name == table.main else f"{base}.{field.name}"
                yield _lever(address, fact, field, table.attribute, position)
            if isinstance(fact, facts.Closure):
                yield _shift(f"{base}.{SHIFT}", table.attribute, position)


def _numbers(fact: facts.Fact) -> list[dataclasses.Field[Any]]:
    """Return the fields that hold numbers; those that are empty and have no meaning of their own are left out."""
    fields = [field for field in dataclasses.fields(fact) if "unit" in field.metadata]
    if isinstance(fact, facts.Closure) and not fact.resource:
        fields = [field for field in fields if field.name != "factor"]  # there is nothing it could multiply
    return [field for field in fields if field.metadata["optional"] or getattr(fact, field.name) is not None]


def _lever(address: str, fact: facts.Fact, field: dataclasses.Field[Any], attribute: str, position: int) -> Lever:
    value = getattr(fact, field.name)
    return Lever(address, value, **field.metadata, attribute=attribute, position=position, field=field.name)


def _shift(address: str, attribute: str, position: int) -> Lever:
    return Lever(
        address, 0, "months", 0, 1, None, None, optional=False, attribute=attribute, position=position, field=SHIFT
    )

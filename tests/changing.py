"""Instances changed in ways whose effect on the plans is known: promises relieved, money scaled, supplies split."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeVar

from sequencer.instance import facts
from sequencer.instance.instance import Instance

F = TypeVar("F", bound=facts.Fact)


def _taken(row: facts.Fact) -> None:  # noqa: ARG001 - whatever the row says
    return None


def _with(**changes: object) -> Callable[[Any], Any]:
    return lambda row: dataclasses.replace(row, **changes)


def _more(field: str, by: int) -> Callable[[Any], Any]:
    return lambda row: dataclasses.replace(row, **{field: getattr(row, field) + by})


def _freed(package: facts.Package) -> facts.Package:
    """Return a package whose dates are free; one that may be handed over already, its option named, stays there."""
    past = package.fixed is not None and (package.fixed < 0 or package.option is not None)
    fixed = package.fixed if past else None
    return dataclasses.replace(package, earliest=None, latest=None, fixed=fixed)


def _open(closure: facts.Closure) -> facts.Closure | None:
    """Return a calendar row that closes nothing; what it does to capacities is no promise."""
    return None if closure.factor is None else dataclasses.replace(closure, events=frozenset())


#: By what is relieved: the table, and what becomes of a row, which is taken away if nothing does.
RELIEFS: dict[str, tuple[str, Callable[[Any], facts.Fact | None]]] = {
    "a threshold": ("criteria", _with(threshold=0)),  # it stays: its hold says how long a package must prove itself
    "a limit": ("limits", _taken),
    "a link": ("links", _taken),
    "a minimum lag": ("links", _with(minimum=None)),
    "a maximum lag": ("links", _with(maximum=None)),
    "a width": ("widths", _taken),
    "a wider width": ("widths", _more("width", 1)),
    "a gate": ("gates", _taken),
    "a closure": ("calendar_events", _open),
    "a phase": ("phases", _with(admits=None, months=None)),
    "the dates of a package": ("packages", _freed),
    "a capacity": ("capacity", _more("amount", 1)),
    "a force": ("guarantees", _more("people", 1)),
    "a source for all": ("capacity", _with(serves=None)),
    "a reserve": ("reserves", _taken),
    "a smaller reserve": ("reserves", lambda row: dataclasses.replace(row, k=max(0, row.k - 1))),
    "a share": ("donors", _with(max_share=None)),
    "a budget": ("budget", _more("amount", 1)),
    "growth and fall of a budget": ("budget", _with(max_growth=None, max_fall=None)),
    "a pledge": ("pledges", _more("amount", 1)),
    "growth and fall of a pledge": ("pledges", _with(max_growth=None, max_fall=None)),
    "a condition": ("pledges", _with(condition=None)),
    "revenue": ("packages", _more("revenue", 1)),
}


def relieved(instance: Instance, random: Random) -> Iterator[tuple[str, Instance]]:
    """Yield the instance with one promise relieved, for each kind of which it has any; the mandate last."""
    for name, (table, change) in RELIEFS.items():
        rows = getattr(instance, table)
        if not rows or (name == "revenue" and not instance.funded):
            continue
        chosen = random.randrange(len(rows))
        changed = [*rows[:chosen], change(rows[chosen]), *rows[chosen + 1 :]]
        left: dict[str, Any] = {table: tuple(row for row in changed if row is not None)}
        yield name, dataclasses.replace(instance, **left)
    if instance.plan.mandate_end is not None:
        yield "the mandate", dataclasses.replace(instance, plan=dataclasses.replace(instance.plan, mandate_end=None))


def scaled(instance: Instance, factor: int) -> Instance:
    """Return the instance with all money in a unit so many times smaller."""
    fields = {
        "packages": ("recurrent_cost", "holding_cost", "handover_cost", "revenue"),
        "options": ("cost",),
        "budget": ("amount", "max_growth", "max_fall", "base"),
        "pledges": ("amount", "max_growth", "max_fall", "base"),
    }
    tables: dict[str, Any] = {
        table: tuple(_scaled(row, names, factor) for row in getattr(instance, table)) for table, names in fields.items()
    }
    return dataclasses.replace(instance, **tables)


def _scaled(row: F, names: tuple[str, ...], factor: int) -> F:
    said: dict[str, Any] = {name: getattr(row, name) for name in names}
    return dataclasses.replace(row, **{name: value * factor for name, value in said.items() if value is not None})


def split_in_time(instance: Instance, random: Random) -> Instance:
    """Return the instance with each row that holds for a range of months written as two rows, one after the other."""
    tables: dict[str, Any] = {
        table: tuple(part for row in getattr(instance, table) for part in _halves(row, instance.plan.months, random))
        for table in ("capacity", "guarantees", "threat", "calendar_events", "pledges")
    }
    return dataclasses.replace(instance, **tables)


def _halves(row: Any, months: int, random: Random) -> Iterator[Any]:  # noqa: ANN401 - any fact with a range
    last = row.start + months if row.end is None else row.end
    if last <= row.start:
        yield row
        return
    middle = random.randrange(row.start, last)
    yield dataclasses.replace(row, end=middle)
    again = {"base": None} if isinstance(row, facts.Pledge) else {}  # stated once for each line
    yield dataclasses.replace(row, start=middle + 1, **again)


def split_in_two(instance: Instance) -> Instance:
    """Return the instance with every source written as two that together hold as much and serve the same.

    Not where the calendar multiplies a capacity: that is rounded down for each source.
    """
    multiplied = {closure.resource for closure in instance.calendar_events if closure.factor is not None}
    capacity: list[facts.Capacity] = []
    for row in instance.capacity:
        half = row.amount // 2 if row.resource not in multiplied else 0
        capacity.append(dataclasses.replace(row, amount=row.amount - half))
        capacity.append(dataclasses.replace(row, amount=half, source=f"{row.source} again"))
    forces: list[facts.Guarantee] = []
    for force in instance.guarantees:
        half = force.people // 2 if force.resource not in multiplied else 0
        forces.append(dataclasses.replace(force, people=force.people - half))
        forces.append(dataclasses.replace(force, people=half, force=f"{force.force} again"))
    return dataclasses.replace(instance, capacity=tuple(capacity), guarantees=tuple(forces))


def enlarged(instance: Instance) -> Instance:
    """Return the instance with one more place and a package there that shares nothing with the others."""
    place = facts.Place(name="elsewhere", population=1, origin=instance.plan.origin)
    function = facts.Function(name="nothing", joint=0, mentored=1, advisory=0, weight=3, origin=instance.plan.origin)
    package = facts.Package(
        name="elsewhere/nothing", place="elsewhere", function="nothing", holding_cost=2, origin=instance.plan.origin
    )
    return dataclasses.replace(
        instance,
        places=(*instance.places, place),
        functions=(*instance.functions, function),
        packages=(*instance.packages, package),
    )

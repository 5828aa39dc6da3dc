"""Two timetables, or two instances with theirs: what moved, what is needed and paid, and which input is behind it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sequencer.answers import frames
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.errors import InstanceError, UsageError
from sequencer.instance.changes import ABSOLUTE, NOTHING
from sequencer.instance.instance import Instance
from sequencer.instance.levers import addresses
from sequencer.solving.checker import check
from sequencer.timetable import Choice, Choices

PACKAGES = ("package", "before", "after", "months_later", "option_before", "option_after")
SUPPLIES = ("resource", "bucket", "source", "need_before", "need_after", "capacity_before", "capacity_after")
FUNDING = ("fiscal_year", "source", "amount_before", "amount_after", "capacity_before", "capacity_after", "unit")
INPUTS = ("address", "before", "after", "unit", "breaks", "restores", "allows", "forbids")


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs between two instances with a timetable each. Empty frames: nothing.

    Attributes
    ----------
    packages : DataFrame
        Packages that moved, are prepared otherwise, or are in one only: package; before and after (``YYYY-MM``);
        months_later; option_before and option_after.
    supplies : DataFrame
        Buckets of pools in which need or capacity differ, in the units of the resource; empty where there is none.
    funding : DataFrame
        Fiscal years and lines of money that pay or have otherwise, in the unit of money.
    inputs : DataFrame
        Numbers that differ: address, before, after, unit, and what is proven of each alone. ``breaks``: with this one
        changed in the first instance, its timetable breaks a promise. ``restores``: with this one as before in the
        second, the first timetable is a plan there. ``allows``: with this one changed in the first, the second
        timetable is a plan there. ``forbids``: with this one as before in the second, its timetable breaks a promise.
        Empty where it cannot be said, since a timetable does not fit the other instance or facts would contradict, and
        where there is nothing to say: of ``restores`` if the first timetable is a plan of the second instance anyway,
        of ``allows`` if the second is one of the first.
    rows : tuple of str
        Numbers that only one of the two has, since rows were added, taken away, or are about other months.
    others : tuple of str
        What else differs and is no number, by table, row and field: of it nothing is said.
    broken, open : bool or None
        Whether the first timetable breaks a promise of the second instance, and whether the second is a plan in the
        first; None where it does not fit.
    """

    packages: pd.DataFrame
    supplies: pd.DataFrame
    funding: pd.DataFrame
    inputs: pd.DataFrame
    rows: tuple[str, ...]
    others: tuple[str, ...]
    broken: bool | None
    open: bool | None

    @property
    def responsible(self) -> tuple[str, ...]:
        """Addresses that alone break the first timetable, where it is broken, or alone make the second one possible.

        Proven; a number that breaks a timetable by itself while others make up for it is not among them.
        """
        rows = self.inputs.to_dict("records")
        alone = (row for row in rows if (row["breaks"] is True and self.broken) or row["allows"] is True)
        return tuple(str(row["address"]) for row in alone)


def difference(before: tuple[Instance, Choices], after: tuple[Instance, Choices]) -> Difference:
    """Say what differs between two instances with a timetable each.

    Parameters
    ----------
    before, after : (Instance, mapping of str to Choice)
        Such as ``(outcome.instance, outcome.choices)``; the instances may be the same. Each timetable should be a plan
        of its own instance: ``check`` tells.

    Raises
    ------
    InstanceError
        If a timetable does not fit its own instance.
    UsageError
        If a timetable breaks promises of its own instance, so that nothing follows from its breaking others.
    """
    for which, (instance, choices) in (("first", before), ("second", after)):
        broken = check(instance, choices)
        if broken:
            raise UsageError(f"the {which} timetable breaks promises of its own instance, such as: {broken[0]}")
    compared = _Compared(before, after)
    there, here = compared.holds(after[0]), compared.holds(before[0], second=True)
    inputs, rows = compared.inputs(broken=not there, closed=not here)
    return Difference(
        packages=_packages(before, after),
        supplies=_supplies(before, after),
        funding=_funding(before, after),
        inputs=inputs,
        rows=rows,
        others=tuple(_others(before[0], after[0])),
        broken=None if there is None else not there,
        open=here,
    )


class _Compared:
    """Two sides, and each timetable in the months of the other's instance."""

    def __init__(self, before: tuple[Instance, Choices], after: tuple[Instance, Choices]) -> None:
        self.before, self.after = before, after
        self.later = _later(before[0], after[0])

    def holds(self, instance: Instance, *, second: bool = False) -> bool | None:
        """Return whether the first timetable, or the second, is a plan of an instance; None if it does not fit."""
        choices, home = (self.after[1], self.after[0]) if second else (self.before[1], self.before[0])
        try:
            return not check(instance, _moved(choices, _later(home, instance)))
        except InstanceError:
            return None

    def inputs(self, *, broken: bool, closed: bool) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return the numbers that differ, with what is proven of each, and those that only one side has."""
        ours, theirs = addresses(self.before[0]), addresses(self.after[0])
        shown = [
            {name: lever.shown(side.calendar) for name, lever in levers.items()}
            for side, levers in ((self.before[0], ours), (self.after[0], theirs))
        ]
        rows = []
        for address in (name for name in ours if name in theirs and shown[0][name] != shown[1][name]):
            was, now = shown[0][address], shown[1][address]
            changed, undone = _but(self.before[0], address, now), _but(self.after[0], address, was)
            rows.append(
                (
                    address,
                    was,
                    now,
                    ours[address].unit,
                    _not(None if changed is None else self.holds(changed)),
                    self.holds(undone) if undone is not None and broken else None,
                    self.holds(changed, second=True) if changed is not None and closed else None,
                    _not(None if undone is None else self.holds(undone, second=True)),
                )
            )
        only = tuple(sorted({*ours} ^ {*theirs}))
        return pd.DataFrame(rows, columns=list(INPUTS)).astype(object), only


def _others(before: Instance, after: Instance) -> Iterator[str]:
    """Yield what differs beside numbers: fields that are none, by the rows that say them, and tables."""
    for field in dataclasses.fields(Instance):
        ours, theirs = getattr(before, field.name), getattr(after, field.name)
        if field.name == "changes" or ours == theirs:
            continue
        if not isinstance(ours, tuple):
            ours, theirs = (ours,), (theirs,)
        if len(ours) != len(theirs):
            yield f"{field.name}: {len(ours)} facts and {len(theirs)}"
        for one, other in zip(ours, theirs, strict=False):
            yield from _fields(field.name, one, other)


def _fields(table: str, ours: Any, theirs: Any) -> Iterator[str]:  # noqa: ANN401 - any kind of fact
    """Yield the fields of two facts that differ and are no numbers; of other rows, where months moved, all."""
    place = ours.origin.place if hasattr(ours, "origin") else table
    for field in dataclasses.fields(ours):
        if field.name == "origin" or "unit" in field.metadata:
            continue
        if getattr(ours, field.name) != getattr(theirs, field.name):
            yield f"{place}: {field.name}"


def _not(holds: bool | None) -> bool | None:
    return None if holds is None else not holds


def _but(instance: Instance, address: str, value: str) -> Instance | None:
    """Return an instance with a number as the other side has it; None where other facts contradict that."""
    try:
        return instance.but({address: f"{ABSOLUTE}{value}" if value[:1] in "+-" and value else value or NOTHING})
    except UsageError:
        return None


def _later(home: Instance, other: Instance) -> int:
    """Return by how many months the numbers of months of one instance exceed those of another."""
    return other.calendar.number(home.calendar.year, home.calendar.month)


def _moved(choices: Choices, months: int) -> Choices:
    return {name: Choice(choice.option, choice.transfer + months) for name, choice in choices.items()}


def _packages(before: tuple[Instance, Choices], after: tuple[Instance, Choices]) -> pd.DataFrame:
    later = _later(before[0], after[0])
    labels = before[0].calendar.label, after[0].calendar.label
    rows = []
    for name in sorted({*before[1], *after[1]}):
        was, now = before[1].get(name), after[1].get(name)
        if was is not None and now is not None and (was.option, was.transfer + later) == (now.option, now.transfer):
            continue
        months = None if was is None or now is None else now.transfer - was.transfer - later
        transfers = ["" if c is None else label(c.transfer) for c, label in zip((was, now), labels, strict=True)]
        rows.append((name, *transfers, months, *("" if c is None else c.option for c in (was, now))))
    table = pd.DataFrame(rows, columns=list(PACKAGES))
    return table.astype({"months_later": "Int64"})


def _supplies(before: tuple[Instance, Choices], after: tuple[Instance, Choices]) -> pd.DataFrame:
    sides = [frames.supplies(compile_instance(instance), choices) for instance, choices in (before, after)]
    return _beside(sides, ["resource", "bucket", "source"], ["need", "capacity"], SUPPLIES)


def _funding(before: tuple[Instance, Choices], after: tuple[Instance, Choices]) -> pd.DataFrame:
    sides = []
    for instance, choices in (before, after):
        problem = compile_instance(instance)
        uses = allot(problem, problem.cells(choices)) if problem.bridge is not None else None
        sides.append(frames.funding(instance, problem, choices, uses))
    return _beside(sides, ["fiscal_year", "source", "unit"], ["amount", "capacity"], FUNDING)


def _beside(sides: list[pd.DataFrame], keys: list[str], values: list[str], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows in which two tables differ, side by side."""
    first, second = (side[[*keys, *values]] for side in sides)
    table = first.merge(second, on=keys, how="outer", suffixes=("_before", "_after"), sort=False)
    whole = {f"{value}_{side}": "Int64" for value in values for side in ("before", "after")}
    table = table.astype(whole)
    same = pd.Series(data=True, index=table.index)
    for value in values:
        was, now = table[f"{value}_before"], table[f"{value}_after"]
        same &= (was == now).fillna(value=False) | (was.isna() & now.isna())
    return table.loc[~same.astype(bool), list(columns)].reset_index(drop=True)


def as_json(found: Difference) -> Mapping[str, object]:
    """Return a difference as one JSON object; what is not known is null."""
    tables = {"packages": found.packages, "supplies": found.supplies, "funding": found.funding, "inputs": found.inputs}
    return {
        **{name: table.astype(object).where(table.notna(), None).to_dict("records") for name, table in tables.items()},
        "rows": list(found.rows),
        "others": list(found.others),
        "responsible": list(found.responsible),
        "broken": found.broken,
        "open": found.open,
    }

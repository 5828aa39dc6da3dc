"""What a page shows, as plain data: no text of a language, no markup, nothing an audience must not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, pairwise
from typing import TypeAlias

from sequencer.answers.discretion import Discretion
from sequencer.instance.facts import Closure
from sequencer.instance.instance import Instance
from sequencer.pictures.holding import Held
from sequencer.problem import Line, Problem, Reserve, Schedule, Supply
from sequencer.timetable import Choices, Uses
from sequencer.vocabulary import CLOSES, OPENS, Event, Stage

#: The months ``first`` to ``end`` of the plan, the latter not included.
Span: TypeAlias = tuple[int, int]

RESERVE = "reserve"  # the resource of which a reserve force is a pool

#: Stages that are drawn, in order; before support and after the exit nothing is.
DRAWN = (Stage.SUPPORT, Stage.PROVING, Stage.JOINT, Stage.MENTORED, Stage.ADVISORY)


class Responsible(StrEnum):
    """Who is responsible in a place: the mission for all, both, or local institutions for all."""

    INTERNATIONAL = "international"
    SHARED = "shared"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage of a package: the months ``first`` to ``end``, the latter not included, within the plan."""

    stage: Stage
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A package as it is drawn.

    Attributes
    ----------
    package, place, function : str
    bars : tuple of Bar
    joint, transfer, exit : int
        The months in which joint work, local responsibility and autonomy begin, counted from the start of the plan.
    held : tuple of Held
        The kinds of rules that hold it at its month, all others staying where they are; empty where none does.
    shut : tuple of Span
        Months in which the calendar forbids its transfer, though not everyone's.
    """

    package: str
    place: str
    function: str
    bars: tuple[Bar, ...]
    joint: int
    transfer: int
    exit: int
    held: tuple[Held, ...]
    shut: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Shut:
    """A calendar event that forbids transfers: when, how many packages, and whether that is all of them."""

    name: str
    spans: tuple[Span, ...]
    packages: int
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months in which nothing changes in a place: who is responsible, and how many packages are in local hands."""

    first: int
    end: int
    who: Responsible
    local: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A place of the map: its stretches from the start of the plan to its end, and how many packages it has."""

    place: str
    packages: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """Need against what is there, bucket by bucket.

    Attributes
    ----------
    resource, pool, unit : str
    firsts : tuple of int
        The first month of each bucket; the last ends with the plan.
    need, there : tuple of int
    behind : tuple of tuple of str
        The packages that need something in each bucket, the one that needs most first.
    """

    resource: str
    pool: str
    unit: str
    firsts: tuple[int, ...]
    need: tuple[int, ...]
    there: tuple[int, ...]
    behind: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year: what each line pays; what all have, with what was kept of years before; and what is needed."""

    year: int
    first: int
    paid: tuple[tuple[str, int], ...]
    there: int
    need: int


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn of a plan.

    Attributes
    ----------
    months, as_of : int
        Length of the plan, and the month before which all has happened; 0 where nothing has.
    rows : tuple of Row
        By place, and within it by transfer.
    shut : tuple of Shut
    supplies : tuple of Steps
    years : tuple of Year
        Empty without a money rule.
    places : tuple of Ground
    """

    months: int
    as_of: int
    rows: tuple[Row, ...]
    shut: tuple[Shut, ...]
    supplies: tuple[Steps, ...]
    years: tuple[Year, ...]
    places: tuple[Ground, ...]


def scene(
    instance: Instance,
    problem: Problem,
    choices: Choices,
    uses: Uses | None,
    held: Mapping[str, tuple[Held, ...]],
    *,
    seen: Discretion,
) -> Scene:
    """Return what is drawn of a plan.

    Parameters
    ----------
    held : mapping of str to tuple of Held
        What holds each package, by kinds of rules that the audience may read of.
    seen : Discretion
        What else it may read: supplies, reserves and events of the calendar.
    """
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices), uses or {})
    events = [fact for fact in instance.calendar_events if Event.TRANSFER in fact.events and seen.closure(fact)]
    closed = tuple(_closed(instance, fact) for fact in events)
    rows = tuple(
        _row(instance, schedule, name, held.get(name, ()), closed)
        for name in sorted(choices, key=lambda name: (instance.package[name].place, choices[name].transfer, name))
    )
    return Scene(
        months=instance.plan.months,
        as_of=instance.plan.as_of,
        rows=rows,
        shut=tuple(shut for _, shut in closed if shut.packages and shut.spans),
        supplies=tuple(_supplies(problem, schedule, seen)),
        years=tuple(_years(problem, schedule, uses)),
        places=tuple(_places(rows, instance.plan.months)),
    )


def _closed(instance: Instance, fact: Closure) -> tuple[Closure, Shut]:
    months, last, found = instance.plan.months, fact.end - fact.start + 1, list[Span]()
    for start in range(fact.start, months, 12 if fact.yearly else max(1, months - fact.start)):
        span = max(0, start), min(months, start + last)
        if span[0] < span[1]:
            found.append(span)
    under = sum(p.place in fact.places and p.function in fact.functions for p in instance.packages)
    return fact, Shut(fact.name, tuple(found), under, under == len(instance.packages))


def _row(
    instance: Instance, schedule: Schedule, name: str, held: tuple[Held, ...], closed: Sequence[tuple[Closure, Shut]]
) -> Row:
    package = instance.package[name]
    bars = []
    for stage in DRAWN:
        opens, closes = OPENS[stage], CLOSES[stage]
        if opens is None or closes is None:
            continue
        first, end = max(0, schedule.date(name, opens)), min(instance.plan.months, schedule.date(name, closes))
        if first < end:
            bars.append(Bar(stage, first, end))
    joint, transfer, leaves = (schedule.date(name, e) for e in (Event.JOINT_START, Event.TRANSFER, Event.EXIT))
    here = [
        shut.spans
        for fact, shut in closed
        if not shut.everywhere and package.place in fact.places and package.function in fact.functions
    ]
    shut = tuple(sorted({span for spans in here for span in spans}))
    return Row(name, package.place, package.function, tuple(bars), joint, transfer, leaves, held, shut)


def _supplies(problem: Problem, schedule: Schedule, seen: Discretion) -> Iterator[Steps]:
    """Yield pools that anybody needs, and reserves, as far as they may be told."""
    for rule in filter(seen.rule, problem.rules):
        if isinstance(rule, Supply):
            need = tuple(rule.totals(schedule))
            if any(need):
                firsts = tuple(months.start for months in rule.buckets)
                needs = rule.needs(schedule)
                behind = tuple(_behind(needs, bucket) for bucket in range(len(rule.buckets)))
                yield Steps(rule.resource, rule.pool, rule.unit, firsts, need, rule.capacity, behind)
        elif isinstance(rule, Reserve):
            worst = [rule.worst(needs) for needs in rule.needs(schedule)]
            need = tuple(sum(amount for amount, _ in each) for each in worst)
            names = tuple(tuple(name for _, name in each) for each in worst)
            yield Steps(RESERVE, rule.scope, "people", tuple(range(len(need))), need, tuple(rule.people), names)


def _behind(needs: Mapping[str, Sequence[int]], bucket: int) -> tuple[str, ...]:
    """Return the packages that need something in a bucket, the one that needs most first."""
    ranked = sorted((-need[bucket], name) for name, need in needs.items())
    return tuple(name for amount, name in ranked if amount)


def _years(problem: Problem, schedule: Schedule, uses: Uses | None) -> Iterator[Year]:
    bridge = problem.bridge
    if bridge is None or uses is None:
        return
    there = [
        _kept(line, held, uses[line.name]) for line, held in zip(bridge.lines, bridge.capacities(schedule), strict=True)
    ]
    for b, (months, need) in enumerate(zip(bridge.buckets, bridge.totals(schedule), strict=True)):
        paid = tuple((line.name, uses[line.name][b]) for line in bridge.lines)
        held = sum(amounts[b] for amounts in there)
        yield Year(problem.calendar.fiscal_year(months.start), months.start, paid, held, need)


def _kept(line: Line, held: Sequence[int], use: Sequence[int]) -> list[int]:
    """Return what a line may pay in each year: what it has, and what was left over and kept from the year before."""
    found, kept = list[int](), 0
    for year, (has, pays) in enumerate(zip(held, use, strict=True), 1):
        found.append(has + kept)
        kept = found[-1] - pays if year < line.carried else 0
    return found


def _places(rows: Sequence[Row], months: int) -> Iterator[Ground]:
    """Yield each place with the stretches between dates on which a package of it changes hands."""
    for place, group in groupby(rows, key=lambda row: row.place):
        mine = list(group)
        dates = {date for row in mine for date in (row.joint, row.transfer) if 0 < date < months}
        stretches = list[Stretch]()
        for first, end in pairwise([0, *sorted(dates), months]):
            local = sum(row.transfer <= first for row in mine)
            begun = any(row.joint <= first or row.transfer <= first for row in mine)
            who = Responsible.SHARED if begun else Responsible.INTERNATIONAL
            who = Responsible.LOCAL if local == len(mine) else who
            before = stretches[-1] if stretches else None
            if before is not None and (before.who, before.local) == (who, local):
                stretches[-1] = replace(before, end=end)
            else:
                stretches.append(Stretch(first, end, who, local))
        yield Ground(place, len(mine), tuple(stretches))

"""What a page shows, as plain data: no text of a language, no markup, nothing an audience must not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sequencer.instance.instance import Instance
from sequencer.problem import Problem, Reserve, Schedule, Supply
from sequencer.timetable import Choices, Uses
from sequencer.vocabulary import CLOSES, OPENS, Event, Stage

#: Stages that are drawn, in order; before support and after the exit nothing is.
DRAWN = (Stage.SUPPORT, Stage.PROVING, Stage.JOINT, Stage.MENTORED, Stage.ADVISORY)


class Audience(StrEnum):
    """Who a page is for. What only ``MISSION`` may see would make a list of targets of it."""

    PUBLIC = "public"
    PARTNERS = "partners"
    MISSION = "mission"


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
    transfer, exit : int
        Months from the start of the plan.
    rule : str
        The rule that holds it one month earlier alone, by its id in models/problem.md; empty where none does.
    """

    package: str
    place: str
    function: str
    bars: tuple[Bar, ...]
    transfer: int
    exit: int
    rule: str


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
    """A fiscal year: what each line pays, what it has, and what is not paid."""

    year: int
    first: int
    paid: tuple[tuple[str, int], ...]
    there: int
    need: int


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn of a plan."""

    months: int
    rows: tuple[Row, ...]
    supplies: tuple[Steps, ...]
    years: tuple[Year, ...]
    responsible: tuple[tuple[str, tuple[int, ...]], ...]


def scene(
    instance: Instance,
    problem: Problem,
    choices: Choices,
    uses: Uses | None,
    rules: dict[str, str],
    *,
    audience: Audience,
) -> Scene:
    """Return what is drawn of a plan.

    Parameters
    ----------
    rules : dict of str to str
        What holds each package, by the id of a rule.
    audience : Audience
        To others than the mission no presence force, no reserve and no rule about threat is shown.
    """
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices), uses or {})
    hidden = {"W2", "W3"} if audience is not Audience.MISSION else set()
    rows = tuple(
        _row(instance, schedule, name, "" if rules.get(name, "") in hidden else rules.get(name, ""))
        for name in sorted(choices, key=lambda name: (instance.package[name].place, choices[name].transfer, name))
    )
    return Scene(
        months=instance.plan.months,
        rows=rows,
        supplies=tuple(_supplies(instance, problem, schedule, audience)),
        years=tuple(_years(problem, schedule, uses)),
        responsible=tuple(_responsible(rows, instance.plan.months)),
    )


def _row(instance: Instance, schedule: Schedule, name: str, rule: str) -> Row:
    package = instance.package[name]
    bars = []
    for stage in DRAWN:
        opens, closes = OPENS[stage], CLOSES[stage]
        if opens is None or closes is None:
            continue
        first, end = max(0, schedule.date(name, opens)), min(instance.plan.months, schedule.date(name, closes))
        if first < end:
            bars.append(Bar(stage, first, end))
    transfer, leaves = (schedule.date(name, event) for event in (Event.TRANSFER, Event.EXIT))
    return Row(name, package.place, package.function, tuple(bars), transfer, leaves, rule)


def _supplies(instance: Instance, problem: Problem, schedule: Schedule, audience: Audience) -> Iterator[Steps]:
    """Yield pools that anybody needs, and to the mission reserves."""
    forces = {fact.resource for fact in instance.guarantees}
    for rule in problem.rules:
        if isinstance(rule, Supply) and (audience is Audience.MISSION or rule.resource not in forces):
            need = tuple(rule.totals(schedule))
            if any(need):
                firsts = tuple(months.start for months in rule.buckets)
                needs = rule.needs(schedule)
                behind = tuple(_behind(needs, bucket) for bucket in range(len(rule.buckets)))
                yield Steps(rule.resource, rule.pool, rule.unit, firsts, need, rule.capacity, behind)
        elif isinstance(rule, Reserve) and audience is Audience.MISSION:
            worst = [rule.worst(needs) for needs in rule.needs(schedule)]
            need = tuple(sum(amount for amount, _ in each) for each in worst)
            names = tuple(tuple(name for _, name in each) for each in worst)
            yield Steps("reserve", rule.scope, "people", tuple(range(len(need))), need, tuple(rule.people), names)


def _behind(needs: Mapping[str, Sequence[int]], bucket: int) -> tuple[str, ...]:
    """Return the packages that need something in a bucket, the one that needs most first."""
    ranked = sorted((-need[bucket], name) for name, need in needs.items())
    return tuple(name for amount, name in ranked if amount)


def _years(problem: Problem, schedule: Schedule, uses: Uses | None) -> Iterator[Year]:
    bridge = problem.bridge
    if bridge is None or uses is None:
        return
    there = bridge.capacities(schedule)
    for b, (months, need) in enumerate(zip(bridge.buckets, bridge.totals(schedule), strict=True)):
        paid = tuple((line.name, uses[line.name][b]) for line in bridge.lines)
        held = sum(amounts[b] for amounts in there)
        yield Year(problem.calendar.fiscal_year(months.start), months.start, paid, held, need)


def _responsible(rows: Sequence[Row], months: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield for each place how many of its packages are in local hands in each month, of a hundred."""
    for place in sorted({row.place for row in rows}):
        mine = [row for row in rows if row.place == place]
        local = np.array([sum(row.transfer <= month for row in mine) for month in range(months)])
        yield place, tuple((100 * local // len(mine)).tolist())

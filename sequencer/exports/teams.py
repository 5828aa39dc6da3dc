"""Who works on which stage: resources that are counted by month, as project tools know teams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sequencer.exports.shown import Line, Shown
from sequencer.exports.text import first_day
from sequencer.instance.facts import Resource
from sequencer.problem import Supply
from sequencer.vocabulary import Bucket, Per, Stage


@dataclass(frozen=True, slots=True)
class Team:
    """A resource, or its part in a place or region. ``most``: the most units there are in any month."""

    uid: int
    name: str
    unit: str
    most: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """``units`` of a team work on a task from ``start`` to the day before ``end``; where they vary, the most."""

    task: int
    team: int
    units: int
    start: date
    end: date


def teams(shown: Shown, stages: Mapping[tuple[str, Stage], int]) -> tuple[tuple[Team, ...], tuple[Assignment, ...]]:
    """Return the teams of a plan, and what they work on.

    Parameters
    ----------
    shown : Shown
        To others than the mission its forces are left out.
    stages : mapping of (str, Stage) to int
        The task of each stage, by package.

    Returns
    -------
    tuple of Team
        Resources by month that anybody draws on for longer than a month; what is counted once, as handovers are, is no
        team, and neither is what is counted by phase, fiscal year or plan.
    tuple of Assignment
        For each stage with a task and each team at most one.
    """
    found: dict[str, Team] = {}
    work: list[Assignment] = []
    for resource in shown.instance.resources:
        if resource.bucket is not Bucket.MONTH:
            continue
        rules = [rule for rule in shown.problem.supplies if rule.resource == resource.name and shown.seen.rule(rule)]
        for line in shown.lines:
            mine = [rule for rule in rules if line.package in rule.demands_of]
            used = list(_used(shown, line, mine, stages))
            if not used:
                continue
            name = _name(shown, resource, line)
            there = max(max(rule.capacity[rule.ended :], default=0) for rule in mine)
            known = found.get(name) or Team(len(found) + 1, name, resource.unit, 0)
            found[name] = Team(known.uid, name, known.unit, max(known.most, there))
            work += (Assignment(task, known.uid, units, first, end) for task, units, first, end in used)
    return tuple(found.values()), tuple(work)


def _name(shown: Shown, resource: Resource, line: Line) -> str:
    """Return the name of a resource, with the place or region in brackets where each has its own."""
    place = shown.instance.place[line.place]
    of = {Per.ALL: "", Per.PLACE: place.name, Per.REGION: place.region}[resource.per]
    return f"{resource.name} ({of})" if of else resource.name


def _used(
    shown: Shown, line: Line, rules: list[Supply], stages: Mapping[tuple[str, Stage], int]
) -> Iterator[tuple[int, int, date, date]]:
    """Yield the task, the units and the days of each stage in which a package draws on a resource.

    Where sources overlap, a package stands in several pools with the same need.
    """
    path, cell = shown.problem.paths[line.package], shown.schedule.cells[line.package]
    lasting = [[demand for demand in rule.demands_of[line.package] if demand.months != 1] for rule in rules]
    needs = [rule.summed(demands, path, cell) for rule, demands in zip(rules, lasting, strict=True)]
    need = [max(months) for months in zip(*needs, strict=True)]
    for stage, first, end in line.stretches:
        months = [month for month in range(max(0, first), min(len(need), end)) if need[month]]
        if months:
            days = (first_day(shown.calendar, month) for month in (months[0], months[-1] + 1))
            yield stages[line.package, stage], max(need[month] for month in months), *days

"""Answers as pandas frames; the same columns are written as CSV."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sequencer.instance.instance import Instance
from sequencer.problem import Bridge, Problem, Reserve, Schedule, Supply
from sequencer.reasons.local.tight import Tight
from sequencer.timetable import Choices, Uses
from sequencer.vocabulary import CLOSES, OPENS, Event

TIMETABLE = (
    "package",
    "place",
    "function",
    "institution",
    "receiver",
    "option",
    "phase",
    "support_start",
    "joint_start",
    "transfer",
    "exit",
)
SUPPLIES = ("resource", "bucket", "source", "need", "capacity")
TIGHT = ("package", "transfer", "rule", "reason", "rows", "confidence", "source", "note")
COMMUNITIES = (
    "community",
    "people",
    "packages",
    "waiting_people_months",
    "fragile_people_months",
    "packages_without_population",
)
UNNAMED = "(not named)"
FUNDING = ("fiscal_year", "months", "source", "donor", "amount", "capacity", "unit")


def timetable(instance: Instance, problem: Problem, choices: Choices) -> pd.DataFrame:
    """Return a timetable, one row for each package in order of transfer month and name.

    Returns
    -------
    DataFrame, shape (packages, 11)
        Columns package, place, function, institution, receiver, option, phase, support_start, joint_start, transfer,
        exit; dates are ``YYYY-MM``. ``phase`` is empty for a package handed over before the plan.
    """
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices))
    rows = []
    for name in sorted(choices, key=lambda name: (choices[name].transfer, name)):
        package, choice = instance.package[name], choices[name]
        phase = next((p.name for p in instance.phases if p.start <= choice.transfer <= p.end), "")
        rows.append(
            (
                name,
                package.place,
                package.function,
                package.institution,
                package.receiver,
                choice.option,
                phase,
                *(
                    schedule.label(name, event)
                    for event in (Event.SUPPORT_START, Event.JOINT_START, Event.TRANSFER, Event.EXIT)
                ),
            )
        )
    return pd.DataFrame(rows, columns=list(TIMETABLE))


def supplies(problem: Problem, choices: Choices) -> pd.DataFrame:
    """Return need and capacity of every pool in every bucket.

    Returns
    -------
    DataFrame, shape (pools x buckets, 5)
        Columns resource, bucket, source (the pool, empty where the resource has one), need, capacity, in the units of
        the resource. Money has a row for each fiscal year, without what was carried over from earlier ones. A reserve
        has a row for each month: the largest needs that may arise at once, and the force; its source is the scope.
        Months and buckets that have ended before the plan's ``as_of`` are left out.
    """
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices))
    rows: list[tuple[str, str, str, int, int]] = []
    for rule in problem.rules:
        match rule:
            case Supply():
                pools = zip(rule.labels, rule.totals(schedule), rule.capacity, strict=True)
                rows += [(rule.resource, label, rule.pool, need, there) for label, need, there in pools][rule.ended :]
            case Bridge():
                held = [sum(amounts) for amounts in zip(*rule.capacities(schedule), strict=True)]
                years = zip(rule.labels, rule.totals(schedule), held, strict=True)
                rows += [(rule.resource, label, "", need, there) for label, need, there in years]
            case Reserve():
                months = enumerate(zip(map(rule.worst, rule.needs(schedule)), rule.people, strict=True))
                label = problem.calendar.label
                rows += [
                    ("reserve", label(m), rule.scope, sum(need for need, _ in worst), people)
                    for m, (worst, people) in months
                    if m >= rule.as_of
                ]
            case _:
                pass  # dates alone
    return pd.DataFrame(rows, columns=list(SUPPLIES))


def funding(instance: Instance, problem: Problem, choices: Choices, uses: Uses | None) -> pd.DataFrame:
    """Return what each line of money pays in each fiscal year.

    Returns
    -------
    DataFrame, one row for each fiscal year and line; none without a money rule
        Columns fiscal_year, months (those of the year within the plan), source (the line), donor (empty for the host),
        amount (paid), capacity (there in that year, without what was carried over), unit.
    """
    bridge = problem.bridge
    if bridge is None or uses is None:
        return pd.DataFrame(columns=list(FUNDING))
    held = bridge.capacities(Schedule(problem.calendar, problem.paths, problem.cells(choices), uses))
    donors = {pledge.line: pledge.donor for pledge in instance.pledges}
    calendar = problem.calendar
    rows = [
        (
            f"FY{calendar.fiscal_year(months[0])}",
            calendar.span(months[0], months[-1]),
            line.name,
            donors.get(line.name, ""),
            uses[line.name][b],
            there[b],
            bridge.unit,
        )
        for b, months in enumerate(bridge.buckets)
        for line, there in zip(bridge.lines, held, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(FUNDING))


def tight(problem: Problem, choices: Choices, held: Iterable[Tight]) -> pd.DataFrame:
    """Return what each package would break, or make worse, one month earlier, all others staying where they are.

    Returns
    -------
    DataFrame, one row for each package and promise
        Columns package, transfer (``YYYY-MM``), rule (id in models/problem.md, or a term), reason, rows (files and rows
        it rests on), confidence, source, note; several are separated by `` | ``.
    """
    label = problem.calendar.label
    rows = [
        (
            promise.package,
            label(choices[promise.package].transfer),
            promise.rule,
            promise.text,
            _join(origin.place for origin in promise.origins),
            _join(origin.confidence for origin in promise.origins),
            _join(origin.source for origin in promise.origins),
            _join(origin.note for origin in promise.origins),
        )
        for promise in held
    ]
    return pd.DataFrame(rows, columns=list(TIGHT))


def communities(instance: Instance, problem: Problem, choices: Choices) -> pd.DataFrame:
    """Return how long the people of each community wait, and live with what may still relapse.

    Returns
    -------
    DataFrame, one row for each community in order of name, those of places that name none as ``(not named)``
        Columns community, people (of its places), packages; waiting_people_months: people times months of the plan
        before the transfer, summed over packages; fragile_people_months: likewise for the months of the plan in which
        a package is fragile; packages_without_population: those that the two sums leave out.
    """
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices))
    rows = []
    for name in sorted({place.community for place in instance.places}, key=lambda name: (not name, name)):
        places = {place.name: place.population for place in instance.places if place.community == name}
        packages = [package for package in instance.packages if package.place in places]
        counted = [(package, places[package.place] or 0) for package in packages]
        waiting = sum(people * max(0, choices[package.name].transfer) for package, people in counted)
        fragile = sum(people * _fragile_months(instance, schedule, package.name) for package, people in counted)
        without = sum(places[package.place] is None for package in packages)
        people = sum(number or 0 for number in places.values())
        rows.append((name or UNNAMED, people, len(packages), waiting, fragile, without))
    return pd.DataFrame(rows, columns=list(COMMUNITIES))


def _fragile_months(instance: Instance, schedule: Schedule, package: str) -> int:
    """Return the number of months of the plan in which a package is fragile."""
    months = 0
    for stage in instance.function[instance.package[package].function].fragile:
        first, last = (schedule.date(package, event) for event in (OPENS[stage], CLOSES[stage]) if event is not None)
        months += max(0, min(instance.plan.months, last) - max(0, first))
    return months


def _join(words: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(word for word in words if word))

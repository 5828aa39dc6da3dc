"""Rows that say nothing about the plan: allowed, since files are often longer than a plan, but told."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Origin


def idle(instance: Instance) -> tuple[str, ...]:
    """Return a sentence for each row that has no effect on the plan, in the order of the tables.

    Examples
    --------
    >>> from sequencer import read
    >>> idle(read("instances/tiny/worked-example"))
    ()
    """
    found = [*_unused(instance), *_outside(instance), *_calendar(instance), *_money(instance)]
    return tuple(dict.fromkeys(f"{fact.origin.place}: {why}" for fact, why in found))


def _unused(instance: Instance) -> Iterator[tuple[facts.Fact, str]]:
    """Yield places and functions without packages, and limits that forbid nothing."""
    places = {package.place for package in instance.packages}
    based = {force.home for force in instance.guarantees}
    functions = {package.function for package in instance.packages}
    for place in instance.places:
        if place.name not in places | based:
            yield place, f"nothing is handed over in {place.name}"
    for function in instance.functions:
        if function.name not in functions:
            yield function, f"{function.name} is handed over nowhere"
    for limit in instance.limits:
        if limit.limit == facts.RANGES["level"][1] and not limit.trend:
            yield limit, "a limit of 5 forbids nothing"


def _outside(instance: Instance) -> Iterator[tuple[facts.Fact, str]]:
    """Yield rows whose months all lie outside the plan."""
    rows: tuple[facts.Capacity | facts.Guarantee | facts.Pledge, ...]
    rows = (*instance.capacity, *instance.guarantees, *instance.pledges)
    for row in rows:
        if row.start >= instance.plan.months or (row.end is not None and row.end < 0):
            yield row, f"{instance.calendar.span(row.start, row.end)} lies outside the plan"


def _calendar(instance: Instance) -> Iterator[tuple[facts.Fact, str]]:
    for row in instance.calendar_events:
        over = row.end < 0 and not row.yearly
        meant = any(p.place in row.places and p.function in row.functions for p in instance.packages)
        if over or row.start >= instance.plan.months:
            yield row, f"{row.name}, {instance.calendar.span(row.start, row.end)}, lies outside the plan"
        elif not meant and row.factor is None:
            yield row, f"{row.name} closes no month of any package"


def _money(instance: Instance) -> Iterator[tuple[facts.Fact, str]]:
    calendar = instance.calendar
    years = {calendar.fiscal_year(month) for month in range(instance.plan.months)}
    given: dict[Origin, bool] = {}
    for row in instance.budget:
        given[row.origin] = given.get(row.origin, False) or row.year in years
    for row in instance.budget:
        if not given[row.origin]:
            yield row, f"FY{row.year} is no fiscal year of the plan"
    for pledge in instance.pledges:
        if not instance.counts(pledge):
            yield pledge, "the pledge is only announced and does not count (announced_pledges in plan.toml)"
    pledging = {pledge.donor for pledge in instance.pledges}
    for donor in instance.donors:
        if donor.name not in pledging:
            yield donor, f"{donor.name} pledges nothing"

"""An instance on the safe side: each uncertain number at a value that is enough in so large a share of scenarios.

Number by number, not jointly: a date that rests on four scores, each secured at 90 %, may hold in fewer than 90 %.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

import numpy as np

from sequencer.compile.series import ThreatLevels
from sequencer.errors import UsageError
from sequencer.instance import facts
from sequencer.instance.changes import Value, but
from sequencer.instance.instance import Instance
from sequencer.instance.levers import SHIFT, addresses
from sequencer.scenarios.money import Year, years
from sequencer.scenarios.scenario import Kind, Scenario
from sequencer.scenarios.shares import least

#: What an address is changed to.
Change = tuple[str, Value]

#: Numbers, by table, that are secured over whole scenarios, be they drawn or stated: always, or if some are drawn.
READINESS = frozenset({("readiness", "score"), ("readiness", "growth")})
JOINTLY = {
    Kind.CALENDAR: {("calendar_events", "start"), ("calendar_events", "end"), ("calendar_events", SHIFT)},
    Kind.PLEDGE: {("pledges", "amount")},
    Kind.THREAT: {("threat", "level")},
}


def secured(instance: Instance, scenarios: Iterable[Scenario], alpha: float) -> Instance:
    """Return an instance in which each uncertain number holds in at least a share of the scenarios.

    Parameters
    ----------
    instance : Instance
    scenarios : iterable of Scenario
    alpha : float
        The share, above 0 and up to 1, for each number by itself.

    Returns
    -------
    Instance
        Scores and growth: those of a line that so many scenarios do not fall below in any month, criterion by
        criterion. Money: each year of each pledge what so many scenarios give at least. Threat: each month of each
        place the level that so many do not exceed (it is taken to be the safe side, though a rule on trends may see a
        rise where there was none). Calendar: closed from the first to the last month in which more than the rest of the
        scenarios close. What scenarios state is secured together with what is drawn of its kind. Other numbers: the
        order statistic on the side on which rules are harder to keep.

    Raises
    ------
    UsageError
        If a scenario changes a number of which it is not sure on which side it is safe.

    Notes
    -----
    A date that the secured instance allows by a criterion is allowed by it in at least a share ``alpha`` of the
    scenarios; that it holds by all of them together is for ``stress`` to say.
    """
    given = tuple(scenarios)
    needed = least(alpha, len(given))
    if not given:
        raise UsageError("at least one scenario is needed")
    worlds = [each.instance(instance) for each in given]
    kinds = {shock.kind for each in given for shock in each.shocks}
    changes = list[Change]()
    if kinds & {Kind.READINESS, Kind.GROWTH, Kind.GIVEN}:
        changes += _readiness(instance, worlds, needed)
    if Kind.CALENDAR in kinds:
        changes += _calendar(instance, worlds, needed)
    if Kind.GIVEN in kinds:
        jointly = READINESS.union(*(JOINTLY.get(kind, ()) for kind in kinds))
        changes += _stated(instance, given, worlds, needed, jointly)
    if Kind.PLEDGE in kinds:
        changes += _money(instance, worlds, needed)
    if Kind.THREAT in kinds:
        changes += _threat(instance, worlds, needed)
    return but(instance, changes)


def _points(value: int) -> Decimal:
    return Decimal(value) / facts.SCORE


def _readiness(instance: Instance, worlds: Sequence[Instance], needed: int) -> Iterator[Change]:
    """Yield scores and growth that so many scenarios reach both, so that their score is no lower in any month.

    Those left out are the ones with the lowest scores in the month in which the instance as it is has what is needed.
    """
    levers = {(lever.position, lever.field): address for address, lever in addresses(instance, "readiness").items()}
    for position, fact in enumerate(instance.readiness):
        rows = [world.readiness[position] for world in worlds]
        if all((row.score, row.growth) == (fact.score, fact.growth) for row in rows):
            continue
        after = _months_needed(instance, fact)
        kept = sorted(rows, key=lambda row: row.score + row.growth * after)[len(rows) - needed :]
        for field, value in (("score", min(row.score for row in kept)), ("growth", min(row.growth for row in kept))):
            if value != getattr(fact, field):
                yield levers[position, field], _points(value)


def _months_needed(instance: Instance, fact: facts.Readiness) -> int:
    """Return how many months after the assessment the score has what its criteria need, at most those of the plan."""
    thresholds = [
        row.threshold for row in instance.criteria_of.get(fact.package, ()) if row.criterion == fact.criterion
    ]
    lacking = max([fact.score, *thresholds]) - fact.score
    if not lacking:
        return 0
    return min(instance.plan.months, -(-lacking // fact.growth)) if fact.growth > 0 else instance.plan.months


def _calendar(instance: Instance, worlds: Sequence[Instance], needed: int) -> Iterator[Change]:
    """Yield beginnings and ends of calendar events; one that is never so often in one month stays as it is."""
    levers = {(lever.position, lever.field): address for address, lever in addresses(instance, "calendar").items()}
    for position, fact in enumerate(instance.calendar_events):
        rows = [world.calendar_events[position] for world in worlds]
        months = range(min(row.start for row in rows), max(row.end for row in rows) + 1)
        closed = [m for m in months if sum(row.start <= m <= row.end for row in rows) > len(rows) - needed]
        if closed and closed[-1] != fact.end:
            yield levers[position, "end"], instance.calendar.label(closed[-1])
        if closed and closed[0] != fact.start:
            yield levers[position, "start"], instance.calendar.label(closed[0])


def _money(instance: Instance, worlds: Sequence[Instance], needed: int) -> Iterator[Change]:
    """Yield what each pledge gives in each year."""
    for line in dict.fromkeys(row.line for row in instance.counted_pledges):

        def of(world: Instance, line: str = line) -> tuple[Year, ...]:
            return years(world, [row for row in world.counted_pledges if row.line == line])

        given = [{each.year: each.amount for each in of(world)} for world in worlds]
        for each in of(instance):
            value = sorted(amounts.get(each.year, 0) for amounts in given)[len(worlds) - needed]
            if value != each.amount:
                yield each.address, value


def _threat(instance: Instance, worlds: Sequence[Instance], needed: int) -> Iterator[Change]:
    """Yield the level in stretches of months within one row, where it differs from the row's."""
    months = np.arange(instance.plan.months)
    levels = [ThreatLevels(world) for world in worlds]
    for place, rows in instance.threat_of.items():
        held = np.sort(np.array([each.at(place, months) for each in levels]), axis=0)[needed - 1].tolist()
        for row in rows:
            last = instance.plan.months - 1 if row.end is None else min(row.end, instance.plan.months - 1)
            stretch = range(max(row.start, 0), last + 1)
            for level, of in groupby(stretch, key=_at(held)):
                alike = list(of)
                if level != row.level:
                    yield f"threat.{place}@{instance.calendar.span(alike[0], alike[-1])}", level


def _at(values: Sequence[int]) -> Callable[[int], int]:
    return lambda month: values[month]


def _stated(
    instance: Instance,
    scenarios: Sequence[Scenario],
    worlds: Sequence[Instance],
    needed: int,
    jointly: Collection[tuple[str, str]],
) -> Iterator[Change]:
    """Yield the order statistic of numbers that scenarios state; where one does not, it is as in the instance.

    Those of the tables and fields in ``jointly`` are left to what secures them together.
    """
    levers = addresses(instance)
    others = [addresses(world) for world in worlds]
    stated = {a for each in scenarios for shock in each.shocks if shock.kind is Kind.GIVEN for a, _ in shock.changes}
    for address in sorted(stated):
        lever = levers.get(address)
        if lever is not None and (lever.attribute, lever.field) in jointly:
            continue
        values = [other[address].value if address in other else None for other in others]
        if lever is None or not lever.relax or None in values:
            raise UsageError(
                f"{address} cannot be secured: it must be a number as `sequencer levers` lists it, and one of which it"
                " is sure on which side of it rules are easier to keep"
            )
        ordered = sorted((value for value in values if value is not None), reverse=lever.relax > 0)
        value = ordered[needed - 1]
        yield address, instance.calendar.label(value) if lever.unit == facts.MONTH else Decimal(value) / lever.scale

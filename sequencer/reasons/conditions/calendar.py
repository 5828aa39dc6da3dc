"""The calendar: how far its events may move, how much of a resource they may take, and when the mandate may end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sequencer.instance import facts
from sequencer.instance.levers import SHIFT
from sequencer.reasons.conditions.asked import Asked, HeldPool
from sequencer.reasons.conditions.condition import MONTHS, YEAR, Condition, Kind
from sequencer.vocabulary import MONTH, Event

DEPARTURE = "departure"


@dataclass(frozen=True, slots=True)
class Fall:
    """What falls first when an event of the calendar changes: the rule, the packages, and the months concerned."""

    rule: str
    packages: tuple[str, ...]
    event: Event | None
    first: int
    last: int


def closures(asked: Asked) -> Iterator[Condition]:
    """Yield, for each event of the calendar, how far it may come later and earlier, and the least factor."""
    for fact in asked.instance.calendar_events:
        for way in (1, -1):
            yield from _moved(asked, fact, way)
        if fact.factor is not None:
            yield from _scaled(asked, fact)


def _moved(asked: Asked, fact: facts.Closure, way: int) -> Iterator[Condition]:
    """Yield the condition on how far an event of the calendar may move one way, if a date falls at all."""
    reach = (
        asked.instance.plan.months + abs(fact.start) + abs(fact.end) + YEAR
    )  # all further moves are like one of these
    bound = list(_bound(asked, fact))
    for shift in range(way, way * (reach + 1), way):
        moved = replace(fact, start=fact.start + shift, end=fact.end + shift)
        fall = _covered(moved, bound) or _short(asked, fact, moved)
        if fall is not None:
            yield Condition(
                kind=Kind.CLOSURE,
                rule=fall.rule,
                packages=asked.open(fall.packages),
                about=fact.name,
                event=fall.event,
                month=None if fall.event is None else fall.first,
                first=fall.first,
                last=fall.last,
                needed=shift - way,
                expected=0,
                at_least=way < 0,
                unit=MONTHS,
                address=asked.addresses.of("calendar", fact, SHIFT),
                value=0,
                stands=shift - way,
                falls=shift,
                origins=(fact.origin,),
            )
            return


def _bound(asked: Asked, fact: facts.Closure) -> Iterator[tuple[int, Event, str]]:
    """Yield the month of each event that an event of the calendar would close, and of which package."""
    for package in asked.instance.packages:
        if package.place in fact.places and package.function in fact.functions and package.name not in asked.exempt:
            for event in fact.events:
                if not asked.happened(package.name, event):
                    yield asked.date(package.name, event), event, package.name


def _covered(fact: facts.Closure, bound: list[tuple[int, Event, str]]) -> Fall | None:
    """Return what an event of the calendar closes first."""
    closed = [entry for entry in bound if _holds(fact, entry[0])]
    if not closed:
        return None
    month, event, _ = min(closed)
    return Fall("W4", tuple(name for when, what, name in closed if (when, what) == (month, event)), event, month, month)


def _holds(fact: facts.Closure, month: int) -> bool:
    """Return whether an event of the calendar holds in a month."""
    after = month - fact.start
    return after >= 0 and (after % YEAR if fact.yearly else after) <= fact.end - fact.start


def _short(asked: Asked, fact: facts.Closure, changed: facts.Closure) -> Fall | None:
    """Return which needs could not be met first if a factor held otherwise."""
    if fact.factor is None:
        return None
    falls = [_lacking(held, fact, changed) for held in asked.held[fact.resource] if fact in held.pool.factors]
    return min((fall for fall in falls if fall is not None), key=lambda fall: fall.first, default=None)


def _lacking(held: HeldPool, fact: facts.Closure, changed: facts.Closure) -> Fall | None:
    """Return which needs of a pool could not be met first."""
    factors = tuple(changed if other is fact else other for other in held.pool.factors)
    capacity = held.holding(replace(held.pool, factors=factors))
    for bucket, (needed, has) in enumerate(zip(held.totals, capacity, strict=True)):
        if bucket >= held.ended and needed > has:
            return Fall("S1", held.users(bucket), None, held.months[bucket].start, held.months[bucket][-1])
    return None


def _scaled(asked: Asked, fact: facts.Closure) -> Iterator[Condition]:
    """Yield the condition on how much of a resource an event of the calendar leaves, if less would not do."""
    now = fact.factor or 0
    least = bisect_left(range(now + 1), 1, key=lambda factor: _short(asked, fact, replace(fact, factor=factor)) is None)
    fall = _short(asked, fact, replace(fact, factor=least - 1)) if least else None
    if fall is not None:
        yield Condition(
            kind=Kind.FACTOR,
            rule=fall.rule,
            packages=asked.open(fall.packages),
            about=fact.name,
            pool=fact.resource,
            first=fall.first,
            last=fall.last,
            needed=least,
            expected=now,
            at_least=True,
            unit="times",
            scale=facts.THOUSANDTHS,
            address=asked.addresses.of("calendar", fact, "factor"),
            value=now,
            stands=least,
            falls=least - 1,
            checker=asked.instance.resource[fact.resource].owner,
            origins=(fact.origin,),
        )


def mandate(asked: Asked) -> Iterator[Condition]:
    """Yield the condition that the mandate does not end too early, if there is one."""
    plan = asked.instance.plan
    if plan.mandate_end is None:
        return
    dated = {name: month for name, month in _dates(asked).items() if name not in asked.exempt}
    last = max(dated.values(), default=0)
    yield Condition(
        kind=Kind.MANDATE,
        rule="W8",
        packages=tuple(name for name, month in dated.items() if month == last),
        about=plan.mandate_requires,
        event=None if plan.mandate_requires == DEPARTURE else Event(plan.mandate_requires),
        month=last,
        first=last,
        last=last,
        needed=last,
        expected=plan.mandate_end,
        at_least=True,
        unit=MONTH,
        address="plan.mandate_end",
        value=plan.mandate_end,
        stands=last if last > 0 else None,
        falls=last - 1 if last > 0 else None,
        origins=(plan.origin,),
    )


def _dates(asked: Asked) -> dict[str, int]:
    """Return the month of each package by which the mandate may not have ended before."""
    required = asked.instance.plan.mandate_requires
    if required != DEPARTURE:
        return {name: asked.date(name, Event(required)) for name in asked.schedule.cells}
    term = asked.problem.terms.get(DEPARTURE)
    if term is None:
        return {}
    cells, paths = asked.schedule.cells, asked.schedule.paths
    return {
        name: int(table[cells[name].option, paths[name].column(cells[name].transfer)])
        for name, table in term.tables.items()
    }

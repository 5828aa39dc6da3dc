"""Promises about conditions: readiness, the threat, and months closed by the calendar.

A promise about several months is broken once for each month in which it fails. Packages transferred already
are asked nothing; nor is, of a package midway, an event that has already taken place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sequencer.audit.conditions import in_force, readiness, score, threat
from sequencer.audit.finding import Finding, count, points
from sequencer.audit.walk import Walk, hold, longest_hold
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event


def gates(instance: Instance, taken: Sequence[Walk]) -> Iterator[Finding]:
    """Yield the findings of W1 to W4."""
    for walk in taken:
        if walk.past:
            continue
        for criterion in instance.criteria_of.get(walk.name, ()):
            yield from _ready(instance, walk, criterion)
        for limit in instance.limits_of.get(walk.name, ()):
            if not _happened(walk, limit.event):
                yield from _calm(instance, walk, limit)
                yield from _no_rise(instance, walk, limit)
        for closure in instance.calendar_events:
            if walk.package.place in closure.places and walk.package.function in closure.functions:
                yield from _open(instance, walk, closure)


def _happened(walk: Walk, event: Event) -> bool:
    """Return whether an event of a package midway took place already."""
    return walk.midway and walk.month(event) < walk.as_of


def _ready(instance: Instance, walk: Walk, criterion: facts.Criterion) -> Iterator[Finding]:
    """W1: the score is high enough in the month of the event and in those of the hold before it."""
    row = readiness(instance, walk.name, criterion.criterion)
    at, label = walk.month(criterion.event), instance.calendar.label
    months = range(at - hold(instance, criterion), at + 1)
    for month in months:
        stands = score(instance, walk, row, row.score, month)
        lacking = criterion.threshold - stands
        if lacking > 0:
            text = (
                f"{walk.name}: {criterion.criterion} stands at {points(stands)} in {label(month)}, {points(lacking)}"
                f" below the {points(criterion.threshold)} needed in {_stretch(instance, months)} for the"
                f" {criterion.event} [{criterion.origin}; {row.origin}]."
            )
            yield Finding("W1", walk.name, month, lacking, "thousandths of a point", text)


def _calm(instance: Instance, walk: Walk, limit: facts.Limit) -> Iterator[Finding]:
    """W2: the threat is at most the limit at the event, for transfer and exit also through the package's hold there."""
    if limit.limit is None:
        return
    at, place = walk.month(limit.event), walk.package.place
    gated = limit.event in {Event.TRANSFER, Event.EXIT}
    back = longest_hold(instance, walk.name, limit.event) if gated else 0
    months = range(at - back, at + 1)
    for month in months:
        level = threat(instance, place, month)
        if level > limit.limit:
            text = (
                f"{walk.name}: the threat in {place} is {level} in {instance.calendar.label(month)}, but may be at most"
                f" {limit.limit} in {_stretch(instance, months)} for the {limit.event} [{limit.origin}]."
            )
            yield Finding("W2", walk.name, month, level - limit.limit, "levels", text)


def _no_rise(instance: Instance, walk: Walk, limit: facts.Limit) -> Iterator[Finding]:
    """W3: the threat rises in none of the last steps up to the event."""
    at, label, place = walk.month(limit.event), instance.calendar.label, walk.package.place
    for month in range(at - limit.trend + 1, at + 1):
        before, level = threat(instance, place, month - 1), threat(instance, place, month)
        if level > before:
            text = (
                f"{walk.name}: the threat in {place} rises from {before} to {level} in {label(month)}, but must"
                f" not rise in the last {count(limit.trend, 'step')} up to the {limit.event} in {label(at)}"
                f" [{limit.origin}]."
            )
            yield Finding("W3", walk.name, month, level - before, "levels", text)


def _open(instance: Instance, walk: Walk, closure: facts.Closure) -> Iterator[Finding]:
    """W4: no closed event falls into the months of a calendar event."""
    label = instance.calendar.label
    for event in Event:
        month = walk.month(event)
        if event not in closure.events or _happened(walk, event) or not in_force(closure, month):
            continue
        again = " and every year after" if closure.yearly else ""
        text = (
            f"{walk.name} has its {event} in {label(month)}, which {closure.name} closes"
            f" ({instance.calendar.span(closure.start, closure.end)}{again}) [{closure.origin}]."
        )
        yield Finding("W4", walk.name, month, 1, "event", text)


def _stretch(instance: Instance, months: range) -> str:
    """Return a stretch of months as dates."""
    first, last = instance.calendar.label(months[0]), instance.calendar.label(months[-1])
    return first if len(months) == 1 else f"every month {first}..{last}"

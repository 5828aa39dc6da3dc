"""Other packages: by when they must have got so far, because of links, phases that wait, and events close together.

These are dates of the plan itself, so they have no address: they slip when the other package does.
"""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.problem import Gate, Link, Width
from sequencer.reasons.conditions.asked import Asked
from sequencer.reasons.conditions.condition import Condition, Kind
from sequencer.vocabulary import MONTH, Event, Origin


def others(asked: Asked) -> Iterator[Condition]:
    """Yield a condition for each event that has not come yet and that other packages wait for."""
    for rule in asked.problem.rules:
        match rule:
            case Link() if rule.before != rule.after:
                yield from _link(asked, rule)
            case Width():
                yield from _width(asked, rule)
            case Gate():
                yield from _gate(asked, rule)
            case _:
                pass  # not about the dates of several packages


def _link(asked: Asked, link: Link) -> Iterator[Condition]:
    """Yield by when the first event must come for the second, and the second for the first."""
    first, second = asked.date(link.before, link.before_event), asked.date(link.after, link.after_event)
    if link.minimum is not None and first >= link.as_of:
        rests = (link.after,), link.after_event, second
        waits = link.before, link.before_event, second - link.minimum
        yield _condition(asked, Kind.LINK, "L1", rests=rests, waits=waits, origins=link.origins)
    if link.maximum is not None and second >= link.as_of:
        rests = (link.before,), link.before_event, first
        waits = link.after, link.after_event, first + link.maximum
        yield _condition(asked, Kind.LINK, "L2", rests=rests, waits=waits, origins=link.origins)


def _width(asked: Asked, width: Width) -> Iterator[Condition]:
    """Yield by when the last of some events must come for the first of them."""
    dated = [(asked.date(name, event), name, event) for name, event in width.members]
    counted = [entry for entry in dated if entry[0] >= width.as_of]
    early, late = min(counted, default=None), max(counted, default=None)
    if early is not None and late is not None and early[1] != late[1]:
        month, name, event = early
        rests, waits = ((name,), event, month), (late[1], late[2], month + width.width)
        yield _condition(asked, Kind.WIDTH, "L3", rests=rests, waits=waits, origins=width.origins)


def _gate(asked: Asked, gate: Gate) -> Iterator[Condition]:
    """Yield by when each event that a phase waits for must come for the first that transfer in the phase."""
    transfers = {name: asked.date(name, Event.TRANSFER) for name in asked.schedule.cells if name in gate.waiting}
    within = {name: month for name, month in transfers.items() if month in gate.months}
    for other in gate.before:
        waiting = {name: month for name, month in within.items() if name != other}
        if waiting and asked.date(other, gate.event) >= asked.instance.plan.as_of:
            month = min(waiting.values())
            rests = tuple(name for name, own in waiting.items() if own == month), Event.TRANSFER, month
            waits = other, gate.event, month - gate.minimum
            yield _condition(asked, Kind.GATE, "L4", rests=rests, waits=waits, origins=gate.origins)


def _condition(
    asked: Asked,
    kind: Kind,
    rule: str,
    *,
    rests: tuple[tuple[str, ...], Event, int],
    waits: tuple[str, Event, int],
    origins: tuple[Origin, ...],
) -> Condition:
    """Return a condition, given whose event rests on it, and which event must have come by when."""
    (packages, _, month), (other, event, latest) = rests, waits
    expected = asked.date(other, event)
    return Condition(
        kind=kind,
        rule=rule,
        packages=packages,
        about=other,
        event=event,
        month=month,
        first=latest,
        last=latest,
        needed=latest,
        expected=expected,
        at_least=False,
        unit=MONTH,
        value=expected,
        stands=latest,
        falls=latest + 1,
        checker=asked.responsible(other),
        origins=origins,
    )

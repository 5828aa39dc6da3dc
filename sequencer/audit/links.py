"""Links: the lag between two events, events that lie close together, and phases that wait for events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sequencer.audit.finding import Finding, count
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event


def links(instance: Instance, taken: Sequence[Walk]) -> Iterator[Finding]:
    """Yield the findings of L1 to L4."""
    by_name = {walk.name: walk for walk in taken}
    yield from _lags(instance, by_name)
    for width in instance.widths:
        yield from _together(instance, width, by_name)
    for gate in instance.gates:
        yield from _waited(instance, gate, by_name)


def _lags(instance: Instance, by_name: Mapping[str, Walk]) -> Iterator[Finding]:
    """Yield a finding for each lag that is too short (L1) or too long (L2); past events bind nobody."""
    as_of = instance.plan.as_of
    for link in instance.links:
        before = by_name[link.before].month(link.before_event)
        after = by_name[link.after].month(link.after_event)
        if before < as_of and after < as_of:
            continue
        lag = after - before
        if link.minimum is not None and lag < link.minimum:
            text = _text(instance, link, before, after, f"at least {link.minimum}")
            yield Finding("L1", _about(link), after, link.minimum - lag, "months", text)
        if link.maximum is not None and lag > link.maximum:
            text = _text(instance, link, before, after, f"at most {link.maximum}")
            yield Finding("L2", _about(link), after, lag - link.maximum, "months", text)


def _together(instance: Instance, width: facts.Width, by_name: Mapping[str, Walk]) -> Iterator[Finding]:
    """L3: the first and the last of some events lie close enough together; past events do not count."""
    dated = [(by_name[package].month(event), f"{event} of {package}") for package, event in width.members]
    dated = [(month, what) for month, what in dated if month >= instance.plan.as_of]
    if not dated:
        return
    first, earliest = min(dated, key=lambda date: date[0])
    last, latest = max(dated, key=lambda date: date[0])
    if last - first > width.width:
        label = instance.calendar.label
        text = (
            f"{latest} in {label(last)} comes {count(last - first, 'month')} after {earliest} in {label(first)}, but"
            f" its row keeps {len(width.members)} events within {count(width.width, 'month')} [{width.origin}]."
        )
        yield Finding("L3", f"{earliest} <-> {latest}", last, last - first - width.width, "months", text)


def _waited(instance: Instance, gate: facts.Gate, by_name: Mapping[str, Walk]) -> Iterator[Finding]:
    """L4: who transfers in a phase does so long enough after an event of every package it waits for."""
    label = instance.calendar.label
    (phase,) = (phase for phase in instance.phases if phase.name == gate.phase)
    for walk in by_name.values():
        months = range(max(walk.as_of, phase.start), phase.end + 1)
        if walk.name not in gate.waiting or walk.transfer not in months:
            continue
        for other in gate.before:
            lacking = by_name[other].month(gate.event) + gate.minimum - walk.transfer
            if other == walk.name or lacking <= 0:
                continue
            text = (
                f"{walk.name} is transferred in {label(walk.transfer)} in phase {phase.name}, which waits until"
                f" {count(gate.minimum, 'month')} after {gate.event} of {other} in"
                f" {label(by_name[other].month(gate.event))}: {count(lacking, 'month')} too early [{gate.origin}]."
            )
            about = f"{other} {gate.event} -> {walk.name} {Event.TRANSFER}"
            yield Finding("L4", about, walk.transfer, lacking, "months", text)


def _about(link: facts.Link) -> str:
    """Return the two dates a link joins."""
    return f"{link.before} {link.before_event} -> {link.after} {link.after_event}"


def _text(instance: Instance, link: facts.Link, before: int, after: int, needed: str) -> str:
    """Say what the lag is and what it should be."""
    label, lag = instance.calendar.label, after - before
    order = f"comes {count(abs(lag), 'month')} {'after' if lag >= 0 else 'before'}"
    return (
        f"{link.after}: {link.after_event} in {label(after)} {order} {link.before_event} of {link.before} in"
        f" {label(before)}, but the lag must be {needed} [{link.origin}]."
    )

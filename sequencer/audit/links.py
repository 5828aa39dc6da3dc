"""Links: the lag between an event of one package and an event of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sequencer.audit.finding import Finding, count
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance


def links(instance: Instance, taken: Sequence[Walk]) -> Iterator[Finding]:
    """Yield a finding for each lag that is too short (L1) or too long (L2); past events bind nobody."""
    by_name = {walk.name: walk for walk in taken}
    for link in instance.links:
        before = by_name[link.before].month(link.before_event)
        after = by_name[link.after].month(link.after_event)
        if before < 0 and after < 0:
            continue
        lag = after - before
        if link.minimum is not None and lag < link.minimum:
            text = _text(instance, link, before, after, f"at least {link.minimum}")
            yield Finding("L1", _about(link), after, link.minimum - lag, "months", text)
        if link.maximum is not None and lag > link.maximum:
            text = _text(instance, link, before, after, f"at most {link.maximum}")
            yield Finding("L2", _about(link), after, lag - link.maximum, "months", text)


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

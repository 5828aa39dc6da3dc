"""What came of checking a timetable, or bounds, in words and as JSON; needs no solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sequencer import words
from sequencer.answers.terminal import Terminal
from sequencer.instance.instance import Instance
from sequencer.places.claims import Bound
from sequencer.problem import Breach


def as_json(instance: Instance, breaches: Sequence[Breach] | None, bounds: Sequence[Bound] | None) -> dict[str, Any]:
    """Return what was found; what was not asked is null."""
    return {
        "breaches": None if breaches is None else [_breach(instance, breach) for breach in breaches],
        "bounds": None if bounds is None else [_bound(bound) for bound in bounds],
    }


def _breach(instance: Instance, breach: Breach) -> dict[str, Any]:
    return {
        "rule": breach.rule,
        "packages": breach.about,
        "month": instance.calendar.label(breach.month),
        "amount": breach.amount,
        "unit": breach.unit,
        "text": breach.text,
        "rows": [str(origin) for origin in breach.origins],
    }


def _bound(bound: Bound) -> dict[str, Any]:
    return {
        "term": bound.term,
        "unit": bound.unit,
        "caps": [{"term": term, "most": most} for term, most in bound.caps],
        "claimed": bound.claimed,
        "proven": bound.proven,
        "confirmed": bound.confirmed,
    }


def show(instance: Instance, breaches: Sequence[Breach] | None, bounds: Sequence[Bound] | None) -> None:
    """Print what was found; the words of the verdict are coloured."""
    out = Terminal()
    judged = [] if breaches is None else [not breaches, *(None for _ in breaches)]
    judged += [bound.confirmed for bound in bounds or ()]
    for line, good in zip(lines(instance, breaches, bounds), judged, strict=True):
        out.say(line, {True: "good", False: "bad", None: ""}[good])


def lines(instance: Instance, breaches: Sequence[Breach] | None, bounds: Sequence[Bound] | None) -> Iterator[str]:
    """Yield what was found, line by line."""
    if breaches is not None:
        count = len(breaches)
        yield f"{count} promise{'' if count == 1 else 's'} broken" if breaches else "every promise is kept"
        for breach in breaches:
            yield f"  {breach}"
    for bound in bounds or ():
        yield _said(instance, bound)


def _said(instance: Instance, bound: Bound) -> str:
    """Return what came of one bound in a sentence."""
    claimed = words.value(bound.claimed, bound.unit, instance.calendar)
    held = "".join(f", {term} at most {most}" for term, most in bound.caps)
    claim = f"{bound.term} at least {claimed}{held}"
    if bound.proven is None:
        return f"{claim}: confirmed, since no plan keeps what is held"
    if bound.confirmed:
        return f"{claim}: confirmed in whole numbers"
    proven = words.value(bound.proven, bound.unit, instance.calendar)
    return f"{claim}: not what the prices prove, which is {proven}"

"""What is needed against what is there, as step charts with the packages behind each month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sequencer import words
from sequencer.pictures import shapes
from sequencer.pictures.scene import Steps
from sequencer.pictures.told import Told

HEIGHT = 80.0  # of a step chart
NAMED = 12  # packages behind a month


def supplies(told: Told) -> Mapping[str, Any] | None:
    """Return a step chart of each supply; None where nothing is needed, or there is no plan."""
    if told.outcome.choices is None or not told.scene.supplies:
        return None
    return {"charts": [_chart(steps, told) for steps in told.scene.supplies]}


def _chart(steps: Steps, told: Told) -> dict[str, Any]:
    frame, book = told.frame, told.book
    name = words.spaced(steps.resource) + (f", {words.spaced(steps.pool)}" if steps.pool else "")
    return {
        "name": words.plain(f"{name} ({steps.unit})" if steps.unit else name),
        "told": words.plain(book.say("report.chart", what=name, most=max(steps.need))),
        "top": max(*steps.need, *steps.there, 1),
        "need": shapes.stairs(steps.need, steps, frame, HEIGHT),
        "there": shapes.stairs(steps.there, steps, frame, HEIGHT),
        "buckets": list(_buckets(steps, told)),
    }


def _buckets(steps: Steps, told: Told) -> Iterator[tuple[float, float, str]]:
    """Yield where each bucket stands, its width, and what is said of it."""
    frame, label = told.frame, told.calendar.label
    ends = [*steps.firsts[1:], frame.months]
    for first, end, need, there, who in zip(steps.firsts, ends, steps.need, steps.there, steps.behind, strict=True):
        names = ", ".join(who[:NAMED])
        said = told.book.say("report.bucket", when=label(first), need=need, there=there, who=names)
        yield frame.x(first), round((end - first) * frame.month, 1), words.plain(said)

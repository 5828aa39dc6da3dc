"""The months of a plan as all charts show them, with its phases, and names as they may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sequencer import words
from sequencer.pictures import shapes
from sequencer.pictures.told import Told


def named(name: str) -> str:
    """Return a planner's name as it may be shown."""
    return words.plain(words.spaced(name))


def months(told: Told, first: int, end: int) -> str:
    """Return the months ``first`` to ``end``, the latter not included, as ``2028-03 to 2028-08`` with a dash."""
    label = told.calendar.label
    return label(first) if end == first + 1 else f"{label(first)} \N{EN DASH} {label(end - 1)}"


def axis(told: Told) -> Mapping[str, Any]:
    """Return the phases, the dates, and the month up to which all has happened."""
    frame, scene = told.frame, told.scene
    return {
        "left": shapes.LEFT,
        "end": frame.end,
        "width": frame.width,
        "head": shapes.HEAD,
        "bands": list(_bands(told)),
        "ticks": frame.ticks(told.calendar),
        "as_of": frame.x(scene.as_of) if scene.as_of else None,
        "until": told.book.say("report.as_of", month=told.book.month(told.calendar, scene.as_of)),
    }


def _bands(told: Told) -> Iterator[dict[str, Any]]:
    """Yield the phases as bands behind a chart."""
    for number, phase in enumerate(told.instance.phases):
        x, width = told.frame.span(max(0, phase.start), min(told.scene.months, phase.end + 1))
        name = named(phase.name)
        yield {"dark": number % 2 == 0, "x": x, "width": width, "full": name, "name": shapes.cut(name, width - 6)}

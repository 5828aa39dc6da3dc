"""Who hands over what, and when: all packages as bars, what holds each, and why not earlier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sequencer import words
from sequencer.pictures import shapes
from sequencer.pictures.scene import DRAWN
from sequencer.pictures.told import Told
from sequencer.reasons.local.earlier import answer


def gantt(told: Told) -> Mapping[str, Any] | None:
    """Return the chart of packages by stage; None without a plan."""
    if told.outcome.choices is None:
        return None
    calendar, book = told.calendar, told.book
    drawn, frame = told.scene, told.frame
    lanes, headings, height = shapes.lanes(drawn, frame)
    why = {one.package: words.plain(str(answer(one, told.outcome.problem, book))) for one in told.explanation.local}
    return {
        "height": height,
        "headings": [(words.plain(place), y) for place, y in headings],
        "stages": [str(stage) for stage in DRAWN],
        "lanes": [_lane(lane, told, why) for lane in lanes],
        "bands": list(_bands(told)),
        "ticks": [
            (frame.x(m), calendar.label(m)[:4]) for m in range(drawn.months) if calendar.label(m).endswith("-01")
        ],
        "filters": [
            *((name, sorted({getattr(row, name) for row in drawn.rows})) for name in ("place", "function")),
            ("phase", [phase.name for phase in told.instance.phases]),
        ],
    }


def _lane(lane: shapes.Lane, told: Told, why: Mapping[str, str]) -> dict[str, Any]:
    row, book, calendar = lane.row, told.book, told.calendar
    dates = {name: book.month(calendar, month) for name, month in (("transfer", row.transfer), ("exit", row.exit))}
    return {
        "row": row,
        "y": lane.y,
        "bars": lane.bars,
        "mark": lane.mark,
        "name": words.plain(words.spaced(row.function)),
        "phase": next((p.name for p in told.instance.phases if p.start <= row.transfer <= p.end), ""),
        "told": words.plain(book.say("report.told", package=book.package(row.package), **dates)),
        "why": why.get(row.package, "") if told.is_mission else "",
    }


def _bands(told: Told) -> Iterator[dict[str, Any]]:
    """Yield the phases as bands behind the bars."""
    for number, phase in enumerate(told.instance.phases):
        width = round((phase.end - phase.start + 1) * told.frame.month, 1)
        kind = "band" if number % 2 else ""
        yield {"kind": kind, "x": told.frame.x(phase.start), "width": width, "name": words.plain(phase.name)}

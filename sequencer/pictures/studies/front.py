"""A Pareto front: one term against another, proven points filled, others hollow."""

from __future__ import annotations

from typing import Any

from sequencer import words
from sequencer.pictures.studies.drawing import LISTED, Axis, Said
from sequencer.pictures.studies.kinds import Front, Point
from sequencer.pictures.told import Told

FIRST, LAST, TOP, FLOOR = 150.0, 735.0, 24.0, 264.0


def drawn(study: Front, told: Told) -> dict[str, Any]:
    """Return where the points stand, and what is said of them; a third term stands in the table alone."""
    said = [Said(told, study.name, term) for term in study.terms]
    across, up = (
        Axis.over((point.values[at] for point in study.points), *ends)
        for at, ends in ((0, (FIRST, LAST)), (1, (FLOOR, TOP)))
    )
    proven = sum(point.proven for point in study.points)
    return {
        "name": words.plain(study.name),
        "axes": [each.axis for each in said],
        "terms": [each.term for each in said],
        "across": [(across.at(tick), said[0].short(tick)) for tick in across.ticks()],
        "up": [(up.at(tick), said[1].short(tick)) for tick in up.ticks()],
        "points": [
            {
                "x": across.at(point.values[0]),
                "y": up.at(point.values[1]),
                "kind": _kind(point),
                "told": _told(point, said, told),
            }
            for point in study.points
        ],
        "counts": told.book.say(
            "studies.front_runs",
            count=len(study.points),
            runs=study.runs,
            proven=proven,
            without=study.without,
            waiting=study.waiting,
        ),
        "table": [
            (*(each.long(value) for each, value in zip(said, point.values, strict=True)), _state(point, told))
            for point in study.points[:LISTED]
        ],
        "more": max(0, len(study.points) - LISTED),
    }


def _kind(point: Point) -> str:
    if point.dominated:
        return "point dominated"
    return "point" if point.proven else "point unproven"


def _state(point: Point, told: Told) -> str:
    if point.dominated:
        return told.book.say("studies.point.dominated")
    return told.book.say("studies.point.proven") if point.proven else told.book.say("studies.point.found")


def _told(point: Point, said: list[Said], told: Told) -> str:
    values = [f"{each.term}: {each.long(value)}" for each, value in zip(said, point.values, strict=True)]
    return words.plain("; ".join([*values, _state(point, told)]))

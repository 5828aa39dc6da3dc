"""The S-curve: the share of scenarios in which the plan, shifted right, has ended by each month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sequencer import words
from sequencer.pictures.studies.drawing import Axis
from sequencer.pictures.studies.kinds import Curve
from sequencer.pictures.told import Told
from sequencer.scenarios.frames import QUANTILES
from sequencer.scenarios.shares import quantile

FIRST, LAST, TOP, FLOOR = 60.0, 735.0, 24.0, 204.0


def drawn(study: Curve, told: Told) -> dict[str, Any]:
    """Return where everything stands in the drawing of a curve, and what is said of it."""
    known = sorted(month for month in study.exits if month is not None)
    edge = [] if study.planned is None else [study.planned]
    axis = Axis.over([*known, *edge], FIRST, LAST)
    month = told.calendar.label
    return {
        "name": words.plain(study.name),
        "line": _line(known, len(study.exits), axis),
        "ticks": [(axis.at(tick), month(tick)) for tick in axis.ticks(8)],
        "shares": [(_y(share / 100), f"{share} %") for share in (0, 20, 40, 60, 80, 100)],
        "planned": None if study.planned is None else axis.at(study.planned),
        "planned_told": "" if study.planned is None else told.book.month(told.calendar, study.planned),
        "marks": [_mark(study, share, axis, told) for share in QUANTILES],
        "scenarios": len(study.exits),
        "outside": len(study.exits) - len(known),
        "table": list(_table(known, study, told)),
    }


def _y(share: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * share, 1)


def _line(known: list[int], count: int, axis: Axis) -> str:
    """Return the path of the steps: flat until a scenario ends, ending below 100 % by those not within the plan."""
    parts = [f"M{axis.first} {_y(0)}"]
    for month in sorted(set(known)):
        share = sum(each <= month for each in known) / count
        parts.append(f"H{axis.at(month)}V{_y(share)}")
    return "".join([*parts, f"H{axis.last}"])


def _mark(study: Curve, share: float, axis: Axis, told: Told) -> dict[str, Any]:
    """Return a quantile: where it stands, or that so many scenarios do not end within the plan."""
    month, name = quantile(study.exits, share), f"P{100 * share:g}"
    if month is None:
        return {"x": None, "y": _y(share), "name": name, "told": told.book.say("studies.beyond", which=name)}
    when = told.book.month(told.calendar, month)
    said = told.book.say("studies.by", which=name, month=when, share=f"{100 * share:g} %")
    return {"x": axis.at(month), "y": _y(share), "name": name, "told": said}


def _table(known: list[int], study: Curve, told: Told) -> Iterator[tuple[str, str]]:
    for month in sorted(set(known)):
        ended = sum(each <= month for each in known)
        yield told.book.month(told.calendar, month), f"{words.percent(ended, len(study.exits))} ({words.number(ended)})"

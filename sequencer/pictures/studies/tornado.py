"""Bars from the value as it is to what a number does when it is turned down and up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sequencer import words
from sequencer.pictures.studies.drawing import LEFT, LINE, LISTED, Axis, Said, counted, cut
from sequencer.pictures.studies.kinds import Bar, Known, State, Tornado
from sequencer.pictures.told import Told

MOST = 40  # bars; the table has more
TOP = 30.0
SIDES = ("low", "high")


def drawn(study: Tornado, told: Told) -> dict[str, Any]:
    """Return where everything stands in the drawing of a tornado, and what is said of it."""
    said, shown = Said(told, study.name, study.term), study.bars[:MOST]
    known = [study.base, *(end for bar in shown for end in bar.ends)]
    axis = Axis.over(each.value for each in known if each.value is not None)
    height = TOP + LINE * len(shown)
    return {
        "name": words.plain(study.name),
        "axis": said.axis,
        "height": height + 8,
        "base": None if study.base.value is None else axis.at(study.base.value),
        "base_told": said.known(study.base),
        "ticks": [(axis.at(tick), said.short(tick)) for tick in axis.ticks()],
        "bars": [_bar(bar, study.base, TOP + LINE * at, axis, said) for at, bar in enumerate(shown)],
        "counts": counted(told, (end.state for bar in study.bars for end in bar.ends)),
        "rows": list(_rows(study, said)),
        "more": max(0, len(study.bars) - LISTED),
    }


def _bar(bar: Bar, base: Known, y: float, axis: Axis, said: Said) -> dict[str, Any]:
    return {
        "name": cut(words.plain(bar.factor)),
        "whole": words.plain(bar.factor),
        "y": y,
        "ends": [_end(bar, side, base, y + 2 + 9 * side, axis=axis, said=said) for side in range(len(SIDES))],
    }


def _end(bar: Bar, side: int, base: Known, top: float, *, axis: Axis, said: Said) -> dict[str, Any]:
    """Return one end: a filled bar where it is proven, a hollow one where it was only found, else words alone."""
    end = bar.ends[side]
    told = f"{words.plain(bar.factor)} = {words.plain(bar.given[side])}: {said.known(end)}"
    if end.value is None or base.value is None:
        x = LEFT + 4 if base.value is None else axis.at(base.value) + 4
        return {"kind": "word", "x": x, "y": top + 8, "text": f"{bar.given[side]}: {said.mark(end)}", "told": told}
    ends = sorted((axis.at(base.value), axis.at(end.value)))
    width = max(2.0, round(ends[1] - ends[0], 1))  # a value that stays is still seen
    proven = end.state is base.state is State.PROVEN
    kind = f"bar {SIDES[side]}" if proven else "bar unproven"
    return {"kind": kind, "x": ends[0], "y": top, "width": width, "told": told}


def _rows(study: Tornado, said: Said) -> Iterator[tuple[str, ...]]:
    for bar in study.bars[:LISTED]:
        (low, high), values = bar.ends, [end.value for end in bar.ends]
        proven = low.state is high.state is State.PROVEN
        swing = said.swing(abs((values[0] or 0) - (values[1] or 0))) if proven else ""
        told = [f"{given}: {said.known(end)}" for given, end in zip(bar.given, bar.ends, strict=True)]
        yield words.plain(bar.factor), *map(words.plain, told), words.plain(swing)

"""How sure each date is: the share of scenarios in which it holds, and between what the chance lies."""

from __future__ import annotations

from typing import Any

from sequencer import words
from sequencer.pictures.studies.drawing import LINE, LISTED, Axis, cut
from sequencer.pictures.studies.kinds import Dates, Sure
from sequencer.pictures.told import Told

MOST = 20  # dates that are drawn, the least sure ones; the table has more
TOP = 30.0


def drawn(study: Dates, told: Told) -> dict[str, Any]:
    """Return where the least sure dates stand, and what is said of them."""
    axis, shown = Axis(0, 100), study.dates[:MOST]
    return {
        "name": words.plain(study.name),
        "height": TOP + LINE * len(shown) + 8,
        "ticks": [(axis.at(share), f"{share} %") for share in (0, 20, 40, 60, 80, 100)],
        "bars": [
            {
                "name": cut(words.plain(told.book.package(sure.package))),
                "y": TOP + LINE * at,
                "low": axis.at(100 * sure.low),
                "high": axis.at(100 * sure.high),
                "x": axis.at(100 * sure.holds),
                "told": _told(sure, told),
            }
            for at, sure in enumerate(shown)
        ],
        "shown": len(shown),
        "all": len(study.dates),
        "tried": study.tried,
        "table": [_row(sure, told) for sure in study.dates[:LISTED]],
        "more": max(0, len(study.dates) - LISTED),
    }


def _row(sure: Sure, told: Told) -> tuple[str, ...]:
    holds, low, high = map(words.percent, (sure.holds, sure.low, sure.high))
    return words.plain(told.book.package(sure.package)), sure.transfer, holds, f"{low} .. {high}"


def _told(sure: Sure, told: Told) -> str:
    package, month, holds, between = _row(sure, told)
    return told.book.say("studies.holds", package=package, month=month, holds=holds, between=between)

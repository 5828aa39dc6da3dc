"""The map of the transition: places by months, coloured by who is responsible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sequencer import words
from sequencer.pictures import shapes
from sequencer.pictures.scene import Ground, Responsible, Stretch
from sequencer.pictures.sections.axis import axis, months, named
from sequencer.pictures.told import Told

PLACE = 216.0  # width of a name


def responsible(told: Told) -> Mapping[str, Any] | None:
    """Return for each place stretches of months in which nothing changes; None without a plan."""
    if told.outcome.choices is None:
        return None
    return {
        "axis": axis(told),
        "line": shapes.LINE,
        "key": shapes.key(((str(who), told.book.say(f"report.whose.{who}")) for who in Responsible), told.frame.width),
        "who": [str(who) for who in Responsible],
        "places": [_place(number, ground, told) for number, ground in enumerate(told.scene.places)],
    }


def _place(number: int, ground: Ground, told: Told) -> dict[str, Any]:
    name = named(ground.place)
    return {
        "number": number,
        "name": shapes.cut(name, PLACE),
        "told": words.plain(f"{name}: {'; '.join(_said(one, ground, told) for one in ground.stretches)}"),
        "parts": [_part(one, ground, told) for one in ground.stretches],
    }


def _part(stretch: Stretch, ground: Ground, told: Told) -> tuple[str, float, float, str]:
    """Return who is responsible, where the stretch stands, its width, and the letter or the share written on it."""
    x, width = told.frame.span(stretch.first, stretch.end)
    letter = told.book.say(f"report.letter.{stretch.who}")
    share = f"{letter} {stretch.local}/{ground.packages}"
    if stretch.who is Responsible.SHARED and width >= shapes.LETTER * (len(share) + 1):
        return str(stretch.who), x, width, share
    return str(stretch.who), x, width, letter if width >= shapes.LETTER * 1.5 else ""


def _said(stretch: Stretch, ground: Ground, told: Told) -> str:
    when = months(told, stretch.first, stretch.end)
    share = f" ({stretch.local}/{ground.packages})" if stretch.who is Responsible.SHARED else ""
    return f"{told.book.say(f'report.who.{stretch.who}')} {when}{share}"

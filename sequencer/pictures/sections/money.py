"""Who pays in each fiscal year, and where money falls away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sequencer import words
from sequencer.instance.facts import HOST
from sequencer.pictures import palette, shapes
from sequencer.pictures.scene import Year
from sequencer.pictures.sections.axis import named
from sequencer.pictures.told import Told

HEIGHT = 190.0  # of a column at most
LEFT, WIDE, MOST = 90.0, 900.0, 96.0  # room for amounts, for all columns, and for one
LEAST = 560.0  # width of a picture, for its legend
PART = 0.62  # of the room for a year that its column takes
FALL = 25  # percent: what there is falls away where it falls by more than this from one year to the next
OTHERS = "*"  # the sources that are drawn together


def money(told: Told) -> Mapping[str, Any] | None:
    """Return what each source pays in each year; None without a plan or a money rule."""
    if told.outcome.choices is None or not told.scene.years:
        return None
    years = told.scene.years
    names = _drawn(years)
    marks = shapes.nice(max(1, *(max(year.there, year.need) for year in years)))
    room = min(MOST, WIDE / len(years))
    falls = _falls(years)
    said = [_said(year, falls, told) for year in years]
    columns = [
        {
            "x": round(LEFT + room * place, 1),
            "label": f"FY{stack.year.year}",
            "stack": stack,
            "parts": [(names.index(name), y, tall) for name, y, tall in stack.parts if tall],
            "fall": falls.get(stack.year.year),
            "said": said[place],
        }
        for place, stack in enumerate(shapes.stacks([_together(year, names) for year in years], HEIGHT, marks[-1]))
    ]
    return {
        "height": HEIGHT,
        "left": LEFT,
        "room": round(room, 1),
        "bar": round(room * PART, 1),
        "width": round(LEFT + room * len(years) + 30, 1),
        "unit": words.plain(told.instance.plan.money_unit),
        "marks": [(round(HEIGHT - HEIGHT * mark / marks[-1], 1), words.number(mark)) for mark in marks],
        "names": [_name(name, told) for name in names],
        "columns": columns,
        "least": LEAST,
        "key": shapes.key(_key(names, told), max(LEAST, room * len(years))),
        "lines": [_name(name, told) for name, _ in years[0].paid],
        "years": years,
        "falls": falls,
        "limit": FALL,
        "told": "; ".join(said),
    }


def _key(names: Sequence[str], told: Told) -> list[tuple[str, str]]:
    """Return the entries of the legend."""
    say = told.book.say
    colours = [(f"source-{number}", _name(name, told)) for number, name in enumerate(names)]
    lines = [("wanted", say("report.needed")), ("there", say("report.there"))]
    return [*colours, *lines, ("\N{BLACK DOWN-POINTING TRIANGLE}", say("report.cliff", percent=FALL))]


def _drawn(years: Sequence[Year]) -> list[str]:
    """Return the sources with a colour of their own, those that pay most; the last may be all others."""
    order = [name for name, _ in years[0].paid]
    paid = {name: sum(dict(year.paid)[name] for year in years) for name in order}
    order = [name for name in order if paid[name]]
    if len(order) <= palette.SOURCES:
        return order
    largest = sorted(order, key=lambda name: -paid[name])[: palette.SOURCES - 1]
    return [*(name for name in order if name in largest), OTHERS]


def _together(year: Year, names: Sequence[str]) -> Year:
    """Return a year with the sources that have no colour of their own as one."""
    paid = [(name, amount) for name, amount in year.paid if name in names]
    if OTHERS in names:
        paid.append((OTHERS, sum(amount for name, amount in year.paid if name not in names)))
    return Year(year.year, year.first, tuple(paid), year.there, year.need)


def _falls(years: Sequence[Year]) -> dict[int, int]:
    """Return by how many percent, rounded up, what there is falls into a year, where that is more than ``FALL``."""
    return {
        after.year: -(100 * (after.there - before.there) // before.there)
        for before, after in pairwise(years)
        if 100 * (before.there - after.there) > FALL * before.there
    }


def _name(name: str, told: Told) -> str:
    if name in {OTHERS, HOST}:
        return told.book.say("report.others" if name == OTHERS else "report.host")
    return named(name)


def _said(year: Year, falls: Mapping[int, int], told: Told) -> str:
    """Say what is paid in a year, by whom, and whether money falls away."""
    book, unit = told.book, told.instance.plan.money_unit
    paid = [f"{_name(name, told)} {words.number(amount)}" for name, amount in year.paid if amount]
    need, there = (book.amount(amount, unit) for amount in (year.need, year.there))
    said = book.say("report.pays", year=f"FY{year.year}", need=need, there=there)
    said += f" ({', '.join(paid)})" if paid else ""
    said += f"; {book.say('report.falls', percent=falls[year.year])}" if year.year in falls else ""
    return words.plain(said)

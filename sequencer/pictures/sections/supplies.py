"""What is needed against what is there, as step charts with the packages behind each month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from sequencer import words
from sequencer.pictures import shapes
from sequencer.pictures.scene import RESERVE, Steps
from sequencer.pictures.sections.axis import axis, months
from sequencer.pictures.told import Told

HEIGHT = 84.0  # of a step chart
KEY = (("need", "needed"), ("full", "full"), ("there", "there"))  # classes, and what is said of them
UNIT = 170.0  # width of a unit
NAMED = 6  # packages behind a month
FIRST = 12  # charts that are shown at once


def supplies(told: Told) -> Mapping[str, Any] | None:
    """Return a step chart of each supply; None where nothing is needed, or there is no plan.

    Those of which all is used in some month come first, since they may hold dates.
    """
    if told.outcome.choices is None or not told.scene.supplies:
        return None
    charts = [_chart(steps, told) for steps in told.scene.supplies]
    charts.sort(key=lambda chart: not chart["full"])
    return {"first": charts[:FIRST], "others": charts[FIRST:]}


def _chart(steps: Steps, told: Told) -> dict[str, Any]:
    frame, book = told.frame, told.book
    if steps.resource == RESERVE:
        name = book.say("report.reserve", scope=book.scope(steps.pool))
    else:
        name = words.spaced(steps.resource) + (f", {words.spaced(steps.pool)}" if steps.pool else "")
    marks = shapes.nice(max(*steps.need, *steps.there, 1))
    top = marks[-1]
    spans = list(_spans(steps, frame.months))
    full = [(*frame.span(first, end), b) for first, end, b in spans if _full(steps, b)]
    return {
        "axis": axis(told),
        "height": HEIGHT,
        "name": words.plain(name),
        "unit": shapes.cut(words.plain(steps.unit), UNIT),
        "key": shapes.key(((name, book.say(f"report.{said}")) for name, said in KEY), frame.width),
        "told": words.plain(_told(name, steps, told)),
        "marks": [(round(HEIGHT - HEIGHT * mark / top, 1), words.number(mark)) for mark in marks],
        "need": shapes.stairs(steps.need, steps, frame, HEIGHT, top, closed=True),
        "there": shapes.stairs(steps.there, steps, frame, HEIGHT, top),
        "full": [(x, round(HEIGHT - HEIGHT * steps.need[b] / top, 1), width) for x, width, b in full],
        "buckets": [(*frame.span(first, end), _said(first, end, b, steps, told)) for first, end, b in spans],
    }


def _told(name: str, steps: Steps, told: Told) -> str:
    full = sum(_full(steps, bucket) for bucket in range(len(steps.need)))
    most = told.book.amount(max(steps.need), steps.unit).strip()
    return told.book.say("report.chart", what=name, most=most, full=full)


def _full(steps: Steps, bucket: int) -> bool:
    """Return whether all that is there is used."""
    return steps.need[bucket] >= steps.there[bucket] and steps.need[bucket] > 0


def _spans(steps: Steps, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield months in which nothing changes: the first, the end, and the first of their buckets."""
    buckets = zip(steps.firsts, [*steps.firsts[1:], end], range(len(steps.firsts)), strict=True)

    def state(one: tuple[int, int, int]) -> tuple[int, int, frozenset[str]]:
        return steps.need[one[2]], steps.there[one[2]], frozenset(steps.behind[one[2]])

    for _, alike in groupby(buckets, key=state):
        run = list(alike)
        yield run[0][0], run[-1][1], run[0][2]


def _said(first: int, end: int, bucket: int, steps: Steps, told: Told) -> str:
    """Say what is needed in some months, and by whom."""
    book = told.book
    need, there = (book.amount(amount, steps.unit).strip() for amount in (steps.need[bucket], steps.there[bucket]))
    said = book.say("report.bucket", when=months(told, first, end), need=need, there=there)
    behind = [book.package(name) for name in steps.behind[bucket][:NAMED]]
    if len(steps.behind[bucket]) > NAMED:
        behind.append(book.say("word.more", count=len(steps.behind[bucket]) - NAMED))
    return words.plain(f"{said}: {'; '.join(behind)}" if behind else said)

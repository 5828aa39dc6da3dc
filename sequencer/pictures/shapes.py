"""Where things stand in a drawing: pure geometry, in units of a drawing, rounded to a tenth."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sequencer.months import Calendar
from sequencer.pictures.scene import Row, Scene, Steps, Year
from sequencer.vocabulary import Stage

LEFT, RIGHT = 230.0, 12.0  # room for names and what holds them, and for the last label
WIDE, MONTH = 900.0, 6.0  # width of the months of a plan, and the least of one month
LINE, HEAD = 16.0, 36.0  # height of a row, and of phases and dates above
LETTER = 6.6  # width of most letters
WIDER = frozenset("mwMW@%—…")  # half as wide again
STEPS = (1, 3, 6, 12)  # months between two dates on an axis


@dataclass(frozen=True, slots=True)
class Frame:
    """The months of a drawing from left to right.

    Attributes
    ----------
    months : int
    month : float
        Width of one.
    """

    months: int
    month: float

    @classmethod
    def of(cls, months: int) -> Frame:
        """Return the frame of a plan of so many months."""
        return cls(months, round(max(MONTH, WIDE / max(1, months)), 2))

    @property
    def width(self) -> float:
        """Of the drawing, with room for names."""
        return round(LEFT + self.months * self.month + RIGHT, 1)

    @property
    def end(self) -> float:
        """Where the last month ends."""
        return self.x(self.months)

    def x(self, month: int) -> float:
        """Return where a month begins."""
        return round(LEFT + month * self.month, 1)

    def span(self, first: int, end: int) -> tuple[float, float]:
        """Return where months begin, and how wide they are together."""
        return self.x(first), round(self.x(end) - self.x(first), 1)

    def ticks(self, calendar: Calendar) -> tuple[tuple[float, str], ...]:
        """Return where dates stand and what they are: years, or months where there is room for them."""
        step = next((each for each in STEPS if each * self.month >= 9 * LETTER), STEPS[-1])
        dates = ((month, calendar.label(month)) for month in range(self.months))
        cut = 4 if step == STEPS[-1] else None
        return tuple((self.x(month), date[:cut]) for month, date in dates if (int(date[5:]) - 1) % step == 0)


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the Gantt chart.

    Attributes
    ----------
    row : Row
    bars : tuple of (Stage, float, float)
        Each stage, where it begins, and its width.
    shut : str
        The path of the months in which the calendar forbids its transfer; empty where there are none.
    mark : float or None
        Where the transfer is; None where that lies before the plan.
    """

    row: Row
    bars: tuple[tuple[Stage, float, float], ...]
    shut: str
    mark: float | None


def lanes(scene: Scene, frame: Frame, by: str) -> list[tuple[str, list[Lane]]]:
    """Return the rows of the chart by ``place`` or ``function``, in each by transfer."""
    group = attrgetter(by)
    rows = sorted(scene.rows, key=lambda row: (group(row), row.transfer, row.package))
    return [(name, [_lane(row, frame) for row in mine]) for name, mine in groupby(rows, key=group)]


def _lane(row: Row, frame: Frame) -> Lane:
    bars = tuple((bar.stage, *frame.span(bar.first, bar.end)) for bar in row.bars)
    spans = [frame.span(*span) for span in row.shut]
    shut = "".join(f"M{x:g} 0h{width:g}v{LINE:g}h-{width:g}z" for x, width in spans)
    return Lane(row, bars, shut, frame.x(row.transfer) if 0 <= row.transfer < frame.months else None)


def cut(text: str, width: float) -> str:
    """Return text that fits into a width, its end cut off where needed; characters of East Asia are twice as wide."""
    room, used = width / LETTER, 0.0
    for place, char in enumerate(text):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1.5 if char in WIDER else 1
        if used > room:
            return text[: max(0, place - 1)] + "…"
    return text


def key(entries: Iterable[tuple[str, str]], width: float) -> tuple[tuple[tuple[str, str, float, float], ...], float]:
    """Return the legend of a picture: (class, text, x, y) of each entry, in lines of a width, and its height."""
    found, x, y = list[tuple[str, str, float, float]](), 4.0, 0.0
    for name, text in entries:
        room = 24 + LETTER * len(text) + 16
        if x + room > width and found:
            x, y = 4.0, y + LINE
        found.append((name, text, round(x, 1), y))
        x += room
    return tuple(found), y + LINE + 6


def nice(most: int) -> tuple[int, ...]:
    """Return round numbers for an axis, from 0 to the first that is not less than ``most``: two to five of them."""
    step, factors = 1, (2, 5, 10)
    while step * 4 < most:
        power = 10 ** (len(str(step)) - 1)
        step = next(power * factor for factor in factors if power * factor > step)
    return tuple(range(0, max(most, 1) + step, step))


def stairs(values: Sequence[int], steps: Steps, frame: Frame, height: float, top: int, *, closed: bool = False) -> str:
    """Return the path of a step line through values, one for each bucket; ``closed``: of the area under it."""
    ends = [*steps.firsts[1:], frame.months]
    parts = [f"M{frame.x(steps.firsts[0]):g} {height:g}"] if closed else []
    for value, first, end in zip(values, steps.firsts, ends, strict=True):
        y = round(height - height * value / top, 1)
        parts.append(f"{'L' if parts else 'M'}{frame.x(first):g} {y:g}H{frame.x(end):g}")
    return "".join([*parts, f"V{height:g}z"] if closed else parts)


@dataclass(frozen=True, slots=True)
class Stack:
    """A fiscal year as a column: its parts as (source, y, height), and the ``y`` of what there is and is needed."""

    year: Year
    parts: tuple[tuple[str, float, float], ...]
    there: float
    need: float


def stacks(years: Iterable[Year], height: float, top: int) -> Iterator[Stack]:
    """Yield the columns of years, on an axis of some height that ends at ``top``."""

    def level(amount: int) -> float:
        return round(height - height * amount / top, 1)

    for year in years:
        below, parts = 0, list[tuple[str, float, float]]()
        for name, paid in year.paid:
            y = level(below + paid)
            parts.append((name, y, round(level(below) - y, 1)))
            below += paid
        yield Stack(year, tuple(parts), level(year.there), level(year.need))

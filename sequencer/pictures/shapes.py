"""Where things stand in a drawing: pure geometry, in units of a drawing, rounded to a tenth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sequencer.pictures.scene import Row, Scene, Steps, Year

LEFT, TOP = 190.0, 34.0  # room for names, and for years
MONTH, LINE = 12.0, 16.0  # width of a month, height of a row
NARROW = 720.0  # least width of a chart


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
        return cls(months, round(max(MONTH, NARROW / max(1, months)), 1))

    @property
    def width(self) -> float:
        """Of the drawing, with room for names."""
        return round(LEFT + self.months * self.month + 10, 1)

    def x(self, month: int) -> float:
        """Return where a month begins."""
        return round(LEFT + month * self.month, 1)


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the Gantt chart: ``y`` of its top, and its bars as (stage, x, width)."""

    row: Row
    y: float
    bars: tuple[tuple[str, float, float], ...]
    mark: float


def lanes(scene: Scene, frame: Frame) -> tuple[tuple[Lane, ...], tuple[tuple[str, float], ...], float]:
    """Return rows grouped by place, the headings of the groups with their ``y``, and the height of the chart."""
    found, headings, y, place = list[Lane](), list[tuple[str, float]](), TOP, None
    for row in scene.rows:
        if row.place != place:
            place = row.place
            headings.append((place, round(y, 1)))
            y += LINE
        bars = tuple(
            (str(bar.stage), frame.x(bar.first), round((bar.end - bar.first) * frame.month, 1)) for bar in row.bars
        )
        found.append(Lane(row, round(y, 1), bars, frame.x(row.transfer)))
        y += LINE
    return tuple(found), tuple(headings), round(y + 6, 1)


def stairs(values: Sequence[int], steps: Steps, frame: Frame, height: float) -> str:
    """Return the path of a step line through values, one for each bucket, on a chart of some height."""
    top = max(1, *steps.need, *steps.there)
    ends = [*steps.firsts[1:], frame.months]
    parts = list[str]()
    for value, first, end in zip(values, steps.firsts, ends, strict=True):
        y = round(height - height * value / top, 1)
        parts.append(f"{'L' if parts else 'M'}{frame.x(first)} {y}L{frame.x(end)} {y}")
    return "".join(parts)


def stacks(years: Sequence[Year], height: float) -> Iterator[tuple[Year, tuple[tuple[str, float, float], ...], float]]:
    """Yield for each year its lines as (name, y, height), and the ``y`` of what is there."""
    top = max([1, *(max(year.there, year.need) for year in years)])
    for year in years:
        y, parts = height, list[tuple[str, float, float]]()
        for name, paid in year.paid:
            tall = height * paid / top
            y -= tall
            parts.append((name, round(y, 1), round(tall, 1)))
        yield year, tuple(parts), round(height - height * year.there / top, 1)

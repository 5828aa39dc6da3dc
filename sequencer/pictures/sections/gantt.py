"""Who hands over what, and when: all packages as bars, what holds each, and why not earlier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sequencer import words
from sequencer.pictures import shapes
from sequencer.pictures.holding import Held
from sequencer.pictures.scene import DRAWN, Row, Shut
from sequencer.pictures.sections.axis import axis, months, named
from sequencer.pictures.summed.binds import alone
from sequencer.pictures.told import Told

LABEL, HEADING = 156.0, 560.0  # widths of names, of rows and of groups
MANY = 150  # packages whose explanations still go on paper
EVENTS = 12  # calendar events that are told
SPANS = 4  # times of one of them


def gantt(told: Told) -> Mapping[str, Any] | None:
    """Return the chart of packages by stage; None without a plan."""
    return None if told.outcome.choices is None else _Chart(told).all()


@dataclass(frozen=True)
class _Chart:
    """Makes what the template is told."""

    told: Told

    def all(self) -> dict[str, Any]:
        told = self.told
        groups = shapes.lanes(told.scene, told.frame, self._by)
        numbers = iter(range(1, len(told.scene.rows) + 1))
        return {
            "axis": axis(told),
            "by": self._by,
            "closed": list(self._everywhere()),
            "line": shapes.LINE,
            "groups": [
                (shapes.cut(named(place), HEADING), named(place), [self._lane(next(numbers), lane) for lane in lanes])
                for place, lanes in groups
            ],
            "key": shapes.key(self._key(), told.frame.width),
            "stages": [str(stage) for stage in DRAWN],
            "signs": [str(one) for one in self._signs],
            "shut": [self._shut(one) for one in told.scene.shut[:EVENTS]],
            "more_shut": max(0, len(told.scene.shut) - EVENTS),
            "filters": self._filters,
            "shown": told.book.say("report.shown", shown="%1", all="%2"),
            "many": len(told.scene.rows) > MANY,
        }

    @cached_property
    def _by(self) -> str:
        """What packages are grouped by at first: by place, unless every place has one only."""
        rows = self.told.scene.rows
        return "function" if len({row.place for row in rows}) == len(rows) else "place"

    def _key(self) -> Iterator[tuple[str, str]]:
        """Yield the entries of the legend of a picture."""
        scene, book = self.told.scene, self.told.book
        yield from ((str(stage), book.say(f"report.stage.{stage}")) for stage in DRAWN)
        yield "mark", book.say("report.transfer")
        if scene.shut:
            yield "shut", book.say("report.no_transfer")
        if scene.as_of:
            yield "now", book.say("report.as_of", month=book.month(self.told.calendar, scene.as_of))
        for one in self._signs:
            yield book.say(f"report.sign.{one}"), book.say(f"report.held.{one}")

    @cached_property
    def _signs(self) -> list[Held]:
        """The kinds of rules that hold some package."""
        return [one for one in Held if any(one in row.held for row in self.told.scene.rows)]

    @cached_property
    def _filters(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """By what packages are chosen, and the values there are, each with its short form for a row."""
        rows = self.told.scene.rows
        by = {name: sorted({getattr(row, name) for row in rows}) for name in ("place", "function")}
        phases = [phase.name for phase in self.told.instance.phases]
        values = [*by.items(), *([("phase", phases)] if phases else [])]
        return [(name, [(named(one), shapes.cut(named(one), LABEL)) for one in each]) for name, each in values]

    @cached_property
    def _position(self) -> dict[str, dict[str, int]]:
        """The position of each place and function in its filter."""
        rows = self.told.scene.rows
        return {
            name: {one: place for place, one in enumerate(sorted({getattr(row, name) for row in rows}))}
            for name in ("place", "function")
        }

    @cached_property
    def _why(self) -> dict[str, str]:
        """Why not earlier, by package, as far as it was asked and the audience may read it."""
        return {one.package: words.plain(alone(self.told, one)) for one in self.told.explanation.local}

    def _lane(self, number: int, lane: shapes.Lane) -> dict[str, Any]:
        row, book, calendar = lane.row, self.told.book, self.told.calendar
        phases = self.told.instance.phases
        dates = {name: book.month(calendar, month) for name, month in (("transfer", row.transfer), ("exit", row.exit))}
        said = [book.say("report.told", package=book.package(row.package), **dates)]
        if row.held:
            kinds = [book.say(f"report.held.{one}") for one in row.held]
            said.append(book.say("report.held_by", what=book.many(kinds, len(kinds))))
        return {
            "number": number,
            "place": self._position["place"][row.place],
            "function": self._position["function"][row.function],
            "phase": next((k for k, one in enumerate(phases) if one.start <= row.transfer <= one.end), ""),
            "at": row.transfer,
            "name": shapes.cut(named(row.function if self._by == "place" else row.place), LABEL),
            "bars": [(str(stage), x, width) for stage, x, width in lane.bars],
            "shut": lane.shut,
            "mark": lane.mark,
            "signs": " ".join(book.say(f"report.sign.{one}") for one in row.held),
            "told": words.plain(". ".join(said)),
            "stages": self._stages(row),
            "why": self._why.get(row.package, ""),
        }

    def _stages(self, row: Row) -> str:
        """Say which stage lasts from when to when."""
        say = self.told.book.say
        return "; ".join(
            f"{say(f'report.stage.{bar.stage}')} {months(self.told, bar.first, bar.end)}" for bar in row.bars
        )

    def _everywhere(self) -> Iterator[tuple[float, float]]:
        """Yield the months in which nobody may hand over."""
        for shut in self.told.scene.shut:
            if shut.everywhere:
                yield from (self.told.frame.span(*span) for span in shut.spans)

    def _shut(self, shut: Shut) -> str:
        spans = [months(self.told, *span) for span in shut.spans]
        when = self.told.book.many(spans, SPANS)
        return words.plain(self.told.book.say("report.shut", what=named(shut.name), when=when, count=shut.packages))

"""A plan as project tools think of it: tasks in an outline, ties between them, and teams that work on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sequencer.exports.shown import Line, Shown
from sequencer.exports.teams import Assignment, Team, teams
from sequencer.exports.text import first_day, legal
from sequencer.exports.ties import Tie, ties
from sequencer.phrases import Phrasebook
from sequencer.vocabulary import OPENS, Event, Stage


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the outline.

    Attributes
    ----------
    uid : int
        From 1, in the order of the outline.
    outline : tuple of int
        Place, package, and stage or milestone: where it stands among its like, from 1. Its length is the level.
    name : str
    line : Line or None
        The package; None for a place.
    part : Stage, Event or None
        A stage, a milestone, or None for what sums up those below.
    start, end : date
        The first day, and the day after the last; the same for a milestone.
    """

    uid: int
    outline: tuple[int, ...]
    name: str
    line: Line | None
    part: Stage | Event | None
    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.end - self.start).days


@dataclass(frozen=True, slots=True)
class Network:
    """All of it. ``left_out``: by package, what is said of links that no tie can say."""

    tasks: tuple[Task, ...]
    ties: tuple[Tie, ...]
    left_out: Mapping[str, tuple[str, ...]]
    teams: tuple[Team, ...]
    assignments: tuple[Assignment, ...]


def network(shown: Shown) -> Network:
    """Return a plan as tasks: places, in them packages, in them stages and the milestones transfer and exit.

    Parameters
    ----------
    shown : Shown

    Returns
    -------
    Network
        Stages of no length are left out, and the time before preparation begins; dates are those of the plan, also
        where they lie before its start. A link becomes a tie between the tasks that begin with its two events.
    """
    tasks = tuple(_outline(shown))
    opening: dict[tuple[str, Event], Task] = {}
    for task in tasks:
        if task.line is not None and task.part is not None:
            event = OPENS[task.part] if isinstance(task.part, Stage) else task.part
            if event is not None:
                opening.setdefault((task.line.package, event), task)
    for line in shown.lines:  # an event that no task begins with is that of the next task
        for event, later in zip(reversed(list(Event)[:-1]), reversed(list(Event)[1:]), strict=True):
            opening.setdefault((line.package, event), opening[line.package, later])
    begin = {key: (task.uid, isinstance(task.part, Event)) for key, task in opening.items()}
    tied, left_out = ties(shown, begin)
    stages = {
        (task.line.package, task.part): task.uid
        for task in tasks
        if task.line is not None and isinstance(task.part, Stage)
    }
    return Network(tasks, tied, left_out, *teams(shown, stages))


def _outline(shown: Shown) -> Iterator[Task]:
    uid = 0
    lines = sorted(shown.lines, key=lambda line: (line.place, line.transfer, line.package))
    for number, (place, group) in enumerate(groupby(lines, key=lambda line: line.place), start=1):
        mine = list(group)
        uid += 1
        first, end = min(map(_begin, mine)), max(line.exit for line in mine)
        yield Task(uid, (number,), legal(place) or "-", None, None, *_days(shown, first, end))
        for position, line in enumerate(mine, start=1):
            for part, (name, stage, begin, close) in enumerate(_parts(shown, line)):
                uid += 1
                outline = (number, position, part) if part else (number, position)
                yield Task(uid, outline, legal(name) or "-", line, stage, *_days(shown, begin, close))


def _begin(line: Line) -> int:
    return min([line.transfer, *(first for _, first, _ in line.stretches)])


def _parts(shown: Shown, line: Line) -> Iterator[tuple[str, Stage | Event | None, int, int]]:
    """Yield the package itself, then its stages and milestones in order of time."""
    book = Phrasebook.of(shown.language)
    yield line.package, None, _begin(line), line.exit
    parts: list[tuple[str, Stage | Event | None, int, int]] = [
        (book.say(f"report.stage.{stage}"), stage, first, end) for stage, first, end in line.stretches
    ]
    before = sum(first < line.transfer for _, first, _ in line.stretches)
    parts.insert(before, (book.say(f"event.{Event.TRANSFER}"), Event.TRANSFER, line.transfer, line.transfer))
    yield from parts
    yield book.say(f"event.{Event.EXIT}"), Event.EXIT, line.exit, line.exit


def _days(shown: Shown, first: int, end: int) -> tuple[date, date]:
    return first_day(shown.calendar, first), first_day(shown.calendar, end)

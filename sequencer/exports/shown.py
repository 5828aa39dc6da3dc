"""What every export shows of a plan: plain data, with nothing in it that its audience must not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sequencer.answers.discretion import Audience, Discretion
from sequencer.errors import UsageError
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.outcome import Outcome
from sequencer.pictures.scene import DRAWN
from sequencer.problem import Problem, Reserve, Schedule, Supply
from sequencer.reasons.local.tight import Tight
from sequencer.timetable import Choices
from sequencer.vocabulary import CLOSES, OPENS, Event, Stage

if TYPE_CHECKING:
    import pandas as pd

    from sequencer.questions.explaining import Explanation


@dataclass(frozen=True, slots=True)
class Line:
    """A package in the timetable.

    Attributes
    ----------
    stretches : tuple of (Stage, int, int)
        Stages that last, in order: the first month, and the month after the last.
    dates : mapping of Event to int
        Months from the start of the plan.
    """

    package: str
    place: str
    function: str
    institution: str
    receiver: str
    option: str
    phase: str
    stretches: tuple[tuple[Stage, int, int], ...]
    dates: Mapping[Event, int]

    @property
    def transfer(self) -> int:
        """The first month of local responsibility."""
        return self.dates[Event.TRANSFER]

    @property
    def exit(self) -> int:
        """The first month without mentors or advisers."""
        return self.dates[Event.EXIT]

    def stage(self, month: int) -> Stage:
        """Return the stage it is in in a month."""
        inside = (stage for stage, first, end in self.stretches if first <= month < end)
        return next(inside, Stage.AUTONOMOUS if month >= self.exit else Stage.INTERNATIONAL)


@dataclass(frozen=True, slots=True)
class Stock:
    """Need against what is there, in the months ``first`` to ``last``; ``pool`` is empty where there is one only."""

    resource: str
    pool: str
    unit: str
    label: str
    first: int
    last: int
    need: int
    there: int


@dataclass(frozen=True)
class Shown:
    """A plan, for whom it is exported, and in which language.

    Attributes
    ----------
    outcome : Outcome
        With a plan.
    audience : Audience
        Only the mission is shown threat, forces, reserves and who assessed what; readiness partners, too.
    language : str
        Two letters; of sentences, where a format has any.
    binding : DataFrame, optional
        What one more unit of each number brings, as ``sequencer.answers.explained.binding.binding`` returns it.

    Raises
    ------
    UsageError
        If there is no plan.
    """

    outcome: Outcome
    audience: Audience = Audience.PUBLIC
    language: str = "en"
    binding: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        if self.outcome.choices is None:
            raise UsageError(f"there is no plan to export: the status is {self.outcome.status.value}")

    @classmethod
    def of(cls, explanation: Explanation, audience: Audience = Audience.PUBLIC, language: str = "en") -> Shown:
        """Return the plan of an explanation, with what binds as far as that was asked.

        Raises
        ------
        UsageError
            If there is no plan.
        """
        from sequencer.answers.explained.binding import binding  # noqa: PLC0415 - only here, and it loads pandas

        outcome, found = explanation.outcome, explanation.binding
        frame = None if found is None else binding(outcome.instance, found, language)
        return cls(outcome, audience, language, frame)

    @property
    def instance(self) -> Instance:
        """What was asked."""
        return self.outcome.instance

    @property
    def problem(self) -> Problem:
        """What was asked, as rules."""
        return self.outcome.problem

    @property
    def calendar(self) -> Calendar:
        """The months of the plan."""
        return self.instance.calendar

    @property
    def choices(self) -> Choices:
        """What the plan decides."""
        return self.outcome.choices or {}

    @property
    def is_mission(self) -> bool:
        """Whether all may be shown."""
        return self.audience is Audience.MISSION

    @cached_property
    def seen(self) -> Discretion:
        """What of it the audience may see."""
        return Discretion(self.instance, self.problem, self.audience)

    @cached_property
    def schedule(self) -> Schedule:
        """All dates of the plan, and who pays."""
        return Schedule(self.calendar, self.problem.paths, self.problem.cells(self.choices), self.outcome.uses or {})

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The timetable, in order of transfer and name."""
        return tuple(map(self._line, sorted(self.choices, key=lambda name: (self.choices[name].transfer, name))))

    def _line(self, name: str) -> Line:
        package, choice = self.instance.package[name], self.choices[name]
        dates = {event: self.schedule.date(name, event) for event in Event}
        ends = [(stage, OPENS[stage], CLOSES[stage]) for stage in DRAWN]
        lasting = [(stage, dates[opens], dates[closes]) for stage, opens, closes in ends if opens and closes]
        return Line(
            package=name,
            place=package.place,
            function=package.function,
            institution=package.institution,
            receiver=package.receiver,
            option=choice.option,
            phase=next((p.name for p in self.instance.phases if p.start <= choice.transfer <= p.end), ""),
            stretches=tuple((stage, first, end) for stage, first, end in lasting if first < end),
            dates=dates,
        )

    @cached_property
    def stocks(self) -> tuple[Stock, ...]:
        """Need and supply: pools that anybody needs, without what has ended, and reserves, if they may be told."""
        return tuple(self._stocks())

    def _stocks(self) -> Iterator[Stock]:
        for rule in filter(self.seen.rule, self.problem.rules):
            if isinstance(rule, Supply):
                totals = rule.totals(self.schedule)
                rows = zip(rule.labels, rule.buckets, totals, rule.capacity, strict=True)
                for label, months, need, there in list(rows)[rule.ended :] if any(totals) else ():
                    yield Stock(rule.resource, rule.pool, rule.unit, label, months[0], months[-1], need, there)
            elif isinstance(rule, Reserve):
                for month, needs in enumerate(rule.needs(self.schedule)):
                    if month >= rule.as_of:
                        need = sum(amount for amount, _ in rule.worst(needs))
                        label = self.calendar.label(month)
                        yield Stock("reserve", rule.scope, "people", label, month, month, need, rule.people[month])

    @cached_property
    def held(self) -> tuple[Tight, ...]:
        """What holds each package at its month, as far as it may be told."""
        return tuple(each for each in self.outcome.held if self.seen.tight(each))

"""What a brief for others than the mission may say: no score, no threat, no forces, no reserve, no assessor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sequencer import words
from sequencer.answers.conditions import sentence
from sequencer.instance.instance import Instance
from sequencer.pictures.told import Told
from sequencer.problem import Closing
from sequencer.reasons.conditions import Condition, Kind
from sequencer.reasons.local.earlier import answer
from sequencer.reasons.local.locally import Local
from sequencer.reasons.local.obstacles import Closed, Obstacle, Short, Unanswered

LONGEST = 320  # characters of a sentence

#: What is told; a kind that is new is not, until it stands here.
OPEN = frozenset(
    {Kind.SUPPLY, Kind.MONEY, Kind.PLEDGE, Kind.LINK, Kind.GATE, Kind.WIDTH, Kind.CLOSURE, Kind.FACTOR, Kind.MANDATE}
)
SECRET = frozenset({Closing.READINESS, Closing.THREAT, Closing.TREND})


def shown(told: Told) -> Iterator[Condition]:
    """Yield the conditions that others than the mission may read, the closest to falling first."""
    closed = _forces(told.instance) | _events(told.instance)
    for condition in told.explanation.conditions:
        if condition.kind in OPEN and condition.about not in closed:
            yield condition


def _forces(instance: Instance) -> set[str]:
    """Return the resources that forces supply."""
    return {fact.resource for fact in instance.guarantees}


def _events(instance: Instance) -> set[str]:
    """Return the events of the calendar that are about them."""
    return {fact.name for fact in instance.calendar_events if fact.resource in _forces(instance) - {""}}


def said(condition: Condition, told: Told) -> str:
    """Return a condition in a sentence."""
    return cut(sentence(condition, told.calendar, told.book))


def cut(text: str) -> str:
    """Return a sentence as it fits on a page of few: names may be of any length."""
    text = words.plain(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def why(local: Local, told: Told) -> str:
    """Return what stands against a package's coming earlier, as far as it may be read."""
    open_ones = tuple(each for each in local.first if not _hidden(each, told.instance))
    if local.first and not open_ones:
        return told.book.say("briefs.hidden", package=told.book.package(local.package))
    return answer(replace(local, first=open_ones), told.outcome.problem, told.book).first


def _hidden(obstacle: Obstacle, instance: Instance) -> bool:
    match obstacle:
        case Unanswered():
            return True
        case Closed():
            clause = obstacle.promise.clause
            return clause.kind in SECRET or (clause.kind is Closing.CALENDAR and clause.subject in _events(instance))
        case Short():
            return obstacle.promise.resource in _forces(instance)
        case _:
            return False

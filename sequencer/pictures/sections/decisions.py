"""The decision calendar: by when laws, budgets, pledges, posts and support must be in place for the plan to hold.

Each date is the latest that does while everything else stays as planned; what rests on it stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sequencer import words
from sequencer.answers.conditions.sentences import packages, value
from sequencer.instance.facts.fact import HOST
from sequencer.pictures.sections.conditions import LARGE
from sequencer.pictures.summed.block import table
from sequencer.pictures.told import Told
from sequencer.problem import Schedule
from sequencer.reasons.conditions import Condition, Kind
from sequencer.vocabulary import Event

MOST = 60  # decisions that are told, the earliest first
COLUMNS = ("by", "what", "rests")


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """What must be in place from the start of a month on, and the packages whose dates rest on it."""

    month: int
    what: str
    rests: tuple[str, ...]


def decisions(told: Told) -> Mapping[str, Any] | None:
    """Return what must be decided by when, the earliest first; None without a plan, or where nothing must."""
    if told.outcome.choices is None:
        return None
    book, as_of = told.book, told.instance.plan.as_of
    open_ = [each for each in told.explanation.conditions if told.seen.condition(each)]
    found = sorted({*_laws(told, open_), *_money(told, open_), *_scores(told, open_), *_support(told)})
    coming = [each for each in found if each.month >= as_of and each.rests]
    notes = [book.say("decisions.rest", count=len(coming) - MOST)] if len(coming) > MOST else []
    if not told.explanation.conditions and len(told.instance.packages) > LARGE:
        notes.append(book.say("decisions.large", count=len(told.instance.packages), command="sequencer report"))
    rows = [(book.month(told.calendar, each.month), each.what, packages(each.rests, book)) for each in coming[:MOST]]
    heads = [book.say(f"decisions.column.{name}") for name in COLUMNS]
    made = table(book.say("decisions.caption"), heads, rows)
    return {"table": made, "notes": notes} if made or notes else None


def _laws(told: Told, found: list[Condition]) -> Iterator[Decision]:
    """Yield what is not yet in force when the plan begins, and keeps dates closed until it is."""
    for each in found:
        if each.kind is not Kind.CLOSURE or each.stands is None or (each.falls or 0) <= 0:
            continue
        for fact in told.instance.calendar_events:
            is_pending = fact.start <= told.instance.plan.as_of <= fact.end and not fact.yearly
            if fact.origin in each.origins and is_pending:
                planned = told.book.month(told.calendar, fact.end + 1)
                what = told.book.sentence("decisions.law", about=words.spaced(each.about), planned=planned)
                yield Decision(fact.end + 1 + each.stands, what, each.packages)


def _money(told: Told, found: list[Condition]) -> Iterator[Decision]:
    """Yield what each budget and each pledge must give in each year, and what a pledge waits for."""
    book, calendar = told.book, told.calendar
    announced = {pledge.line for pledge in told.instance.counted_pledges if not pledge.confirmed}
    for each in found:
        about, needed = words.spaced(each.about), value(each, each.needed, calendar, book)
        if each.kind is Kind.MONEY:
            is_budget = each.address.startswith("budget.")
            kind = "budget" if is_budget else "announced" if each.about in announced else "pledge"
            kind = "host" if is_budget and each.about == HOST else kind
            year = str(calendar.fiscal_year(each.first))
            expected = value(each, each.expected, calendar, book)
            what = book.sentence(f"decisions.{kind}", about=about, year=year, needed=needed, expected=expected)
            yield Decision(each.first, what, each.packages)
        elif each.kind is Kind.PLEDGE and each.event is not None:
            event, package = book.say(f"event.{each.event.value}"), book.package(each.about)
            line = words.spaced(each.pool)
            what = book.sentence("decisions.waits", event=event, package=package, line=line)
            yield Decision(each.needed, what, each.packages)


def _scores(told: Told, found: list[Condition]) -> Iterator[Decision]:
    """Yield by when each criterion, such as posts filled, must be met, all packages of a month together."""
    by_month: dict[tuple[int, str], list[str]] = {}
    for each in found:
        if each.kind is Kind.READINESS:
            by_month.setdefault((each.first, each.about), []).extend(each.packages)
    for (month, criterion), names in by_month.items():
        what = told.book.sentence("decisions.score", criterion=words.spaced(criterion))
        yield Decision(month, what, tuple(dict.fromkeys(names)))


def _support(told: Told) -> Iterator[Decision]:
    """Yield by when support must begin, all packages of a month with the same option together."""
    problem, choices = told.outcome.problem, told.outcome.choices or {}
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices), {})
    by_month: dict[tuple[int, str], list[str]] = {}
    for name, choice in choices.items():
        start, end = (schedule.date(name, event) for event in (Event.SUPPORT_START, Event.SUPPORT_END))
        if start < end:
            by_month.setdefault((start, choice.option), []).append(name)
    for (month, option), names in by_month.items():
        yield Decision(month, told.book.sentence("decisions.support", option=words.spaced(option)), tuple(names))

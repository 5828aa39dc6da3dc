"""What must be true for the dates to hold, the closest to falling first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sequencer import words
from sequencer.answers.conditions import sentence
from sequencer.answers.conditions.page import falls_at, measured
from sequencer.pictures.summed.block import table
from sequencer.pictures.told import Told
from sequencer.reasons.conditions import Condition

NEAREST = 30  # conditions that are told; conditions.csv has them all
LARGE = 500  # packages with more of which conditions are asked for by name only
COLUMNS = ("condition", "by", "until", "checker", "now", "falls")


def conditions(told: Told) -> Mapping[str, Any] | None:
    """Return the conditions that the audience may read; None without a plan, or where there are none."""
    if told.outcome.choices is None:
        return None
    book, found = told.book, told.explanation.conditions
    shown = [each for each in found if told.seen.condition(each)]
    notes = []
    if not found and len(told.instance.packages) > LARGE:
        notes.append(book.say("facts.large", count=len(told.instance.packages), command="sequencer report"))
    if hidden := len(found) - len(shown):
        notes.append(book.say("facts.withheld", count=hidden))
    if rest := len(shown) - NEAREST if len(shown) > NEAREST else 0:
        notes.append(book.say("facts.rest", count=rest, command="sequencer explain --out"))
    heads = [book.say(f"facts.column.{name}") for name in COLUMNS]
    rows = [_row(each, told) for each in shown[:NEAREST]]
    made = table(book.say("facts.caption"), heads, rows)
    return {"table": made, "notes": notes} if made or notes else None


def _row(condition: Condition, told: Told) -> tuple[str, ...]:
    book, calendar = told.book, told.calendar
    return (
        sentence(condition, calendar, book),
        book.month(calendar, condition.first),
        book.month(calendar, condition.last),
        words.spaced(told.seen.checker(condition)),
        measured(condition, condition.expected, calendar, book),
        falls_at(condition, calendar, book),
    )

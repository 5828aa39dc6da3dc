"""What a brief says of conditions, as short as a page needs it."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer import words
from sequencer.answers.conditions import sentence
from sequencer.pictures.told import Told
from sequencer.reasons.conditions import Condition

LONGEST = 320  # characters of a sentence


def shown(told: Told) -> Iterator[Condition]:
    """Yield the conditions that the reader may read, the closest to falling first."""
    return filter(told.seen.condition, told.explanation.conditions)


def said(condition: Condition, told: Told) -> str:
    """Return a condition in a sentence."""
    return cut(sentence(condition, told.calendar, told.book))


def cut(text: str) -> str:
    """Return a sentence as it fits on a page of few: names may be of any length."""
    text = words.plain(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

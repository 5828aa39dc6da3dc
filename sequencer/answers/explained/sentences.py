"""Conflicts in sentences, in the language of a phrasebook."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.phrases import Phrasebook
from sequencer.problem import Problem
from sequencer.reasons.conflicts import Conflict
from sequencer.reasons.promises import Promises


def conflict(found: Conflict, problem: Problem, book: Phrasebook) -> Iterator[str]:
    """Yield what contradicts each other, a line for each promise, and how sure that is."""
    if not found.parts:
        yield book.say("conflict.nothing")
        return
    yield book.say("conflict.place", place=found.scope) if found.scope else book.say("conflict.country")
    yield from (f"- {line}" for line in Promises(problem, book).lines(found.parts))
    yield book.say("conflict.sure" if found.sure else "conflict.unsure")
    if not found.confirmed:
        yield book.say("conflict.unconfirmed")

"""The summary: when, how sure, and what the inputs rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sequencer import words
from sequencer.answers import statements
from sequencer.answers.evidence import evidence
from sequencer.pictures.told import Told


def summary(told: Told) -> Mapping[str, Any] | None:
    """Return the lines a minister reads first."""
    return {"lines": [words.plain(line) for line in _lines(told)]}


def _lines(told: Told) -> Iterator[str]:
    yield statements.headline(told.outcome)
    for level in told.outcome.levels:
        yield statements.level(level, told.calendar)
    yield statements.evidence(evidence(told.instance))

"""What must be true for the dates to hold, the closest to falling first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sequencer import words
from sequencer.answers.conditions import sentence
from sequencer.pictures.told import Told
from sequencer.reasons.conditions import Kind

NEAREST = 30  # conditions that are told; conditions.csv has them all

#: Conditions that only the mission may read: they say where it is weak.
HIDDEN = frozenset({Kind.THREAT, Kind.TREND})


def conditions(told: Told) -> Mapping[str, Any] | None:
    """Return the conditions that the audience may read; None where there are none."""
    shown = [each for each in told.explanation.conditions if told.is_mission or each.kind not in HIDDEN]
    lines = [words.plain(sentence(each, told.calendar, told.book)) for each in shown[:NEAREST]]
    return {"lines": lines} if lines else None

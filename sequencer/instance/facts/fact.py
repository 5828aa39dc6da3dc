"""What all facts have in common: where they were said, and which of their numbers are levers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sequencer.vocabulary import MONTH as MONTH
from sequencer.vocabulary import SCORE as SCORE
from sequencer.vocabulary import Origin

LARGEST = 10**12  # of any number, so that sums stay exact
HOST = "host"  # the budget line that is meant where none is named
COUNTRY = "country"  # the reserve scope of all places
THOUSANDTHS = 1000  # of a share or a factor

#: Least and greatest value shown, by unit; units not named may not be negative.
RANGES: dict[str, tuple[int | None, int | None]] = {
    MONTH: (None, None),
    "months": (0, 600),
    "lag": (-600, 600),
    "points": (0, 100),
    "more points": (-100, 100),
    "points per month": (-100, 100),
    "level": (1, 5),
    "percent": (0, 100),
    "times": (0, 10),
    "relapses": (0, 1000),
}


def lever(
    unit: str, relax: int = 0, *, scale: int = 1, least: int | None = None, optional: bool = False
) -> dict[str, Any]:
    """Return the metadata of a field that holds a number the planner may turn, and may take away if ``optional``."""
    low, high = RANGES.get(unit, (0, LARGEST))
    return {
        "unit": unit,
        "relax": relax,
        "scale": scale,
        "low": low if least is None else least,
        "high": high,
        "optional": optional,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of all facts: each knows the file and row it came from."""

    origin: Origin

"""The map of the transition: places by months, coloured by who is responsible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sequencer import words
from sequencer.pictures.told import Told


def responsible(told: Told) -> Mapping[str, Any] | None:
    """Return for each place stretches of months with the same share in local hands; None without a plan."""
    return None if told.outcome.choices is None else {"grid": list(_grid(told))}


def _grid(told: Told) -> Iterator[tuple[str, list[tuple[float, float, float, str]]]]:
    frame, label = told.frame, told.calendar.label
    for place, shares in told.scene.responsible:
        cells, first = list[tuple[float, float, float, str]](), 0
        for month in range(1, len(shares) + 1):
            if month == len(shares) or shares[month] != shares[first]:
                width = round((month - first) * frame.month, 1)
                said = f"{label(first)}: {shares[first]} %"
                cells.append((frame.x(first), width, round(0.06 + 0.94 * shares[first] / 100, 2), said))
                first = month
        yield words.plain(place), cells

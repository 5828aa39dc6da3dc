"""A schedule: one cell per package, from which every date follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sequencer.months import Calendar
from sequencer.problem.path import Cell, Path
from sequencer.vocabulary import Event


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cell for every package, and the dates that follow from it."""

    calendar: Calendar
    paths: Mapping[str, Path]
    cells: Mapping[str, Cell]

    def date(self, package: str, event: Event) -> int:
        """Return the month of an event of a package."""
        return self.paths[package].date(self.cells[package], event)

    def label(self, package: str, event: Event) -> str:
        """Return the month of an event of a package as ``YYYY-MM``."""
        return self.calendar.label(self.date(package, event))

"""A schedule: one cell per package, from which every date follows, and how it is paid for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sequencer.months import Calendar
from sequencer.problem.path import Cell, Path
from sequencer.timetable import Uses
from sequencer.vocabulary import Event


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cell for every package, and the dates that follow from it.

    ``uses``: what each line of money pays in each fiscal year; empty where there is no money rule.
    """

    calendar: Calendar
    paths: Mapping[str, Path]
    cells: Mapping[str, Cell]
    uses: Uses = field(default_factory=dict)

    def date(self, package: str, event: Event) -> int:
        """Return the month of an event of a package."""
        return self.paths[package].date(self.cells[package], event)

    def label(self, package: str, event: Event) -> str:
        """Return the month of an event of a package as ``YYYY-MM``."""
        return self.calendar.label(self.date(package, event))

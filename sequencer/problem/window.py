"""Windows: the cells of one package that a promise closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sequencer.months import Calendar
from sequencer.problem.breach import Breach
from sequencer.vocabulary import Origin

if TYPE_CHECKING:
    from sequencer.problem.schedule import Schedule


@dataclass(frozen=True, eq=False, slots=True)
class Measure:
    """The measured values behind a window: in each cell the worst value found, where, and the value needed.

    Attributes
    ----------
    found : int array, shape (K, T)
        The worst value met by the cell, in units of 1 / ``scale`` of ``unit``.
    month : int array, shape (K, T)
        The month of that value.
    needed : int
        The value it is compared with.
    at_least : bool
        Whether ``needed`` is a floor (else a ceiling).
    """

    found: NDArray[np.int64]
    month: NDArray[np.int64]
    needed: int
    at_least: bool
    unit: str
    scale: int = 1

    @property
    def closed(self) -> NDArray[np.bool_]:
        """The cells, shape (K, T), whose value does not suffice."""
        return self.found < self.needed if self.at_least else self.found > self.needed

    def describe(self, at: tuple[int, int], calendar: Calendar) -> str:
        """Say what was found and needed in the cell at a position of the tables."""
        found = f"{int(self.found[at]) / self.scale:g}"
        needed = f"{self.needed / self.scale:g}"
        sense = "at least" if self.at_least else "at most"
        return f"{found} {self.unit} in {calendar.label(int(self.month[at]))}, {sense} {needed} needed"


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """P1, W1-W10: the cells of one package that a promise closes.

    Attributes
    ----------
    id : str
        Which of the rules.
    closed : bool array, shape (K, T)
        The cells that may not be chosen.
    text : str
        The promise in words, without the name of the package.
    measure : Measure or None
        The values behind it, where it compares some.
    """

    id: str
    package: str
    closed: NDArray[np.bool_]
    text: str
    origins: tuple[Origin, ...] = ()
    measure: Measure | None = None

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield the breach, if the chosen cell is closed."""
        cell, path = schedule.cells[self.package], schedule.paths[self.package]
        at = (cell.option, path.column(cell.transfer))
        if not self.closed[at]:
            return
        amount, unit, reason = 1, "month", self.reason(at, schedule.calendar)
        if self.measure is not None:
            amount, unit = abs(int(self.measure.found[at]) - self.measure.needed), self.measure.unit
        text = f"{self.package}, transfer in {schedule.calendar.label(cell.transfer)}: {reason}"
        yield Breach(self.id, (self.package,), cell.transfer, amount, unit, text, self.origins)

    def reason(self, at: tuple[int, int], calendar: Calendar) -> str:
        """Say why the cell at a position of the tables is closed."""
        return self.text if self.measure is None else f"{self.text}: {self.measure.describe(at, calendar)}"

    def nearest(self, cells: NDArray[np.bool_], calendar: Calendar) -> str:
        """Say why the window closes some cells, a mask of shape (K, T), by the latest of those nearest to open."""
        if self.measure is None:
            return self.text
        lacking = np.abs(self.measure.found - self.measure.needed)
        best = np.argwhere(cells & (lacking == lacking[cells].min()))
        option, column = max(best.tolist(), key=lambda at: at[1])
        return f"{self.text}: at best {self.measure.describe((option, column), calendar)}"

    def describe(self, calendar: Calendar) -> str:
        """Say the rule in a sentence."""
        return f"{self.package}: {self.nearest(self.closed, calendar)}"

"""Windows: the cells of one package that a promise closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sequencer.months import Calendar
from sequencer.problem.breach import Breach
from sequencer.problem.clause import Clause
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
    origins : tuple of Origin
        Rows that values may come from.
    which : int array, shape (K, T), or None
        The row of ``origins`` behind the value of each cell.
    """

    found: NDArray[np.int64]
    month: NDArray[np.int64]
    needed: int
    at_least: bool
    unit: str
    scale: int = 1
    origins: tuple[Origin, ...] = ()
    which: NDArray[np.int64] | None = None

    @property
    def over(self) -> NDArray[np.int64]:
        """How far the value of each cell, shape (K, T), is from what is needed; 0 or less where it suffices."""
        return self.needed - self.found if self.at_least else self.found - self.needed

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
    over : int array, shape (K, T)
        How far each cell breaks the promise, in ``unit``; 0 or less where it keeps it.
    text : str
        The promise in words, without the name of the package.
    clause : Clause
        The promise in parts.
    measure : Measure or None
        The values behind it, where it compares some.
    """

    id: str
    package: str
    over: NDArray[np.int64]
    unit: str
    text: str
    clause: Clause
    origins: tuple[Origin, ...] = ()
    measure: Measure | None = None

    @property
    def closed(self) -> NDArray[np.bool_]:
        """The cells, shape (K, T), that may not be chosen."""
        return self.over > 0

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield the breach, if the chosen cell is closed."""
        cell, path = schedule.cells[self.package], schedule.paths[self.package]
        at = (cell.option, path.column(cell.transfer))
        if not self.closed[at]:
            return
        month = schedule.calendar.label(cell.transfer)
        text = f"{self.package}, transfer in {month}: {self.reason(at, schedule.calendar)}"
        yield Breach(self.id, (self.package,), cell.transfer, int(self.over[at]), self.unit, text, self.rows(at))

    def reason(self, at: tuple[int, int], calendar: Calendar) -> str:
        """Say why the cell at a position of the tables is closed."""
        return self.text if self.measure is None else f"{self.text}: {self.measure.describe(at, calendar)}"

    def rows(self, at: tuple[int, int]) -> tuple[Origin, ...]:
        """Return the rows that the reason for closing a cell rests on."""
        if self.measure is None or self.measure.which is None:
            return self.origins
        return (*self.origins, self.measure.origins[int(self.measure.which[at])])

    def nearest(self, cells: NDArray[np.bool_], calendar: Calendar) -> tuple[str, tuple[Origin, ...]]:
        """Say why the window closes some cells, a mask of shape (K, T), and by which rows.

        Of measured values it tells the one nearest to what is needed, the latest if there are several.
        """
        if self.measure is None:
            return self.text, self.origins
        lacking = np.abs(self.measure.found - self.measure.needed)
        best = np.argwhere(cells & (lacking == lacking[cells].min()))
        option, column = max(best.tolist(), key=lambda at: at[1])
        at = (option, column)
        return f"{self.text}: at best {self.measure.describe(at, calendar)}", self.rows(at)

    def describe(self, calendar: Calendar) -> str:
        """Say the rule in a sentence."""
        return f"{self.package}: {self.nearest(self.closed, calendar)[0]}"

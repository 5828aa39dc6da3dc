"""What a package moving alone would do to the terms of the objective."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sequencer.problem import Problem, Schedule, Term
from sequencer.reasons.local.obstacles import Worse

Table = NDArray[np.int64]


class Worth:
    """The terms of an objective, in order, and the most each may reach."""

    def __init__(self, problem: Problem, schedule: Schedule, caps: Sequence[tuple[str, int]]) -> None:
        self._schedule = schedule
        self._caps = [(_Sum(problem.terms[term], schedule), most) for term, most in caps]

    def over(self, name: str, stop: int) -> tuple[Table, Table]:
        """Return the position of the first term that exceeds what it may reach, and by how much.

        Both are over all options and the first ``stop`` months of the path, shape (K, M), -1 and 0 where none does.
        """
        shape = (len(self._schedule.paths[name].options), stop)
        first, amount = np.full(shape, -1), np.zeros(shape, dtype=np.int64)
        for i in reversed(range(len(self._caps))):
            term, most = self._caps[i]
            over = term.moved(name, stop) - most
            first, amount = np.where(over > 0, i, first), np.where(over > 0, over, amount)
        return first, amount

    def worse(self, first: int, amount: int) -> Worse | None:
        """Return the term at a position as a record; None for -1."""
        return None if first < 0 else Worse(self._caps[first][0].term, amount)


class _Sum:
    """A term, and what each package contributes to it in a timetable."""

    def __init__(self, term: Term, schedule: Schedule) -> None:
        self.term = term
        self._own = {
            name: int(table[schedule.cells[name].option, schedule.paths[name].column(schedule.cells[name].transfer)])
            for name, table in term.tables.items()
        }
        entries = sorted(self._own.values(), reverse=True)
        self._all = sum(entries)
        self._largest = [*entries, 0, 0][:2] if term.maximum else []

    def moved(self, name: str, stop: int) -> Table | int:
        """Return the value of the term when one package has moved: one number where that does not count."""
        table, own = self.term.tables.get(name), self._own.get(name, 0)
        if self.term.maximum:
            others = self._largest[table is not None and own == self._largest[0]]
            return others if table is None else np.maximum(table[:, :stop], others)
        return self._all if table is None else self._all - own + table[:, :stop]

"""Any plan of a large problem, as soon as one is found."""

from __future__ import annotations

import threading

import numpy as np

from sequencer.engine.run import Run
from sequencer.outcome import Limits
from sequencer.problem import Problem, Term


class _Either(threading.Event):
    """Set when it is set itself, or another event is."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        """Return whether either is set."""
        return super().is_set() or self._other.is_set()


def any_plan(problem: Problem, limits: Limits, stop: threading.Event) -> Run:
    """Look for any plan by ruin and recreate, and beside it for a proof that there is none.

    Ruin and recreate finds plans where CP-SAT alone does not; it needs a sum to go by: transfers as early as can be.

    Parameters
    ----------
    problem : Problem
    limits : Limits
    stop : threading.Event
        Ends the search soon after it is set.
    """
    from sequencer.auto import priced  # noqa: PLC0415 - what it loads and compiles takes time

    tables = {
        name: np.broadcast_to(np.maximum(0, np.array(path.months, dtype=np.int64)), path.shape)
        for name, path in problem.paths.items()
    }
    found = _Either(stop)

    def hear(value: int | None, bound: int | None) -> None:  # noqa: ARG001 - as searches report
        if value is not None:
            found.set()

    earliest = Term("early_transfer", "months", maximum=False, tables=tables)
    return priced.run(problem, earliest, [], None, limits=limits, stop=found, progress=hear)

"""Any plan of a large problem, as soon as one is found."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping

import numpy as np

from sequencer.engine.run import Caps, Run
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term


class Either(threading.Event):
    """Set when it is set itself, when another event is, or when a time has come.

    Parameters
    ----------
    other : threading.Event
    until : float, optional
        As ``time.monotonic`` counts.
    """

    def __init__(self, other: threading.Event, until: float = math.inf) -> None:
        super().__init__()
        self._other = other
        self._until = until

    def is_set(self) -> bool:
        """Return whether it is so far."""
        return super().is_set() or self._other.is_set() or time.monotonic() > self._until


def any_plan(problem: Problem, caps: Caps, limits: Limits, stop: threading.Event) -> Run:
    """Look for any plan by ruin and recreate, which finds plans where CP-SAT alone does not.

    Parameters
    ----------
    problem : Problem
    caps : sequence of (Term, int)
        Terms that must stay at most at these values.
    limits : Limits
    stop : threading.Event
        Ends the search soon after it is set.

    Returns
    -------
    Run
        INFEASIBLE only where a package, or what it is linked to, has no open month; UNKNOWN where time ran out.
    """
    from sequencer.binaries.program import tell  # noqa: PLC0415 - what they load and compile takes time
    from sequencer.rebuild.search import Rebuilder  # noqa: PLC0415

    began = time.monotonic()
    program = tell(problem, _earliest(problem), caps)
    if program is None:
        return Run(Status.INFEASIBLE, None, None, time.monotonic() - began)
    found: list[Mapping[str, Cell]] = []
    rebuilder = Rebuilder(program, limits.seed, found.append)
    while not found and not stop.is_set() and time.monotonic() - began < limits.seconds:
        rebuilder.work()
    spent = time.monotonic() - began
    return Run(Status.FEASIBLE, found[-1], None, spent) if found else Run(Status.UNKNOWN, None, None, spent)


def any_plan_or_none(problem: Problem, caps: Caps, limits: Limits, stop: threading.Event) -> Run:
    """Look for any plan, and beside it for a proof that there is none: by prices, fractions and CP-SAT.

    Parameters
    ----------
    problem : Problem
    caps : sequence of (Term, int)
        Terms that must stay at most at these values.
    limits : Limits
    stop : threading.Event
        Ends the search soon after it is set.
    """
    from sequencer.auto import priced  # noqa: PLC0415 - what it loads and compiles takes time

    found = Either(stop)

    def hear(value: int | None, bound: int | None) -> None:  # noqa: ARG001 - as searches report
        if value is not None:
            found.set()

    return priced.run(problem, _earliest(problem), caps, None, limits=limits, stop=found, progress=hear)


def _earliest(problem: Problem) -> Term:
    """Return a sum to go by: transfers as early as can be, which leave most room for what waits for them."""
    tables = {
        name: np.broadcast_to(np.maximum(0, np.array(path.months, dtype=np.int64)), path.shape)
        for name, path in problem.paths.items()
    }
    return Term("early_transfer", "months", maximum=False, tables=tables)

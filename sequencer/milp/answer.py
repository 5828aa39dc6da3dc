"""What a MILP solver is told and answers, in floating point."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol, TypeAlias

from sequencer.binaries.rows import Var
from sequencer.milp.rows import Rows
from sequencer.outcome import Limits

GAP = 0.5  # the objective counts whole units: what is better at all is better by 1, and half of that is left for noise

#: Called with the best value and the bound, each None while unknown.
Watch: TypeAlias = Callable[[float | None, float | None], None]


class Verdict(Enum):
    """What a solver says of a problem."""

    OPTIMAL = auto()
    INFEASIBLE = auto()
    STOPPED = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver found.

    Attributes
    ----------
    values : sequence of float, or None
        The value of each variable in the best solution.
    bound : float or None
        No solution has a smaller objective, as far as floating point can tell.
    note : str
        What else must be said of it, in words; may be empty.
    """

    verdict: Verdict
    values: Sequence[float] | None
    bound: float | None
    note: str = ""


class Solver(Protocol):
    """A MILP solver."""

    def __call__(
        self,
        rows: Rows,
        start: Mapping[Var, int],
        *,
        limits: Limits,
        stop: threading.Event,
        watch: Watch | None,
    ) -> Answer:
        """Minimise the objective of a problem, which counts whole units.

        Parameters
        ----------
        start : mapping of Var to int
            Values to begin from, perhaps of some variables only; may be empty.
        stop : threading.Event
            Ends the search soon after it is set.
        watch : callable, optional
            Told how far the search has come, on a thread of the solver.
        """

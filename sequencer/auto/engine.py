"""The engine that chooses and combines: what is asked decides who answers."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sequencer.auto import maxima, sums
from sequencer.auto.combined import CPSAT
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Progress, Run, Stoppable
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term

SOON = 2.0  # seconds for a plan that is there at once or, most likely, not at all
LARGEST = 2.0**44  # of a sum: prices in parts of it can still be added without an error


def too_large(term: Term) -> bool:
    """Return whether a sum could become too large to be evaluated by prices exactly.

    As they do, it counts what each cell has beyond the least of its package, in the greatest number that divides all
    of that: risk is counted in hundreds of thousands.
    """
    beyond = [table - table.min() for table in term.tables.values() if table.size]
    unit = math.gcd(*(int(np.gcd.reduce(table, axis=None)) for table in beyond)) or 1
    return sum(float(table.max()) / unit for table in beyond) > LARGEST


class Auto(CpSat):
    """Sums are priced, rebuilt and searched; for maxima schedules are bred beside CP-SAT; see ``Engine``.

    Bounds are exact unless a run says otherwise. Second proofs are those of CP-SAT.
    """

    name = "auto"

    def run(
        self,
        problem: Problem,
        term: Term | None,
        caps: Caps,
        hint: Mapping[str, Cell] | None,
        *,
        limits: Limits,
        stop: threading.Event,
        progress: Progress | None = None,
    ) -> Run:
        """Minimise a term while others stay at most at given values.

        What must be repeated byte by byte is left to CP-SAT: threads that tell each other what they find do not repeat.
        """
        if term is not None and term.maximum and term.tables and not limits.deterministic:
            run = maxima.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)
            return run if run.steps or run.by else replace(run, by=CPSAT)
        if term is None or limits.deterministic or not term.tables or too_large(term):
            run = super().run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)
            return run if run.steps else replace(run, by=CPSAT)
        return sums.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)

    def find(self, problem: Problem, caps: Caps, *, limits: Limits, stop: Stoppable) -> Run:
        """Look for a plan that keeps caps as tight as they can be, in the way that finds one soonest.

        What is not found soon is left to ``run``, which tightens the caps from both sides, and finds the same sooner
        where there are many cells, or schedules are bred for the last of the caps.
        """
        many = not limits.deterministic and not sums.is_small(problem, caps)
        if many or (caps and caps[-1][0].maximum and maxima.bred(problem, caps[-1][0], caps[:-1])):
            return Run(Status.UNKNOWN, None, None, 0.0)
        soon = limits if limits.deterministic else replace(limits, seconds=min(limits.seconds, SOON))
        return replace(super().find(problem, caps, limits=soon, stop=stop), by=CPSAT)

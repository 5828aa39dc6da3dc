"""CP-SAT as an engine: two formulations, each the other's witness."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sequencer.cpsat import search
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.engine.run import Caps, Progress, Run, Stoppable
from sequencer.outcome import Limits
from sequencer.problem import Cell, Problem, Term

#: What the formulations are called in answers.
NAMES = {OverCells: "CP-SAT over cells", OverDates: "CP-SAT over dates"}

FIRST = 2 / 3  # of the time for second proofs, for the first of them


class CpSat:
    """Problems told to CP-SAT, each in the formulation that is strongest for its term; see ``Engine``."""

    name = "cpsat"
    proof = "exact"

    def begin(self, problem: Problem, term: Term, caps: Caps) -> str:  # noqa: ARG002 - nothing is to be done
        """Do nothing before a level."""
        return ""

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
        """Minimise a term while others stay at most at given values."""
        return search.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)

    def find(self, problem: Problem, caps: Caps, *, limits: Limits, stop: Stoppable) -> Run:
        """Look for a plan over cells: there it is found soonest where needs of all kinds compete."""
        return search.run(problem, None, caps, None, limits=limits, stop=stop, formulation=OverCells)

    def others(
        self, problem: Problem, term: Term | None, caps: Caps, *, limits: Limits, stop: threading.Event
    ) -> Iterator[tuple[str, Run]]:
        """Ask in the other formulation, then in the first one without letting the solver simplify it."""
        told = search.best_for(term)
        other = OverCells if told is OverDates else OverDates
        for formulation, presolve, share in ((other, True, FIRST), (told, False, 1 - FIRST)):
            part = replace(limits.reseeded(), seconds=limits.seconds * share)
            run = search.run(
                problem, None, caps, None, limits=part, stop=stop, formulation=formulation, presolve=presolve
            )
            yield NAMES[formulation], run

"""Peers that are engines: the same rules and cells, told and searched without what the program's own engines add."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import partial

from sequencer.cpsat import search
from sequencer.cpsat.engine import CpSat
from sequencer.cpsat.over_dates import OverDates
from sequencer.engine.run import Caps, Progress, Run, Stoppable
from sequencer.milp import highs
from sequencer.milp.engine import Milp
from sequencer.outcome import Limits
from sequencer.problem import Cell, Problem, Term


class Intervals(CpSat):
    """CP-SAT on intervals over dates, whatever the term; see ``sequencer.engine.run.Engine``."""

    name = "intervals"

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
        return search.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress, formulation=OverDates)

    def find(self, problem: Problem, caps: Caps, *, limits: Limits, stop: Stoppable) -> Run:
        """Look for any plan that keeps caps."""
        return search.run(problem, None, caps, None, limits=limits, stop=stop, formulation=OverDates)

    def others(
        self,
        problem: Problem,
        term: Term | None,  # noqa: ARG002 - told the same way whatever was minimised
        caps: Caps,
        *,
        limits: Limits,
        stop: threading.Event,
    ) -> Iterator[tuple[str, Run]]:
        """Ask again without presolve."""
        yield (
            "CP-SAT over dates, without presolve",
            search.run(problem, None, caps, None, limits=limits, stop=stop, formulation=OverDates, presolve=False),
        )


class PlainHighs(Milp):
    """PuLP with HiGHS at gap 0, all else as HiGHS sets it; see ``sequencer.engine.run.Engine``.

    Its presolve loses plans now and then, which is why the program's own engine does without; here it is measured as
    anyone would use it.
    """

    def __init__(self) -> None:
        super().__init__("highs")
        self.name = "highs"
        self._solve = partial(highs.solve, options={})

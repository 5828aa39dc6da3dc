"""MILP as an engine: the problem over binaries, solved by HiGHS or by CBC."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sequencer.engine.run import Caps, Progress, Run
from sequencer.errors import UsageError
from sequencer.milp import highs, search
from sequencer.milp.answer import Solver
from sequencer.outcome import SEED, Limits
from sequencer.problem import Cell, Problem, Term


class Milp:
    """Problems told to a MILP solver; see ``Engine``.

    Parameters
    ----------
    solver : str
        ``highs``, or ``cbc`` where PuLP brings it.
    dump : Path, optional
        File to write the model of the last level to; see ``Dump``.
    overwrite : bool
        Whether files that are there already may be written over.

    Raises
    ------
    UsageError
        If PuLP has no such solver, or the file cannot be written to.
    """

    proof = "numeric"

    def __init__(self, solver: str = "highs", dump: Path | None = None, *, overwrite: bool = False) -> None:
        self.name = "milp" if solver == "highs" else f"milp-{solver}"
        self._solve: Solver = highs.solve

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
        _refuse(limits)
        return search.run(self._solve, problem, term, caps, hint, limits=limits, stop=stop, progress=progress)

    def find(self, problem: Problem, caps: Caps, *, limits: Limits, stop: threading.Event) -> Run:
        """Look for any plan that keeps caps."""
        return self.run(problem, None, caps, None, limits=limits, stop=stop)

    def others(
        self, problem: Problem, term: Term | None, caps: Caps, *, limits: Limits, stop: threading.Event
    ) -> Iterator[tuple[str, Run]]:
        """Ask HiGHS from another seed and without letting it simplify the problem."""
        _refuse(limits)
        other = replace(limits, seed=(limits.seed + 1) % SEED)
        run = search.run(highs.solve, problem, None, caps, None, limits=other, stop=stop, presolve=False)
        yield "HiGHS without presolve", run


def _refuse(limits: Limits) -> None:
    if limits.deterministic:
        raise UsageError("a MILP solver has no repeatable clock: leave out --deterministic, or ask for --engine cpsat")

"""MILP as an engine: the problem over binaries, solved by HiGHS or by CBC."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from sequencer.engine.run import Caps, Progress, Run
from sequencer.errors import UsageError
from sequencer.milp import cbc, highs, search
from sequencer.milp.answer import Solver
from sequencer.milp.dump import Dump
from sequencer.outcome import Limits
from sequencer.problem import Cell, Problem, Term


class Milp:
    """Problems told to a MILP solver; see ``Engine``.

    Parameters
    ----------
    solver : str
        ``highs``, or ``cbc`` where PuLP brings it.
    dump : Path, optional
        File that ``begin`` writes models to; see ``Dump``.
    overwrite : bool
        Whether files of an earlier solve may be replaced.

    Raises
    ------
    UsageError
        If PuLP has no such solver, or the file cannot be written to.
    """

    proof = "numeric"

    def __init__(self, solver: str = "highs", dump: Path | None = None, *, overwrite: bool = False) -> None:
        if solver == "cbc":
            cbc.program()  # raises where there is none
        self.name = "milp" if solver == "highs" else "milp-cbc"
        self._solve: Solver = highs.solve if solver == "highs" else cbc.solve
        self._dump = None if dump is None else Dump(dump, overwrite=overwrite)

    def begin(self, problem: Problem, term: Term, caps: Caps) -> str:
        """Write the model of a level to the file asked for, if one was; told before each level is solved, in order."""
        if self._dump is None:
            return ""
        try:
            told = search.tell(problem, term, caps)
            if told is None:
                self._dump.clear()
                return f"no model of {term.name} was written: a package has no month left"
            self._dump.write(told.plain(), term.name)
        except (UsageError, OSError) as error:
            return f"no model of {term.name} was written: {error}"
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
        return search.run(self._solve, problem, term, caps, hint, limits=limits, stop=stop, progress=progress)

    def find(self, problem: Problem, caps: Caps, *, limits: Limits, stop: threading.Event) -> Run:
        """Look for any plan that keeps caps."""
        return self.run(problem, None, caps, None, limits=limits, stop=stop)

    def others(
        self,
        problem: Problem,
        term: Term | None,  # noqa: ARG002 - told the same way whatever was minimised
        caps: Caps,
        *,
        limits: Limits,
        stop: threading.Event,
    ) -> Iterator[tuple[str, Run]]:
        """Ask HiGHS from another seed and without an objective."""
        run = search.run(highs.solve, problem, None, caps, None, limits=limits.reseeded(), stop=stop)
        yield "HiGHS without an objective", run

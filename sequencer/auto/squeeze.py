"""The least value of a maximum, from both sides: plans under ever smaller limits, and limits that are too small.

A limit on a maximum closes cells. Under a limit that leaves no solution, not even in fractions, there is no plan
(numeric: the linear program is solved in floating point); a plan found by ruin and recreate under a limit is one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sequencer.auto.blackboard import Blackboard
from sequencer.auto.combined import CPSAT, FINDER, FRACTIONS, LARGE_PROGRAM, MONTHS, TREE, Combined
from sequencer.auto.remaining import Remaining
from sequencer.binaries.program import tell
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Progress, Run, Until
from sequencer.engine.steps import BEFORE
from sequencer.engine.tables import extent, open_masks
from sequencer.milp import linear
from sequencer.milp.search import TRUSTED
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term
from sequencer.rebuild.search import Rebuilder

BRANCHING = 1 / 2  # the part of the time left for a plan that reaches the bound


def run(
    problem: Problem,
    term: Term,
    caps: Caps,
    hint: Mapping[str, Cell] | None,
    *,
    limits: Limits,
    stop: threading.Event,
    progress: Progress | None,
) -> Run:
    """Minimise a maximum while others stay at most at given values; see ``Engine.run``."""
    began = time.monotonic()
    masks = open_masks(problem, caps)
    between = extent(term, masks)
    if between is None or not all(mask.any() for mask in masks.values()):
        return CpSat().run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)
    board = Blackboard(problem, term, progress)
    least, most = between
    board.raise_bound(MONTHS, least, exact=True)
    search = _Squeeze(problem, term, caps, board, limits, stop, began + limits.seconds, most=most)
    if hint is not None:
        board.offer(BEFORE, hint)
    search.run()
    return search.answer(began)


@dataclass
class _Squeeze(Combined):
    """One level: a finder on a thread of its own, and proofs on this one."""

    most: int = field(kw_only=True)

    def _under(self, limit: int) -> Caps:
        return [*self.caps, (self.term, limit)]

    def find(self) -> None:
        """Look for plans under ever smaller limits: what their cells come to together leads the way."""
        together = replace(self.term, maximum=False)
        while not self.over.is_set():
            limit = self.most if self.board.value is None else self.board.value - 1
            program = tell(self.problem, together, self._under(limit))
            if program is None:
                return
            rebuilder = Rebuilder(program, self.limits.seed, lambda cells: self.board.offer(FINDER, cells))
            while not self.over.is_set() and (self.board.value is None or self.board.value > limit):
                with self.turn():
                    rebuilder.work()
                self.rest()

    def prove(self) -> None:
        """Raise the bound by fractions, look for a plan that reaches it, then let CP-SAT go on."""
        self._raise_bound()
        self._branch()
        while not self.over.is_set():
            seconds = self.spell()
            if self._ask_cpsat(seconds):
                return
            self.rest(seconds)  # the finder has as long

    def _raise_bound(self) -> None:
        """Halve what lies between the bound and the best plan, as long as fractions decide."""
        together = replace(self.term, maximum=False)
        low, high = self.board.bound or 0, self.most + 1  # fractions may reach high, as far as is known
        while low < high and not self.over.is_set():
            limit = min((low + high) // 2, high - 1)
            program = tell(self.problem, together, self._under(limit))
            if program is None:
                low = limit + 1
                self.board.raise_bound(MONTHS, low, exact=True)
                continue
            if len(program.arrays.index) > LARGE_PROGRAM or program.arrays.largest > TRUSTED:
                return
            with self.turn():
                feasible = linear.feasible(program.arrays, self.left(), self.over)
            if feasible is None:
                return
            if feasible:
                high = limit
            else:
                low = limit + 1
                self.board.raise_bound(FRACTIONS, low, exact=False)
            if self.board.value is not None:
                high = min(high, self.board.value)

    def _branch(self) -> None:
        """Look for a plan at the bound by branch and bound.

        HiGHS may simplify the program first, so nothing is concluded from what it does not find.
        """
        limit = self.board.bound or 0
        program = tell(self.problem, replace(self.term, maximum=False), self._under(limit))
        if program is None or len(program.arrays.index) > LARGE_PROGRAM:
            return
        nothing = np.zeros(len(program.arrays.cost), np.bool_)
        part = Remaining.of(program, nothing, 0, whole=False)
        stop = Until(lambda: self.over.is_set() or (self.board.value is not None and self.board.value <= limit))

        def hear(values: NDArray[np.float64] | None, bound: float | None) -> None:  # noqa: ARG001 - nothing follows
            if values is not None:
                part.offer(TREE, values, self.board)

        with self.turn():
            seconds = min(self.spell(), self.left() * BRANCHING)
            found = linear.search(part.arrays, (nothing.astype(np.int64), nothing), seconds, stop, hear, presolve=True)
        hear(found.values, None)

    def _ask_cpsat(self, seconds: float) -> bool:
        """Let CP-SAT go on from the best plan, with one thread; return whether it has nothing more to say."""
        limits = replace(self.limits, seconds=seconds, workers=1)
        with self.turn():
            value, plan = self.board.value, self.board.cells
            held = self.caps if value is None else self._under(value)
            run = CpSat().run(self.problem, self.term, held, plan, limits=limits, stop=self.over, progress=None)
        if run.cells is not None:
            self.board.offer(CPSAT, run.cells)
        if run.bound is not None:
            self.board.raise_bound(CPSAT, run.bound, exact=True)
        self.infeasible = run.status is Status.INFEASIBLE and self.board.cells is None
        if self.infeasible:
            self.over.set()
        return self.limits.workers != 1 or run.status in {Status.OPTIMAL, Status.INFEASIBLE}

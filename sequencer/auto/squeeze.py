"""The least value of a maximum, from both sides: plans under ever smaller limits, and limits that are too small.

A limit on a maximum closes cells. Under a limit that leaves no solution, not even in fractions, there is no plan
(numeric: the linear program is solved in floating point); a plan found by ruin and recreate under a limit is one. Where
there are fractions, their prices lead ruin and recreate to such a plan within seconds, mostly.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sequencer.auto.blackboard import Blackboard
from sequencer.auto.combined import CPSAT, FINDER, FRACTIONS, MONTHS, TREE, Combined
from sequencer.auto.relaxing import AT_ONCE, Relaxing, led
from sequencer.auto.remaining import Remaining
from sequencer.binaries.program import Program, tell
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Progress, Run, Until
from sequencer.engine.steps import BEFORE
from sequencer.engine.tables import extent, open_masks
from sequencer.milp import linear
from sequencer.outcome import Limits, Status
from sequencer.places.divide import divide
from sequencer.places.prices import NoPlanError, Pricer
from sequencer.problem import Cell, Problem, Term
from sequencer.rebuild.search import Rebuilder
from sequencer.rebuild.tries import Lead

BRANCHING = 1 / 2  # the part of the time left for a plan that reaches the bound
ANNEALINGS = 2  # of each turn under one limit; each takes half as long again as that before it


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

    def __post_init__(self) -> None:
        self._led: dict[int, tuple[Program, Lead]] = {}  # by limits, where fractions lead the finder
        self._rebuilders: dict[int, tuple[Rebuilder, Lead | None]] = {}  # by limits, with what each was told
        self._telling = threading.Lock()  # both threads at once would be no sooner, and the first plan later
        self._asked = threading.Event()  # set once fractions have said what they can of the bound

    def _tell(self, limit: int) -> Program | None:
        """Return what keeps a limit: what its cells come to together leads the way."""
        with self._telling:
            return tell(self.problem, replace(self.term, maximum=False), [*self.caps, (self.term, limit)])

    def _is_open(self, limit: int) -> bool:
        """Return whether a plan that keeps a limit would be better than the best."""
        return not self._is_done() and (self.board.value is None or self.board.value > limit)

    def _is_done(self) -> bool:
        return self.over.is_set() or self.board.closed.is_set()

    def find(self) -> None:
        """Look for any plan until fractions lead the way; then at the bound and halfway to it, by turns."""
        self._rebuild(self.most, self._is_unled)
        halfway = False
        while not self._is_done():
            limit = self._next(halfway=halfway)
            if halfway and limit not in self._led:
                self._relax(limit)
            self._rebuild(limit, self._turns(limit))
            halfway = bool(self._led) and not halfway

    def _is_unled(self, rebuilder: Rebuilder) -> bool:
        """Return whether there is nothing better to do than to go on looking for any plan."""
        if self._led or self._asked.is_set():
            return self.board.value is None and not rebuilder.annealings
        return True

    def _turns(self, limit: int) -> Callable[[Rebuilder], bool]:
        """Return what says whether to go on looking for a plan that keeps a limit; once cold, others have a turn."""
        known = self._rebuilders.get(limit)
        enough = ANNEALINGS + (0 if known is None else known[0].annealings)
        return lambda rebuilder: rebuilder.annealings < enough and self._is_open(limit)

    def _next(self, *, halfway: bool) -> int:
        """Return under which limit to look for a plan."""
        best = self.most if self.board.value is None else self.board.value - 1
        if not self._led:
            return best
        least = max(min(self._led), self.board.bound or 0)
        return min(best, (least + best) // 2 if halfway else least)

    def _rebuild(self, limit: int, goes_on: Callable[[Rebuilder], bool]) -> None:
        """Ruin and recreate for plans that keep a limit: where it stood the last time."""
        if limit not in self._rebuilders:
            program = self._led[limit][0] if limit in self._led else self._tell(limit)
            if program is None:
                self.rest()
                return
            self._rebuilders[limit] = self._rebuilder(program, self.limits.seed), None
        rebuilder, lead = self._rebuilders[limit]
        while not self._is_done() and goes_on(rebuilder):
            latest = self._led[limit][1] if limit in self._led else None
            if latest is not lead and latest is not None:
                lead = latest
                rebuilder.told(lead, fresh=False)
                self._rebuilders[limit] = rebuilder, lead
            with self.turn():
                rebuilder.work()
            self.rest()

    def prove(self) -> None:
        """Raise the bound by fractions, look for a plan that reaches it, then let CP-SAT go on."""
        self._raise_bound()
        self._asked.set()
        if (self.board.bound or 0) <= self.most:
            self._reach(self.board.bound or 0, self.left() * BRANCHING)
        while not self.over.is_set():
            seconds = self.spell()
            if self._ask_cpsat(seconds):
                return
            self.rest(seconds)  # the finder has as long

    def _raise_bound(self) -> None:
        """Raise the bound as long as fractions decide: mostly they reach it, else not much more than it."""
        low, high, step = self.board.bound or 0, self.most + 1, 1  # fractions may reach high, as far as is known
        limit = low
        while low < high and not self._is_done():
            feasible = self._relax(limit)
            if feasible is None and self._is_open(limit):
                return
            if feasible is not False:  # a plan that keeps it may have been found meanwhile
                high = limit
            else:
                low, step = limit + 1, 2 * step
                self.board.raise_bound(FRACTIONS, low, exact=False)
            if self.board.value is not None:
                high = min(high, self.board.value)
            limit = min((low + high) // 2, low + step, high - 1)

    def _relax(self, limit: int) -> bool | None:
        """Return whether there are fractions that keep a limit, None if that is not known; they lead the finder."""
        program = self._tell(limit)
        if program is None:
            self.board.raise_bound(MONTHS, limit + 1, exact=True)
            return False
        places = divide(program)
        relaxing = Relaxing(
            pricer=Pricer(program, places),
            stop=Until(lambda: not self._is_open(limit)),
            left=self.left,
            prove=lambda _: None,
            hear=lambda relaxed: self._led.update({limit: (program, led(program, places, relaxed))}),
            plan=lambda: None,
            turn=self.turn,
            rest=self.rest,
        )
        try:
            return relaxing.exists()
        except NoPlanError:
            self.board.raise_bound(MONTHS, limit + 1, exact=True)
            return False

    def _reach(self, limit: int, seconds: float) -> None:
        """Look for a plan at the bound: by branch and bound, or, where that takes too long, from another beginning."""
        known = self._led.get(limit)
        program = None if not self._is_open(limit) else self._tell(limit) if known is None else known[0]
        if program is None or not self._is_open(limit):
            return
        if len(program.arrays.index) <= AT_ONCE:
            self._branch(program, limit, seconds)
        elif known is not None and self.limits.workers != 1:
            rebuilder, late = self._rebuilder(program, self.limits.seed + 1), time.monotonic() + seconds
            rebuilder.told(known[1], fresh=False)
            while time.monotonic() < late and self._is_open(limit):
                rebuilder.work()

    def _rebuilder(self, program: Program, seed: int) -> Rebuilder:
        return Rebuilder(program, seed, partial(self.board.offer, FINDER))

    def _branch(self, program: Program, limit: int, seconds: float) -> None:
        """Look for a plan under a limit by branch and bound.

        HiGHS may simplify the program first, so nothing is concluded from what it does not find.
        """
        nothing = np.zeros(len(program.arrays.cost), np.bool_)
        part = Remaining.of(program, nothing, 0, whole=False)
        stop = Until(lambda: not self._is_open(limit))

        def hear(values: NDArray[np.float64]) -> None:
            part.offer(TREE, values, self.board)

        with self.turn():
            seconds = min(self.spell(), seconds)
            found = linear.search(part.arrays, (nothing.astype(np.int64), nothing), seconds, stop, hear, presolve=True)
        if found.values is not None:
            hear(found.values)

    def _ask_cpsat(self, seconds: float) -> bool:
        """Let CP-SAT go on from the best plan, with one thread; return whether it has nothing more to say."""
        limits = replace(self.limits, seconds=seconds, workers=1)
        with self.turn():
            value, plan = self.board.value, self.board.cells
            held = self.caps if value is None else [*self.caps, (self.term, value)]
            run = CpSat().run(self.problem, self.term, held, plan, limits=limits, stop=self.over, progress=None)
        if run.cells is not None:
            self.board.offer(CPSAT, run.cells)
        if run.bound is not None:
            self.board.raise_bound(CPSAT, run.bound, exact=True)
        self.infeasible = run.status is Status.INFEASIBLE and self.board.cells is None
        if self.infeasible:
            self.over.set()
        return self.limits.workers != 1 or run.status in {Status.OPTIMAL, Status.INFEASIBLE}

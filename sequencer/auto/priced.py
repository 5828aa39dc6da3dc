"""The least value of a sum: prices prove, ruin and recreate finds, and what is left between is closed by trees."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sequencer.auto.blackboard import Blackboard
from sequencer.auto.combined import CPSAT, FINDER, PAUSE, PRICES, TREE, Combined
from sequencer.auto.neighbours import Neighbours
from sequencer.auto.relaxing import LARGE_PROGRAM, Relaxed, Relaxing, led
from sequencer.auto.remaining import Again, Remaining
from sequencer.binaries.matrix import EXACT
from sequencer.binaries.program import Program, tell
from sequencer.cpsat import over_rows
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Progress, Run, Stoppable, Until
from sequencer.engine.steps import BEFORE
from sequencer.milp import linear
from sequencer.outcome import Limits, Status
from sequencer.places.divide import Places, divide
from sequencer.places.prices import NoPlanError, Pricer, Proven
from sequencer.places.worth import certify, worth
from sequencer.problem import Cell, Problem, Term
from sequencer.rebuild.admit import admits
from sequencer.rebuild.search import Rebuilder
from sequencer.rebuild.tries import Lead

FAR = 0.05  # the part of its value that a plan lies above the bound which is not worth going on from
ALL = 6000  # cells left that are searched at once, until the best plan is proven
STALLED = 6.0  # seconds without a better plan: then neighbourhoods are left
SOON = 2.0  # the same where few cells are left to search
APART = 10**6  # between the seeds of the two threads
BETTER = 0.01  # of the gap: less is no better plan in this sense
PATIENCE = 5.0  # seconds that ruin and recreate has for a first plan before CP-SAT is asked, too


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
    """Minimise a sum while others stay at most at given values; see ``Engine.run``."""
    began = time.monotonic()
    program = tell(problem, term, caps)
    if program is None:
        return Run(Status.INFEASIBLE, None, None, time.monotonic() - began)
    board = Blackboard(problem, term, progress)
    search = _Search(problem, term, caps, board, limits, stop, began + limits.seconds, program=program)
    if hint is not None and admits(program, hint):
        board.offer(BEFORE, hint)
    search.run()
    return search.answer(began)


@dataclass
class _Search(Combined):
    """One level: a finder on a thread of its own, and prices and proofs on this one."""

    program: Program = field(kw_only=True)

    def __post_init__(self) -> None:
        self._lead: Lead | None = None
        self._around: Neighbours | None = None  # the best plan, by the latest prices; for the finder
        self._remaining: Remaining | None = None  # for CP-SAT

    def find(self) -> None:
        """Ruin and recreate, from the best plan there is, with the cells that prices leave; by turns, neighbourhoods.

        Where the level before has left a plan, caps are tight: ruin and recreate loses it, and finds one of its own
        soon or not at all. So neighbourhoods come first unless it does, and the longer it finds nothing, the more time
        they have.
        """
        rebuilder = Rebuilder(self.program, self.limits.seed, lambda cells: self.board.offer(FINDER, cells))
        lead, mine, asked = None, None, None
        cooled, due, idle = False, self.board.cells is not None, 0
        while not self.over.is_set():
            if self._lead is not lead and self._lead is not None:
                lead, mine = self._lead, None
                rebuilder.told(lead, fresh=self._is_far())
            remaining = self._remaining if self.limits.workers != 1 else None
            closing = remaining is not None and remaining is not asked
            if self._around is not None and (due or closing):
                few = remaining is not None and len(remaining.columns) <= self._around.cells  # soon closed
                if not few and (closing or rebuilder.annealings or rebuilder.failed or not self._is_far()):
                    self._improve(self._around, STALLED / 2 if closing else STALLED * 2**idle)
                    due = False
            if remaining is not None and closing:
                asked = remaining
                self._close(remaining)
            best, settled = self.board.cells, cooled or rebuilder.plan is None  # else it would never cool down
            if best is not None and best is not mine and settled and not rebuilder.is_anew:
                mine = best
                if rebuilder.plan is not best:
                    rebuilder.adopt(best)
            cooled = self._rebuild(rebuilder)
            if cooled:
                due, idle = True, 0 if rebuilder.plan is self.board.cells else idle + 1

    def _rebuild(self, rebuilder: Rebuilder) -> bool:
        """Ruin and recreate for a moment; return whether that has cooled down."""
        before = rebuilder.annealings
        with self.turn():
            rebuilder.work()
        self.rest()
        return rebuilder.annealings > before

    def prove(self) -> None:
        """Price the rows, then search the cells that a better plan could take."""
        places = divide(self.program)
        pricer = Pricer(self.program, places)
        try:
            nothing = pricer.prove(np.zeros(len(self.program.arrays.sides)))
            self.board.certify(PRICES, certify(self.program, nothing))  # weak, but at once
            relaxed = self._relaxing(pricer).run()
        except NoPlanError:
            self.infeasible = True
            self.over.set()
            return
        if relaxed is None:
            self._first_plan(0.0)
            return
        around = self._neighbours(places, relaxed)
        self._first_plan(PATIENCE)
        while not self.over.is_set() and not self._search_left(places, relaxed.proven, around):
            pass

    def _relaxing(self, pricer: Pricer) -> Relaxing:
        """Return what solves the relaxation; what is known meanwhile is heeded."""
        places = pricer.places
        return Relaxing(
            pricer=pricer,
            stop=self.over,
            left=self.left,
            prove=lambda proven: self.board.certify(PRICES, certify(self.program, proven)),
            hear=lambda relaxed: self._heed(places, relaxed),
            plan=lambda: self.board.cells,
            turn=self.turn,
            rest=self.rest,
        )

    def _heed(self, places: Places, relaxed: Relaxed) -> None:
        """Note a bound, and let the finder be led by its prices."""
        self.board.certify(PRICES, certify(self.program, relaxed.proven))
        self._lead = led(self.program, places, relaxed)
        self._around = self._neighbours(places, relaxed, APART)

    def _neighbours(self, places: Places, relaxed: Relaxed, apart: int = 0) -> Neighbours:
        return Neighbours(self.program, places, relaxed, self.board, self.limits.reseeded(apart))

    @cached_property
    def _is_summable(self) -> bool:
        """Whether numbers are small enough for CP-SAT to add them, and for doubles to say what it found."""
        return self.program.arrays.reach < EXACT

    def _first_plan(self, patience: float) -> None:
        """Wait for a plan; after some seconds without one, ask CP-SAT, too."""
        late = time.monotonic() + patience
        while self.board.cells is None and not self.over.is_set():
            if time.monotonic() >= late:
                self._ask_cpsat()
                late = time.monotonic() + PATIENCE  # the finder has its turns, too
            else:
                self.over.wait(PAUSE)

    def _ask_cpsat(self) -> None:
        """Let CP-SAT say whether there is a plan at all, and find one."""
        with self.turn():
            limits = replace(self.limits, seconds=self.spell(), workers=1)
            stop = Until(lambda: self.over.is_set() or self.board.cells is not None)
            run = CpSat().find(self.program.problem, self.program.caps, limits=limits, stop=stop)
        if run.cells is not None:
            self.board.offer(CPSAT, run.cells)
        if run.status is Status.INFEASIBLE:
            self.infeasible = True
            self.over.set()

    def _is_far(self) -> bool:
        """Return whether the best plan is so far from the bound that others are found sooner without it."""
        value, bound = self.board.value, self.board.bound
        return value is None or bound is None or value - bound > FAR * abs(value)

    def _search_left(self, places: Places, proven: Proven, around: Neighbours) -> bool:
        """Search the cells that a better plan could take; return whether nothing else is to be done.

        Neighbourhoods of the best plan come first: each better plan leaves fewer cells. Once a search of all of them
        ends, the best plan is proven.
        """
        kept = self._better(proven)
        if kept.sum() > min(around.cells, ALL):
            self._improve(around, SOON if kept.sum() <= ALL else STALLED)
            kept = self._better(proven)
        value, plan = self.board.value, self.board.cells
        if value is None or plan is None:
            return True
        if (np.add.reduceat(kept, places.forest.cells[:-1]) == 0).any():
            self.board.raise_bound(PRICES, value, exact=True)
            return True
        if kept.sum() > ALL and len(self.program.arrays.index) > LARGE_PROGRAM:
            return not self._is_summable
        start = self.program.vector(plan)
        out = np.zeros(len(start), np.bool_)
        out[places.var] = ~kept & (start[places.var] == 0)
        part = Remaining.of(self.program, out, self.program.objective(value), whole=True)
        self._remaining = part if kept.sum() <= ALL and part.trusted else None
        again = Again(self.over, int(kept.sum()), lambda: int(self._better(proven).sum()))
        seconds = self.spell()
        if self._branch(part, (start[part.columns], np.isin(part.columns, places.var)), again, seconds):
            return True
        return self.over.is_set() or (not again.fewer and seconds >= self.left())

    def _branch(
        self, part: Remaining, begin: tuple[NDArray[np.int64], NDArray[np.bool_]], again: Again, seconds: float
    ) -> bool:
        """Search a part by branch and bound, to the end; return whether nothing else is to be done.

        Floating point has lost plans: what HiGHS calls the best is proven by CP-SAT, in whole numbers, or not at all.
        """

        def hear(values: NDArray[np.float64]) -> None:
            part.offer(TREE, values, self.board)

        with self.turn():
            found = linear.search(part.arrays, begin, seconds, again, hear, presolve=False)
        if found.values is not None:
            hear(found.values)
        if not (found.done and part.trusted and found.best is not None):
            return False
        if not self.over.is_set():
            with self.turn():
                self._ask(part, self.limits.reseeded(), self.over, None)
        return True

    def _close(self, part: Remaining) -> None:
        """Let CP-SAT work on what is left, beside branch and bound, until that begins anew."""
        self._ask(part, self.limits, Until(lambda: self.over.is_set() or self._remaining is not part), over_rows.WORK)

    def _ask(self, part: Remaining, limits: Limits, stop: Stoppable, work: str | None) -> None:
        """Let CP-SAT find and prove the best plan of a part; ``work``: see ``over_rows.run``."""

        def hear(values: NDArray[np.float64] | None, bound: int | None) -> None:
            if values is not None:
                part.offer(CPSAT, values, self.board)
            if bound is not None:
                part.raise_bound(CPSAT, bound, self.board)

        limits = replace(limits, seconds=self.left())
        least = 0 if self.board.sure is None else self.program.objective(self.board.sure)
        most = part.objective - 1
        hear(None, over_rows.run(part.arrays, least, most, limits=limits, stop=stop, hear=hear, work=work))

    def _improve(self, neighbours: Neighbours, patience: float) -> None:
        """Search neighbourhoods for as long as that brings plans that are clearly better."""
        since, before = time.monotonic(), self._gap()
        searchable = self._is_summable and self.board.cells is not None
        while searchable and not self.over.is_set() and time.monotonic() < since + patience:
            with self.turn():
                neighbours.search(self.left(), self.over)
            self.rest()
            if self._gap() < (1 - BETTER) * before:
                since, before = time.monotonic(), self._gap()

    def _gap(self) -> float:
        """Return how far the best plan lies above the bound."""
        value, bound = self.board.value, self.board.bound
        return math.inf if value is None or bound is None else float(value - bound)

    def _better(self, proven: Proven) -> NDArray[np.bool_]:
        """Return which cells a plan better than the best so far could take; all where there is no plan."""
        if self.board.value is None:
            return np.ones(len(proven.through), np.bool_)
        return proven.bound + proven.through <= (self.program.objective(self.board.value) - 1) * proven.parts

    def answer(self, began: float) -> Run:
        """Return what is known, with the prices."""
        run, told = super().answer(began), self.board.certificate
        return replace(run, certificate=told, prices=() if told is None else worth(self.program, told))

"""What searches of one level have in common: one thread finds, another proves, and both end together."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from sequencer.auto.blackboard import Blackboard
from sequencer.engine.run import WRONG, Caps, Run
from sequencer.outcome import Limits, Status
from sequencer.problem import Problem, Term

MEMORY = "memory ran out; the best plan so far is shown"
TURN = 10.0  # seconds for a search while others wait
PAUSE = 0.05  # seconds between two looks

#: Who finds plans and bounds, as answers say it.
FINDER, NEIGHBOURS, PRICES, TREE, FRACTIONS = (
    "ruin and recreate",
    "large neighbourhood search",
    "prices by place",
    "HiGHS on the cells left",
    "HiGHS in fractions",
)
CPSAT, MONTHS = "CP-SAT", "open months"


@dataclass
class Combined(ABC):
    """One level.

    Attributes
    ----------
    until : float
        When time is over, as ``time.monotonic`` counts.
    over : threading.Event
        Set when every thread is to end.
    infeasible : bool
        Whether it is proven that there is no plan.
    longest : float
        Seconds of the next long turn, where one worker was asked for.
    """

    problem: Problem
    term: Term
    caps: Caps
    board: Blackboard
    limits: Limits
    stop: threading.Event
    until: float
    over: threading.Event = field(default_factory=threading.Event)
    failed: list[BaseException] = field(default_factory=list)
    infeasible: bool = False
    note: str = ""
    longest: float = TURN
    _one: threading.Lock = field(default_factory=threading.Lock)

    @abstractmethod
    def find(self) -> None:
        """Look for plans until all is over; on a thread of its own."""

    @abstractmethod
    def prove(self) -> None:
        """Raise the bound until all is over, or nothing is left to do."""

    def run(self) -> None:
        """Search until the best plan is proven, or the time is over."""
        threads = [threading.Thread(target=work, name=work.__name__, daemon=True) for work in (self._find, self._watch)]
        for thread in threads:
            thread.start()
        try:
            self.prove()
            while not self.over.is_set():  # nothing is left to prove with: the finder may use the time
                self.over.wait(PAUSE)
        except (MemoryError, KeyboardInterrupt) as error:
            self.failed.append(error)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
        for failure in self.failed:
            if self.board.cells is None or not isinstance(failure, MemoryError | KeyboardInterrupt):
                raise failure
            self.note = MEMORY if isinstance(failure, MemoryError) else ""
            if isinstance(failure, KeyboardInterrupt):  # pressed again while a plan is known: it is the answer
                self.stop.set()

    def turn(self) -> AbstractContextManager[object]:
        """Return what work is done in: where one worker was asked for, one thread works at a time."""
        return self._one if self.limits.workers == 1 else nullcontext()

    def rest(self, seconds: float = PAUSE / 10) -> None:
        """Let the other thread have its turn."""
        if self.limits.workers == 1:
            self.over.wait(seconds)

    def spell(self) -> float:
        """Return how long a search may take at once: all that is left, or, where threads take turns, ever longer."""
        if self.limits.workers != 1:
            return self.left()
        seconds, self.longest = self.longest, 2 * self.longest
        return min(seconds, self.left())

    def left(self) -> float:
        """Return how many seconds are left, a few at least."""
        return max(0.01, self.until - time.monotonic())

    def answer(self, began: float) -> Run:
        """Return what is known."""
        board, spent, steps = self.board, time.monotonic() - began, tuple(self.board.steps)
        proof = "exact" if board.exact else "numeric"
        if board.cells is None:
            status = Status.INFEASIBLE if self.infeasible else Status.UNKNOWN
            return Run(status, None, None if self.infeasible else board.bound, spent, proof=proof, steps=steps)
        bound, note = board.bound, self.note
        if not board.exact and bound is not None and board.value is not None and bound > board.value:
            bound, proof, note = board.sure, "exact", WRONG
        status = Status.OPTIMAL if bound == board.value else Status.FEASIBLE
        return Run(status, board.cells, bound, spent, note=note, proof=proof, steps=steps)

    def _find(self) -> None:
        try:
            self.find()
        except BaseException as error:  # carried to the calling thread and raised there
            self.failed.append(error)

    def _watch(self) -> None:
        """End everything when asked to, when time is over, or when nothing is left to be found."""
        while not self.over.is_set():
            if self.stop.is_set() or self.board.closed.is_set() or time.monotonic() > self.until or self.failed:
                self.over.set()
            self.over.wait(PAUSE)

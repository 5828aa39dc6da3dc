"""What several searches know together: the best plan and the best bound, who found them, and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from sequencer.engine.run import Progress
from sequencer.engine.steps import Step
from sequencer.places.certificate import Certificate
from sequencer.problem import Cell, Problem, Term


class Blackboard:
    """The best plan and bound of one level; searches on several threads write and read it.

    Attributes
    ----------
    cells : mapping of str to Cell, or None
        The best plan.
    value, bound : int or None
        Its value, and what no plan is below.
    exact : bool
        Whether the bound is proven in whole numbers.
    sure : int or None
        The best bound that is.
    certificate : Certificate or None
        The best bound that prices prove, with these.
    steps : list of Step
        Each improvement.
    closed : threading.Event
        Set once bound and value meet.
    """

    def __init__(self, problem: Problem, term: Term, progress: Progress | None) -> None:
        self._problem = problem
        self._term = term
        self._progress = progress
        self._lock = threading.Lock()
        self.began = time.monotonic()
        self.cells: Mapping[str, Cell] | None = None
        self.value: int | None = None
        self.bound: int | None = None
        self.exact = True
        self.sure: int | None = None
        self.certificate: Certificate | None = None
        self.steps: list[Step] = []
        self.closed = threading.Event()

    def offer(self, by: str, cells: Mapping[str, Cell]) -> None:
        """Hear of a plan, which is kept if it is the best."""
        value = self._problem.value(self._term, cells)
        with self._lock:
            if self.value is not None and value >= self.value:
                return
            self.cells, self.value = cells, value
            self._note(by, value, None)

    def raise_bound(self, by: str, bound: int, *, exact: bool) -> None:
        """Hear of a bound, which is kept if it is the best."""
        with self._lock:
            if exact and (self.sure is None or bound > self.sure):
                self.sure = bound
            better = self.bound is None or bound > self.bound
            if not better and not (bound == self.bound and exact and not self.exact):  # a proof may be better, too
                return
            self.bound, self.exact = bound, exact
            self._note(by, None, bound)

    def certify(self, by: str, certificate: Certificate) -> None:
        """Hear of a bound with the prices that prove it; both are kept if they are the best."""
        with self._lock:
            if self.certificate is None or certificate.bound > self.certificate.bound:
                self.certificate = certificate
        self.raise_bound(by, certificate.bound, exact=True)

    def _note(self, by: str, value: int | None, bound: int | None) -> None:
        self.steps.append(Step(by, round(time.monotonic() - self.began, 3), value, bound))
        if self._progress is not None:
            self._progress(self.value, self.bound)
        if self.value is not None and self.bound is not None and self.bound >= self.value:
            self.closed.set()

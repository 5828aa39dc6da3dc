"""The search for maxima: schedules bred beside a proof, each telling the other when there is nothing left to find.

A plan found by breeding gives CP-SAT less to search, since only better plans count there; a bound proven by CP-SAT, or
by arithmetic before it, ends the breeding.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sequencer.cpsat import search as cpsat
from sequencer.engine.run import Caps, Progress, Run, Stoppable, Until
from sequencer.engine.tables import extent, open_masks
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term
from sequencer.schedules import reader
from sequencer.schedules.bounds import lower_bound
from sequencer.schedules.population import Population

#: Part of the time in which schedules are bred alone, before the proof begins; and where there is one thread only.
AHEAD, ALONE = 1 / 20, 1 / 4

#: Children that one unit of a deterministic search stands for, times the number of packages.
PACE = 1_000_000

SETTLED = 2  # new beginnings without a better plan, after which a thread is worth more to a proof

ASIDE = 4  # the part of the time, one in so many, that is bred for beside such a proof

FAR, GLANCE = 0.02, 1 / 4  # the gap with which a proof, after this part of the time, is not worth a thread

CHUNK = 0.05  # seconds between two looks at what the other has found


def run(
    problem: Problem,
    term: Term,
    caps: Caps,
    hint: Mapping[str, Cell] | None,
    *,
    limits: Limits,
    stop: threading.Event,
    progress: Progress | None = None,
) -> Run:
    """Minimise a maximum while other terms stay at most at given values; see ``Engine.run``.

    Where the rules are windows, links without maximum lags in a circle, and pools by month or for the whole plan,
    schedules are bred; else the term is left to CP-SAT over dates with the bound that arithmetic gives.

    Parameters
    ----------
    term : Term
        A maximum.

    Raises
    ------
    ValueError
        If the term is a sum.
    """
    if not term.maximum:
        message = f"{term.name} is a sum; schedules are searched for maxima"
        raise ValueError(message)
    began = time.monotonic()
    reading = reader.read(problem, term, caps)
    least, most = extent(term, open_masks(problem, caps)) or (0, 0)
    bound = lower_bound(reading.tasks, least, most)
    if bound is None or bound > most:
        return Run(Status.INFEASIBLE, None, None, _spent(limits, began))
    search = _Search(problem, term, caps, hint, limits, stop, progress, bound, began)
    if reading.regular and reading.whole:
        population = Population.of(reading, limits.seed, bound)
        if population is not None:
            return search.breed(population)
    return search.prove(limits, stop, hint=hint)


def _spent(limits: Limits, began: float, units: float = 0.0) -> float:
    """Return what was used up: of the repeatable units, or of the clock."""
    return units if limits.deterministic else time.monotonic() - began


@dataclass
class _Search:
    """One search: what was asked, and what is known so far."""

    problem: Problem
    term: Term
    caps: Caps
    cells: Mapping[str, Cell] | None
    limits: Limits
    stop: threading.Event
    progress: Progress | None
    bound: int
    began: float
    value: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.cells is not None:
            self.value = self.problem.value(self.term, self.cells)

    def breed(self, population: Population) -> Run:
        """Breed schedules, beside a proof or before it."""
        if self.cells is not None:
            population.add(self.cells)
        workers = 1 if self.limits.deterministic else self.limits.workers or os.cpu_count() or 1
        if workers == 1:
            units = self._alone(population, ALONE)
            left = self._left() - (units if self.limits.deterministic else 0.0)
            if not self._ended() and left > 0:
                run = self.prove(replace(self.limits, seconds=left, workers=1), self.stop)
                return replace(run, spent=_spent(self.limits, self.began, units + run.spent))
            return self._run(units)
        self._alone(population, AHEAD)
        if not self._ended():
            self._beside(population, workers - 1)
        return self._run(0.0)

    def _alone(self, population: Population, share: float) -> float:
        """Breed for a share of the time; return what was used up of the repeatable units."""
        if self.limits.deterministic:
            units = share * self.limits.seconds
            population.breed(max(1, int(units * PACE / population.count)))
            self._take(population)
            return units
        until = self.began + share * self.limits.seconds
        self._take(population)
        while not self._ended() and time.monotonic() < until:
            population.breed_for(min(CHUNK, until - time.monotonic()))
            self._take(population)
        return 0.0

    def _beside(self, population: Population, workers: int) -> None:
        """Breed while CP-SAT looks for a better plan than the one it begins from, or proves that there is none.

        Once breeding has been begun anew a few times without a better plan, most of its thread goes to a search for
        the bound in another way. Where the bound stays far from the plan, it is the other way round: the thread of the
        proof breeds as well, from another beginning, so that the two do not end in the same place.
        """
        proofs = [self._thread(workers, population, by_tree=False)]
        try:
            while all(thread.is_alive() for thread in proofs) and not self._ended() and self._left() > 0:
                if len(proofs) > 1:
                    proofs[0].join(CHUNK)
                population.breed_for(min(CHUNK if len(proofs) == 1 else CHUNK / ASIDE, max(0.0, self._left())))
                self._take(population)
                if len(proofs) == 1 and not self._far() and self.value is not None and population.redrawn >= SETTLED:
                    proofs.append(self._thread(1, population, by_tree=True))
        finally:
            self.ended.set()
        for thread in proofs:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def _thread(self, workers: int, population: Population, *, by_tree: bool) -> threading.Thread:
        """Begin a proof beside what else runs."""
        limits = replace(self.limits, seconds=max(0.01, self._left()), workers=workers)
        is_alone = workers == 1 and not by_tree
        over = Until(lambda: self.ended.is_set() or (is_alone and self._far()))

        def work() -> None:
            try:
                self.prove(limits, over, by_tree=by_tree)
                if is_alone and self._far():
                    self._breed_apart(population)
            except BaseException as error:  # carried to the calling thread and raised there
                self.failures.append(error)

        thread = threading.Thread(target=work, name="proof", daemon=True)
        thread.start()
        return thread

    def _far(self) -> bool:
        """Return whether the bound is so far from the best plan, late as it is, that the proof will not come."""
        if self.value is None or self._left() > (1 - GLANCE) * self.limits.seconds:
            return False
        return self.value - self.bound > FAR * max(1, abs(self.value))

    def _breed_apart(self, population: Population) -> None:
        """Breed a herd of its own until all is over; it takes no plan from the other."""
        other = population.another(self.limits.seed + 1)
        while not self.ended.is_set() and not self._ended():
            other.breed_for(CHUNK)
            best = other.best()
            if best is not None and (self.value is None or best[0] < self.value):
                self._found(best[1])

    def prove(
        self,
        limits: Limits,
        stop: Stoppable,
        *,
        by_tree: bool = False,
        hint: Mapping[str, Cell] | None = None,
    ) -> Run:
        """Ask CP-SAT for a plan better than the one known, and for a bound; return what is known then.

        A hint may break the cap: better plans are looked for near it.

        Raises
        ------
        Disagreement
            If it proves that there is none although one has been found meanwhile.
        """
        known = self.value
        run = cpsat.run(
            self.problem,
            self.term,
            self.caps if known is None else [*self.caps, (self.term, known - 1)],
            hint,
            limits=limits,
            stop=stop,
            progress=self._hear,
            floor=self.bound,
            found=self._found,
            by_tree=by_tree,
        )
        if run.status is Status.INFEASIBLE and known is None and self.value is None:
            return run
        proven = known if run.status is Status.INFEASIBLE else run.bound
        if run.cells is not None:
            self._found(run.cells)
        with self.lock:
            if proven is not None and self.value is not None and proven > self.value:
                message = f"{self.term.name}: CP-SAT proves {proven}, but a plan of {self.value} has been found"
                raise Disagreement(message)
            if proven is not None:
                self.bound = max(self.bound, proven)
        return self._run(run.spent)

    def _found(self, cells: Mapping[str, Cell]) -> None:
        """Keep a plan if it is better than the one known."""
        value = self.problem.value(self.term, cells)
        with self.lock:
            if self.value is not None and value >= self.value:
                return
            self.value, self.cells = value, cells
        self._tell()

    def _take(self, population: Population) -> None:
        """Keep the best plan bred so far if it is better than the one known; else breed from that one, too."""
        best = population.best()
        if best is not None and (self.value is None or best[0] < self.value):
            self._found(best[1])
        elif self.cells is not None and (best is None or best[0] > (self.value or 0)):
            population.add(self.cells)

    def _hear(self, value: int | None, bound: int | None) -> None:  # noqa: ARG002 - plans come by ``_found``
        """Keep a bound that CP-SAT has proven; it may be one on better plans than the one known only."""
        with self.lock:
            if bound is None or bound <= self.bound:
                return
            self.bound = bound if self.value is None else min(bound, self.value)
        self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.value, self.bound)

    def _left(self) -> float:
        """Return how much of the limit is left by the clock; of repeatable units, all."""
        return self.limits.seconds if self.limits.deterministic else self.limits.seconds - time.monotonic() + self.began

    def _ended(self) -> bool:
        """Return whether there is nothing left to search for, or no leave to."""
        return self.stop.is_set() or (self.value is not None and self.value <= self.bound)

    def _run(self, units: float) -> Run:
        """Return what is known."""
        spent = _spent(self.limits, self.began, units)
        if self.cells is None or self.value is None:
            return Run(Status.UNKNOWN, None, self.bound, spent)
        bound = min(self.bound, self.value)
        proven = Status.OPTIMAL if bound == self.value else Status.FEASIBLE
        return Run(proven, self.cells, bound, spent)

"""One level of an objective, asked again: why it is no better, and what it is in a changed instance."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sequencer.engine.run import Caps
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Outcome, Status
from sequencer.problem import Cell, Term
from sequencer.questions.turned import Turned
from sequencer.reasons.conflicts import coarse
from sequencer.reasons.parts import Part
from sequencer.reasons.shrink import Minimal, minimal
from sequencer.reasons.system import System
from sequencer.solving.engines import by_name
from sequencer.solving.levels import Levels
from sequencer.timetable import Choices

REASONS, LATE = 0.4, 0.3  # the parts of the time for reasons, and for numbers that are asked about one by one
FIRST = 1 / 4  # the part of the time for reasons in which the first answer must come: if it does not, there are none
LEAST = 0.5  # seconds for a search


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a changed instance: how much better the best plan found is, and what none can exceed."""

    improvement: int
    most: int | None
    choices: Choices

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.most is not None and self.most <= max(0, self.improvement)


class Asking:
    """A level whose value is proven, with earlier terms held at what they may reach.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    position : int
        Of the level.
    limits : Limits
        For all that is asked of it.
    stop : threading.Event
        Ends searches soon after it is set.
    """

    def __init__(self, outcome: Outcome, position: int, limits: Limits, stop: threading.Event) -> None:
        self.outcome = outcome
        self.level = outcome.levels[position]
        if self.level.value is None:
            raise ValueError(f"nothing is known of {self.level.term}")
        self.value = self.level.value
        self.terms = [level.term for level in outcome.levels[: position + 1]]
        self._held = [
            (level.term, level.value + level.tolerance)
            for level in outcome.levels[:position]
            if level.value is not None
        ]
        self._limits, self._stop = limits, stop
        self._began, self._spent = time.monotonic(), 0.0
        self._plans = [outcome.problem.cells(outcome.choices or {})]
        better = [*self._caps(outcome.problem.terms), (outcome.problem.terms[self.level.term], self.value - 1)]
        seconds = limits.seconds * REASONS
        reasons = replace(limits, seconds=seconds)
        self._system = System(outcome.problem, reasons, stop, always=better, first=seconds * FIRST)

    def _caps(self, terms: Mapping[str, Term]) -> list[tuple[Term, int]]:
        return [(terms[term], most) for term, most in self._held]

    @property
    def parts(self) -> Sequence[Part]:
        """The parts of all rules."""
        return self._system.parts

    def reason(self) -> Minimal | None:
        """Return parts that cannot all be kept with a better value; None if that is not proven twice in time.

        Raises
        ------
        Disagreement
            If there is a plan with a better value.
        """
        found = minimal(self._system, [coarse(self.outcome.problem)])
        if self._system.witness(self._system.parts) is not None:
            message = f"{self.level.term}: {self.value} was proven best, but a better plan was found"
            raise Disagreement(message)
        return found if found is not None and found.confirmed else None

    def lifted(self, parts: Collection[Part]) -> Status:
        """Return INFEASIBLE if it is proven twice that the value is no better even with parts lifted.

        FEASIBLE if it is better then, UNKNOWN if neither is known in time.
        """
        kept = [part for part in self._system.parts if part not in parts]
        status = self._system.ask(kept)
        if status is Status.INFEASIBLE and not self._system.confirm(kept):
            return Status.UNKNOWN
        return status

    @property
    def is_early(self) -> bool:
        """Whether there is still time for numbers to be asked about many at once."""
        return self._left() > self._limits.seconds * LATE and not self._stop.is_set()

    def share(self, searches: int) -> float | None:
        """Return the seconds for the next of so many searches; None if there is no time left."""
        left = self._left()
        if left <= 0 or self._stop.is_set():
            return None
        return max(min(LEAST, left), left / searches)

    def _left(self) -> float:
        if self._limits.deterministic:
            return self._limits.seconds - self._spent - self._system.spent
        return self._limits.seconds - (time.monotonic() - self._began)

    def turned(self, turned: Turned, seconds: float | None, *, is_clear: bool) -> Found:
        """Return the best value known in a changed instance.

        Parameters
        ----------
        turned : Turned
        seconds : float or None
            For a search; None: only plans known already are tried.
        is_clear : bool
            Whether nothing was turned that could relax the reason: then only what terms read can make it better.
        """
        caps, term = self._caps(turned.problem.terms), turned.problem.terms[self.level.term]
        most = self._most(turned) if is_clear else None
        best = self._best(turned, caps, term)
        if best is None:
            message = f"no plan remains where rules are easier to keep: {'; '.join(turned.instance.changes)}"
            raise Disagreement(message)
        found = self._told(turned, caps, best, most)
        if found.proven or seconds is None:
            return found
        limits = replace(self._limits, seconds=seconds)
        engine = by_name(self.outcome.engine, deterministic=limits.deterministic)
        search = Levels(turned.problem, engine, [(term, 0)], limits, None, self._stop, caps, best)
        search.run()
        self._spent += search.used()
        if not search.found or search.cells is None:
            return found
        value, bound = search.found[0]
        if bound is not None:
            most = self.value - bound if most is None else min(most, self.value - bound)
        if value < self.value and search.cells not in self._plans:
            self._plans.append(dict(search.cells))
        return self._told(turned, caps, search.cells, most)

    def _most(self, turned: Turned) -> int | None:
        """Return what entries that became smaller can save at most, if the terms before are the same."""
        base = self.outcome.problem
        if turned.changed(base, self.terms[:-1]):
            return None
        return turned.saved(base, self.level.term)

    def _best(self, turned: Turned, caps: Caps, term: Term) -> Mapping[str, Cell] | None:
        """Return the best of the plans known that is a plan of a changed instance."""
        ranked = sorted(self._plans, key=lambda plan: turned.problem.value(term, plan))
        return next((plan for plan in ranked if turned.keeps(plan, caps)), None)

    def _told(self, turned: Turned, caps: Caps, cells: Mapping[str, Cell], most: int | None) -> Found:
        improvement = self.value - turned.problem.value(turned.problem.terms[self.level.term], cells)
        if improvement > 0:
            turned.recheck(cells, caps)
        if most is not None and improvement > most:
            message = f"{self.level.term}: a plan is better by {improvement}, which was proven impossible"
            raise Disagreement(message)
        return Found(improvement, most, turned.problem.choices(cells))

"""One level of an objective, asked again: why it is no better, and what it is in a changed instance."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sequencer.engine.run import Caps
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Outcome, Status
from sequencer.problem import Cell, Problem, Term
from sequencer.questions.bounds.bounds import Bounds
from sequencer.questions.bounds.pricing import priced
from sequencer.questions.levels import nearby
from sequencer.questions.turned import Turned
from sequencer.reasons.conflicts import coarse
from sequencer.reasons.lifting import without
from sequencer.reasons.parts import Part
from sequencer.reasons.shrink import Minimal, minimal
from sequencer.reasons.system import System
from sequencer.solving.engines import by_name
from sequencer.solving.levels import Levels
from sequencer.timetable import Choices

REASONS, LATE = 0.4, 0.3  # the parts of the time for reasons, and for numbers that are asked about one by one
FIRST = 1 / 4  # the part of the time for reasons in which the first answer must come: if it does not, there are none
LEAST = 0.5  # seconds for a search
PRICES = 0.3  # the part of the time left in which prices must be found
KEPT = 40  # plans that are tried in every changed instance, the best and latest


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
        """Return INFEASIBLE if it is proven that the value is no better even with parts lifted: by prices, or twice.

        FEASIBLE if it is better then, UNKNOWN if neither is known in time.
        """
        if self.most(without(self.outcome.problem, parts)) == 0:
            return Status.INFEASIBLE
        kept = [part for part in self._system.parts if part not in parts]
        status = self._system.ask(kept)
        if status is Status.INFEASIBLE and not self._system.confirm(kept):
            return Status.UNKNOWN
        return status

    @cached_property
    def bounds(self) -> Bounds | None:
        """What prices prove of the level in changed instances.

        None for a maximum, where prices could not be exact, and where every answer must be the same every time: how
        good prices are depends on how soon they are found.
        """
        if self._limits.deterministic or self._stop.is_set() or self._left() <= 0:
            return None
        problem = self.outcome.problem
        term, caps = problem.terms[self.level.term], self._caps(problem.terms)
        seconds = PRICES * self._left()
        return priced(problem, term, caps, self._plans[0], self.level.certificate, seconds=seconds, stop=self._stop)

    def most(self, problem: Problem, packages: Collection[str] | None = None) -> int | None:
        """Return by how much the level can be better at most in a changed problem, at once; None if that is unknown.

        Parameters
        ----------
        packages : collection of str, optional
            Only what is said of these packages is changed; default: all.
        """
        if self.bounds is None:
            return None
        least = self.bounds.least(self.bounds.state(problem, packages))
        return None if least is None else max(0, self.value - least)

    @property
    def is_going(self) -> bool:
        """Whether there is time left."""
        return self._left() > 0 and not self._stop.is_set()

    def gained(self, parts: Collection[Part]) -> tuple[Status, int]:
        """Return ``lifted``, and by how much better a timetable is that is known to keep all other parts."""
        status = self.lifted(parts)
        kept = [part for part in self._system.parts if part not in parts]
        witness = self._system.witness(kept) if status is Status.FEASIBLE else None
        if witness is None:
            return status, 0
        term = self.outcome.problem.terms[self.level.term]
        return status, self.value - self.outcome.problem.value(term, witness.cells)

    def better(self) -> list[tuple[Mapping[str, Cell], frozenset[Part]]]:
        """Return the plans of changed instances that are known to be better, each with the parts it breaks.

        Parts about money are left out.
        """
        return [(plan, self._system.broken(plan)) for plan in self._plans[1:]]

    def breaks(self, choices: Choices) -> frozenset[Part]:
        """Return the parts that a plan of a changed instance breaks, those about money left out."""
        return self._system.broken(self.outcome.problem.cells(choices))

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

    def turned(self, turned: Turned, seconds: float | None, *, is_clear: bool, most: int | None = None) -> Found:
        """Return the best value known in a changed instance.

        Parameters
        ----------
        turned : Turned
        seconds : float or None
            For a search; None: only plans known already are tried.
        is_clear : bool
            Whether nothing was turned that could relax the reason: then only what terms read can make it better.
        most : int, optional
            By how much it can be better at most, if that is known.
        """
        caps, term = self._caps(turned.problem.terms), turned.problem.terms[self.level.term]
        most = _smaller(most, self._most(turned) if is_clear else None)
        best = self._best(turned, caps, term)
        if best is None:
            message = f"no plan remains where rules are easier to keep: {'; '.join(turned.instance.changes)}"
            raise Disagreement(message)
        found = self._told(turned, caps, best, most)
        if found.proven or seconds is None:
            return found
        began = time.monotonic()
        near = self._near(turned, caps, found, seconds)
        if near is not None:
            found = near
        seconds -= time.monotonic() - began if near is not None else 0
        if found.proven or seconds < LEAST:
            return found
        most, best = found.most, turned.problem.cells(found.choices)
        limits = replace(self._limits, seconds=seconds)
        engine = by_name(self.outcome.asks, deterministic=limits.deterministic)
        search = Levels(turned.problem, engine, [(term, 0)], limits, None, self._stop, caps, best)
        search.run()
        self._spent += search.used()
        if not search.found or search.cells is None:
            return found
        value, bound = search.found[0]
        most = _smaller(most, None if bound is None else self.value - bound)
        self._keep(value, search.cells)
        return self._told(turned, caps, search.cells, most)

    def _near(self, turned: Turned, caps: Caps, found: Found, seconds: float) -> Found | None:
        """Return what a search among the cells says that prices leave; None if they leave too many."""
        bounds, term = self.bounds, turned.problem.terms[self.level.term]
        state = None if bounds is None else bounds.state(turned.problem)
        least = None if bounds is None else bounds.least(state)
        if bounds is None or state is None or least is None:
            return None
        value = self.value - found.improvement
        masks = bounds.near(state, value - 1)
        limits = replace(self._limits, seconds=seconds)
        said = nearby.search(
            turned.problem, term, caps, masks, range(min(least, value - 1), value), limits=limits, stop=self._stop
        )
        if said is None:
            return None
        best, most = turned.problem.cells(found.choices), _smaller(found.most, self.value - max(least, said.bound))
        if said.cells is not None and turned.keeps(said.cells, caps):
            best = dict(said.cells)
            self._keep(turned.problem.value(term, best), best)
        return self._told(turned, caps, best, most)

    def _keep(self, value: int, cells: Mapping[str, Cell]) -> None:
        """Keep a plan of a changed instance: it may be one of others, too."""
        if value < self.value and cells not in self._plans:
            self._plans = [*self._plans[:1], *self._plans[max(1, len(self._plans) - KEPT) :], dict(cells)]

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


def _smaller(one: int | None, other: int | None) -> int | None:
    """Return the smaller of two numbers, of which either may be unknown."""
    return min((number for number in (one, other) if number is not None), default=None)

"""Repairs: the cheapest changes of numbers with which an instance that has no plan gets one.

Small instances are asked for the cheapest at once (``exact``). Of large ones any that works is found first, then
smaller ones (``soon``); what is known to fail says what every repair costs at least. Each that is named is solved with.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sequencer.cpsat.allotment import allot
from sequencer.errors import Disagreement
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.problem import Problem
from sequencer.questions.trying.exact import Exact
from sequencer.questions.trying.fitting import fitted
from sequencer.questions.trying.narrow import narrowed
from sequencer.questions.trying.soon import Soon
from sequencer.questions.trying.steps import Vector, within
from sequencer.questions.trying.trials import Hear, Pose, Trials, as_it_is
from sequencer.questions.trying.ways import ways
from sequencer.reasons.conflicts import Conflict
from sequencer.solving.solver import recheck
from sequencer.timetable import Choices

#: Repairs that are named.
MOST = 3

#: Changes in a repair that time was too short to make small: with more than these nobody would read it.
READABLE = 20

#: The parts of the time until which any that work are looked for in large instances, then the cheapest, then, where
#: there are none yet, any that work in others. What is left is for checks.
SOON, BEST, LATE = 0.65, 0.75, 0.85


@dataclass(frozen=True, slots=True)
class Change:
    """One number that is turned.

    Attributes
    ----------
    address : str
        With a range of months, those for which the number must change.
    change : str
        As ``--set`` takes it, such as ``"+2"``.
    units : int
        Steps, of one unit each, or of a tenth where a unit is large: points per month, factors.
    unit : str
        That the number is shown in.
    cost : float
    """

    address: str
    change: str
    units: int
    unit: str
    cost: float


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes with which there is a plan.

    Attributes
    ----------
    changes : tuple of Change
    cost : float
        Of all of them.
    choices : mapping of str to Choice
        A plan of the changed instance, which passed the rules and the audit.
    minimal : bool
        Whether it is proven that no proper part works: neither fewer changes, nor fewer units of any of them.
    cheapest : bool
        Whether it is proven that nothing cheaper works, but for repairs that are named before it and what contains
        them. With ``accepts_risk``: nothing cheaper that accepts more risk.
    accepts_risk : bool
        Whether it touches what protects people, which the plan says is negotiable.
    """

    changes: tuple[Change, ...]
    cost: float
    choices: Choices
    minimal: bool
    cheapest: bool
    accepts_risk: bool


@dataclass(frozen=True, slots=True)
class Repairs:
    """What would have to change for a plan to exist.

    Attributes
    ----------
    found : tuple of Repair
        Cheapest first; those that accept more risk after all others. Empty changes: there is a plan already.
    uncured : tuple of Conflict
        What no change cures, however far all numbers are turned at once, protections as they are: what holds by
        definition, protections, and dates that are fixed. Empty where something cures all.
    problem : Problem
        That of which the parts of ``uncured`` are.
    complete : bool
        Whether it is proven that there are no other repairs than those found.
    sure : bool
        Whether the search came to its end: else time ran out, and there may be other repairs, or cheaper ones.
    parameters : mapping of str to float
        The cost of one unit that was used, by the address of each number that a repair changes.
    least : float
        What every repair costs at least that accepts no more risk, proven; 0 where nothing is known of it.
    """

    found: tuple[Repair, ...]
    uncured: tuple[Conflict, ...]
    problem: Problem
    complete: bool
    sure: bool
    parameters: Mapping[str, float]
    least: float = 0.0


def repairs(
    instance: Instance,
    costs: Mapping[str, float] | None = None,
    *,
    most: int = MOST,
    pose: Pose = as_it_is,
    kept: Collection[str] = (),
    limits: Limits | None = None,
    stop: threading.Event | None = None,
    hear: Hear | None = None,
) -> Repairs:
    """Return the cheapest sets of changes with which there is a plan.

    Parameters
    ----------
    instance : Instance
        Without a plan; of one with a plan the only repair is to change nothing.
    costs : mapping of str to float, optional
        What one unit costs, by the unit a number is shown in (``"months"``, ``"units"``, ``"people"``, ``"money"`` …;
        see ``ways.COSTS``) or by its address, with ``*`` for anything. An address counts more than a unit, a later one
        more than an earlier one.
    most : int
        Repairs without risk that are looked for, and as many that accept more risk.
    pose : callable
        What the plan must be: the problem of an instance, with rules that are added to its own, and terms that must
        stay at most at some values. Default: any plan.
    kept : collection of str
        Addresses of numbers that are not turned.
    limits : Limits, optional
        For all of it. Default: ten seconds.
    stop : threading.Event, optional
        Ends the search soon after it is set; what was found by then is returned.
    hear : callable, optional
        Called, while the search goes on, with the cost and the number of all changes that are found to work together.

    Raises
    ------
    UsageError
        If a cost is not positive, or is said of something that is neither a unit nor an address.
    Disagreement
        If a plan of a changed instance fails the re-check by the rules or by the audit.
    """
    limits, stop = limits or Limits(seconds=10.0), stop or threading.Event()
    turned = [way for way in ways(instance, costs or {}) if way.lever.address not in kept]
    return _Repairing(Trials(instance, turned, limits, stop, pose, hear), most).repairs()


@dataclass
class _Repairing:
    """From steps that work to repairs that are checked."""

    trials: Trials
    most: int

    def repairs(self) -> Repairs:
        """Return repairs without risk, and those that accept more."""
        trials, exact = self.trials, Exact(self.trials, self.most)
        soon: list[Vector] = []
        if trials.is_large:  # the cheapest may take longer than there is: any that works comes first
            with self._until(SOON):
                soon = Soon(trials, self.most).run()
        with self._until(BEST):
            complete = exact.run(risky=False)
            hopeless = complete and not exact.found
            if exact.sure and any(way.risky for way in trials.ways):
                complete &= exact.run(risky=True)
        if not exact.found and not soon:
            with self._until(LATE):
                soon = self._any(hopeless=hopeless)
        least = exact.least()
        vectors = self._named(exact, soon)
        found = [self._repair(vector, exact=exact, least=least) for vector in vectors]
        told = sorted(filter(None, found), key=lambda repair: (repair.accepts_risk, repair.cost))
        uncured, problem = (
            trials.conflict(trials.top(risky=False)) if hopeless else ((), trials.pose(trials.instance)[0])
        )
        turned = {i for vector in vectors for i, steps in enumerate(vector) if steps}
        costs = {way.lever.address: float(way.cost) for i, way in enumerate(trials.ways) if i in turned}
        sure = exact.sure and len(told) == len(found)
        return Repairs(tuple(told), uncured, problem, complete, sure, costs, float(least))

    @contextlib.contextmanager
    def _until(self, part: float) -> Iterator[None]:
        """Let questions take no more than a part of all time, since the beginning."""
        limits = self.trials.limits
        self.trials.limits = replace(limits, seconds=limits.seconds * part)
        yield
        self.trials.limits = limits

    def _any(self, *, hopeless: bool) -> list[Vector]:
        """Return steps that work, if any are found, without risk if there are any."""
        found = [] if hopeless else Soon(self.trials, 1).run()
        return found or (Soon(self.trials, 1, risky=True).run() if any(way.risky for way in self.trials.ways) else [])

    def _named(self, exact: Exact, soon: list[Vector]) -> list[Vector]:
        """Return the steps that are named: of those found soon only what nobody knows a part of that works, too."""
        vectors = [vector for vector, _ in exact.found]
        others = sorted(soon, key=lambda vector: (sum(map(bool, vector)) > READABLE, self.trials.cost(vector)))
        for vector in others[: self.most]:
            long = sum(map(bool, vector)) > READABLE
            if not any(within(fewer, vector) for fewer in vectors) and not (long and vectors):
                vectors.append(vector)
        unnamed = [vector for vector, is_named in exact.found if not is_named]
        return [vector for vector in vectors if vector not in unnamed]

    def _repair(self, vector: Vector, *, exact: Exact, least: Fraction) -> Repair | None:
        """Return the repair that steps are, checked; None where time ran out."""
        trials = self.trials
        vector, minimal = self._least(vector)
        changes, tried = narrowed(trials, vector)
        if tried.cells is None:
            return None
        turned = [(way, steps) for way, steps in zip(trials.ways, vector, strict=True) if steps]
        told = tuple(
            Change(address, change, steps, way.lever.unit, float(way.cost * steps))
            for (address, change), (way, steps) in zip(changes.items(), turned, strict=True)
        )
        total = trials.cost(vector)
        is_cheapest = minimal and (vector in (known for known, _ in exact.found) or total <= least)
        risky = any(way.risky for way, _ in turned)
        values = recheck(tried.instance, tried.problem, tried.cells, allot(tried.problem, tried.cells))
        if any(values[term.name] > most for term, most in tried.caps):
            raise Disagreement("a plan of a changed instance exceeds what its terms may reach")
        choices = tried.problem.choices(tried.cells)
        return Repair(told, float(total), choices, minimal, is_cheapest, risky)

    def _least(self, vector: Vector) -> tuple[Vector, bool]:
        """Return steps, or fewer that work, and whether it is proven, by two searches, that no part of them does."""
        left = [position for position, steps in enumerate(vector) if steps]
        while left:
            position = left.pop(0)
            fewer = (*vector[:position], vector[position] - 1, *vector[position + 1 :])
            share = self.trials.left / (2 * len(left) + 2) if self.trials.is_large else None
            works = self.trials.holds(fewer, share)
            if works:  # time was too short before to find that
                vector = fitted(self.trials, fewer)
                left = [position for position, steps in enumerate(vector) if steps]
                continue
            if works is None or self.trials.left <= 0:
                return vector, False
            again = self.trials.attempt(self.trials.changes(fewer), again=True, seconds=share)
            if again.cells is not None:
                raise Disagreement("one search proved that there is no plan, another found one")
            if again.status is not Status.INFEASIBLE:
                return vector, False
        return vector, True

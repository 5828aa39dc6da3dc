"""Repairs: the cheapest changes of numbers with which an instance that has no plan gets one.

Numbers are turned only in directions in which rules become easier to keep, so steps that leave no plan say the same of
fewer steps. The cheapest steps that go beyond all that is known to fail are tried; where they fail, too, they are
raised as far as they still fail, and the next ones must go beyond that. The first that work are the cheapest there are,
and nothing of them is needless: any part of them would be cheaper. Further repairs may not contain any found before.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sequencer.cpsat.allotment import allot
from sequencer.errors import Disagreement
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.problem import Problem
from sequencer.questions.hitting import TooManyError, cheapest
from sequencer.questions.narrow import narrowed
from sequencer.questions.trials import Pose, Trials, Vector, any_plan
from sequencer.questions.ways import ways
from sequencer.reasons.conflicts import Conflict
from sequencer.solving.solver import recheck
from sequencer.timetable import Choices

#: Repairs that are named.
MOST = 3

#: Changes in a repair that time was too short to make small: with more than these nobody would read it.
READABLE = 20

#: The part of the time in which the cheapest are looked for, before any is taken.
BEST = 0.6


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
    """

    found: tuple[Repair, ...]
    uncured: tuple[Conflict, ...]
    problem: Problem
    complete: bool
    sure: bool
    parameters: Mapping[str, float]


@dataclass
class _Search:
    """A search for repairs: what is known, and what was found."""

    trials: Trials
    most: int
    clauses: list[dict[int, int]] = field(default_factory=list)
    found: list[tuple[Vector, bool]] = field(default_factory=list)
    sure: bool = True

    def run(self, *, risky: bool) -> bool:
        """Look for repairs, with or without risk; return whether there are no more, none being left out."""
        chosen = [i for i, way in enumerate(self.trials.ways) if risky or not way.risky]
        wanted = [{i: 1 for i in chosen if self.trials.ways[i].risky}] if risky else []
        costs, until = [way.cost for way in self.trials.ways], len(self.found) + self.most
        while len(self.found) < until:
            clauses = [{i: n for i, n in clause.items() if i in chosen} for clause in self.clauses]
            blocked = [{i: n for i, n in enumerate(vector) if n} for vector, _ in self.found]
            try:
                steps = cheapest(costs, [*clauses, *wanted], blocked)
            except TooManyError:
                self.sure = False
                return False
            if steps is None:
                return True
            known = dict(steps)
            if not self._try(tuple(known.get(i, 0) for i in range(len(costs))), risky=risky):
                self.sure = False
                return False
        return False

    def _try(self, vector: Vector, *, risky: bool) -> bool:
        """Take steps as a repair if they work, else learn why not; return whether there was time for it."""
        if risky:
            pure = tuple(0 if way.risky else n for way, n in zip(self.trials.ways, vector, strict=True))
            works = self.trials.holds(pure)
            if works is None:
                return False
            if works:  # no risk has to be taken: it is a repair of the other kind, or contains one
                self.found.append((pure, False))
                return True
        works = self.trials.holds(vector)
        if works:
            self.found.append((vector, True))
        elif works is False:
            top = self.trials.grown(vector)
            limits = self.trials.top()
            self.clauses.append({i: n + 1 for i, n in enumerate(top) if n < limits[i]})
        return works is not None


def repairs(
    instance: Instance,
    costs: Mapping[str, float] | None = None,
    *,
    most: int = MOST,
    pose: Pose = any_plan,
    kept: Collection[str] = (),
    limits: Limits | None = None,
    stop: threading.Event | None = None,
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
        Ends the search soon after it is set.

    Raises
    ------
    UsageError
        If a cost is not positive, or is said of something that is neither a unit nor an address.
    Disagreement
        If a plan of a changed instance fails the re-check by the rules or by the audit.
    """
    limits, stop = limits or Limits(seconds=10.0), stop or threading.Event()
    turned = [way for way in ways(instance, costs or {}) if way.lever.address not in kept]
    return _Repairing(Trials(instance, turned, limits, stop, pose), most).repairs()


@dataclass
class _Repairing:
    """From steps that work to repairs that are checked."""

    trials: Trials
    most: int

    def repairs(self) -> Repairs:
        """Return repairs without risk, and those that accept more."""
        trials, limits = self.trials, self.trials.limits
        trials.limits = replace(limits, seconds=limits.seconds * BEST)
        search = _Search(trials, self.most)
        complete = search.run(risky=False)
        hopeless = complete and not search.found
        if search.sure and any(way.risky for way in trials.ways):
            complete &= search.run(risky=True)
        trials.limits = limits
        vectors = [vector for vector, named in search.found if named]
        any_plan = vectors or self._any_plan(hopeless=hopeless)
        found = [self._repair(vector, is_cheapest=bool(vectors)) for vector in any_plan]
        uncured, problem = (
            trials.conflict(trials.top(risky=False)) if hopeless else ((), trials.pose(trials.instance)[0])
        )
        costs = {
            way.lever.address: float(way.cost)
            for vector in any_plan
            for way, steps in zip(trials.ways, vector, strict=True)
            if steps
        }
        told = tuple(repair for repair in found if repair is not None)
        return Repairs(told, uncured, problem, complete, search.sure and len(told) == len(found), costs)

    def _any_plan(self, *, hopeless: bool) -> list[Vector]:
        """Return steps that work, if any are found in the time that is left, and from which nothing can be taken."""
        for risky in (False, True):
            top = self.trials.top(risky=risky)
            if not (hopeless and not risky) and self.trials.holds(top) is True:
                lowered = self.trials.lowered(top)
                return [lowered] if sum(map(bool, lowered)) <= READABLE else []
        return []

    def _repair(self, vector: Vector, *, is_cheapest: bool) -> Repair | None:
        """Return the repair that steps are, checked; None where time ran out."""
        trials = self.trials
        changes, tried = narrowed(trials, vector)
        if tried.cells is None:
            return None
        turned = [(way, steps) for way, steps in zip(trials.ways, vector, strict=True) if steps]
        told = tuple(
            Change(address, change, steps, way.lever.unit, float(way.cost * steps))
            for (address, change), (way, steps) in zip(changes.items(), turned, strict=True)
        )
        minimal = self._is_minimal(vector)
        total = sum((way.cost * steps for way, steps in turned), Fraction(0))
        risky = any(way.risky for way, _ in turned)
        values = recheck(tried.instance, tried.problem, tried.cells, allot(tried.problem, tried.cells))
        if any(values[term.name] > most for term, most in tried.caps):
            raise Disagreement("a plan of a changed instance exceeds what its terms may reach")
        choices = tried.problem.choices(tried.cells)
        return Repair(told, float(total), choices, minimal, minimal and is_cheapest, risky)

    def _is_minimal(self, vector: Vector) -> bool:
        """Return whether it is proven, by two searches, that one unit less of anything leaves no plan."""
        for position in (position for position, steps in enumerate(vector) if steps):
            fewer = (*vector[:position], vector[position] - 1, *vector[position + 1 :])
            if self.trials.holds(fewer) is not False or self.trials.left <= 0:
                return False
            again = self.trials.attempt(self.trials.changes(fewer), again=True)
            if again.cells is not None:
                raise Disagreement("one search proved that there is no plan, another found one")
            if again.status is not Status.INFEASIBLE:
                return False
        return True

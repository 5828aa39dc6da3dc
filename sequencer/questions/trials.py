"""Which numbers of steps in which directions leave an instance with a plan: asked of the solver, never twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.engine.run import Caps
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem
from sequencer.questions.ways import Way
from sequencer.reasons.conflicts import Conflict, Scope, conflicts

#: Steps of each way, in their order.
Vector: TypeAlias = tuple[int, ...]

#: What is asked of an instance, however its numbers are turned: a problem, and terms that must stay at most at values.
Pose: TypeAlias = Callable[[Instance], tuple[Problem, Caps]]


def any_plan(instance: Instance) -> tuple[Problem, Caps]:
    """Ask for any plan of an instance."""
    return compile_instance(instance), ()


#: Where an answer must repeat, work is counted, of which a question takes at least so much.
CHARGE = 0.01

#: The part of the time that is left which one conflict may take.
CONFLICT = 0.25

#: Numbers that may relax promises in whose rows they do not stand.
ELSEWHERE = frozenset({"gains", "needs", "relapses"})
ELSEWHERE_FIELDS = frozenset({"revenue", "carry_until"})


@dataclass(frozen=True, slots=True)
class Tried:
    """An instance that was changed, and what came of it.

    Attributes
    ----------
    instance : Instance
    problem : Problem
    status : Status
        FEASIBLE, INFEASIBLE, or UNKNOWN where time ran out.
    cells : mapping of str to Cell, or None
        A plan.
    caps : sequence of (Term, int)
        Terms that must stay at most at these values.
    """

    instance: Instance
    problem: Problem
    status: Status
    cells: Mapping[str, Cell] | None
    caps: Caps = ()


@dataclass
class Trials:
    """What is known of an instance when numbers are turned: more steps never leave it without a plan that fewer had.

    Attributes
    ----------
    instance : Instance
    ways : sequence of Way
    limits : Limits
        For all questions together.
    stop : threading.Event
    pose : callable
        What is asked of it; numbers that are turned must make it easier, too.
    """

    instance: Instance
    ways: Sequence[Way]
    limits: Limits
    stop: threading.Event
    pose: Pose = any_plan
    works: list[Vector] = field(default_factory=list)
    fails: list[Vector] = field(default_factory=list)
    plans: dict[Vector, Tried] = field(default_factory=dict)
    spent: float = 0.0
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """The time that is left."""
        used = self.spent if self.limits.deterministic else time.monotonic() - self.began
        return 0.0 if self.stop.is_set() else self.limits.seconds - used

    def top(self, *, risky: bool = True) -> Vector:
        """Return all steps there are, with or without those that accept more risk."""
        return tuple(way.most if risky or not way.risky else 0 for way in self.ways)

    def changes(self, vector: Vector) -> dict[str, str]:
        """Return the changes that steps stand for."""
        return {way.lever.address: way.change(steps) for way, steps in zip(self.ways, vector, strict=True) if steps > 0}

    def attempt(self, changes: Mapping[str, str], *, again: bool = False) -> Tried:
        """Look for a plan of the changed instance; ``again``: with the model told as it is, not simplified first."""
        instance = self.instance.but(changes)
        problem, caps = self.pose(instance)
        limits = replace(self.limits, seconds=max(0.01, self.left))
        told = search.best_for(next((term for term, _ in caps if not term.maximum), None))
        found = search.run(
            problem, None, caps, None, limits=limits, stop=self.stop, formulation=told, presolve=not again
        )
        self.spent += max(CHARGE, found.spent)
        return Tried(instance, problem, found.status, found.cells, caps)

    def holds(self, vector: Vector) -> bool | None:
        """Return whether there is a plan with these steps; None where time ran out."""
        if any(_within(small, vector) for small in self.works):
            return True
        if any(_within(vector, large) for large in self.fails):
            return False
        if self.left <= 0:
            return None
        tried = self.attempt(self.changes(vector))
        if tried.status is Status.UNKNOWN:
            return None
        if tried.status is Status.INFEASIBLE:
            self.fails.append(vector)
            return False
        self.works.append(vector)
        self.plans[vector] = tried
        return True

    def conflict(self, vector: Vector) -> tuple[tuple[Conflict, ...], Problem]:
        """Return what clashes with these steps, if time allows, and the rules that it is among."""
        instance = self.instance.but(self.changes(vector))
        problem, caps = self.pose(instance)
        limits = replace(self.limits, seconds=max(0.01, self.left * CONFLICT))
        self.spent += CHARGE
        return conflicts(problem, Scope.all_of(instance), limits, self.stop, always=caps, most=1), problem

    def grown(self, vector: Vector) -> Vector:
        """Return steps as many as possible, at least these, that still leave no plan.

        None can be added to what is returned, unless time ran out; numbers that take no part in one conflict are
        turned as far as they go first, all at once.
        """
        known = vector
        found, _ = self.conflict(vector)
        if found:
            rows = {origin.place for part in found[0].parts for origin in part.origins}
            top = (way.most if not _touches(way, rows) else n for way, n in zip(self.ways, vector, strict=True))
            far = tuple(top)
            if self.holds(far) is False:
                known = far
        order = sorted(range(len(self.ways)), key=lambda i: (self.ways[i].risky, self.ways[i].cost))
        return self._all_raised(known, [i for i in order if known[i] < self.ways[i].most])

    def _all_raised(self, vector: Vector, positions: Sequence[int]) -> Vector:
        """Return a vector that fails with more steps at some positions, blocks of them first, then halves of blocks."""
        if not positions or self.left <= 0:
            return vector
        if len(positions) == 1:
            return self._raised(vector, positions[0])
        far = tuple(way.most if i in positions else n for i, (way, n) in enumerate(zip(self.ways, vector, strict=True)))
        if self.holds(far) is False:
            return far
        half = len(positions) // 2
        return self._all_raised(self._all_raised(vector, positions[:half]), positions[half:])

    def _raised(self, vector: Vector, position: int) -> Vector:
        """Return a vector that fails with as many steps at one position as leave it so: by doubling, then halving."""
        least, most = vector[position], self.ways[position].most
        if least == most or self.holds(_at(vector, position, most)) is False:
            return _at(vector, position, most)
        step, enough = 1, most
        while least + step < enough:
            if self.holds(_at(vector, position, least + step)) is not False:
                enough = least + step
                break
            least, step = least + step, 2 * step
        while enough - least > 1:
            middle = (least + enough) // 2
            if self.holds(_at(vector, position, middle)) is False:
                least = middle
            else:
                enough = middle
        return _at(vector, position, least)

    def lowered(self, vector: Vector) -> Vector:
        """Return a part of steps that work from which nothing can be taken, unless time ran out; dear ones go first."""
        order = sorted(range(len(self.ways)), key=lambda i: (not self.ways[i].risky, -self.ways[i].cost))
        vector = self._dropped(vector, [i for i in order if vector[i]])
        for position, steps in enumerate(vector):
            least, enough = -1, steps
            if steps:
                least = 0
            while enough - least > 1:
                middle = (least + enough) // 2
                if self.holds(_at(vector, position, middle)) is True:
                    enough = middle
                else:
                    least = middle
            vector = _at(vector, position, enough)
        return vector

    def _dropped(self, vector: Vector, positions: Sequence[int]) -> Vector:
        """Return a vector that works without steps at some positions, blocks of them first, then halves of blocks."""
        if not positions or self.left <= 0:
            return vector
        without = tuple(0 if i in positions else n for i, n in enumerate(vector))
        if self.holds(without) is True:
            return without
        if len(positions) == 1:
            return vector
        half = len(positions) // 2
        return self._dropped(self._dropped(vector, positions[:half]), positions[half:])


def _within(small: Vector, large: Vector) -> bool:
    return all(a <= b for a, b in zip(small, large, strict=True))


def _at(vector: Vector, position: int, steps: int) -> Vector:
    return (*vector[:position], steps, *vector[position + 1 :])


def _touches(way: Way, rows: set[str]) -> bool:
    return way.place in rows or way.lever.attribute in ELSEWHERE or way.lever.field in ELSEWHERE_FIELDS

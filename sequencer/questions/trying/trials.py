"""Which numbers of steps in which directions leave an instance with a plan: asked of the solver, never twice."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.cpsat.allotment import allot
from sequencer.engine.run import Caps, Run
from sequencer.engine.tables import open_masks
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem
from sequencer.questions.trying.anyhow import Either, any_plan, any_plan_or_none
from sequencer.questions.trying.steps import Vector, at, lessened, within
from sequencer.questions.trying.ways import Way
from sequencer.questions.turning import Turning
from sequencer.reasons.conflicts import Conflict, Scope, conflicts

#: What is asked of an instance, however its numbers are turned: a problem, and terms that must stay at most at values.
Pose: TypeAlias = Callable[[Instance], tuple[Problem, Caps]]


def as_it_is(instance: Instance) -> tuple[Problem, Caps]:
    """Ask for any plan of an instance."""
    return compile_instance(instance), ()


#: Where an answer must repeat, work is counted, of which a question takes at least so much.
CHARGE = 0.01

#: Called with what changes cost that work, and how many there are.
Hear: TypeAlias = Callable[[float, int], None]

#: The part of the time that is left which one conflict may take.
CONFLICT = 0.25

#: Open cells, above which CP-SAT alone takes too long to say whether there is a plan.
LARGE = 1500

#: The part of a search in which ruin and recreate has the processor alone, where a plan is expected.
ALONE = 1 / 3

#: Timetables found last that are tried before anything is searched for.
KNOWN = 3


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
    hear : callable, optional
        Called with the cost and the number of changes of all that is found to work.
    """

    instance: Instance
    ways: Sequence[Way]
    limits: Limits
    stop: threading.Event
    pose: Pose = as_it_is
    hear: Hear | None = None
    works: list[Vector] = field(default_factory=list)
    fails: list[Vector] = field(default_factory=list)
    plans: dict[Vector, Tried] = field(default_factory=dict)
    known: list[Mapping[str, Cell]] = field(default_factory=list)
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

    @cached_property
    def is_large(self) -> bool:
        """Whether the instance is so large that plans are looked for by ruin and recreate first.

        Where an answer must repeat they are not: threads that tell each other what they find do not.
        """
        if self.limits.deterministic:
            return False
        masks = open_masks(compile_instance(self.instance), [])
        return sum(int(mask.sum()) for mask in masks.values()) > LARGE

    def attempt(
        self, changes: Mapping[str, str], *, again: bool = False, seconds: float | None = None, soon: bool = False
    ) -> Tried:
        """Look for a plan of the changed instance: among timetables found before, then by a search.

        Parameters
        ----------
        changes : mapping of str to str
        again : bool
            Whether a second proof is wanted: by a model told as it is, not simplified first; where that is too large,
            by promises that are proven to clash in two ways.
        seconds : float, optional
            Most that a search may take, 0 for none at all; default: all that is left.
        soon : bool
            Whether a plan is expected: where the instance is large it is looked for before a proof that there is none.
        """
        instance = self.instance.but(changes)
        problem, caps = self.pose(instance)
        self.spent += CHARGE
        for cells in [] if again else self.known[: -KNOWN - 1 : -1]:
            if keeps(problem, cells, caps):
                return Tried(instance, problem, Status.FEASIBLE, cells, caps)
        if seconds == 0:
            return Tried(instance, problem, Status.UNKNOWN, None, caps)
        limits = replace(self.limits, seconds=max(0.01, self.left if seconds is None else min(seconds, self.left)))
        if again and self.is_large:
            found = self._clashes(instance, problem, caps, limits)
            clash = any(conflict.confirmed for conflict in found)
            return Tried(instance, problem, Status.INFEASIBLE if clash else Status.UNKNOWN, None, caps)
        run = self._run(problem, caps, limits, again=again, soon=soon)
        self.spent += max(0.0, run.spent - CHARGE)
        if run.cells is not None:
            self.known.append(run.cells)
        return Tried(instance, problem, run.status, run.cells, caps)

    def _run(self, problem: Problem, caps: Caps, limits: Limits, *, again: bool, soon: bool) -> Run:
        if not self.is_large:
            told = search.best_for(next((term for term, _ in caps if not term.maximum), None))
            return search.run(
                problem, None, caps, None, limits=limits, stop=self.stop, formulation=told, presolve=not again
            )
        if soon:
            run = any_plan(problem, caps, replace(limits, seconds=limits.seconds * ALONE), self.stop)
            if run.status is not Status.UNKNOWN:
                return run
            limits = replace(limits, seconds=max(0.01, limits.seconds - run.spent))
        return any_plan_or_none(problem, caps, limits, self.stop)

    def holds(self, vector: Vector, seconds: float | None = None, *, soon: bool = False) -> bool | None:
        """Return whether there is a plan with these steps; None where time ran out; see ``attempt``."""
        if any(within(small, vector) for small in self.works):
            return True
        if any(within(vector, large) for large in self.fails):
            return False
        if self.left <= 0:
            return None
        tried = self.attempt(self.changes(vector), seconds=seconds, soon=soon)
        if tried.status is Status.INFEASIBLE:
            self.refuse(vector)
            return False
        if tried.cells is None:
            return None
        self.accept(vector, tried)
        return True

    def refuse(self, vector: Vector) -> None:
        """Note that there is no plan with these steps, and so with none of their parts."""
        self.fails = [*(fewer for fewer in self.fails if not within(fewer, vector)), vector]

    def accept(self, vector: Vector, tried: Tried) -> None:
        """Note that there is a plan with these steps, and tell of it."""
        self.works.append(vector)
        self.plans[vector] = tried
        if self.hear is not None:
            self.hear(float(self.cost(vector)), sum(map(bool, vector)))

    def cost(self, vector: Vector) -> Fraction:
        """Return what steps cost in all."""
        return sum((way.cost * steps for way, steps in zip(self.ways, vector, strict=True)), Fraction(0))

    def plan(self, vector: Vector) -> Mapping[str, Cell] | None:
        """Return a timetable that is known to be a plan with these steps."""
        known = (tried.cells for small, tried in reversed(self.plans.items()) if within(small, vector))
        return next(known, None)

    def turned(self, vector: Vector) -> Tried:
        """Return the instance with these steps, of whose plans nothing is known."""
        instance = self.instance.but(self.changes(vector))
        problem, caps = self.pose(instance)
        return Tried(instance, problem, Status.UNKNOWN, None, caps)

    def conflict(self, vector: Vector) -> tuple[tuple[Conflict, ...], Problem]:
        """Return what clashes with these steps, if time allows, and the rules that it is among."""
        instance = self.instance.but(self.changes(vector))
        problem, caps = self.pose(instance)
        limits = replace(self.limits, seconds=max(0.01, self.left * CONFLICT))
        self.spent += CHARGE
        return self._clashes(instance, problem, caps, limits), problem

    def _clashes(self, instance: Instance, problem: Problem, caps: Caps, limits: Limits) -> tuple[Conflict, ...]:
        """Return a conflict, if one is found in time, which is kept to also between two of its questions."""
        late = math.inf if limits.deterministic else time.monotonic() + limits.seconds
        return conflicts(problem, Scope.all_of(instance), limits, Either(self.stop, late), always=caps, most=1)

    def grown(self, vector: Vector) -> Vector:
        """Return steps as many as possible, at least these, that still leave no plan.

        None can be added to what is returned, unless time ran out; numbers that could relax no part of one conflict
        are turned as far as they go first, all at once.
        """
        known = vector
        found, _ = self.conflict(vector)
        if found:
            could = set(Turning(self.instance.but(self.changes(vector)), risky=True).of(found[0].parts))
            chosen = ((n if way.lever.address in could else way.most) for way, n in zip(self.ways, vector, strict=True))
            far = tuple(chosen)
            if self.is_large and found[0].confirmed:
                self.refuse(far)  # models/problem.md, proposition 21: the same parts clash as before
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
        if least == most or self.holds(at(vector, position, most)) is False:
            return at(vector, position, most)
        step, enough = 1, most
        while least + step < enough:
            if self.holds(at(vector, position, least + step)) is not False:
                enough = least + step
                break
            least, step = least + step, 2 * step
        while enough - least > 1:
            middle = (least + enough) // 2
            if self.holds(at(vector, position, middle)) is False:
                least = middle
            else:
                enough = middle
        return at(vector, position, least)

    def lowered(self, vector: Vector) -> Vector:
        """Return a part of steps that work from which nothing can be taken, unless time ran out; dear ones go first."""
        order = sorted(range(len(self.ways)), key=lambda i: (not self.ways[i].risky, -self.ways[i].cost))
        return lessened(vector, [[i] for i in order], lambda fewer: self.left > 0 and self.holds(fewer) is True)


def keeps(problem: Problem, cells: Mapping[str, Cell], caps: Caps) -> bool:
    """Return whether a timetable is a plan in which terms are at most what they may be."""
    if any(problem.value(term, cells) > most for term, most in caps):
        return False
    return not any(problem.breaches(cells, allot(problem, cells)))

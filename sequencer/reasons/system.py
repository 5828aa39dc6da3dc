"""A system of parts: whether some of them can hold together, asked again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from sequencer.cpsat import search
from sequencer.cpsat.allotment import allot
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.engine.run import Caps, Until
from sequencer.engine.tables import open_masks
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Status
from sequencer.problem import Bridge, Cell, Problem, Schedule
from sequencer.reasons.broken import Broken
from sequencer.reasons.lifting import without
from sequencer.reasons.parts import Part, Side, parts_of
from sequencer.reasons.rotating import Rotating
from sequencer.reasons.scarcity.pricing import Pricing
from sequencer.reasons.scarcity.scarce import confirm, seconds
from sequencer.reasons.scarcity.shortfall import Prices
from sequencer.reasons.trimmed import is_closed, named

PATIENCE = 3.0  # times as long as the longest answer so far, for each of those that follow
LEAST = 0.5  # seconds for one of them
UNHURRIED = 5.0  # seconds for the first
ROTATING = 1 / 2  # of the time left: so long timetables are made from one


@dataclass(frozen=True, slots=True)
class Witness:
    """A timetable that shows that some parts can hold together: all but those it breaks.

    Attributes
    ----------
    cells : mapping of str to Cell
        Of every package.
    broken : frozenset of Part
        All parts it breaks, but those about money.
    unpaid : frozenset of Part
        The parts about money that were lifted when it was found; with the others it can be paid for.
    """

    cells: Mapping[str, Cell]
    broken: frozenset[Part]
    unpaid: frozenset[Part]

    def keeps(self, parts: Collection[Part]) -> bool:
        """Return whether it keeps parts, as far as is known."""
        return self.broken.isdisjoint(parts) and self.unpaid.isdisjoint(parts)


@dataclass
class System:
    """Parts of the rules of a problem, and caps on terms; any of them may be left out.

    Attributes
    ----------
    problem : Problem
    caps : sequence of (Term, int)
        What terms may reach at most; a cap is a part, too, after those of the rules.
    always : sequence of (Term, int)
        Caps that are never left out.
    limits : Limits
        For all answers together.
    witnesses : list of Witness
        Timetables found on the way: each answers questions without a search.
    first : float
        Seconds for the first answer; later ones have a few times what the longest took.
    bare : bool
        Whether even what holds by definition may be left out: to name what of it contradicts itself.
    unsure : bool
        Whether an answer ran out of time, so that parts may be called needed that are not.
    pricing : Pricing or None
        Asked before CP-SAT, where it is shared resources that are too scarce; only without ``caps``.
    """

    problem: Problem
    limits: Limits
    stop: threading.Event
    caps: Caps = ()
    always: Caps = ()
    witnesses: list[Witness] = field(default_factory=list)
    first: float = UNHURRIED
    bare: bool = False
    unsure: bool = False
    longest: float = 0.0
    spent: float = 0.0
    asked: int = 0
    pricing: Pricing | None = None

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All parts: those of the rules, then the caps."""
        begin = len(self.problem.rules)
        caps = (
            Part(begin + i, (), term.name, Side.RULE, tuple(term.tables), None, ())
            for i, (term, _) in enumerate(self.caps)
        )
        return (*parts_of(self.problem), *caps)

    @cached_property
    def definitions(self) -> frozenset[Part]:
        """The parts that always hold."""
        return frozenset(part for part in self.parts if part.side is Side.DEFINITION and not self.bare)

    def held(self, part: Part) -> tuple[str, int] | None:
        """Return the term and the most it may reach, if a part is a cap."""
        position = part.position - len(self.problem.rules)
        if position < 0:
            return None
        term, most = self.caps[position]
        return term.name, most

    def only(self, kept: Collection[Part]) -> tuple[Problem, Caps]:
        """Return the problem with the parts that are kept, and what holds by definition, and the caps among them."""
        begin = len(self.problem.rules)
        kept = {*kept, *self.definitions}
        lifted = [part for part in self.parts if part not in kept and part.position < begin]
        caps = [self.caps[part.position - begin] for part in kept if part.position >= begin]
        return without(self.problem, lifted), [*self.always, *caps]

    def clash(self, kept: Collection[Part]) -> bool:
        """Return whether parts are proven to contradict each other; running out of time counts as no."""
        return self.ask(kept) is Status.INFEASIBLE

    def witness(self, kept: Collection[Part]) -> Witness | None:
        """Return a timetable that is known to keep parts."""
        return next((witness for witness in self.witnesses if witness.keeps(kept)), None)

    def ask(self, kept: Collection[Part]) -> Status:
        """Return FEASIBLE, INFEASIBLE or UNKNOWN for some parts together with what holds by definition."""
        if self.witness(kept) is not None:
            return Status.FEASIBLE
        left = self.limits.seconds - self.spent
        if left <= 0 or self.stop.is_set():
            self.unsure = True
            return Status.UNKNOWN
        priced = self._priced(kept)
        if priced is not Status.UNKNOWN:
            return priced
        problem, caps = self.only(kept)
        return Status.INFEASIBLE if is_closed(problem, caps) else self._searched(problem, caps, kept)

    def _priced(self, kept: Collection[Part]) -> Status:
        """Return what prices, or plans of places mixed by them, say of some parts."""
        if self.pricing is None:
            return Status.UNKNOWN
        began = time.monotonic()
        limits = replace(self.limits, seconds=self.limits.seconds - self.spent)
        found = self.pricing.ask({*kept, *self.definitions}, seconds(limits), self.stop)
        status = Status.UNKNOWN
        if isinstance(found, Prices):
            status = Status.INFEASIBLE
        elif found is not None and self._admits(found, kept):
            status = Status.FEASIBLE
        if not self.limits.deterministic:  # it repeats itself, and takes no part of what can be repeated
            self.spent += time.monotonic() - began
        return status

    def _admits(self, cells: Mapping[str, Cell], kept: Collection[Part]) -> bool:
        """Keep a timetable as a witness if it keeps some parts, money paid as well as can be."""
        broken = self.broken(cells)
        schedule = Schedule(self.problem.calendar, self.problem.paths, cells)
        if not broken.isdisjoint({*kept, *self.definitions}):
            return False
        if not all(term.value(schedule) <= most for term, most in self.always):
            return False
        if not self._money.isdisjoint({*kept, *self.definitions}):
            problem, _ = self.only(kept)
            paid = replace(schedule, uses=allot(problem, cells))
            if problem.bridge is not None and any(True for _ in problem.bridge.breaches(paid)):
                return False
        self.witnesses.append(Witness(cells, broken, self._unpaid(kept)))
        return True

    def _searched(self, problem: Problem, caps: Caps, kept: Collection[Part]) -> Status:
        """Return what CP-SAT says of some parts."""
        left = max(0.01, self.limits.seconds - self.spent)
        small, most = named(problem, caps)
        patience = min(left, max(LEAST, PATIENCE * self.longest) if self.asked else self.first)
        limits = replace(self.limits, seconds=patience)
        began = time.monotonic()
        run = search.run(small, None, most, None, limits=limits, stop=self.stop)
        self.spent += run.spent if self.limits.deterministic else time.monotonic() - began
        self.asked += 1
        if run.status is not Status.UNKNOWN:
            self.longest = max(self.longest, run.spent)
        self.unsure |= run.status is Status.UNKNOWN
        if run.cells is not None:
            self._keep(problem, caps, run.cells, kept)
            return Status.FEASIBLE
        return run.status

    def _keep(self, problem: Problem, caps: Caps, some: Mapping[str, Cell], kept: Collection[Part]) -> None:
        """Keep a timetable as a witness; packages that nothing but their windows binds take any open cell."""
        masks = open_masks(problem, caps)
        cells = {name: some[name] if name in some else _first(problem, name, masks[name]) for name in problem.paths}
        self.witnesses.append(Witness(cells, self.broken(cells), self._unpaid(kept)))
        if not self.witnesses[-1].keeps(kept):
            message = "a timetable found for some promises breaks one of them"
            raise Disagreement(message)

    def _unpaid(self, kept: Collection[Part]) -> frozenset[Part]:
        return frozenset(part for part in self._money if part not in kept)

    def rotated(self, part: Part, witness: Witness, others: Collection[Part]) -> Iterator[tuple[Part, Witness]]:
        """Yield parts that are needed, as is one that a timetable shows, each with a timetable that shows it.

        Parameters
        ----------
        part : Part
        witness : Witness
            It keeps the others, which contradict each other with this one.
        others : collection of Part

        Raises
        ------
        Disagreement
            If a timetable breaks something else.
        """
        kept = frozenset({*others, part}) - self.definitions
        rotating = Rotating.of(self.problem, kept, self.definitions, self.always)
        if rotating is None:
            return
        beyond = frozenset(self.parts) - kept - self.definitions  # whether these are broken is not looked at
        looked = Broken(self.problem, kept | self.definitions)
        began, left = time.monotonic(), (self.limits.seconds - self.spent) * ROTATING
        late = Until(lambda: self.stop.is_set() or (not self.limits.deterministic and time.monotonic() > began + left))
        for other, cells in rotating.others(part, witness.cells, late):
            if looked.by(cells) != {other}:
                raise Disagreement("a timetable made to break one promise breaks others, or none")
            yield other, Witness(cells, beyond | {other}, self._unpaid(kept))
        if not self.limits.deterministic:  # it repeats itself
            self.spent += time.monotonic() - began

    @cached_property
    def _money(self) -> frozenset[Part]:
        rules = self.problem.rules
        return frozenset(p for p in self.parts if p.position < len(rules) and isinstance(rules[p.position], Bridge))

    @cached_property
    def _broken(self) -> Broken:
        return Broken(self.problem, self.parts)

    def broken(self, cells: Mapping[str, Cell]) -> frozenset[Part]:
        """Return every part that a timetable breaks, but those about money."""
        schedule, begin = Schedule(self.problem.calendar, self.problem.paths, cells), len(self.problem.rules)
        capped = (part for part in self.parts if part.position >= begin)
        over = {part for part, (term, most) in zip(capped, self.caps, strict=True) if term.value(schedule) > most}
        return frozenset(self._broken.by(cells) | over)

    def confirm(self, kept: Collection[Part]) -> bool:
        """Prove a second time that parts contradict each other; False if time runs out.

        CP-SAT is asked in its other formulation, and if that takes long, in the same one without simplifying it first.

        Raises
        ------
        Disagreement
            If it finds a timetable that keeps them all.
        """
        problem, caps = self.only(kept)
        if is_closed(problem, caps):
            return True
        limits = replace(self.limits.reseeded(), seconds=max(LEAST, PATIENCE * self.longest))
        if self.pricing is not None and confirm(problem, caps, limits, self.stop):
            return True
        small, most = named(problem, caps)
        for formulation in (OverCells, OverDates):
            run = search.run(
                small,
                None,
                most,
                None,
                limits=limits,
                stop=self.stop,
                formulation=formulation,
                presolve=formulation is OverCells,
            )
            self.spent += run.spent
            if run.cells is not None:
                message = "promises said to contradict each other can be kept together"
                raise Disagreement(message)
            if run.status is Status.INFEASIBLE:
                return True
        return False


def _first(problem: Problem, name: str, mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> Cell:
    option, column = np.argwhere(mask)[0].tolist()
    return Cell(option, problem.paths[name].months[column])

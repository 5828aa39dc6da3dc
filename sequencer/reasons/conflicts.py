"""Why there is no plan: promises that cannot all be kept, looked for where they are easiest to read.

First dates alone, then what single places cannot keep, then dates with one resource, last everything together: the
fewer kinds of promises a conflict has, the easier it is to read, and the sooner it is found.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sequencer.engine.run import Caps
from sequencer.engine.tables import open_masks
from sequencer.outcome import Limits, Status
from sequencer.places.divide import place_of
from sequencer.problem import Cell, Problem, Term, Window
from sequencer.reasons.apart import Apart, apart
from sequencer.reasons.core import core
from sequencer.reasons.dated import Dated
from sequencer.reasons.looks import Look, looks
from sequencer.reasons.parts import Part, Side, parts_of
from sequencer.reasons.scarcity.needed import needed
from sequencer.reasons.scarcity.pricing import Pricing
from sequencer.reasons.scarcity.scarce import Scarce, scarce, seconds
from sequencer.reasons.scarcity.shortfall import Prices
from sequencer.reasons.scope import Scope as Scope
from sequencer.reasons.shrink import Key, Minimal, minimal
from sequencer.reasons.system import System

GLANCE = 4.0  # seconds for the first question of each look
BRIEF = 1.0  # the same where prices have answered what they can: CP-SAT proves little there, and seldom finds a plan
MOST = 3  # conflicts that are named
AGAIN, LEAST = 1.0, 1.0  # the time for others, in that which the first took; and seconds in all that it is at least
SCARCE = 0.5  # the part of the time that may be spent on finding out which resources are scarce
MANY = 400  # parts, above which it is worth asking first which of them might be needed


@dataclass(frozen=True, slots=True)
class Conflict:
    """Parts that cannot all be kept.

    Attributes
    ----------
    scope : str
        The place that cannot keep them alone; empty for the country.
    groups : tuple of tuple of Part
        By place and resource, none of them needless: the first level of detail.
    parts : tuple of Part
        Single promises and months: the second. None of them is needless, unless ``sure`` is false. Where what holds
        by definition contradicts itself, they are parts of it, or none where terms ask for what no month can give.
    witnesses : tuple of mapping of str to Cell
        For each part a timetable of the packages looked at in which all the other parts are kept.
    sure : bool
        Whether it is proven that each part is needed for this conflict.
    confirmed : bool
        Whether it was proven a second time, told and searched otherwise.
    """

    scope: str
    groups: tuple[tuple[Part, ...], ...]
    parts: tuple[Part, ...]
    witnesses: tuple[Mapping[str, Cell], ...]
    sure: bool
    confirmed: bool

    @property
    def settled(self) -> bool:
        """Whether nothing that could be lifted takes part."""
        return all(part.side is Side.DEFINITION for part in self.parts)


def conflicts(
    problem: Problem,
    scopes: Sequence[Scope],
    limits: Limits,
    stop: threading.Event,
    *,
    always: Caps = (),
    most: int = MOST,
) -> tuple[Conflict, ...]:
    """Return conflicts that share no part, the easiest to read first; empty where none is proven in time.

    Others than the first are looked for as long again as the first took.

    Parameters
    ----------
    problem : Problem
    scopes : sequence of Scope
        Places, regions, and last the country with all packages in one block.
    limits : Limits
        For all of it.
    always : sequence of (Term, int)
        Terms that must stay at most at these values; sums are looked at in the country as a whole only.
    """
    found: list[Conflict] = []
    named: set[Part] = set()
    began, spent = time.monotonic(), 0.0
    until = limits.seconds
    scarcity = _Scarcity(problem, always, limits, stop)
    dated = Dated(problem, always, limits, stop) if len(parts_of(problem)) > MANY else None
    for look in looks(problem, scopes, always, dated, lambda: scarcity.found.positions):
        left = until - (spent if limits.deterministic else time.monotonic() - began)
        if left <= 0 or stop.is_set():
            break
        side = apart(problem, [look.packages], look.rules)
        system = System(
            side.problem,
            replace(limits, seconds=left),
            stop,
            always=[(_of(term, look.packages), cap) for term, cap in always if term.maximum or look.is_whole],
            first=left if look.is_whole else min(left, BRIEF if look.is_priced else GLANCE),
        )
        for conflict in _disjoint(system, side, look, named, scarcity):
            found.append(conflict)
            named.update(conflict.parts)
            if len(found) == 1:
                used = spent + system.spent if limits.deterministic else time.monotonic() - began
                until = min(until, max(LEAST, (1 + AGAIN) * used))
                system.limits = replace(limits, seconds=system.spent + max(0.01, until - used))
            if len(found) == most or conflict.settled:
                return tuple(found)
        spent += system.spent
    return tuple(found)


def _of(term: Term, packages: Collection[str]) -> Term:
    """Return a term as far as it counts some packages."""
    return replace(term, tables={name: table for name, table in term.tables.items() if name in packages})


def _disjoint(system: System, side: Apart, look: Look, named: set[Part], scarcity: _Scarcity) -> Iterator[Conflict]:
    """Yield conflicts found by one look, each without the parts that were named before."""
    while not system.stop.is_set():
        free = [part for part in system.parts if side.whole(part) not in named]
        found = _priced(system, side, free, scarcity) if look.is_priced else _found(system, side, look, free)
        if found is None:
            return
        parts = tuple(map(side.whole, found.parts))
        scope, packages = _scope(system, look, parts)
        yield Conflict(
            scope=scope,
            groups=tuple(tuple(sorted(map(side.whole, group), key=_order)) for group in found.groups),
            parts=parts,
            witnesses=tuple({name: witness.cells[name] for name in packages} for witness in found.witnesses),
            sure=found.sure,
            confirmed=found.confirmed,
        )


def _scope(system: System, look: Look, parts: Sequence[Part]) -> tuple[str, Sequence[str]]:
    """Return the place that parts are about alone, or where it was looked, and the packages there."""
    about = {name for part in parts for name in part.packages}
    if not parts:  # terms ask for what no month can give
        masks = open_masks(replace(system.problem, rules=()), system.always)
        about = {name for name, mask in masks.items() if not mask.any()}
    places = {name.partition("/")[0] for name in about}
    binds_all = not all(part.packages for part in parts) or not all(term.maximum for term, _ in system.always)
    if len(places) != 1 or binds_all:
        return look.scope, look.packages
    place = places.pop()
    return place, [name for name in look.packages if name.partition("/")[0] == place]


def _found(system: System, side: Apart, look: Look, free: Sequence[Part]) -> Minimal | None:
    """Return a contradiction among parts; where there are many, first among those that CP-SAT says it needed."""
    keys = [coarse(side.problem)]
    if len(free) > MANY and not look.is_whole:
        if look.shared is not None and not look.is_certain and system.ask(free) is not Status.INFEASIBLE:
            return None
        said = core(system, [i for i, at in enumerate(side.positions) if at == look.shared], GLANCE)
        found = None if said is None else minimal(system, keys, set(said).intersection(free))
        if found is not None or (said is None and look.shared is None):
            return found
    return minimal(system, keys, free)


class _Scarcity:
    """What is too scarce, found out when it is first asked for; few parts are asked of CP-SAT at once."""

    def __init__(self, problem: Problem, always: Caps, limits: Limits, stop: threading.Event) -> None:
        self._problem = problem
        self._always = always
        self._limits = limits
        self._stop = stop

    @cached_property
    def found(self) -> Scarce:
        """Resources that are too scarce together, and all of them as rows."""
        if len(parts_of(self._problem)) <= MANY:
            return Scarce()
        limits = replace(self._limits, seconds=self._limits.seconds * SCARCE)
        return scarce(self._problem, self._always, limits, self._stop)


def _priced(system: System, side: Apart, free: Sequence[Part], scarcity: _Scarcity) -> Minimal | None:
    """Return a contradiction that prices prove."""
    shortfall = scarcity.found.shortfall
    if shortfall is None:
        return None
    pricing = Pricing(shortfall.only(side.problem, side.positions), system.parts)
    told = pricing.ask({*free, *system.definitions}, seconds(system.limits), system.stop)
    if not isinstance(told, Prices):
        return None
    system.pricing = pricing
    found = minimal(system, [_by_place], needed(pricing, told), one_by_one=True)
    system.pricing = None
    return found


def _by_place(part: Part) -> Hashable:
    """Return how parts are grouped where prices prove a contradiction: dates by place, all else by rule."""
    places = {place_of(name) for name in part.packages}
    return places.pop() if len(places) == 1 and part.month is None else part.position


def coarse(problem: Problem) -> Key:
    """Return how parts are grouped at first: windows by place, all else by rule."""

    def key(part: Part) -> Hashable:
        if part.position < len(problem.rules) and isinstance(problem.rules[part.position], Window):
            return part.packages[0].partition("/")[0]
        return part.position

    return key


def _order(part: Part) -> tuple[int, int]:
    return part.position, -1 if part.month is None else part.month

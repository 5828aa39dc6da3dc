"""Why there is no plan: promises that cannot all be kept, looked for where they are easiest to read.

First in single places, then in regions, then in the whole: what a place cannot keep alone needs no other to be said.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sequencer.engine.run import Caps
from sequencer.engine.tables import open_masks
from sequencer.explain.apart import Apart, apart
from sequencer.explain.parts import Part, Side
from sequencer.explain.shrink import Key, minimal
from sequencer.explain.system import System
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits
from sequencer.problem import Cell, Problem, Window

GLANCE = 2.0  # seconds for the question whether places, or regions, contradict themselves
MOST = 3  # conflicts that are named


@dataclass(frozen=True, slots=True)
class Conflict:
    """Parts that cannot all be kept.

    Attributes
    ----------
    scope : str
        The place or region that cannot keep them alone; empty for the country.
    groups : tuple of tuple of Part
        By place and resource, none of them needless: the first level of detail.
    parts : tuple of Part
        Single promises and months: the second. None of them is needless, unless ``sure`` is false. Where what holds
        by definition contradicts itself, they are parts of it, or none where terms ask for what no month can give.
    witnesses : tuple of mapping of str to Cell
        For each part a timetable of the scope in which all the other parts are kept.
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


@dataclass(frozen=True, slots=True)
class Scope:
    """Blocks of packages that are looked at side by side, by the name of each."""

    blocks: Mapping[str, tuple[str, ...]]

    @classmethod
    def all_of(cls, instance: Instance) -> tuple[Scope, ...]:
        """Return places, regions and the country; a level that says nothing new is left out."""
        region = {place.name: place.region for place in instance.places}
        keys: list[Callable[[str], str]] = [lambda place: place, lambda place: region.get(place, ""), lambda _: ""]
        scopes: list[Scope] = []
        for key in keys:
            blocks: dict[str, list[str]] = {}
            for package in instance.packages:
                blocks.setdefault(key(package.place), []).append(package.name)
            scope = cls({name: tuple(names) for name, names in blocks.items()})
            if not scopes or len(scope.blocks) < len(scopes[-1].blocks):
                scopes.append(scope)
        return tuple(scopes)


def conflicts(
    problem: Problem,
    scopes: Sequence[Scope],
    limits: Limits,
    stop: threading.Event,
    *,
    always: Caps = (),
    most: int = MOST,
) -> tuple[Conflict, ...]:
    """Return conflicts that share no part, those of single places first; empty where none is proven in time.

    Parameters
    ----------
    problem : Problem
    scopes : sequence of Scope
        In the order in which they are looked at; the last has all packages in one block.
    limits : Limits
        For all of it.
    always : sequence of (Term, int)
        Terms that must stay at most at these values; sums are looked at in the last scope only.
    """
    found: list[Conflict] = []
    named: set[Part] = set()
    spent = 0.0
    for scope in scopes:
        left = limits.seconds - spent
        if left <= 0:
            break
        is_last = scope is scopes[-1]
        side = apart(problem, list(scope.blocks.values()))
        system = System(
            side.problem,
            replace(limits, seconds=left),
            stop,
            always=[(term, cap) for term, cap in always if term.maximum or is_last],
            first=left if is_last else min(left, GLANCE),
        )
        for conflict in _disjoint(system, side, scope, named):
            found.append(conflict)
            named.update(conflict.parts)
            if len(found) == most or conflict.settled:
                return tuple(found)
        spent += system.spent
    return tuple(found)


def _disjoint(system: System, side: Apart, scope: Scope, named: set[Part]) -> Iterator[Conflict]:
    """Yield conflicts of one scope, each without the parts that were named before."""
    names = list(scope.blocks)
    while not system.stop.is_set():
        free = [part for part in system.parts if side.whole(part) not in named]
        found = minimal(system, [lambda part: side.blocks[part.position], coarse(side.problem)], free)
        block = None if found is None else _block(system, side, scope, found.parts)
        if found is None or block is None:
            return
        groups = tuple(tuple(sorted(map(side.whole, group), key=_order)) for group in found.groups)
        alone = [{name: witness.cells[name] for name in scope.blocks[names[block]]} for witness in found.witnesses]
        parts = tuple(map(side.whole, found.parts))
        yield Conflict(names[block], groups, parts, tuple(alone), found.sure, found.confirmed)


def _block(system: System, side: Apart, scope: Scope, parts: Sequence[Part]) -> int | None:
    """Return the block that cannot keep parts; None where time was too short to tell which of several it is."""
    blocks = {side.blocks[part.position] for part in parts}
    if blocks:
        return blocks.pop() if len(blocks) == 1 else None
    masks = open_masks(replace(side.problem, rules=()), system.always)
    closed = (b for b, names in enumerate(scope.blocks.values()) if not all(masks[name].any() for name in names))
    return next(closed, 0 if len(scope.blocks) == 1 else None)


def coarse(problem: Problem) -> Key:
    """Return how parts are grouped at first: windows by place, all else by rule."""

    def key(part: Part) -> Hashable:
        if part.position < len(problem.rules) and isinstance(problem.rules[part.position], Window):
            return part.packages[0].partition("/")[0]
        return part.position

    return key


def _order(part: Part) -> tuple[int, int]:
    return part.position, -1 if part.month is None else part.month

"""A few parts that cannot hold together, none of them needless: a minimal unsatisfiable subset (MUS).

Groups of parts are tried by halves [1]_, large groups first, then smaller ones among those found, then single parts.
Every timetable found on the way is kept, and answers later questions without a search.

References
----------
.. [1] U. Junker, "QUICKXPLAIN: Preferred explanations and relaxations for over-constrained problems", AAAI 2004.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from sequencer.outcome import Status
from sequencer.reasons.parts import Part, Side
from sequencer.reasons.system import System, Witness

#: Parts that are kept or lifted together.
Group: TypeAlias = frozenset[Part]

#: Which group a part belongs to.
Key: TypeAlias = Callable[[Part], Hashable]


ROTATED = 50  # parts, from which it is worth looking for timetables that break one of them before groups are lifted
LEAST, FINER = 2.0, 1.0  # seconds for single parts, at least, and in the time that groups took


@dataclass(frozen=True, slots=True)
class Minimal:
    """Parts that cannot hold together.

    Attributes
    ----------
    groups : tuple of Group
        By the last key: none of them is needless, as far as time allowed.
    parts : tuple of Part
        None of them is needless, unless ``sure`` is false. Where what holds by definition contradicts itself, they
        are parts of it: nothing that is lifted would help.
    witnesses : tuple of Witness
        For each of the parts a timetable that keeps all the others; empty unless ``sure``.
    sure : bool
        Whether that none is needless is proven: else time ran out.
    confirmed : bool
        Whether a second search, told otherwise, found the contradiction, too.
    """

    groups: tuple[Group, ...]
    parts: tuple[Part, ...]
    witnesses: tuple[Witness, ...]
    sure: bool
    confirmed: bool


def minimal(
    system: System, keys: Sequence[Key], candidates: Collection[Part] | None = None, *, one_by_one: bool = False
) -> Minimal | None:
    """Return parts that cannot hold together, none of them needless; None if no contradiction is proven.

    Parameters
    ----------
    system : System
    keys : sequence of callable
        How parts are grouped, from coarse to fine; single parts follow. Parts that come first are preferred.
    candidates : collection of Part, optional
        Those that may be named; default: all.
    one_by_one : bool
        Whether most candidates are thought to be needed, so that halves of them are not worth a question.
    """
    chosen = set(system.parts if candidates is None else candidates) - system.definitions
    ordered = [part for part in system.parts if part in chosen]
    if not system.clash(ordered):
        return None
    if system.clash(()):
        system = replace(system, bare=True)
        ordered = [part for part in system.parts if part.side is Side.DEFINITION]
    said: tuple[Group, ...] = ()
    shown = Shown(system, ordered) if one_by_one else None
    less = shrink if shown is None else shown.without_needless
    for key in keys:
        said = tuple(less(system, grouped(ordered, key)))
        kept = frozenset().union(*said)
        ordered = [part for part in ordered if part in kept]
    limits = system.limits
    finer = system.spent + max(LEAST, FINER * system.spent)
    system.limits = replace(limits, seconds=min(limits.seconds, finer))
    parts = [next(iter(group)) for group in less(system, [frozenset({part}) for part in ordered])]
    witnesses = _witnesses(system, parts, {} if shown is None else shown.witnesses)
    system.limits = limits
    sure = len(witnesses) == len(parts)
    return Minimal(said, tuple(parts), witnesses if sure else (), sure, system.confirm(parts))


def _witnesses(system: System, parts: Sequence[Part], shown: Mapping[Part, Witness]) -> tuple[Witness, ...]:
    """Return, for each part, a timetable that keeps all the others; fewer if one is not found in time."""
    found = []
    for part in parts:
        witness = shown.get(part)
        if witness is None:
            others = frozenset(parts) - {part}
            system.ask(others)
            witness = system.witness(others)
        if witness is not None:
            found.append(witness)
    return tuple(found)


def grouped(parts: Sequence[Part], key: Key) -> list[Group]:
    """Return parts in groups of one key, in the order of the first part of each."""
    groups: dict[Hashable, list[Part]] = {}
    for part in parts:
        groups.setdefault(key(part), []).append(part)
    return [frozenset(group) for group in groups.values()]


def shrink(system: System, groups: Sequence[Group]) -> list[Group]:
    """Return groups that cannot hold together, none of them needless as far as time allows; all together clash."""
    return _shrink(system, frozenset(), added=True, groups=groups)


class Shown:
    """Parts that are shown to be needed, for contradictions most of whose parts are.

    Parameters
    ----------
    system : System
    parts : sequence of Part
        They contradict each other. The first timetable that shows one of them to be needed is turned into others.

    Attributes
    ----------
    witnesses : dict of Part to Witness
        For a part a timetable that keeps all others that are left.
    """

    def __init__(self, system: System, parts: Sequence[Part]) -> None:
        self.witnesses: dict[Part, Witness] = {}
        self._system = system
        if len(parts) >= ROTATED:
            linked = {name for part in parts if len(part.packages) > 1 for name in part.packages}
            easy = (part for part in parts if len(part.packages) == 1 and linked.isdisjoint(part.packages))
            first = next(easy, parts[-1])
            self._ask([frozenset({part}) for part in parts if part != first], frozenset({first}))

    def without_needless(self, system: System, groups: Sequence[Group]) -> list[Group]:
        """Return groups that cannot hold together, like ``shrink``: one after the other is lifted, the last first."""
        self._system = system
        kept = list(groups)
        for group in reversed(groups):
            others = [other for other in kept if other is not group]
            if self.witnesses.keys().isdisjoint(group) and self._ask(others, group) is Status.INFEASIBLE:
                kept = others
        return kept

    def _ask(self, others: Sequence[Group], group: Group) -> Status:
        """Ask whether groups hold without one of them; a timetable that breaks one part only shows more."""
        system, rest = self._system, frozenset().union(*others)
        status = system.ask(rest)
        witness = system.witness(rest) if status is Status.FEASIBLE and len(group) == 1 else None
        if witness is not None:
            part = next(iter(group))
            self.witnesses[part] = witness
            self.witnesses |= {
                other: found for other, found in system.rotated(part, witness, rest) if other not in self.witnesses
            }
        return status


def _shrink(system: System, base: Group, *, added: bool, groups: Sequence[Group]) -> list[Group]:
    if added and system.clash(base):
        return []
    if len(groups) <= 1:
        return [*groups]
    half = len(groups) // 2
    first, second = groups[:half], groups[half:]
    needed = _shrink(system, base.union(*first), added=True, groups=second)
    return [*_shrink(system, base.union(*needed), added=bool(needed), groups=first), *needed]

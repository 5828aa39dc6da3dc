"""A few parts that cannot hold together, none of them needless: a minimal unsatisfiable subset (MUS).

Groups of parts are tried by halves [1]_, large groups first, then smaller ones among those found, then single parts.
Every timetable found on the way is kept, and answers later questions without a search.

References
----------
.. [1] U. Junker, "QUICKXPLAIN: Preferred explanations and relaxations for over-constrained problems", AAAI 2004.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from sequencer.reasons.parts import Part, Side
from sequencer.reasons.system import System, Witness

#: Parts that are kept or lifted together.
Group: TypeAlias = frozenset[Part]

#: Which group a part belongs to.
Key: TypeAlias = Callable[[Part], Hashable]


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
    less = without_needless if one_by_one else shrink
    chosen = set(system.parts if candidates is None else candidates) - system.definitions
    ordered = [part for part in system.parts if part in chosen]
    if not system.clash(ordered):
        return None
    if system.clash(()):
        system = replace(system, bare=True)
        ordered = [part for part in system.parts if part.side is Side.DEFINITION]
    said: tuple[Group, ...] = ()
    for key in keys:
        said = tuple(less(system, grouped(ordered, key)))
        kept = frozenset().union(*said)
        ordered = [part for part in ordered if part in kept]
    limits = system.limits
    finer = system.spent + max(LEAST, FINER * system.spent)
    system.limits = replace(limits, seconds=min(limits.seconds, finer))
    parts = [next(iter(group)) for group in less(system, [frozenset({part}) for part in ordered])]
    witnesses = _witnesses(system, parts)
    system.limits = limits
    sure = len(witnesses) == len(parts)
    return Minimal(said, tuple(parts), witnesses if sure else (), sure, system.confirm(parts))


def _witnesses(system: System, parts: Sequence[Part]) -> tuple[Witness, ...]:
    """Return, for each part, a timetable that keeps all the others; fewer if one is not found in time."""
    found = []
    for part in parts:
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


def without_needless(system: System, groups: Sequence[Group]) -> list[Group]:
    """Return groups that cannot hold together, as ``shrink`` does, by lifting one after the other, the last first."""
    kept = list(groups)
    for group in reversed(groups):
        others = [other for other in kept if other is not group]
        if system.clash(frozenset().union(*others)):
            kept = others
    return kept


def _shrink(system: System, base: Group, *, added: bool, groups: Sequence[Group]) -> list[Group]:
    if added and system.clash(base):
        return []
    if len(groups) <= 1:
        return [*groups]
    half = len(groups) // 2
    first, second = groups[:half], groups[half:]
    needed = _shrink(system, base.union(*first), added=True, groups=second)
    return [*_shrink(system, base.union(*needed), added=bool(needed), groups=first), *needed]

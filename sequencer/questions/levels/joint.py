"""Numbers that are worth something together only: each of them is proven to be worth nothing by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sequencer.instance.levers import Lever
from sequencer.questions.levels.asking import Asking, Found
from sequencer.questions.levels.mosts import farthest
from sequencer.questions.turned import Turned
from sequencer.questions.worth import Joint
from sequencer.reasons.parts import Part

MOST = 3  # sets that are named
SEARCHES = 6  # for which the time left should suffice


@dataclass(frozen=True, slots=True)
class Jointly:
    """The sets found, which share no number, and whether it is proven that there is nothing else."""

    found: tuple[Joint, ...]
    nothing: bool


def joint(
    asking: Asking,
    levers: Mapping[str, Lever],
    could: Mapping[str, Collection[Part]],
    nothing: Sequence[str],
    units: int,
) -> Jointly:
    """Return sets of numbers that are worth something together.

    Parameters
    ----------
    could : mapping of str to collection of Part
        The parts that each number could relax.
    nothing : sequence of str
        Numbers that are proven to be worth nothing by themselves.
    units : int
        By how many units each is turned, or as many as it can be.
    """
    left, found = list(nothing), list[Joint]()
    while len(left) > 1 and len(found) < MOST:
        said = _asked(asking, levers, left, units, search=True)
        if said is None or said.improvement <= 0:
            return Jointly(tuple(found), nothing=not found and said is not None and said.proven)
        kept = _smallest(asking, levers, could, (left, said), units)
        found.append(kept)
        left = [address for address in left if address not in kept.addresses]
    return Jointly(tuple(found), nothing=len(left) <= 1 and not found)


def _smallest(
    asking: Asking,
    levers: Mapping[str, Lever],
    could: Mapping[str, Collection[Part]],
    begin: tuple[Sequence[str], Found],
    units: int,
) -> Joint:
    """Return numbers of a set without which it would be worth nothing; first those that its plan needs."""
    addresses, said = begin
    broken = asking.breaks(said.choices)
    needed = [address for address in addresses if not broken.isdisjoint(could.get(address, ()))]
    fewer = _asked(asking, levers, needed, units, search=False) if needed else None
    if fewer is not None and fewer.improvement > 0:
        addresses, said = needed, fewer
    sure, kept = True, list(addresses)
    for address in addresses:
        others = [one for one in kept if one != address]
        without = _asked(asking, levers, others, units, search=True) if others else None
        if without is not None and without.improvement > 0:
            kept, said = others, without
        elif others and (without is None or not without.proven):
            sure = False
    return Joint(addresses=tuple(kept), units=units, improvement=said.improvement, sure=sure, choices=said.choices)


def _asked(
    asking: Asking, levers: Mapping[str, Lever], addresses: Sequence[str], units: int, *, search: bool
) -> Found | None:
    """Return what numbers bring together; None if that cannot be, or time is over."""
    seconds = asking.share(SEARCHES)
    counts = {address: farthest(levers[address], units) for address in addresses}
    turned = None if seconds is None else Turned.by(asking.outcome.instance, counts, levers)
    if turned is None:
        return None
    return asking.turned(turned, seconds if search else None, is_clear=False)

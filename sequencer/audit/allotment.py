"""Whether needs can be shared out among sources that each serve some of the packages.

With sources that serve different packages this is a sum and a comparison. Only where two sources serve the same package
do they have to be shared out; then what can be met follows from moving amounts from source to source until nothing
moves any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Share:
    """What a source has in one bucket: so much for the needs of these packages, split among them at will."""

    serves: frozenset[str]
    capacity: int


#: Packages that draw on the same sources, known by the positions of these.
Alike: TypeAlias = frozenset[int]

#: Steps: packages are given from a share, which takes it from the next step's packages, the last from what is free.
Path: TypeAlias = list[tuple[Alike, int]]


def short(needs: Mapping[str, int], shares: Sequence[Share]) -> frozenset[str]:
    """Return packages whose needs exceed all that can reach them by as much as possible; empty if every need is met.

    The needs of the packages returned, less the capacity of every share that serves one of them, is exactly what
    remains unmet however the shares are split (the cut of a greatest flow).

    Examples
    --------
    >>> one, both = Share(frozenset("a"), 2), Share(frozenset("ab"), 3)
    >>> sorted(short({"a": 3, "b": 2}, [one, both]))
    []
    >>> sorted(short({"a": 2, "b": 4}, [one, both]))
    ['b']
    """
    alike: dict[Alike, list[str]] = {}
    for name, need in needs.items():
        if need > 0:
            served = frozenset(index for index, share in enumerate(shares) if name in share.serves)
            alike.setdefault(served, []).append(name)
    given: dict[tuple[Alike, int], int] = {}
    free = [share.capacity for share in shares]
    unmet: list[Alike] = []
    for packages, names in alike.items():
        left = sum(needs[name] for name in names)
        while left > 0:
            path, _ = _reach([packages], given, free)
            if not path:
                unmet.append(packages)
                break
            left -= _move(path, left, given, free)
    return frozenset(name for packages in _reach(unmet, given, free)[1] for name in alike[packages])


def _reach(
    wanting: Sequence[Alike], given: Mapping[tuple[Alike, int], int], free: Sequence[int]
) -> tuple[Path, set[Alike]]:
    """Return a shortest path from these packages to a free share, empty if there is none, and those looked at."""
    paths: list[tuple[Alike, Path]] = [(packages, []) for packages in wanting]
    seen = set(wanting)
    tried: set[int] = set()
    for packages, path in paths:  # grows while it is walked: breadth first
        for index in sorted(packages - tried):
            tried.add(index)
            longer = [*path, (packages, index)]
            if free[index] > 0:
                return longer, seen
            for (other, giver), amount in given.items():
                if giver == index and amount > 0 and other not in seen:
                    seen.add(other)
                    paths.append((other, longer))
    return [], seen


def _move(path: Path, wanted: int, given: dict[tuple[Alike, int], int], free: list[int]) -> int:
    """Move as much as is wanted and the path lets through; return the amount."""
    taken_from = [(path[step + 1][0], path[step][1]) for step in range(len(path) - 1)]
    last = path[-1][1]
    amount = min([wanted, free[last], *(given[key] for key in taken_from)])
    for key in path:
        given[key] = given.get(key, 0) + amount
    for key in taken_from:
        given[key] -= amount
    free[last] -= amount
    return amount

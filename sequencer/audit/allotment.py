"""Whether needs in places can be shared out among pools that each serve some of the places.

With pools that serve different places this is a sum and a comparison. Only where two pools serve the same place do they
have to be shared out; then what can be met follows from moving amounts from pool to pool until nothing moves any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """What a pool has in one bucket: so much for the needs of these places, split among them at will."""

    places: frozenset[str]
    capacity: int


def short(needs: Mapping[str, int], shares: Sequence[Share]) -> frozenset[str]:
    """Return places whose needs exceed all that can reach them by as much as possible; empty if every need is met.

    The needs of the places returned, less the capacity of every share that serves one of them, is exactly what
    remains unmet however the shares are split (the cut of a greatest flow).

    Examples
    --------
    >>> one, both = Share(frozenset("a"), 2), Share(frozenset("ab"), 3)
    >>> sorted(short({"a": 3, "b": 2}, [one, both]))
    []
    >>> sorted(short({"a": 2, "b": 4}, [one, both]))
    ['b']
    """
    given: dict[tuple[str, int], int] = {}
    free = [share.capacity for share in shares]
    unmet: set[str] = set()
    for place, need in needs.items():
        left = need
        while left > 0:
            path, _ = _reach([place], shares, given, free)
            if not path:
                unmet.add(place)
                break
            left -= _move(path, left, given, free)
    return frozenset(_reach(sorted(unmet), shares, given, free)[1])


#: Steps: a place is given from a share, which takes it from the next step's place, the last share from what is free.
Path = list[tuple[str, int]]


def _reach(
    places: Sequence[str], shares: Sequence[Share], given: Mapping[tuple[str, int], int], free: Sequence[int]
) -> tuple[Path, set[str]]:
    """Return a shortest path from these places to a free share, empty if there is none, and the places looked at."""
    paths: list[tuple[str, Path]] = [(place, []) for place in places]
    seen = set(places)
    tried: set[int] = set()
    for place, path in paths:  # grows while it is walked: breadth first
        for index, share in enumerate(shares):
            if place not in share.places or index in tried:
                continue
            tried.add(index)
            longer = [*path, (place, index)]
            if free[index] > 0:
                return longer, seen
            for (other, giver), amount in given.items():
                if giver == index and amount > 0 and other not in seen:
                    seen.add(other)
                    paths.append((other, longer))
    return [], seen


def _move(path: Path, wanted: int, given: dict[tuple[str, int], int], free: list[int]) -> int:
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

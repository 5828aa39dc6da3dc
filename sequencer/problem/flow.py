"""How much of some needs can be met from some sources when each need may draw on some of them only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise


def served(needs: Mapping[frozenset[int], int], sources: Sequence[int]) -> int:
    """Return the most units that can be served in whole units.

    Parameters
    ----------
    needs : mapping of frozenset of int to int
        What is needed, by the positions of the sources that may serve it.
    sources : sequence of int
        What each source has.

    Notes
    -----
    A greatest flow by shortest augmenting paths [1]_. The graphs are tiny: a node for each kind of need and source.

    References
    ----------
    .. [1] J. Edmonds, R. M. Karp, "Theoretical improvements in algorithmic efficiency for network flow problems",
       Journal of the ACM 19 (1972).
    """
    kinds = list(needs)
    left, held = [needs[kind] for kind in kinds], list(sources)
    flow = [dict.fromkeys(kind, 0) for kind in kinds]
    total = 0
    while path := _augmenting(kinds, left, held, flow):
        amount = min(
            left[path[0][0]],
            held[path[-1][1]],
            *(flow[kind][source] for (_, source), (kind, _) in pairwise(path)),
        )
        for (kind, source), following in zip(path, [*path[1:], None], strict=True):
            flow[kind][source] += amount
            if following is not None:
                flow[following[0]][source] -= amount
        left[path[0][0]] -= amount
        held[path[-1][1]] -= amount
        total += amount
    return total


def _augmenting(
    kinds: Sequence[frozenset[int]], left: Sequence[int], held: Sequence[int], flow: Sequence[Mapping[int, int]]
) -> list[tuple[int, int]]:
    """Return the kinds and sources of a shortest way from an open need to a source with something left.

    Each step goes from a kind of need to a source; from there on to a kind that draws on it and could draw on another.
    """
    ways: list[list[tuple[int, int]]] = [[(kind, -1)] for kind, open_ in enumerate(left) if open_]
    seen_kinds, seen_sources = {way[0][0] for way in ways}, set[int]()
    for way in ways:  # grows while it is walked
        kind = way[-1][0]
        for source in sorted(kinds[kind] - seen_sources):
            seen_sources.add(source)
            here = [*way[:-1], (kind, source)]
            if held[source]:
                return here
            for other in range(len(kinds)):
                if other not in seen_kinds and flow[other].get(source):
                    seen_kinds.add(other)
                    ways.append([*here, (other, -1)])
    return []

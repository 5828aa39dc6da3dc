"""How much of some needs can be served: compared with the smallest cut, over every set of sources."""

from __future__ import annotations

import itertools
from random import Random

from sequencer.problem.flow import served


def least_cut(needs: dict[frozenset[int], int], sources: list[int]) -> int:
    """Return the least capacity of a cut: of a set of sources, and of the needs that draw on others, too."""
    sets = itertools.chain.from_iterable(
        itertools.combinations(range(len(sources)), size) for size in range(len(sources) + 1)
    )
    return min(
        sum(sources[j] for j in chosen) + sum(need for kind, need in needs.items() if not kind <= set(chosen))
        for chosen in sets
    )


def test_what_is_served_is_the_smallest_cut() -> None:
    for seed in range(1500):
        random = Random(seed)  # noqa: S311 - tests
        sources = [random.randint(0, 6) for _ in range(random.randint(1, 5))]
        kinds = [frozenset(j for j in range(len(sources)) if random.random() < 0.4) for _ in range(7)]
        needs = {kind: random.randint(0, 8) for kind in kinds}
        assert served(needs, sources) == least_cut(needs, sources), seed


def test_what_was_given_to_one_is_given_back_for_another() -> None:
    """The first kind takes what only the last could use; three kinds have to make room, one after the other."""
    needs = {frozenset({0, 1}): 1, frozenset({1, 2}): 1, frozenset({2, 3}): 1, frozenset({0}): 1}
    assert served(needs, [1, 1, 1, 1]) == 4

"""The cheapest steps beyond all failures, against trying all steps."""

from __future__ import annotations

import itertools
from fractions import Fraction
from random import Random

import pytest

from sequencer.questions.trying.hitting import TooManyError, cheapest


@pytest.mark.parametrize("seed", range(60))
def test_the_cheapest_steps_are_those_that_trying_finds(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a repeatable draw
    width = random.randint(1, 4)
    costs = [Fraction(random.randint(1, 9), 2) for _ in range(width)]
    clauses = [
        {i: random.randint(1, 4) for i in random.sample(range(width), random.randint(1, width))}
        for _ in range(random.randint(0, 5))
    ]
    walls = [
        {i: random.randint(1, 4) for i in random.sample(range(width), random.randint(1, width))}
        for _ in range(random.randint(0, 2))
    ]
    prices = [
        sum(c * n for c, n in zip(costs, steps, strict=True))
        for steps in itertools.product(range(5), repeat=width)
        if all(any(steps[i] >= n for i, n in clause.items()) for clause in clauses)
        and not any(all(steps[i] >= n for i, n in wall.items()) for wall in walls)
    ]
    found = cheapest(costs, clauses, walls)
    assert (found is None) == (not prices)
    if found is not None:
        assert sum(costs[i] * n for i, n in found) == min(prices)


def test_what_nothing_meets_has_no_steps_and_too_many_states_are_given_up() -> None:
    assert cheapest([Fraction(1)], [{}], []) is None
    clauses = [{i: 1, i + 1: 2, i + 2: 1} for i in range(30)]
    with pytest.raises(TooManyError):
        cheapest([Fraction(1)] * 32, clauses, [], most=20)

"""Which runs a study makes, and in which order: the ends of each range first, then what lies between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from sequencer.errors import UsageError
from sequencer.instance.changes import Value

#: Values of factors, by address, in the order in which they are turned.
Factors = Mapping[str, Value]


def grid(factors: Mapping[str, Iterable[Value]]) -> tuple[list[Factors], list[int]]:
    """Return all combinations of values, and the wave of each.

    A wave holds the ends of ranges, the middles of what lies between earlier ones, and so on: where two runs answer
    alike, what lies between them often needs no search.

    Raises
    ------
    UsageError
        If a factor has no value, or one twice.
    """
    values = {address: list(given) for address, given in factors.items()}
    for address, given in values.items():
        if not given:
            raise UsageError(f"{address} has no value to try")
        twice = sorted({str(value) for value in given if given.count(value) > 1})
        if twice:
            raise UsageError(f"{address} has a value more than once: {', '.join(twice)}")
    depths = [depth(len(given)) for given in values.values()]
    runs: list[Factors] = [dict(zip(values, combined, strict=True)) for combined in product(*values.values())]
    waves = [sum(each) for each in product(*depths)]  # so that the two between which a run lies come before it
    return runs, waves


def depth(count: int) -> Sequence[int]:
    """Return after how many halvings of its range each position is reached; the ends after none."""
    found = [0] * count
    halves = [(0, count - 1, 1)]
    while halves:
        first, last, level = halves.pop()
        middle = (first + last) // 2
        if last - first > 1:
            found[middle] = level
            halves += [(first, middle, level + 1), (middle, last, level + 1)]
    return found


def doubling(count: int, first: int = 8) -> list[int]:
    """Return the wave of each of some runs in a given order, each wave as large as all before it."""
    waves, size, wave = list[int](), first, 0
    while len(waves) < count:
        waves += [wave] * size
        size, wave = (size if wave == 0 else 2 * size), wave + 1
    return waves[:count]

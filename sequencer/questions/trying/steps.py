"""Steps of numbers: more of them never leave an instance without a plan that fewer had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

#: Steps of each way, in their order.
Vector: TypeAlias = tuple[int, ...]


def lessened(vector: Vector, blocks: Sequence[Sequence[int]], works: Callable[[Vector], bool]) -> Vector:
    """Return steps that work without whole blocks and then with as few steps at each position as still work.

    Parameters
    ----------
    vector : tuple of int
        Steps that work.
    blocks : sequence of sequence of int
        Positions that are turned together; those that should go soonest first.
    works : callable
        With more steps it must not say no where it said yes.
    """
    vector = without(vector, blocks, works)
    for position, alone in ((position, len(block) == 1) for block in blocks for position in block):
        least, enough = 0 if alone and vector[position] else -1, vector[position]
        if enough - least > 1 and not works(at(vector, position, enough - 1)):
            least = enough - 1
        while enough - least > 1:
            middle = (least + enough) // 2
            if works(at(vector, position, middle)):
                enough = middle
            else:
                least = middle
        vector = at(vector, position, enough)
    return vector


def without(vector: Vector, blocks: Sequence[Sequence[int]], works: Callable[[Vector], bool]) -> Vector:
    """Return steps that work without those of some blocks; many blocks are tried at once first, then halves of them."""
    blocks = [block for block in blocks if any(vector[i] for i in block)]
    if not blocks:
        return vector
    out = {i for block in blocks for i in block}
    fewer = tuple(0 if i in out else n for i, n in enumerate(vector))
    if works(fewer):
        return fewer
    if len(blocks) == 1:
        return vector
    half = len(blocks) // 2
    return without(without(vector, blocks[:half], works), blocks[half:], works)


def within(small: Vector, large: Vector) -> bool:
    """Return whether steps are at most as many as others everywhere."""
    return all(a <= b for a, b in zip(small, large, strict=True))


def at(vector: Vector, position: int, steps: int) -> Vector:
    """Return steps with other ones at a position."""
    return (*vector[:position], steps, *vector[position + 1 :])

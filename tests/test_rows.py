"""Rows over binaries: those of ones, which most are, are kept as any other row would be."""

from __future__ import annotations

import numpy as np
import pytest

from sequencer.binaries.matrix import Matrix
from sequencer.binaries.sums import ones


@pytest.mark.parametrize(
    ("some", "others"),
    [([], []), ([3], []), ([], [2, 1]), ([5, 0], [2]), ([4, 1], [3, 1]), ([2], [2]), ([1, 1], []), ([0, 1], [7, 6])],
)
def test_what_excludes_is_the_row_it_stands_for(some: list[int], others: list[int]) -> None:
    told = []
    for tell_all in (False, True):
        rows = Matrix()
        rows.variables(8, str, 1)
        first, second = np.array(some, np.int64), np.array(others, np.int64)
        if tell_all:
            rows.at_most("row", ones(first) + ones(second), 1)
        else:
            rows.exclude("row", first, second)
        arrays = rows.arrays()
        parts = (arrays.starts, arrays.index, arrays.value, arrays.sides, rows.units)
        told.append(([part.tolist() for part in parts], rows.names))
    assert told[0] == told[1]
    assert len(told[0][1]) == (len(some) + len(others) > 1)

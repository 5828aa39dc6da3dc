"""Shares, quantiles and tails of scenarios, none of which passes over a scenario that has no value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from sequencer.errors import UsageError

NORMAL = 1.959963984540054  # the quantile of the normal distribution that leaves 2.5 % above it


def least(share: float, count: int) -> int:
    """Return the least number of ``count`` scenarios that makes up a share of them, as the share is written.

    Raises
    ------
    UsageError
        If the share does not lie above 0 and up to 1.
    """
    if not 0 < share <= 1:
        raise UsageError(f"a share of scenarios lies above 0 and up to 1, not {share}")
    return math.ceil(Fraction(str(share)) * count)


def quantile(values: Sequence[int | None], share: float) -> int | None:
    """Return the least value that at least a share of all scenarios do not exceed.

    None stands for a value beyond all others, and is the answer where the share cannot be had without such scenarios,
    or there is no scenario at all.
    """
    known = sorted(value for value in values if value is not None)
    wanted = least(share, len(values))
    return known[wanted - 1] if values and wanted <= len(known) else None


def tail(values: Sequence[int | None], share: float) -> float | None:
    """Return the mean of the largest values that make up a share of all scenarios (CVaR); parts of one count in part.

    None where one of these values is unknown, or there is none.
    """
    found = worst(values, Fraction(str(share)))
    return None if found is None else float(found)


def worst(values: Sequence[int | None], share: Fraction) -> Fraction | None:
    """Return ``tail`` without rounding."""
    if not values:
        return None
    left = weight = share * len(values)
    if not 0 < left <= len(values):
        raise UsageError(f"a share of scenarios lies above 0 and up to 1, not {share}")
    summed = Fraction(0)
    for value in sorted(values, key=lambda each: (each is None, each), reverse=True):
        if value is None:
            return None
        part = min(left, Fraction(1))
        summed, left = summed + part * value, left - part
        if not left:
            break
    return summed / weight


def mean(values: Sequence[int | None]) -> float | None:
    """Return the mean; None where a value is unknown, or there is none."""
    return tail(values, 1)


def between(count: int, of: int) -> tuple[float, float] | None:
    """Return between which shares the chance lies that ``count`` of so many scenarios show, with 95 % (Wilson's score).

    None without scenarios.
    """
    if not of:
        return None
    share, square = count / of, NORMAL * NORMAL
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = NORMAL / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (middle - half if count else 0.0), (middle + half if count < of else 1.0)

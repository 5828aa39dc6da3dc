"""What ran when in a search that combines several ways, and who found what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Something found.

    Attributes
    ----------
    by : str
        Who found it.
    seconds : float
        When, since the level began.
    value : int or None
        The value of a better plan.
    bound : int or None
        A better bound.
    """

    by: str
    seconds: float
    value: int | None
    bound: int | None

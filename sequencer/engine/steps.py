"""What ran when in a search that combines several ways, and who found what."""

from __future__ import annotations

from dataclasses import dataclass

#: Who found a plan that was known before a level began.
BEFORE = "the level before"


@dataclass(frozen=True, slots=True)
class Step:
    """Something found.

    Attributes
    ----------
    by : str
        Who found it.
    seconds : float or None
        When, since the level began; None in a search that must give the same bytes every time.
    value : int or None
        The value of a better plan.
    bound : int or None
        A better bound.
    """

    by: str
    seconds: float | None
    value: int | None
    bound: int | None

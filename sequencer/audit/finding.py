"""A broken promise, and how numbers are written in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sequencer.instance.facts import SCORE

#: The rules, by the name a finding gives them.
RULES: dict[str, str] = {
    "P1": "the path fits into the plan",
    "W1": "readiness",
    "W2": "threat limit",
    "W3": "threat trend",
    "W4": "calendar closure",
    "W5": "earliest transfer",
    "W6": "latest transfer",
    "W7": "fixed transfer",
    "W8": "end of the mandate",
    "W9": "what the phase admits",
    "W10": "the stage a package is in already",
    "L1": "least lag",
    "L2": "greatest lag",
    "L3": "greatest width",
    "L4": "gate of a phase",
    "S1": "capacity",
    "S2": "allocation",
    "S3": "carry-over",
    "S4": "share of a donor",
    "S5": "growth and fall",
    "R1": "reserve",
}

NAMED = 5  # packages named in a finding before the rest is counted


@dataclass(frozen=True, slots=True)
class Finding:
    """One promise that a timetable breaks.

    Attributes
    ----------
    rule : str
        A key of ``RULES``.
    about : str
        The package, resource or link concerned.
    month : int or None
        The month in which the promise is broken, counted from the start of the plan; None where no month is meant.
    amount : int
        By how much, always positive.
    unit : str
        What ``amount`` counts.
    text : str
        One sentence for a planner.
    """

    rule: str
    about: str
    month: int | None
    amount: int
    unit: str
    text: str

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"unknown rule {self.rule!r}")
        if self.amount <= 0:
            raise ValueError(f"a finding is broken by more than 0, not by {self.amount}")

    def __str__(self) -> str:
        return f"{self.rule} {self.text}"


def points(thousandths: int) -> str:
    """Return a score in points, without needless decimals.

    Examples
    --------
    >>> points(58300), points(-5), points(60000)
    ('58.3', '-0.005', '60')
    """
    whole, rest = divmod(abs(thousandths), SCORE)
    text = f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
    return f"-{text}" if thousandths < 0 else text


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where needed.

    Examples
    --------
    >>> count(1, "month"), count(3, "month")
    ('1 month', '3 months')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def some(names: Sequence[str]) -> str:
    """Return the first few names, and how many more there are.

    Examples
    --------
    >>> some(["a", "b"]), some(list("abcdefg"))
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")

"""A rule broken, in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.vocabulary import Origin


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule broken.

    Attributes
    ----------
    rule : str
        Id of the rule in ``models/problem.md``.
    about : tuple of str
        The packages that break it together.
    month : int
        The month in which it is broken.
    amount : int
        How far, at least 1, in ``unit``.
    text : str
        A sentence for a planner.
    origins : tuple of Origin
        The rows it rests on.
    """

    rule: str
    about: tuple[str, ...]
    month: int
    amount: int
    unit: str
    text: str
    origins: tuple[Origin, ...] = ()

    def __str__(self) -> str:
        rows = f" [{' | '.join(map(str, self.origins))}]" if self.origins else ""
        return f"{self.text}{rows}"


def some(names: tuple[str, ...], most: int = 6) -> str:
    """Return names as a list, cut short with a count."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown

"""What can go wrong, and who must act.

::

    SequencerError
    ├── InstanceError      the input is wrong: every fault found, each with its place   (the planner)
    ├── UsageError         a request cannot be understood or would overwrite work       (the user)
    └── Disagreement       two independent parts of the program contradict each other   (the program's authors)

An infeasible instance is an answer, not an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class SequencerError(Exception):
    """Base of every error the program raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in the input.

    Attributes
    ----------
    file : str
        File name inside the instance folder.
    row : int
        Line as a spreadsheet counts it; 0 where the whole file is meant.
    column : str
        Column, or key of ``plan.toml``; empty where the whole row is meant.
    found, needed : str
        What stands there, and what should.
    hint : str
        The nearest right name, or what to do; may be empty.
    """

    file: str
    row: int
    column: str
    found: str
    needed: str
    hint: str = ""

    def __str__(self) -> str:
        where = self.file
        where += f", row {self.row}" if self.row else ""
        where += f", column {self.column}" if self.column else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: found {self.found}; needed: {self.needed}{hint}"


class InstanceError(SequencerError):
    """The input is wrong; ``faults`` holds every fault found, in file and row order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        count = len(self.faults)
        super().__init__("\n".join([f"{count} fault{'' if count == 1 else 's'} in the input", *map(str, self.faults)]))


class UsageError(SequencerError):
    """The request cannot be carried out as asked; the message says what would work."""


class Disagreement(SequencerError):  # noqa: N818 - it names the finding, not a mistake of the caller
    """Two independent readings of the same plan contradict each other: a bug in this program, never in the input."""

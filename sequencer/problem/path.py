"""Paths: the stages a package walks, and how one cell, an option and a transfer month, dates all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from sequencer.vocabulary import CLOSES, OPENS, Event, Stage


class Cell(NamedTuple):
    """The only decision about a package: which option (its position), and the transfer month."""

    option: int
    transfer: int


class PathOption(NamedTuple):
    """Stage lengths in months when this option is taken. ``proving`` is what the hold needs beyond the joint stage."""

    name: str
    support: int
    proving: int
    joint: int
    mentored: int
    advisory: int

    def offset(self, event: Event) -> int:
        """Return the month of an event counted from the transfer."""
        match event:
            case Event.SUPPORT_START:
                return -self.joint - self.proving - self.support
            case Event.SUPPORT_END:
                return -self.joint - self.proving
            case Event.JOINT_START:
                return -self.joint
            case Event.TRANSFER:
                return 0
            case Event.ADVISORY_START:
                return self.mentored
            case Event.EXIT:
                return self.mentored + self.advisory
            case _:
                assert_never(event)

    def length(self, stage: Stage) -> int | None:
        """Return the months of a stage; None for the first and the last, which have no end of their own."""
        opens, closes = OPENS[stage], CLOSES[stage]
        return None if opens is None or closes is None else self.offset(closes) - self.offset(opens)


@dataclass(frozen=True, slots=True)
class Path:
    """All cells of one package before any rule is applied.

    Attributes
    ----------
    package : str
        Name of the package.
    options : tuple of PathOption, shape (K,)
        At least one.
    months : range, length T
        Transfer months considered. It begins below 0 only for a package that was handed over before month 0.
    """

    package: str
    options: tuple[PathOption, ...]
    months: range

    @property
    def shape(self) -> tuple[int, int]:
        """The shape (K, T) of a table over the cells."""
        return len(self.options), len(self.months)

    def date(self, cell: Cell, event: Event) -> int:
        """Return the month of an event when ``cell`` is chosen."""
        return cell.transfer + self.options[cell.option].offset(event)

    def dates(self, event: Event) -> NDArray[np.int64]:
        """Return the month of an event in every cell, shape (K, T), read-only; paths alike share the table."""
        return _dates(self.options, self.months, event)

    def column(self, transfer: int) -> int:
        """Return the position of a transfer month in a table over the cells."""
        return transfer - self.months.start


@lru_cache(maxsize=4096)
def _dates(options: tuple[PathOption, ...], months: range, event: Event) -> NDArray[np.int64]:
    offsets = np.array([[option.offset(event)] for option in options], dtype=np.int64)
    table = offsets + np.array(months, dtype=np.int64)[None, :]
    table.flags.writeable = False
    return table

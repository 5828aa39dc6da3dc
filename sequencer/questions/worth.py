"""What more of a number is worth, and what holds a term at its best value: records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sequencer.outcome import Limits
from sequencer.reasons.parts import Part
from sequencer.timetable import Choices


class Sure(StrEnum):
    """How sure an improvement is.

    PROVEN: no plan brings more. AT_LEAST: a plan brings it, a better one is not ruled out. UNKNOWN: no plan was found
    that is better, and it is not proven that there is none.
    """

    PROVEN = "proven"
    AT_LEAST = "at least"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What more of a number would bring.

    Attributes
    ----------
    address, unit : str
        The number, and its unit.
    units : int
        By how many units of the value shown it is turned, in the direction in which rules become easier to keep.
    term, of : str
        The term that becomes better, earlier ones held at what they may reach, and the unit of its value.
    improvement : int
        By how much it becomes smaller in the best plan found; 0 where none is better.
    most : int or None
        No plan improves it by more, where that is known.
    sure : Sure
    choices : mapping of str to Choice, or None
        A plan of the instance so changed that attains a positive improvement.
    """

    address: str
    unit: str
    units: int
    term: str
    of: str
    improvement: int
    most: int | None
    sure: Sure
    choices: Choices | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """What it would bring to lift all that a number could relax.

    Attributes
    ----------
    better : bool or None
        Whether the value would be better; None where neither is proven.
    improvement : int
        By how much at least: a timetable is known that keeps everything else.
    """

    better: bool | None
    improvement: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Numbers that are worth something together, each of them being worth nothing by itself.

    Attributes
    ----------
    addresses : tuple of str
    units : int
        By how many units each is turned, or as many as it can be.
    improvement : int
        By how much the term becomes smaller at least.
    sure : bool
        Whether it is proven that without any one of them nothing is gained.
    choices : mapping of str to Choice
        A plan that attains it.
    """

    addresses: tuple[str, ...]
    units: int
    improvement: int
    sure: bool
    choices: Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """What a number could bring to a term whose value is not proven best, by prices alone.

    Attributes
    ----------
    address, unit : str
    units : int
    term, of : str
    most : int
        With so many units turned no plan is better than the one shown by more.
    without : int
        No plan is better than the one shown by more with nothing turned: so much of ``most`` may be had anyway.
    """

    address: str
    unit: str
    units: int
    term: str
    of: str
    most: int
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What holds a term at its best value.

    Attributes
    ----------
    term, unit : str
    value : int
        The best value, proven.
    parts : tuple of Part
        What cannot all be kept with a value that is better by one; parts of what holds by definition where it alone
        stands against that. None where no contradiction was proven twice in time.
    groups : tuple of tuple of Part
        The same at the first level of detail: by place and resource, none of them needless as far as time allowed.
    sure : bool
        Whether it is proven that none of the parts is needless.
    together : tuple of str
        The numbers that are worth nothing by themselves or together, up to the units asked about.
    alone : tuple of str
        Those that are worth nothing by themselves, up to the units asked about.
    lifted : mapping of str to Lifted
        For each number that could relax the reason: what it would bring to lift all that it could relax. Of all others
        that no term reads it would bring nothing.
    joint : tuple of Joint
        Sets of numbers that are worth something together only.
    nothing : bool
        Whether it is proven that all that are worth nothing by themselves are worth nothing together, either.
    """

    term: str
    unit: str
    value: int
    parts: tuple[Part, ...] | None
    groups: tuple[tuple[Part, ...], ...]
    sure: bool
    together: tuple[str, ...]
    alone: tuple[str, ...]
    lifted: Mapping[str, Lifted]
    joint: tuple[Joint, ...] = ()
    nothing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What binds each term of an objective.

    Attributes
    ----------
    rows : tuple of Worth
        Level after level, for each number that is not proven to be worth nothing: what 1, 2, … units bring. Where time
        ran out, the last units are missing.
    reasons : tuple of Reason
        One for each level that is proven.
    unproven : tuple of str
        The terms whose value is not proven best: nothing can be called a number's value there.
    within : tuple of Within
        What prices say of those terms, level after level, the most first: for numbers that could bring more than
        nothing turned may.
    units : int
        The most units that were asked about.
    limits : Limits
        Of each level.
    """

    rows: tuple[Worth, ...]
    reasons: tuple[Reason, ...]
    unproven: tuple[str, ...]
    units: int
    limits: Limits
    within: tuple[Within, ...] = ()

    def at(self, term: str) -> tuple[Worth, ...]:
        """Return what brings something to a term: the most by one unit first, then by two, three …"""
        own = [row for row in self.rows if row.term == term and row.improvement > 0]
        gains: dict[str, list[int]] = {}
        for row in sorted(own, key=lambda row: row.units):
            gains.setdefault(row.address, [0] * self.units)[row.units - 1] = -row.improvement
        return tuple(sorted(own, key=lambda row: (gains[row.address], row.address, row.units)))

"""What a study found, as plain data. Values are as the program stores them; months count from the start of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class State(StrEnum):
    """How much is known of a run.

    PROVEN: its value is the best there is. FOUND: a plan, not proven best. LATER: likewise, and a term before it is not
    proven best, so that the best of this one may be more or less. NONE: proven that there is no plan.
    UNKNOWN: neither a plan nor a proof was found in time. NOT_RUN: the study ended before it, or it was lost.
    """

    PROVEN = "proven"
    FOUND = "found"
    LATER = "later"
    NONE = "none"
    UNKNOWN = "unknown"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a term in a run.

    Attributes
    ----------
    state : State
    value : int or None
        The best value found; where it is ``FOUND``, an upper limit of the optimum. None without a plan.
    bound : int or None
        No plan has a smaller value; None where nothing is proven, or only with the terms before as they were found.
    """

    state: State
    value: int | None = None
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A number that was turned: its address, its low and high value as they were given, and what came of each."""

    factor: str
    given: tuple[str, str]
    ends: tuple[Known, Known]


@dataclass(frozen=True, slots=True)
class Tornado:
    """What turning each number alone does to a term.

    Attributes
    ----------
    name : str
        Of the file.
    term : str
    base : Known
        The instance as it is.
    bars : tuple of Bar
        The widest proven swing first.
    """

    name: str
    term: str
    base: Known
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """A term for each pair of values of two numbers, or for each value of one.

    Attributes
    ----------
    name : str
    across, up : str
        Addresses; ``up`` is empty where only one number was turned.
    columns, rows : tuple of str
        Their values, as they were given and in this order; one empty row where only one number was turned.
    base : mapping of str to Known
        The instance as it is, by term.
    cells : mapping of str to tuple of tuple of Known
        By term, in the order of the objective; shape (rows, columns).
    """

    name: str
    across: str
    up: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    base: Mapping[str, Known]
    cells: Mapping[str, tuple[tuple[Known, ...], ...]]


@dataclass(frozen=True, slots=True)
class Curve:
    """When a plan shifted right ends, scenario by scenario.

    Attributes
    ----------
    name : str
    planned : int or None
        The exit planned; None where no scenario ends within the plan.
    exits : tuple of int or None
        One for each scenario; None: not within the plan.
    """

    name: str
    planned: int | None
    exits: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Sure:
    """A date and the share of scenarios in which it holds, with the ends between which the chance lies (95 %)."""

    package: str
    transfer: str
    holds: float
    low: float
    high: float
    failed: int


@dataclass(frozen=True, slots=True)
class Dates:
    """In which share of scenarios each date of a plan holds, the least sure first; ``tried``: in how many."""

    name: str
    tried: int
    dates: tuple[Sure, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A timetable of a front: its values in the order of the terms, and what is known of it."""

    values: tuple[int, ...]
    proven: bool
    dominated: bool
    caps: str


@dataclass(frozen=True, slots=True)
class Front:
    """What is gained in one term for what is given in another.

    Attributes
    ----------
    name : str
    terms : tuple of str
        Two or three.
    points : tuple of Point
    runs, without, waiting : int
        Runs asked for, those that ended without a plan, and those that were not made.
    """

    name: str
    terms: tuple[str, ...]
    points: tuple[Point, ...]
    runs: int
    without: int
    waiting: int


Study: TypeAlias = Tornado | Heat | Curve | Dates | Front

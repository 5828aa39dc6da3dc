"""What a solve answers: status, levels, and the timetable if one was found. Unknown fields are None."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from sequencer.timetable import Choices, Uses

if TYPE_CHECKING:
    import pandas as pd

    from sequencer.engine.steps import Step
    from sequencer.instance.instance import Instance
    from sequencer.places.certificate import Certificate, Price
    from sequencer.problem import Problem
    from sequencer.reasons.local.tight import Tight


#: What an answer rests on, as packages are named.
PARTS = ("sequencer", "ortools", "pulp", "highspy")

CHECKED = "none"  # the engine of a timetable that was only checked
WORKERS = 256  # more threads than any machine this runs on gives
SEED = 2**31 - 1  # the solver's largest


class Status(StrEnum):
    """How much is known.

    OPTIMAL: a plan, proven best at every level. FEASIBLE: a plan, not proven best at every level.
    INFEASIBLE: proven twice, under different search settings, that no plan exists. UNKNOWN: neither a plan nor a proof
    was found within the limits.
    """

    OPTIMAL = "OPTIMAL"
    FEASIBLE = "FEASIBLE"
    INFEASIBLE = "INFEASIBLE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how a solve may search.

    Attributes
    ----------
    seconds : float
        For the whole solve, all levels together; in a deterministic solve the solver's own repeatable
        units of work, of roughly a second each.
    workers : int
        Threads; 0 means one for each core. A deterministic solve uses one.
    seed : int
        Of the search, not negative.
    deterministic : bool
        Whether the same input must give the same bytes every time.
    """

    seconds: float = 120.0
    workers: int = 0
    seed: int = 0
    deterministic: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.seconds < float("inf"):
            raise ValueError(f"seconds must be a positive number, not {self.seconds}")
        if not (0 <= self.workers <= WORKERS and 0 <= self.seed <= SEED):
            raise ValueError(
                f"workers must lie in 0..{WORKERS}, seed in 0..{SEED}; they are {self.workers} and {self.seed}"
            )

    def reseeded(self, by: int = 1) -> Limits:
        """Return these limits with another seed, ``by`` further on."""
        return replace(self, seed=(self.seed + by) % (SEED + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is known about one term of the objective.

    Attributes
    ----------
    term, unit : str
        The term, and what its value counts.
    value : int or None
        The best value found with all earlier terms held.
    bound : int or None
        No plan that holds the earlier terms has a smaller value.
    tolerance : int
        How far above ``value`` later levels were allowed to go.
    achieved : int or None
        The value in the timetable returned: at most ``value`` + ``tolerance``.
    proof : str or None
        ``exact`` where ``bound`` was proven in integers, ``numeric`` where the proof rests on floating point; None
        where there is no bound.
    steps : tuple of Step
        Which plans and bounds were found, by whom and when, in their order.
    found_by, bounded_by : str or None
        Who found the best plan, and who proved the bound; None where there is none.
    certificate : Certificate or None
        The best bound of this level that prices prove, with these prices, so that it can be evaluated again without a
        solver; None where no prices were found. It may be less than ``bound``, which a search may have raised.
    prices : tuple of Price
        What supplies, money, reserves and caps cost by these prices, the dearest first. They are prices of the
        relaxation: they rank what binds, they are not what one more unit would bring.
    """

    term: str
    unit: str
    value: int | None
    bound: int | None
    tolerance: int
    achieved: int | None
    proof: str | None
    steps: tuple[Step, ...] = ()
    found_by: str | None = None
    bounded_by: str | None = None
    certificate: Certificate | None = None
    prices: tuple[Price, ...] = ()

    @property
    def gap(self) -> float | None:
        """(value - bound) / max(1, abs(value)); 0 when proven, None when unknown."""
        if self.value is None or self.bound is None:
            return None
        return (self.value - self.bound) / max(1, abs(self.value))

    @property
    def proven(self) -> bool:
        """Whether the value is proven best."""
        return self.value is not None and self.value == self.bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Haste:
    """What the plan would be with a later exit.

    Attributes
    ----------
    later : int
        Months by which the exit may come later; 0 is this plan itself.
    exit : int
        The latest exit allowed: the exit of this plan and ``later`` months, at most the end of the plan.
    achieved : int or None
        The exit reached; None when no plan was found in the time left.
    risk, cost : int or None
        Their values in that plan; None without a plan, or where the instance has no data for the term.
    proven : bool
        Whether the plan is proven best in the other terms of the objective.
    cheapest : bool
        Whether it is proven, too, that no such plan costs less.
    """

    later: int
    exit: int
    achieved: int | None
    risk: int | None
    cost: int | None
    proven: bool
    cheapest: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproof:
    """A claim of an answer, proven a second time or not.

    Attributes
    ----------
    term : str or None
        The term whose value is claimed to be the least; None where it is claimed that there is no plan at all.
    value : int or None
        That value; None where there is no plan.
    confirmed : bool
        Whether the second proof came to an end in time. One that contradicts the claim raises an error instead.
    by : str
        How the second proof asked.
    """

    term: str | None
    value: int | None
    confirmed: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The answer to an instance. Its frames are made when first asked for, and once.

    Attributes
    ----------
    status : Status
    choices : mapping of str to Choice, or None
        Option and transfer month by package; None when no plan was found.
    levels : tuple of Level
        One for each objective term, in order.
    values : mapping of str to int, or None
        The value of every term the instance has data for, in the objective or not, priced by the audit.
    engine : str
        What solved it: ``auto``, ``cpsat``, ``milp`` or ``milp-cbc``; ``none`` where a timetable was only checked.
    seconds : float or None
        Time taken; None in a deterministic solve.
    interrupted : bool
        Whether the search was stopped by the user; the plan is then the best found so far.
    notes : tuple of str
        What else must be said, such as the first contradiction of an infeasible instance.
    uses : mapping of str to tuple of int, or None
        What each line of money pays in each fiscal year of the plan; None without a money rule or without a plan.
    haste : tuple of Haste
        What risk and cost would be if the exit came later, this plan first; empty where it was not asked.
    verified : tuple of Reproof, or None
        One for each claim, that a level is proven or that there is no plan; None where it was not asked.
    """

    status: Status
    instance: Instance
    problem: Problem
    choices: Choices | None
    levels: tuple[Level, ...]
    values: Mapping[str, int] | None
    engine: str
    seconds: float | None
    interrupted: bool = False
    notes: tuple[str, ...] = ()
    uses: Uses | None = None
    haste: tuple[Haste, ...] = ()
    verified: tuple[Reproof, ...] | None = None

    @property
    def asks(self) -> str:
        """The engine that further questions are put to: that which solved it, ``auto`` where none did."""
        return "auto" if self.engine == CHECKED else self.engine

    @cached_property
    def timetable(self) -> pd.DataFrame:
        """One row for each package in order of transfer; see ``sequencer.answers.frames.timetable`` for the columns.

        Raises
        ------
        ValueError
            If no plan was found.
        """
        from sequencer.answers.frames import timetable  # noqa: PLC0415 - pandas is imported when first asked for

        return timetable(self.instance, self.problem, self._plan())

    @cached_property
    def supplies(self) -> pd.DataFrame:
        """One row for each resource, source and bucket: need and capacity. Raises ValueError without a plan."""
        from sequencer.answers.frames import supplies  # noqa: PLC0415

        return supplies(self.problem, self._plan())

    @cached_property
    def tight(self) -> pd.DataFrame:
        """One row for each promise or term that holds a package at its month. Raises ValueError without a plan."""
        from sequencer.answers.frames import tight  # noqa: PLC0415

        return tight(self.problem, self._plan(), self.held)

    @cached_property
    def held(self) -> tuple[Tight, ...]:
        """What holds each package at its month, with the rows it rests on; ValueError without a plan."""
        from sequencer.reasons.local.tight import tight  # noqa: PLC0415

        return tuple(tight(self.problem, self.problem.cells(self._plan()), self.caps()))

    @cached_property
    def communities(self) -> pd.DataFrame:
        """One row for each community: how long its people wait and what is fragile; ValueError without a plan."""
        from sequencer.answers.frames import communities  # noqa: PLC0415

        return communities(self.instance, self.problem, self._plan())

    @cached_property
    def funding(self) -> pd.DataFrame:
        """One row for each line of money and fiscal year: what it pays; ValueError without a plan."""
        from sequencer.answers.frames import funding  # noqa: PLC0415

        return funding(self.instance, self.problem, self._plan(), self.uses)

    def caps(self) -> list[tuple[str, int]]:
        """Return the terms in order, and the most each may reach: the last one no more than it does."""
        last = len(self.levels) - 1
        return [
            (level.term, max(level.achieved, level.value + level.tolerance) if i < last else level.achieved)
            for i, level in enumerate(self.levels)
            if level.achieved is not None and level.value is not None
        ]

    def _plan(self) -> Choices:
        if self.choices is None:
            raise ValueError(f"no plan was found: the status is {self.status}")
        return self.choices

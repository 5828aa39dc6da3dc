"""What stands against a package moving alone, all others staying where they are: typed records, no sentences.

A promise *stands against* a month and an option if the package, moved there while all others stay, would break it. That
is a fact about the timetable shown only: whether the plan as a whole could be better is another question. Each record
holds the promise itself, so that two of them are about the same promise when these are equal, and tells the id of its
rule in ``models/problem.md`` and the rows it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from sequencer.problem import Gate, Link, Reserve, Supply, Term, Width, Window
from sequencer.timetable import Uses
from sequencer.vocabulary import Event, Origin


@dataclass(frozen=True, slots=True)
class Dated:
    """An event of a package, and its month."""

    package: str
    event: Event
    month: int


@dataclass(frozen=True, slots=True)
class User:
    """A package, and how much it uses."""

    package: str
    amount: int


@dataclass(frozen=True, slots=True)
class Begins:
    """P1: what is planned begins in ``month``; there is nothing before it, or all before it has happened."""

    month: int
    rule: ClassVar[str] = "P1"
    origins: ClassVar[tuple[Origin, ...]] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """P1, W1-W10: a promise about the package alone closes the month.

    Attributes
    ----------
    promise : Window
    month : int
        Of the transfer.
    date : int
        The month of the event that the promise is about.
    amount : int
        How far the promise would be broken, in its ``unit``.
    found, needed : int or None
        The worst value met and the one it is compared with, in units of 1 / ``scale`` of the measure; None where
        nothing is measured.
    worst : int or None
        The month of that value.
    origins : tuple of Origin
        The rows it rests on.
    """

    promise: Window = field(repr=False)
    month: int
    date: int
    amount: int
    found: int | None
    needed: int | None
    worst: int | None
    origins: tuple[Origin, ...]

    @property
    def rule(self) -> str:
        """Which of the rules it is."""
        return self.promise.id


@dataclass(frozen=True, slots=True)
class Apart:
    """L1, L2: two events would come too soon after one another, or too late.

    Attributes
    ----------
    promise : Link
    rule : str
        Which of its two bounds.
    before, after : Dated
        The two events, one or both of them of the package.
    lag : int
        Months that must, or may, lie between them.
    amount : int
        Months too few or too many.
    """

    promise: Link = field(repr=False)
    rule: str
    before: Dated
    after: Dated
    lag: int
    amount: int

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The rows it rests on."""
        return self.promise.origins


@dataclass(frozen=True, slots=True)
class Spread:
    """L3: the first and the last of some events would lie ``amount`` months too far from each other."""

    promise: Width = field(repr=False)
    first: Dated
    last: Dated
    amount: int
    rule: ClassVar[str] = "L3"

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The rows it rests on."""
        return self.promise.origins


@dataclass(frozen=True, slots=True)
class Waiting:
    """A package that transfers in ``transfer``, ``amount`` months too early after what it waits for."""

    package: str
    transfer: int
    awaited: Dated
    amount: int


@dataclass(frozen=True, slots=True)
class Unopened:
    """L4: a phase waits for events that would not have come yet.

    Attributes
    ----------
    promise : Gate
    holds_up : bool
        Whether the package would hold up others; else it would have to wait for them.
    waits : tuple of Waiting
        Each package that would wait and each it would wait for, the longest wait first.
    """

    promise: Gate = field(repr=False)
    holds_up: bool
    waits: tuple[Waiting, ...]
    rule: ClassVar[str] = "L4"

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The rows it rests on."""
        return self.promise.origins


@dataclass(frozen=True, slots=True)
class Short:
    """S1: a pool would not suffice.

    Attributes
    ----------
    promise : Supply
    buckets : tuple of int, length n
        Every bucket (a month, a phase, a fiscal year, or the whole plan) in which it would not.
    lacking : tuple of int, length n
        By how much, in the unit of the pool.
    need : int
        What the package would need in the first of them.
    users : tuple of User
        The other packages that use the pool then, who uses most first.
    """

    promise: Supply = field(repr=False)
    buckets: tuple[int, ...]
    lacking: tuple[int, ...]
    need: int
    users: tuple[User, ...]
    rule: ClassVar[str] = "S1"

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The rows it rests on."""
        return self.promise.origins[self.buckets[0]]

    @property
    def months(self) -> range:
        """The months of the first of the buckets."""
        return self.promise.buckets[self.buckets[0]]

    @property
    def capacity(self) -> int:
        """What the pool holds in the first of the buckets."""
        return self.promise.capacity[self.buckets[0]]

    @property
    def used(self) -> int:
        """What others use of it then."""
        return sum(user.amount for user in self.users)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """R1: a reserve could not answer as many relapses at once as it must.

    Attributes
    ----------
    promise : Reserve
    months : tuple of int, length n
        Every month in which it could not.
    lacking : tuple of int, length n
        How many people would be missing.
    need : int
        The people that a relapse of the package itself would need in the first of them.
    users : tuple of User
        The other relapses that must be answered at once then, the largest first: one less than the reserve must answer.
    """

    promise: Reserve = field(repr=False)
    months: tuple[int, ...]
    lacking: tuple[int, ...]
    need: int
    users: tuple[User, ...]
    rule: ClassVar[str] = "R1"

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The rows it rests on."""
        return self.promise.origins[self.months[0]]

    @property
    def people(self) -> int:
        """The strength of the reserve in the first of the months."""
        return self.promise.people[self.months[0]]


@dataclass(frozen=True, slots=True)
class Unpaid:
    """S1-S7 for money: no way of using the lines of money would pay for everything.

    Attributes
    ----------
    rule : str
        Which of the rules is the first to stay broken if lines pay in the way that breaks least.
    months : range
        The fiscal year in which it is.
    amount : int
        How far, in ``unit``: S2 tells what is not paid for, S5 by how much the use of a line changes too fast.
    uses : mapping of str to tuple of int
        What each line pays in each year in that way.
    """

    rule: str
    months: range
    amount: int
    unit: str
    uses: Uses = field(repr=False)


@dataclass(frozen=True, slots=True)
class Worse:
    """A term of the objective would exceed what it may reach in this plan, by ``amount``."""

    promise: Term = field(repr=False)
    amount: int


#: What stands against a package by a promise that is not about money.
Obstacle: TypeAlias = Begins | Closed | Apart | Spread | Unopened | Short | Unanswered

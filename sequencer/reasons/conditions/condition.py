"""A condition: a fact a plan rests on that can turn out otherwise, and the value at which a date falls."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sequencer.months import Calendar
from sequencer.vocabulary import MONTH, Event, Origin

YEAR = 12  # months: what months of slack are compared with
STEPS = 4  # from the least threat level to the greatest: what levels of slack are compared with
LEVEL = "level"
MONTHS = "months"


class Kind(StrEnum):
    """What a condition is about.

    READINESS: a score. THREAT, TREND: how high the threat is, and that it does not rise. SUPPLY, PRESENCE, RESERVE:
    what there is of a resource, and people of forces. MONEY, PLEDGE: what a line gives in a year, and the event that
    a pledge waits for. LINK, GATE, WIDTH: when another package must have got so far. CLOSURE, FACTOR: how far an event
    of the calendar may move, and how much of a resource it leaves. MANDATE: when the mandate ends.
    """

    READINESS = "readiness"
    THREAT = "threat"
    TREND = "trend"
    SUPPLY = "supply"
    PRESENCE = "presence"
    RESERVE = "reserve"
    MONEY = "money"
    PLEDGE = "pledge"
    LINK = "link"
    GATE = "gate"
    WIDTH = "width"
    CLOSURE = "closure"
    FACTOR = "factor"
    MANDATE = "mandate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must be true for dates of a plan to hold.

    All numbers are stored as in the instance: in units of 1 / ``scale`` of ``unit``; where the unit is ``month``, as
    months from the start of the plan.

    Attributes
    ----------
    kind : Kind
    rule : str
        Id in ``models/problem.md`` of the rule that asks for it.
    packages : tuple of str
        Whose dates rest on it: those that need it in the months in which it is tightest. Packages handed over already
        are left out; empty if only they need it.
    about : str
        The criterion, place, resource, force, line of money or event of the calendar; of LINK, GATE, WIDTH and PLEDGE
        the package that must get so far.
    pool : str
        Of SUPPLY and PRESENCE: the pool the row belongs to, where a resource has several.
    event : Event or None
        What of ``about`` must have come (LINK, GATE, WIDTH, PLEDGE), or else which event of ``packages`` rests on it.
    month : int or None
        The month of that event of ``packages``, the first if there are several.
    first, last : int
        The months in which it must hold, both included; ``first`` is by when it must.
    needed, expected : int
        The worst value that suffices in these months, and the value expected there.
    at_least : bool
        Whether ``needed`` is a floor (else a ceiling).
    address : str
        The number of the instance that says so (see ``sequencer.instance.levers``); empty where the fact is a date of
        the plan itself.
    value : int
        That number as it is; without an address the same as ``expected``.
    stands, falls : int or None
        How far that number can turn for the worse, all else where it is, so that every date still stands, and the next
        value, at which one falls. None where no value lets a date fall.
    sooner : bool
        Whether another promise that reads the same number lets a date fall before this one does.
    checker : str
        Who finds out: the assessor, the institution, the owner of a resource or force, the donor; empty if not known.
    origins : tuple of Origin
        The rows it rests on.
    """

    kind: Kind
    rule: str
    packages: tuple[str, ...]
    about: str
    pool: str = ""
    event: Event | None = None
    month: int | None = None
    first: int
    last: int
    needed: int
    expected: int
    at_least: bool
    unit: str
    scale: int = 1
    address: str = ""
    value: int
    stands: int | None
    falls: int | None
    sooner: bool = False
    checker: str = ""
    origins: tuple[Origin, ...] = ()

    @property
    def margin(self) -> int:
        """How much better than needed it is expected to be, in units of 1 / ``scale``, for a month in months."""
        return self.expected - self.needed if self.at_least else self.needed - self.expected

    @property
    def slack(self) -> int | None:
        """How far the number can turn for the worse, in units of 1 / ``scale``, for a month in months; None: freely."""
        return None if self.stands is None else abs(self.value - self.stands)

    @property
    def room(self) -> float | None:
        """The slack as a share of something known, so that conditions of all kinds can be ranked; None: unlimited.

        Months are a share of a year, threat levels of the four steps from the least to the greatest, everything else of
        the value as it is (of 1, where that is less): what falls if a tenth less comes true has room 0.1.
        """
        if self.slack is None:
            return None
        if self.unit in {MONTH, MONTHS}:
            return self.slack / YEAR
        return self.slack / (STEPS if self.unit == LEVEL else max(self.scale, abs(self.value)))

    @property
    def order(self) -> tuple[bool, float, int, str, str, tuple[str, ...]]:
        """What conditions are sorted by: the one with least room first, then the one tested first."""
        return self.room is None, self.room or 0.0, self.first, self.kind, self.about, self.packages

    def turned(self, value: int, calendar: Calendar) -> str:
        """Return a value of the number as ``Instance.but`` takes it."""
        return calendar.label(value) if self.unit == MONTH else f"={Decimal(value) / self.scale:f}"

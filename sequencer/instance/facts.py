"""What a planner can say, one frozen dataclass per kind of fact.

Facts are *resolved*: wildcards are expanded, so that each fact is about one package, place or resource.
Months are counted from the start of the plan, scores are thousandths of a point, money is in the plan's unit.
A field made by ``lever`` is a number that ``sequencer levers`` lists: its unit, the factor between the stored integer
and the unit shown, and the direction in which the rules that read it become easier to keep (0: no such direction).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sequencer.vocabulary import MONTH as MONTH
from sequencer.vocabulary import SCORE as SCORE
from sequencer.vocabulary import Bucket, Event, Origin, Per, Stage

LARGEST = 10**12  # of any number, so that sums stay exact
HOST = "host"  # the budget line that is meant where none is named
COUNTRY = "country"  # the reserve scope of all places
THOUSANDTHS = 1000  # of a share or a factor

#: Least and greatest value shown, by unit; units not named may not be negative.
RANGES: dict[str, tuple[int | None, int | None]] = {
    MONTH: (None, None),
    "months": (0, 600),
    "lag": (-600, 600),
    "points": (0, 100),
    "more points": (-100, 100),
    "points per month": (-100, 100),
    "level": (1, 5),
    "percent": (0, 100),
    "times": (0, 10),
    "relapses": (0, 1000),
}


def lever(
    unit: str, relax: int = 0, *, scale: int = 1, least: int | None = None, optional: bool = False
) -> dict[str, Any]:
    """Return the metadata of a field that holds a number the planner may turn, and may take away if ``optional``."""
    low, high = RANGES.get(unit, (0, LARGEST))
    return {
        "unit": unit,
        "relax": relax,
        "scale": scale,
        "low": low if least is None else least,
        "high": high,
        "optional": optional,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of all facts: each knows the file and row it came from."""

    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One term of the objective; later terms are solved with this one at most ``tolerance`` above its best value."""

    term: str
    tolerance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Fact):
    """The scalars of ``plan.toml``. ``months`` is the length H of the horizon; ``hold`` the default hold.

    ``announced_pledges``: whether pledges that are only announced count like confirmed ones.
    """

    title: str
    months: int = field(metadata=lever("months", least=1))
    money_unit: str
    hold: int = field(default=0, metadata=lever("months"))
    mandate_end: int | None = field(default=None, metadata=lever(MONTH, +1, optional=True))
    mandate_requires: str = "exit"
    risk_margin: int = field(default=0, metadata=lever("points", scale=SCORE))
    risk_months: int = field(default=24, metadata=lever("months"))
    announced_pledges: bool = False
    objective: tuple[Goal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase(Fact):
    """A stretch ``start..end`` of the plan, both included.

    ``admits``: functions that may transfer in it (None: all). ``months``: the only months of it in which transfers may
    take place (None: all).
    """

    name: str
    start: int = field(metadata=lever(MONTH))
    end: int = field(metadata=lever(MONTH))
    admits: frozenset[str] | None = None
    months: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Fact):
    """A district, province or ``national``. ``population`` is in people."""

    name: str
    region: str = ""
    population: int | None = field(default=None, metadata=lever("people"))
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Fact):
    """What is handed over. Stage lengths in months; ``fragile`` are the stages in which a relapse must be answered."""

    name: str
    sector: str = ""
    joint: int = field(metadata=lever("months"))
    mentored: int = field(metadata=lever("months"))
    advisory: int = field(metadata=lever("months"))
    fragile: frozenset[Stage] = frozenset({Stage.JOINT, Stage.MENTORED, Stage.ADVISORY})
    weight: int = field(default=1, metadata=lever("weight"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Package(Fact):
    """One institution's function in one place. ``name`` is ``place/function``.

    ``earliest``, ``latest`` and ``fixed`` are transfer months, ``since`` the first month of ``current_stage``.
    ``option`` pins the option. ``recurrent_cost`` and ``holding_cost`` are money per month,
    ``handover_cost`` is paid once. ``revenue`` is money per month from the transfer, paid into the line ``revenue_to``.
    ``weight`` None means the function's.
    """

    name: str
    place: str
    function: str
    institution: str = ""
    receiver: str = ""
    weight: int | None = field(default=None, metadata=lever("weight", optional=True))
    earliest: int | None = field(default=None, metadata=lever(MONTH, -1, optional=True))
    latest: int | None = field(default=None, metadata=lever(MONTH, +1, optional=True))
    fixed: int | None = field(default=None, metadata=lever(MONTH, optional=True))
    option: str | None = None
    current_stage: Stage | None = None
    since: int | None = field(default=None, metadata=lever(MONTH))
    recurrent_cost: int = field(default=0, metadata=lever("money per month"))
    holding_cost: int = field(default=0, metadata=lever("money per month"))
    handover_cost: int = field(default=0, metadata=lever("money"))
    revenue: int = field(default=0, metadata=lever("money per month", +1))
    revenue_to: str = HOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Fact):
    """One way to prepare a package: ``support`` months at ``cost`` per month. Stage lengths None: the function's."""

    package: str
    name: str
    support: int = field(default=0, metadata=lever("months"))
    cost: int = field(default=0, metadata=lever("money per month"))
    joint: int | None = field(default=None, metadata=lever("months", optional=True))
    mentored: int | None = field(default=None, metadata=lever("months", optional=True))
    advisory: int | None = field(default=None, metadata=lever("months", optional=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Fact):
    """A readiness gate: ``criterion`` at ``threshold`` or more in the ``hold`` months up to ``event`` and in its month.

    ``hold`` None means the plan's.
    """

    package: str
    criterion: str
    event: Event
    threshold: int = field(metadata=lever("points", -1, scale=SCORE))
    hold: int | None = field(default=None, metadata=lever("months", optional=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness(Fact):
    """The score of a package on a criterion as assessed in month ``assessed``; growth is per month.

    ``low`` and ``high`` are the assessors' range and equal ``score`` when not given.
    """

    package: str
    criterion: str
    score: int = field(metadata=lever("points", +1, scale=SCORE))
    low: int = field(metadata=lever("points", scale=SCORE))
    high: int = field(metadata=lever("points", scale=SCORE))
    assessed: int = field(default=0, metadata=lever(MONTH))
    assessor: str = ""
    growth: int = field(default=0, metadata=lever("points per month", +1, scale=SCORE))
    growth_after: int = field(default=0, metadata=lever("points per month", scale=SCORE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain(Fact):
    """What finished support of an option adds to a criterion's score."""

    package: str
    option: str
    criterion: str
    gain: int = field(metadata=lever("more points", +1, scale=SCORE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat(Fact):
    """Threat level 1 (calm) to 5 in a place from ``start`` to ``end``, both included (None: until further notice)."""

    place: str
    start: int
    end: int | None = None
    level: int = field(metadata=lever("level"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Fact):
    """Threat at most ``limit`` at ``event``, through the hold; no rise in the last ``trend`` steps."""

    package: str
    event: Event
    limit: int | None = field(default=None, metadata=lever("level", +1, optional=True))
    trend: int = field(default=0, metadata=lever("months", -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Fact):
    """Something of which only so much is there in each bucket. ``owner``: mission, successor, donor or host."""

    name: str
    bucket: Bucket
    unit: str = ""
    owner: str = ""
    per: Per = Per.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity(Fact):
    """``amount`` per bucket of a resource, in the buckets that begin in ``start..end`` (None: open).

    ``pool`` is the place or region for a resource that is ``per`` place or region, else empty; ``source`` names the
    row's team or force and may be empty. Several sources of one pool add up. ``serves``: the packages that may draw on
    the row (None: all of the pool).
    """

    resource: str
    pool: str = ""
    source: str = ""
    serves: frozenset[str] | None = None
    start: int = 0
    end: int | None = None
    amount: int = field(metadata=lever("units", +1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Fact):
    """``amount`` of a resource that a package needs, in each month of ``stage`` or at ``event``.

    Exactly one of ``stage`` and ``event`` is set. At an event: once, or in each of ``months`` months beginning with the
    event's. ``levels``: only in months with one of these threat levels (None: any). ``per_people``: the amount is for
    each so many people of the place; the product is rounded up, once per row and month.
    """

    package: str
    resource: str
    stage: Stage | None = None
    event: Event | None = None
    months: int | None = field(default=None, metadata=lever("months", least=1))
    levels: frozenset[int] | None = None
    amount: int = field(metadata=lever("units", -1))
    per_people: int | None = field(default=None, metadata=lever("people", least=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee(Fact):
    """A force of ``people`` in ``start..end`` (None: open). ``response_hours`` is printed only; no rule reads it.

    A presence force supplies ``resource`` to the places it ``covers``. A reserve force (``scope`` is not empty:
    ``country`` or a region) answers relapses there; its ``resource`` is empty.
    """

    force: str
    resource: str
    owner: str = ""
    home: str = ""
    covers: frozenset[str] = frozenset()
    scope: str = ""
    response_hours: int | None = None
    start: int = 0
    end: int | None = None
    people: int = field(metadata=lever("people", +1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Fact):
    """Month of ``after_event`` - month of ``before_event`` is ``minimum`` to ``maximum`` (None: no bound)."""

    before: str
    before_event: Event
    after: str
    after_event: Event
    minimum: int | None = field(default=0, metadata=lever("lag", -1, optional=True))
    maximum: int | None = field(default=None, metadata=lever("lag", +1, optional=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Width(Fact):
    """The events of the ``members`` (package and event) lie within ``width`` months of each other."""

    members: tuple[tuple[str, Event], ...]
    width: int = field(metadata=lever("months", +1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Fact):
    """Who of ``waiting`` transfers in ``phase`` does so ``minimum`` months or more after ``event`` of ``before``."""

    phase: str
    waiting: frozenset[str]
    before: tuple[str, ...]
    event: Event
    minimum: int = field(default=0, metadata=lever("lag", -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure(Fact):
    """A calendar event: in ``start..end`` the ``events`` of ``functions`` in ``places`` may not take place.

    ``yearly``: again each later year in the same months. Where ``factor`` is set (thousandths), the capacity of
    ``resource`` is multiplied by it in these months, in the pools named (None: in all).
    """

    name: str
    places: frozenset[str]
    functions: frozenset[str]
    events: frozenset[Event]
    start: int = field(metadata=lever(MONTH))
    end: int = field(metadata=lever(MONTH))
    yearly: bool = False
    resource: str = ""
    pools: frozenset[str] | None = None
    factor: int | None = field(default=None, metadata=lever("times", +1, scale=THOUSANDTHS, optional=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Fact):
    """What a budget line of the host gives in the fiscal year ``year`` (the calendar year in which it ends).

    ``max_growth`` and ``max_fall``: by how much use may rise into this year, and fall after it (None: any).
    ``base``: use in the year before the plan's first whole year, stated once for each line (None: not known).
    """

    line: str = HOST
    year: int
    amount: int = field(metadata=lever("money", +1))
    max_growth: int | None = field(default=None, metadata=lever("money", +1, optional=True))
    max_fall: int | None = field(default=None, metadata=lever("money", +1, optional=True))
    base: int | None = field(default=None, metadata=lever("money", optional=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Donor(Fact):
    """Who pledges. Shares are thousandths; ``max_share``: of all that is paid in a year (None: any).

    ``reliability`` is no rule: it is drawn on when plans are tried against what may happen. ``sunset`` is the last
    month for which the donor may pledge (None: open).
    """

    name: str
    max_share: int | None = field(default=None, metadata=lever("percent", +1, scale=10, optional=True))
    reliability: int | None = field(default=None, metadata=lever("percent", scale=10, optional=True))
    sunset: int | None = field(default=None, metadata=lever(MONTH, optional=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge(Fact):
    """``amount`` of money in each fiscal year that begins in ``start..end`` (None: open).

    ``serves``: the packages it is earmarked for (None: all). ``carry_until``: what is left over may be used in the
    fiscal years that begin up to this month (None: lost at once). ``condition``: package and event that must have
    happened by the start of a year for its amount to be there (None: unconditional). ``max_growth``, ``max_fall`` and
    ``base``: as in ``Budget``.
    """

    donor: str
    name: str = ""
    start: int = 0
    end: int | None = None
    amount: int = field(metadata=lever("money", +1))
    confirmed: bool = True
    serves: frozenset[str] | None = None
    carry_until: int | None = field(default=None, metadata=lever(MONTH, +1, optional=True))
    condition: tuple[str, Event] | None = None
    max_growth: int | None = field(default=None, metadata=lever("money", +1, optional=True))
    max_fall: int | None = field(default=None, metadata=lever("money", +1, optional=True))
    base: int | None = field(default=None, metadata=lever("money", optional=True))

    @property
    def line(self) -> str:
        """The source of money it belongs to: the donor, and the name of the pledge if it has one."""
        return f"{self.donor}/{self.name}" if self.name else self.donor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve(Fact):
    """In ``scope``, ``country`` or a region, any ``k`` relapses can be answered at once."""

    scope: str
    k: int = field(metadata=lever("relapses", -1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relapse(Fact):
    """What a relapse of a package needs of the reserve in a month of a fragile stage.

    ``levels`` and ``per_people`` as in ``Need``; several rows of one package add up.
    """

    package: str
    levels: frozenset[int] | None = None
    amount: int = field(metadata=lever("people", -1))
    per_people: int | None = field(default=None, metadata=lever("people", least=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Fact):
    """The transfer month of a package in the plan published before."""

    package: str
    transfer: int = field(metadata=lever(MONTH))

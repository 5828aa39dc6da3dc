"""What is handed over, where, by which options, and what was published before."""

from __future__ import annotations

from dataclasses import dataclass, field

from sequencer.instance.facts.fact import HOST, Fact, lever
from sequencer.vocabulary import MONTH, Stage


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
class Published(Fact):
    """The transfer month of a package in the plan published before."""

    package: str
    transfer: int = field(metadata=lever(MONTH))

"""Resources, what there is of them and what is needed; forces and relapses."""

from __future__ import annotations

from dataclasses import dataclass, field

from sequencer.instance.facts.fact import Fact, lever
from sequencer.vocabulary import Bucket, Event, Per, Stage


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

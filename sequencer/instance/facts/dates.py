"""What is said about dates: links, widths, gates and the calendar."""

from __future__ import annotations

from dataclasses import dataclass, field

from sequencer.instance.facts.fact import THOUSANDTHS, Fact, lever
from sequencer.vocabulary import MONTH, Event


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

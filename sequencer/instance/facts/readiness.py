"""Readiness and threat: when a package may be handed over."""

from __future__ import annotations

from dataclasses import dataclass, field

from sequencer.instance.facts.fact import Fact, lever
from sequencer.vocabulary import MONTH, SCORE, Event


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

"""Scalars of the plan, and its phases."""

from __future__ import annotations

from dataclasses import dataclass, field

from sequencer.instance.facts.fact import Fact, lever
from sequencer.vocabulary import MONTH, SCORE


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One term of the objective; later terms are solved with this one at most ``tolerance`` above its best value."""

    term: str
    tolerance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Fact):
    """The scalars of ``plan.toml``. ``months`` is the length H of the horizon; ``hold`` the default hold.

    ``as_of``: the month before which everything has happened already; 0 where nothing of the plan has.

    ``announced_pledges``: whether pledges that are only announced count like confirmed ones.
    ``negotiable``: addresses, with ``*`` for anything, of numbers that protect people and may be changed all the same
    where ways out of a plan that cannot be are looked for.
    """

    title: str
    months: int = field(metadata=lever("months", least=1))
    money_unit: str
    hold: int = field(default=0, metadata=lever("months"))
    as_of: int = 0
    mandate_end: int | None = field(default=None, metadata=lever(MONTH, +1, optional=True))
    mandate_requires: str = "exit"
    risk_margin: int = field(default=0, metadata=lever("points", scale=SCORE))
    risk_months: int = field(default=24, metadata=lever("months"))
    announced_pledges: bool = False
    negotiable: tuple[str, ...] = ()
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

"""The donor bridge: budget, donors and pledges."""

from __future__ import annotations

from dataclasses import dataclass, field

from sequencer.instance.facts.fact import HOST, Fact, lever
from sequencer.vocabulary import MONTH, Event


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

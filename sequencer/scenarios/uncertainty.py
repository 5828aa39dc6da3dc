"""What is uncertain, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sequencer.errors import UsageError


class Failing(StrEnum):
    """What comes of a year's money that does not come in full.

    ``NOTHING``: it is lost. ``HALF``: half of it comes. ``DELAYED``: it comes a fiscal year later, if the pledge still
    gives then and is not withdrawn, else it is lost. ``WITHDRAWN``: nothing comes of it, nor of the pledge's later
    years.
    """

    NOTHING = "nothing"
    HALF = "half"
    DELAYED = "delayed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """What is drawn. Nothing is drawn that neither the instance nor the analyst calls uncertain.

    As it is by default, it takes all from the instance: scores between the low and the high that assessors gave, and
    pledges by the reliability of their donors. All else is off until a number is given.

    Attributes
    ----------
    scores : bool
        Whether scores that a criterion reads are drawn: triangular between low and high, most often the score. One
        without a range is certain, unless there is a ``spread``.
    spread : float
        Points that a score without a range may lie below and above it.
    growth : float
        Share of it by which each growth per month may be less or more, triangular; 0.25 is a quarter.
    agreement : float
        Correlation, 0 to 1, of the errors in the scores of one assessor: 0 lets each score err for itself, which makes
        it unlikely that many are too high at once; 1 lets all of them err alike.
    reliability : float or None
        Chance that a year's money of a donor comes in full where the donor states none; None: it is certain.
    failing : tuple of Failing
        What comes of it otherwise, each as likely. Years that ended by ``as_of`` came as the instance says.
    threat : float
        Chance that the threat in a place rises by one level in what is left of the plan, in any month from ``as_of``
        on as likely; every month to come, and those in which risk is read after the plan, must have a row of threat,
    threat_months : int
        for so many months.
    slips : mapping of str to int
        By the name of a calendar event, or a pattern with ``*``: the most months by which it may slip, each number
        from 0 on as likely. Rows of one name slip together, those that began before ``as_of`` not at all.

    Raises
    ------
    UsageError
        If a number makes no sense.
    """

    scores: bool = True
    spread: float = 0.0
    growth: float = 0.0
    agreement: float = 0.0
    reliability: float | None = None
    failing: tuple[Failing, ...] = (Failing.NOTHING,)
    threat: float = 0.0
    threat_months: int = 6
    slips: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shares = {"growth": self.growth, "agreement": self.agreement, "threat": self.threat}
        if self.reliability is not None:
            shares["reliability"] = self.reliability
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise UsageError(f"{name} is a share from 0 to 1, not {share}")
        if not 0 <= self.spread <= 100:  # noqa: PLR2004 - points of a score
            raise UsageError(f"spread is in points, 0 to 100, not {self.spread}")
        if not self.failing:
            raise UsageError("failing names at least one thing that comes of money that does not come in full")
        if self.threat_months < 1 or any(months < 0 for months in self.slips.values()):
            raise UsageError("threat_months is at least 1 month, and no slip is negative")

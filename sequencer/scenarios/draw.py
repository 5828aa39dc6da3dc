"""Drawing scenarios: each assumption from a stream of its own, so that no draw depends on what else is drawn."""

from __future__ import annotations

import fnmatch
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from scipy.special import ndtr

from sequencer.compile.pools import there
from sequencer.errors import UsageError
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.instance.levers import SHIFT, Lever, addresses
from sequencer.scenarios.money import pledges
from sequencer.scenarios.scenario import Kind, Scenario, Shock
from sequencer.scenarios.uncertainty import Uncertainty

#: Gives the random numbers of a name in one scenario, always the same ones.
Streams: TypeAlias = Callable[[str], np.random.Generator]

#: Draws what becomes of one assumption, or of several that hang together; those left as they are yield nothing.
Source: TypeAlias = Callable[[Streams], Iterator[Shock]]

FULL = 100 * facts.SCORE
SEVEREST = 5  # level of threat
YEAR = 12


def draw(instance: Instance, uncertainty: Uncertainty, count: int, seed: int) -> tuple[Scenario, ...]:
    """Draw scenarios.

    Parameters
    ----------
    instance : Instance
    uncertainty : Uncertainty
    count : int
        How many, at least 1.
    seed : int
        Not negative. The same seed gives the same scenarios.

    Returns
    -------
    tuple of Scenario, length ``count``
        Numbered from 1. Scenario i does not depend on how many are drawn, and an assumption in it not on what else is
        uncertain, so that scenarios drawn with and without one source of uncertainty can be compared one by one.

    Raises
    ------
    UsageError
        If there is nothing to draw, a pattern of ``slips`` fits no calendar event, what began before ``as_of`` would
        slip with what comes each later year, or the rows of threat in a place leave a month to come without any.

    Notes
    -----
    What lies before ``as_of`` has happened and is as the instance says: years of money that have ended, calendar events
    that have begun, threat. Of the year that runs it is not known how much has come: it is drawn, whole. Scores are
    drawn whenever they were assessed, since what they were then is no better known now.
    """
    if count < 1 or seed < 0:
        raise UsageError(f"at least one scenario, and a seed that is not negative; found {count} and {seed}")
    sources = [
        *_scores(instance, uncertainty),
        *_growths(instance, uncertainty),
        *pledges(instance, uncertainty),
        *_threats(instance, uncertainty),
        *_slips(instance, uncertainty),
    ]
    if not sources:
        raise UsageError(
            "nothing is uncertain: no score has a range and no donor a reliability; say in Uncertainty what may vary"
        )

    def one(number: int) -> Scenario:
        def stream(name: str) -> np.random.Generator:
            key = (number, zlib.crc32(name.encode()))
            return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))

        return Scenario(number, tuple(shock for source in sources for shock in source(stream)))

    return tuple(map(one, range(1, count + 1)))


def _scores(instance: Instance, uncertainty: Uncertainty) -> Iterator[Source]:
    """Yield a source for each score that a criterion reads and that is not certain."""
    if not uncertainty.scores:
        return
    spread = round(uncertainty.spread * facts.SCORE)
    for lever, fact in _read(instance, "score"):
        low, high = fact.low, fact.high
        if low == high:
            low, high = max(0, fact.score - spread), min(FULL, fact.score + spread)
        if low < high:
            yield _Score(lever, fact, low, high, uncertainty.agreement)


def _growths(instance: Instance, uncertainty: Uncertainty) -> Iterator[Source]:
    for lever, fact in _read(instance, "growth"):
        spread = round(abs(fact.growth) * uncertainty.growth)
        if spread:
            yield _Growth(lever, fact, spread)


def _read(instance: Instance, field: str) -> Iterator[tuple[Lever, facts.Readiness]]:
    """Yield a number of each assessment that a criterion reads: of the others no plan takes notice."""
    asked = {(row.package, row.criterion) for row in instance.criteria}
    for lever in addresses(instance, "readiness").values():
        fact = instance.readiness[lever.position]
        if lever.field == field and (fact.package, fact.criterion) in asked:
            yield lever, fact


def _threats(instance: Instance, uncertainty: Uncertainty) -> Iterator[Source]:
    if uncertainty.threat:
        for place, rows in instance.threat_of.items():
            _covered(instance, place, rows)
            yield _Rise(instance, place, rows, uncertainty.threat, uncertainty.threat_months)


def _covered(instance: Instance, place: str, rows: Sequence[facts.Threat]) -> None:
    """Refuse a place where a rise could not end: in a month without a row the level is that of the nearest with one.

    Risk is read so far beyond the end of the plan.
    """
    plan, calendar = instance.plan, instance.calendar
    beyond = range(plan.as_of, plan.months + plan.risk_months)
    lacking = next((month for month in beyond if not any(there(row, month) for row in rows)), None)
    if lacking is not None:
        raise UsageError(
            f"no rise of the threat in {place} can be drawn: no row of threat.csv gives its level in"
            f" {calendar.label(lacking)}; let rows follow each other without a gap, the last one with no end"
        )


def _slips(instance: Instance, uncertainty: Uncertainty) -> Iterator[Source]:
    names = dict.fromkeys(event.name for event in instance.calendar_events)
    most: dict[str, int] = {}
    for pattern, months in uncertainty.slips.items():
        fitting = fnmatch.filter(names, pattern)
        if not fitting:
            raise UsageError(f"no calendar event is called {pattern!r}; there are: {', '.join(names) or 'none'}")
        most |= dict.fromkeys(fitting, months)
    levers = [lever for lever in addresses(instance, "calendar").values() if lever.field == SHIFT]
    for name, months in most.items():
        named = [(lever.address, instance.calendar_events[lever.position]) for lever in levers]
        rows = [address for address, row in named if row.name == name and _may_slip(instance, row, months)]
        if months and rows:
            yield _Slip(name, tuple(rows), months)


def _may_slip(instance: Instance, row: facts.Closure, months: int) -> bool:
    """Return whether a calendar event is still to begin; one of each year may slip as long as none that began does."""
    as_of = instance.plan.as_of
    if row.start >= as_of or not row.yearly:
        return row.start >= as_of
    begun = (as_of - 1 - row.start) // YEAR * YEAR
    if row.end + begun + months >= as_of:
        raise UsageError(
            f"{row.name} began before {instance.calendar.label(as_of)}, and a slip of {months} months would move what"
            " has happened with what comes each later year; give each year a row of its own"
        )
    return True


@dataclass(frozen=True, slots=True)
class _Score:
    """A score, in thousandths of a point."""

    lever: Lever
    fact: facts.Readiness
    low: int
    high: int
    agreement: float

    def __call__(self, streams: Streams) -> Iterator[Shock]:
        name = f"{self.fact.package} {self.fact.criterion}"
        own = streams(f"score {name}").standard_normal()
        shared = streams(f"assessor {self.fact.assessor}").standard_normal() if self.agreement else 0.0
        # both parts are standard normal, so their mix is, too: each score keeps its distribution
        mixed = float(np.sqrt(self.agreement) * shared + np.sqrt(1 - self.agreement) * own)
        value = triangular(float(ndtr(mixed)), self.low, self.fact.score, self.high)
        if value != self.fact.score:
            how = f"{value / facts.SCORE:g} instead of {self.fact.score / facts.SCORE:g} points"
            yield Shock(Kind.READINESS, name, how, ((self.lever.address, Decimal(value) / facts.SCORE),))


@dataclass(frozen=True, slots=True)
class _Growth:
    """The growth of a score, in thousandths of a point per month."""

    lever: Lever
    fact: facts.Readiness
    spread: int

    def __call__(self, streams: Streams) -> Iterator[Shock]:
        name, mode = f"{self.fact.package} {self.fact.criterion}", self.fact.growth
        drawn = triangular(streams(f"growth {name}").random(), mode - self.spread, mode, mode + self.spread)
        value = min(FULL, max(-FULL, drawn))
        if value != mode:
            how = f"{value / facts.SCORE:g} instead of {mode / facts.SCORE:g} points per month"
            yield Shock(Kind.GROWTH, name, how, ((self.lever.address, Decimal(value) / facts.SCORE),))


def triangular(share: float, low: int, mode: int, high: int) -> int:
    """Return the whole number below which so large a share of a triangular distribution lies; ``low < high``."""
    below = (mode - low) / (high - low)
    if share < below:
        return low + round(float(np.sqrt(share * (high - low) * (mode - low))))
    return high - round(float(np.sqrt((1 - share) * (high - low) * (high - mode))))


@dataclass(frozen=True, slots=True)
class _Rise:
    """The threat in a place, which may rise by a level for some months, in each row that falls into them."""

    instance: Instance
    place: str
    rows: tuple[facts.Threat, ...]
    chance: float
    months: int

    def __call__(self, streams: Streams) -> Iterator[Shock]:
        stream = streams(f"threat {self.place}")
        rises, horizon = stream.random() < self.chance, self.instance.plan.months
        start = int(stream.integers(self.instance.plan.as_of, horizon))
        if not rises:
            return
        calendar, end = self.instance.calendar, min(start + self.months, horizon) - 1
        parts = []
        for row in self.rows:
            first, last = max(start, row.start), end if row.end is None else min(end, row.end)
            if first <= last and row.level < SEVEREST:
                parts.append((f"threat.{self.place}@{calendar.span(first, last)}", "+1"))
        if parts:
            how = f"a level higher in {calendar.span(start, end)}"
            yield Shock(Kind.THREAT, self.place, how, tuple(parts))


@dataclass(frozen=True, slots=True)
class _Slip:
    """A calendar event, all rows of its name together."""

    name: str
    rows: tuple[str, ...]
    most: int

    def __call__(self, streams: Streams) -> Iterator[Shock]:
        months = int(streams(f"calendar {self.name}").integers(self.most + 1))
        if months:
            changes = tuple((address, f"+{months}") for address in self.rows)
            yield Shock(Kind.CALENDAR, self.name, f"{months} months later", changes)

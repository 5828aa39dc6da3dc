"""Money pledged that does not come, comes in part, or comes late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sequencer.compile.pools import there
from sequencer.compile.supplies import buckets
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.scenarios.scenario import Kind, Shock
from sequencer.scenarios.uncertainty import Failing, Uncertainty
from sequencer.vocabulary import Bucket

if TYPE_CHECKING:
    from sequencer.scenarios.draw import Source, Streams

WORDS = {
    Failing.NOTHING: "nothing comes",
    Failing.HALF: "half of it comes",
    Failing.DELAYED: "it comes a year later",
    Failing.WITHDRAWN: "the pledge is withdrawn",
}


@dataclass(frozen=True, slots=True)
class Year:
    """What a pledge gives in one fiscal year.

    Attributes
    ----------
    year : int
        Position of the fiscal year in the plan.
    label : str
        ``FY2031``.
    address : str
        Of the part of the row that gives this year alone; the parts of all its years make the row up, so that it
        begins and ends as before when it is cut.
    amount : int
    """

    year: int
    label: str
    address: str
    amount: int


def pledges(instance: Instance, uncertainty: Uncertainty) -> Iterator[Source]:
    """Yield a source for each pledge that counts and whose donor is not certain to pay."""
    reliability = {donor.name: donor.reliability for donor in instance.donors}
    for line in dict.fromkeys(row.line for row in instance.counted_pledges):
        rows = [row for row in instance.counted_pledges if row.line == line]
        stated = reliability[rows[0].donor]
        chance = uncertainty.reliability if stated is None else stated / facts.THOUSANDTHS
        given = _to_come(instance, years(instance, rows))
        if chance is not None and chance < 1 and given:
            yield _Line(line, given, chance, uncertainty.failing)


def _to_come(instance: Instance, given: tuple[Year, ...]) -> tuple[Year, ...]:
    """Return the years that have not ended by ``as_of``; of the one that runs nobody says how much has come."""
    labelled = buckets(instance, Bucket.FISCAL_YEAR)
    return tuple(each for each in given if labelled[each.year][0].stop > instance.plan.as_of)


def years(instance: Instance, rows: list[facts.Pledge]) -> tuple[Year, ...]:
    """Return the years of the plan in which the rows of a pledge give something, in order."""
    labelled = [months for months, _ in buckets(instance, Bucket.FISCAL_YEAR)]
    found = []
    for row in rows:
        mine = [b for b, months in enumerate(labelled) if there(row, months.start)]
        for b in mine:
            months = labelled[b]
            start = row.start if b == mine[0] else months.start
            end = row.end if b == mine[-1] else months.stop - 1
            if row.amount:
                address = f"pledge.{row.line}@{instance.calendar.span(start, end)}"
                label = f"FY{instance.calendar.fiscal_year(months.start)}"
                found.append(Year(b, label, address, row.amount))
    return tuple(sorted(found, key=lambda each: each.year))


@dataclass(frozen=True, slots=True)
class _Line:
    """A pledge, year by year."""

    name: str
    years: tuple[Year, ...]
    chance: float
    failing: tuple[Failing, ...]

    def __call__(self, streams: Streams) -> Iterator[Shock]:
        fates = self._fates(streams)
        there = {each.year: each for each in self.years}
        for each in self.years:
            if each.year in fates:
                following = there.get(each.year + 1)
                yield self._failed(each, fates[each.year], following, fates.get(each.year + 1))

    def _fates(self, streams: Streams) -> dict[int, Failing]:
        """Return what comes of the years whose money does not come in full."""
        fates = dict[int, Failing]()
        withdrawn = False
        for each in self.years:
            stream = streams(f"pledge {self.name} {each.year}")
            comes = stream.random() < self.chance
            way = self.failing[int(stream.integers(len(self.failing)))]
            if comes and not withdrawn:
                continue
            withdrawn = withdrawn or way is Failing.WITHDRAWN
            fates[each.year] = Failing.WITHDRAWN if withdrawn else way
        return fates

    def _failed(self, year: Year, way: Failing, following: Year | None, then: Failing | None) -> Shock:
        """Return what becomes of a year; ``then``: what becomes of the following one."""
        lost = (year.amount + 1) // 2 if way is Failing.HALF else year.amount
        changes = [(year.address, f"-{lost}")]
        how = WORDS[way]
        if way is Failing.DELAYED and following is None:
            how = "it would come after the pledge or the plan has ended"
        elif way is Failing.DELAYED and then is Failing.WITHDRAWN:
            how = "it would come a year later, but by then the pledge is withdrawn"
        elif way is Failing.DELAYED and following is not None:
            changes.append((following.address, f"+{lost}"))
        return Shock(Kind.PLEDGE, f"{self.name} {year.label}", how, tuple(changes))

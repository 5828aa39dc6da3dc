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
        given = years(instance, rows)
        if chance is not None and chance < 1 and given:
            yield _Line(line, given, chance, uncertainty.failing)


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
        there = {each.year: each for each in self.years}
        withdrawn = False
        for each in self.years:
            stream = streams(f"pledge {self.name} {each.year}")
            comes = stream.random() < self.chance
            way = self.failing[int(stream.integers(len(self.failing)))]
            if comes and not withdrawn:
                continue
            withdrawn = withdrawn or way is Failing.WITHDRAWN
            yield self._failed(each, Failing.WITHDRAWN if withdrawn else way, there.get(each.year + 1))

    def _failed(self, year: Year, way: Failing, following: Year | None) -> Shock:
        lost = (year.amount + 1) // 2 if way is Failing.HALF else year.amount
        changes = [(year.address, f"-{lost}")]
        how = {
            Failing.NOTHING: "nothing comes",
            Failing.HALF: "half of it comes",
            Failing.DELAYED: "it comes a year later"
            if following
            else "it would come after the pledge or the plan has ended",
            Failing.WITHDRAWN: "the pledge is withdrawn",
        }[way]
        if way is Failing.DELAYED and following is not None:
            changes.append((following.address, f"+{lost}"))
        return Shock(Kind.PLEDGE, f"{self.name} {year.label}", how, tuple(changes))

"""Lines of money: what each has in a fiscal year, whom it may pay for, and what binds its use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from sequencer.audit.buckets import Period
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance

Row: TypeAlias = facts.Budget | facts.Pledge
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """A source of money. Of ``giving``, ``lost`` and ``revenue`` there is one for each fiscal year of the plan.

    Attributes
    ----------
    rows, payers : tuple
        The rows of the line, and the packages that pay their revenue into it.
    giving : tuple of Row or None
        The row that gives the year, if there is one.
    lost : tuple of int
        What that row gives, where its condition is unmet; else 0.
    revenue : tuple of int
        What packages pay in.
    serves : frozenset of str or None
        The packages it is earmarked for (None: all).
    carry_until : int or None
        What is left over may be used in the years that begin up to this month (None: it is lost).
    base : int or None
        Use in the year before the first whole one (None: not known).
    """

    name: str
    rows: tuple[Row, ...]
    payers: tuple[facts.Package, ...]
    giving: tuple[Row | None, ...]
    lost: tuple[int, ...]
    revenue: tuple[int, ...]
    serves: frozenset[str] | None
    carry_until: int | None
    base: int | None

    def there(self, year: int) -> int:
        """Return what comes in within a year of the plan, counted from 0."""
        row = self.giving[year]
        return (0 if row is None else row.amount) - self.lost[year] + self.revenue[year]

    def origins(self, year: int) -> str:
        """Return where it is written what the line has in a year, or at all."""
        row = self.giving[year]
        said = [row] if row is not None else [*self.rows, *self.payers]
        return "; ".join(dict.fromkeys(str(fact.origin) for fact in said))


def lines(instance: Instance, taken: Sequence[Walk], years: Sequence[Period]) -> list[Line]:
    """Return the lines of money of an instance under a timetable.

    Raises
    ------
    ValueError
        If rows of one line contradict each other.
    """
    by_name = {walk.name: walk for walk in taken}
    return [_line(instance, name, by_name, years) for name in instance.money_lines]


def last_month(instance: Instance, pledge: facts.Pledge) -> int | None:
    """Return the last month of a row of a pledge: its own, but none after the donor's sunset."""
    ends = [pledge.end, *(donor.sunset for donor in instance.donors if donor.name == pledge.donor)]
    return min((end for end in ends if end is not None), default=None)


def _line(instance: Instance, name: str, by_name: Mapping[str, Walk], years: Sequence[Period]) -> Line:
    """Return one line."""
    pledged = [pledge for pledge in instance.counted_pledges if pledge.line == name]
    rows: tuple[Row, ...] = (*(row for row in instance.budget if row.line == name), *pledged)
    payers = tuple(package for package in instance.packages if package.revenue and package.revenue_to == name)
    giving = tuple(_giving(instance, name, rows, year) for year in years)
    return Line(
        name=name,
        rows=rows,
        payers=payers,
        giving=giving,
        lost=tuple(
            0 if row is None or _met(row, by_name, year) else row.amount
            for row, year in zip(giving, years, strict=True)
        ),
        revenue=tuple(
            sum(package.revenue for package in payers for m in year.months if m >= by_name[package.name].transfer)
            for year in years
        ),
        serves=_one(name, "what it is earmarked for", (row.serves for row in pledged)),
        carry_until=_one(name, "carry-over", (row.carry_until for row in pledged)),
        base=_one(name, "its base", (row.base for row in rows if row.base is not None)),
    )


def _giving(instance: Instance, line: str, rows: Sequence[Row], year: Period) -> Row | None:
    """Return the row that gives a year: a pledge gives the years that begin, within the plan, in its months."""
    giving: list[Row] = []
    for row in rows:
        if isinstance(row, facts.Budget):
            if row.year == instance.calendar.fiscal_year(year.first):
                giving.append(row)
        else:
            last = last_month(instance, row)
            if row.start <= year.first and (last is None or year.first <= last):
                giving.append(row)
    if len(giving) > 1:
        raise ValueError(f"two rows of {line} give {year.label} [{giving[0].origin}; {giving[1].origin}]")
    return giving[0] if giving else None


def _met(row: Row, by_name: Mapping[str, Walk], year: Period) -> bool:
    """S6: whether what a row waits for has happened by the beginning of a year."""
    if isinstance(row, facts.Budget) or row.condition is None:
        return True
    package, event = row.condition
    return by_name[package].month(event) <= year.first


def _one(line: str, what: str, values: Iterable[T | None]) -> T | None:
    """Return the one thing that all rows of a line say; None if there are none."""
    said = set(values)
    if len(said) > 1:
        raise ValueError(f"the rows of {line} contradict each other in {what}")
    return said.pop() if said else None

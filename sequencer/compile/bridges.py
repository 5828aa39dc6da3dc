"""The donor bridge from budget, pledges and costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sequencer.compile.pools import there
from sequencer.compile.supplies import buckets
from sequencer.errors import Fault, InstanceError
from sequencer.instance import facts
from sequencer.instance.instance import Instance, grouped
from sequencer.problem import Bridge, Demand, Line, Share, Step
from sequencer.vocabulary import Bucket, Event

Row = facts.Budget | facts.Pledge

YEAR = 12  # months of a whole fiscal year
LARGEST = 2**50  # of all money together, so that a thousand times as much still fits


def bridge(instance: Instance) -> Iterator[Bridge]:
    """Yield the money rule, if there is one."""
    if not instance.funded:
        return
    labelled = buckets(instance, Bucket.FISCAL_YEAR)
    years = [months for months, _ in labelled]
    lines = tuple(_line(instance, name, years) for name in instance.money_lines)
    demands = tuple(_costs(instance))
    _check_size(lines, demands)
    yield Bridge(
        resource="money",
        unit=instance.plan.money_unit,
        owner="",
        buckets=tuple(years),
        labels=tuple(label for _, label in labelled),
        demands=demands,
        lines=lines,
        shares=tuple(_shares(instance)),
        announced=tuple(row.origin for row in instance.pledges if not instance.counts(row)),
    )


def _check_size(lines: Sequence[Line], demands: Sequence[Demand]) -> None:
    """Refuse sums of money with which shares could not be exact in 64 bits."""
    paid_in = [demand for line in lines for demand in line.revenue]
    most = sum(sum(demand.amounts) for demand in (*demands, *paid_in)) + sum(sum(line.amounts) for line in lines)
    if most >= LARGEST:
        found, needed = f"up to {most:.1e} of money over the plan", "sums that shares of them can be exact with"
        raise InstanceError([Fault("plan.toml", 0, "money_unit", found, needed, "state money in thousands")])


def _costs(instance: Instance) -> Iterator[Demand]:
    """Yield what each package costs: recurrent, at its transfer, and the support of each option."""
    for package in instance.packages:
        name, here = package.name, package.origin
        if package.recurrent_cost:
            amounts = _always(instance, package.recurrent_cost)
            yield Demand(name, Event.TRANSFER, None, None, amounts, "recurrent cost", here)
        if package.handover_cost:
            amounts = _always(instance, package.handover_cost)
            yield Demand(name, Event.TRANSFER, None, 1, amounts, "handover cost", here)
        for k, option in enumerate(instance.options_of[name]):
            if option.cost and option.support:
                text, amounts = f"support {option.name}", _always(instance, option.cost)
                begin, end = Event.SUPPORT_START, Event.SUPPORT_END
                yield Demand(name, begin, end, None, amounts, text, option.origin, option=k)


def _always(instance: Instance, amount: int) -> tuple[int, ...]:
    return (amount,) * instance.plan.months


def _line(instance: Instance, name: str, years: Sequence[range]) -> Line:
    budget = [row for row in instance.budget if row.line == name]
    pledges = [row for row in instance.counted_pledges if row.line == name]
    of_line: list[Row] = [*budget, *pledges]
    rows = [next((row for row in of_line if _gives(instance, row, months)), None) for months in years]
    first = pledges[0] if pledges else None
    until = -1 if first is None or first.carry_until is None else first.carry_until
    return Line(
        name=name,
        amounts=tuple(0 if row is None else row.amount for row in rows),
        origins=tuple(() if row is None else (row.origin,) for row in rows),
        serves=None if first is None else first.serves,
        conditions=tuple(row.condition if isinstance(row, facts.Pledge) else None for row in rows),
        carried=sum(months.start <= until for months in years),
        steps=tuple(_steps(instance, rows, years, of_line)),
        revenue=tuple(
            Demand(p.name, Event.TRANSFER, None, None, _always(instance, p.revenue), "revenue", p.origin)
            for p in instance.packages
            if p.revenue and p.revenue_to == name
        ),
    )


def _gives(instance: Instance, row: Row, months: range) -> bool:
    if isinstance(row, facts.Budget):
        return row.year == instance.calendar.fiscal_year(months.start)
    return there(row, months.start)


def _steps(
    instance: Instance, rows: Sequence[Row | None], years: Sequence[range], of_line: Sequence[Row]
) -> Iterator[Step]:
    """Yield the steps between whole years, from the base and to the end of a pledge that ends within the plan."""
    whole = [b for b, months in enumerate(years) if len(months) == YEAR]
    if not whole:
        return
    base = next((row.base for row in of_line if row.base is not None), None)
    first = rows[whole[0]]
    if base is not None and first is not None:
        yield Step(None, whole[0], base, first.max_growth, first.max_fall, (first.origin,))
    for before, after in pairwise(whole):
        into, out = rows[after], rows[before]
        growth, fall = None if into is None else into.max_growth, None if out is None else out.max_fall
        origins = dict.fromkeys(row.origin for row in (out, into) if row is not None)
        yield Step(before, after, 0, growth, fall, tuple(origins))
    last = rows[-1]
    ends = isinstance(last, facts.Pledge) and last.end is not None and last.end < instance.plan.months
    if last is not None and ends and whole[-1] == len(years) - 1:
        yield Step(whole[-1], None, 0, None, last.max_fall, (last.origin,))


def _shares(instance: Instance) -> Iterator[Share]:
    of_donor = grouped(instance.counted_pledges, "donor")
    for donor in instance.donors:
        if donor.max_share is not None and donor.name in of_donor:
            names = {row.line for row in of_donor[donor.name]}
            lines = tuple(j for j, name in enumerate(instance.money_lines) if name in names)
            yield Share(donor.name, lines, donor.max_share, donor.origin)

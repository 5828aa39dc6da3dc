"""S1 to S5 for money: what is used of every line in every fiscal year, judged as it is stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sequencer.audit.allotment import Share, short
from sequencer.audit.buckets import YEAR, Period, buckets
from sequencer.audit.finding import Finding, some
from sequencer.audit.lines import Line, Row, last_month, lines
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.timetable import Uses
from sequencer.vocabulary import Bucket, Event

MONEY = "money"


@dataclass(frozen=True, slots=True)
class Step:
    """From the use of one year to that of the next: ``growing`` is the row that limits a rise, ``falling`` a fall."""

    year: Period
    before: int
    now: int
    growing: Row | None
    falling: Row | None


def money(instance: Instance, taken: Sequence[Walk], uses: Uses | None) -> Iterator[Finding]:
    """Yield the findings of money (S6 and S7 are in what a line has); without a money rule there are none.

    Raises
    ------
    ValueError
        If there is a money rule and no uses are given, if they name other lines or years than the plan has, or if they
        are negative.
    """
    years = buckets(instance, Bucket.FISCAL_YEAR)
    if uses is None and instance.funded:
        raise ValueError("money must be allotted first: what is used of each line in each fiscal year is not given")
    stated = uses or {}
    _checked(instance, stated, years)
    if not instance.funded:
        return
    needs = [{walk.name: sum(_need(walk, month) for month in year.months) for walk in taken} for year in years]
    known = lines(instance, taken, years)
    for line in known:
        yield from _there(instance, line, stated[line.name], years)
        for step in _steps(instance, line, stated[line.name], years):
            yield from _stepped(instance, line, step)
    for index, year in enumerate(years):
        used = {line.name: stated[line.name][index] for line in known}
        yield from _split(instance, known, used, needs[index], year)
        yield from _shares(instance, used, sum(needs[index].values()), year)


def _checked(instance: Instance, uses: Uses, years: Sequence[Period]) -> None:
    """Refuse uses that do not say for each line and year how much is used."""
    unknown = [name for name in uses if name not in instance.money_lines]
    missing = [name for name in instance.money_lines if name not in uses]
    if unknown:
        raise ValueError(f"the uses name lines of money that the instance does not have: {', '.join(unknown)}")
    if missing:
        raise ValueError(f"the uses leave out lines of money: {', '.join(missing)}")
    for name, used in uses.items():
        if len(used) != len(years):
            raise ValueError(f"the uses of {name} are {len(used)}, but the plan has {len(years)} fiscal years")
        if min(used, default=0) < 0:
            raise ValueError(f"the uses of {name} fall to {min(used)}, but none may be below 0")


def _need(walk: Walk, month: int) -> int:
    """Return the money a package needs in a month of the plan."""
    package = walk.package
    return (
        (package.recurrent_cost if month >= walk.transfer else 0)
        + (package.handover_cost if month == walk.transfer else 0)
        + (walk.option.cost if walk.month(Event.SUPPORT_START) <= month < walk.month(Event.SUPPORT_END) else 0)
    )


def _there(instance: Instance, line: Line, used: Sequence[int], years: Sequence[Period]) -> Iterator[Finding]:
    """S1, S3: no more is used than is there, or than is there up to a year as long as amounts carry over."""
    used_before = there_before = 0
    for index, year in enumerate(years):
        wanted, there = used[index], line.there(index)
        rule, until = "S1", ""
        if line.carry_until is not None and year.first <= line.carry_until:
            wanted, there = wanted + used_before, there + there_before
            rule, until = "S3", " in all up to then"
            used_before, there_before = wanted, there
        if wanted <= there:
            continue
        unit, lost = instance.plan.money_unit, line.lost[index]
        waiting = f" ({lost} more of this year if its condition were met)" if lost else ""
        text = (
            f"money of {line.name} in {year.label}: {wanted} {unit} used{until}, {there} there{waiting},"
            f" {wanted - there} missing [{line.origins(index)}]."
        )
        yield Finding(rule, _about(line.name), year.first, wanted - there, unit, text)


def _steps(instance: Instance, line: Line, used: Sequence[int], years: Sequence[Period]) -> Iterator[Step]:
    """Yield the steps that may be limited: into each whole year, the first from the base if one is stated.

    One more leads out of the plan, where the row of a pledge ends with it.
    """
    whole = [index for index, year in enumerate(years) if len(year.months) == YEAR]
    for index in whole:
        row = line.giving[index]
        if index > whole[0]:
            yield Step(years[index], used[index - 1], used[index], row, line.giving[index - 1])
        elif line.base is not None:
            yield Step(years[index], line.base, used[index], row, row)
    row = line.giving[-1]
    if len(years[-1].months) == YEAR and isinstance(row, facts.Pledge):
        end = last_month(instance, row)
        if end is not None and end < instance.plan.months:
            yield Step(Period("the year after the plan", (instance.plan.months,)), used[-1], 0, None, row)


def _stepped(instance: Instance, line: Line, step: Step) -> Iterator[Finding]:
    """S5: use rises and falls by no more than the rows allow; a year that no row gives limits nothing."""
    growth, fall = step.now - step.before, step.before - step.now
    bounds = [
        ("rises", growth, step.growing, None if step.growing is None else step.growing.max_growth),
        ("falls", fall, step.falling, None if step.falling is None else step.falling.max_fall),
    ]
    for way, far, row, most in bounds:
        if row is not None and most is not None and far > most:
            unit = instance.plan.money_unit
            text = (
                f"what is used of {line.name} {way} from {step.before} to {step.now} {unit} in {step.year.label}, by"
                f" {far}, but may by {most} at most [{row.origin}]."
            )
            yield Finding("S5", _about(line.name), step.year.first, far - most, unit, text)


def _split(
    instance: Instance, known: Sequence[Line], used: Mapping[str, int], needs: Mapping[str, int], year: Period
) -> Iterator[Finding]:
    """S2: what is used pays exactly for what is needed, each line for those it may serve."""
    unit, everybody = instance.plan.money_unit, frozenset(needs)
    shares = {line.name: Share(everybody if line.serves is None else line.serves, used[line.name]) for line in known}
    packages = short(needs, list(shares.values()))
    reaching = [name for name, share in shares.items() if share.serves & packages]
    needed, reached = sum(needs[name] for name in packages), sum(used[name] for name in reaching)
    unpaid, beyond = needed - reached, max(0, sum(used.values()) - sum(needs.values()))
    said = []
    if unpaid:
        whom = some([name for name in needs if name in packages])
        said.append(
            f"{needed} {unit} needed by {whom}, but {reached} used of the lines that may pay for them"
            f" ({', '.join(reaching) or 'none'}), {unpaid} unpaid"
        )
    if beyond:
        said.append(f"{sum(used.values())} {unit} used and {sum(needs.values())} needed, {beyond} too many")
    if said:
        yield Finding("S2", MONEY, year.first, unpaid + beyond, unit, f"money in {year.label}: {'; '.join(said)}.")


def _shares(instance: Instance, used: Mapping[str, int], needed: int, year: Period) -> Iterator[Finding]:
    """S4: no donor pays more than its share of what is needed in a year."""
    unit = instance.plan.money_unit
    for donor in instance.donors:
        if donor.max_share is None:
            continue
        names = dict.fromkeys(pledge.line for pledge in instance.counted_pledges if pledge.donor == donor.name)
        paid = sum(used[name] for name in names)
        over = facts.THOUSANDTHS * paid - donor.max_share * needed
        if over > 0:
            whole, tenth = divmod(donor.max_share, 10)
            text = (
                f"{donor.name} pays {paid} of the {needed} {unit} needed in {year.label}, but may pay"
                f" {whole}{f'.{tenth}' if tenth else ''} % of them at most [{donor.origin}]."
            )
            yield Finding("S4", _about(donor.name), year.first, over, f"thousandths of {unit}", text)


def _about(name: str) -> str:
    """Return how findings call a line or donor."""
    return f"{MONEY} ({name})"

"""Draws of money in small amounts: budget lines, donors and what they pledge, and revenue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sequencer.instance import facts
from sequencer.months import Calendar
from strategies.chance import EVENTS, HERE, YEAR, Chance


def calendar(chance: Chance) -> Calendar:
    """Draw the first month of the plan; where there is money, mostly so that there are two whole fiscal years."""
    random = chance.random
    fiscal_start = random.choice([1, 4, 7])
    month = random.randint(1, YEAR)
    if chance.long and random.random() < 0.7:
        cut = random.choice([0, 0, min(3, chance.months - 2 * YEAR)])
        month = (fiscal_start - cut - 1) % YEAR + 1
    return Calendar(2030, month, fiscal_start)


def budget(chance: Chance, calendar: Calendar) -> tuple[facts.Budget, ...]:
    """Draw one line of the host's, or two, or none, with a row for most fiscal years."""
    random = chance.random
    if not chance.funded:
        return ()
    years = sorted({calendar.fiscal_year(month) for month in range(chance.months)})
    rows: list[facts.Budget] = []
    for line in [facts.HOST, "roads"][: random.choice([0, 1, 1, 1, 1, 2])]:
        given = [year for year in [*years, years[-1] + 1] if random.random() < 0.9]
        based = random.choice(given) if given and chance.maybe(0.4) else None
        rows += [
            facts.Budget(
                line=line,
                year=year,
                amount=_amount(chance),
                max_growth=_step(chance),
                max_fall=_step(chance),
                base=random.randint(0, 6) if year == based else None,
                origin=HERE,
            )
            for year in given
        ]
    return tuple(rows)


def donors(chance: Chance) -> tuple[facts.Donor, ...]:
    """Draw one or two donors, some with a greatest share or a last month."""
    random = chance.random
    return tuple(
        facts.Donor(
            name=name,
            max_share=random.choice([0, 250, 333, 500, 700]) if chance.maybe(0.5) else None,
            reliability=random.choice([None, 900]),
            sunset=random.randint(0, chance.months + 3) if chance.maybe(0.3) else None,
            origin=HERE,
        )
        for name in ["bank", "fund"][: random.randint(0, 2) if chance.funded else 0]
    )


def pledges(chance: Chance, given: tuple[facts.Donor, ...], names: list[str]) -> tuple[facts.Pledge, ...]:
    """Draw a pledge of each donor, and perhaps a second with a name of its own."""
    random = chance.random
    return tuple(
        row
        for donor in given
        for name in ["", "schools"][: 2 if len(given) == 1 and random.random() < 0.5 else 1]
        for row in _pledge(chance, donor, name, names)
    )


def _pledge(chance: Chance, donor: facts.Donor, name: str, names: list[str]) -> Iterator[facts.Pledge]:
    """Draw the rows of a pledge: one, or two with a change between them; they agree on earmark and carry-over."""
    random = chance.random
    serves = chance.some(names) if chance.maybe(0.6) else None
    carry = random.choice([chance.months - 1, random.randint(0, chance.months)]) if chance.maybe(0.6) else None
    change = random.randint(1, chance.months)
    spans: list[tuple[int, int | None]] = [(random.choice([0, 0, -5]), None)]
    if random.random() < 0.5:
        spans = [(0, change - 1), (change + random.choice([0, 0, 3]), None)]
    base = random.randint(0, 6) if chance.maybe(0.4) else None
    for start, end in spans:
        last = min((month for month in (end, donor.sunset) if month is not None), default=None)
        if last is None and random.random() < 0.3:
            last = random.randint(start, start + chance.months)
        if last is not None and last < start:
            continue
        yield facts.Pledge(
            donor=donor.name,
            name=name,
            start=start,
            end=last,
            amount=_amount(chance),
            confirmed=random.random() < 0.85,
            serves=serves,
            carry_until=carry,
            condition=(random.choice(names), random.choice(EVENTS)) if chance.maybe(0.5) else None,
            max_growth=_step(chance),
            max_fall=_step(chance),
            base=base,
            origin=HERE,
        )
        base = None


def _amount(chance: Chance) -> int:
    """Draw an amount: often more than all packages need, where few rules are drawn."""
    random = chance.random
    return random.randint(0, 6) + (random.choice([0, 12]) if random.random() > chance.strict - 0.2 else 0)


def _step(chance: Chance) -> int | None:
    return chance.random.randint(0, 5) if chance.maybe(0.5) else None


def earning(
    chance: Chance, packages: list[facts.Package], lines: list[str], *, funded: bool
) -> tuple[facts.Package, ...]:
    """Draw which packages bring in revenue, for the host's line or another."""
    random = chance.random
    if not funded:
        return tuple(packages)
    paid_to = [facts.HOST, *lines]
    return tuple(
        replace(package, revenue=1, revenue_to=random.choice(paid_to)) if random.random() < 0.25 else package
        for package in packages
    )

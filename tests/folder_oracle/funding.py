"""Random money in small amounts: budget lines by fiscal year, donors and their pledges."""

from __future__ import annotations

from folder_oracle.pencil import Pencil
from folder_oracle.tables import EVENTS

#: Donor and name of each source of money; the host's have no donor. All at once would be too many to try.
LINES = (("", ""), ("", "roads"), ("bank", ""), ("bank", "schools"), ("fund", ""))


def draw_money(pencil: Pencil) -> None:
    """Draw budget lines and pledges, mostly enough for all packages where few rules are drawn."""
    random = pencil.random
    if not pencil.funded:
        return
    chosen = random.sample(LINES, random.choice([1, 2, 2, 3]))
    for line in (name for donor, name in chosen if not donor):
        _draw_budget(pencil, line)
    for donor in dict.fromkeys(donor for donor, _ in chosen if donor):
        sunset = random.randint(0, pencil.months + 4) if pencil.maybe(0.3) else None
        pencil.row(
            "donors",
            donor=donor,
            max_share=random.choice([0, 25, 33.3, 40, 60]) if pencil.maybe(0.5) else "",
            reliability=random.choice(["", 90]),
            sunset="" if sunset is None else pencil.month(sunset),
        )
        for name in (name for giver, name in chosen if giver == donor):
            _draw_pledge(pencil, donor, name, sunset)


def _draw_budget(pencil: Pencil, line: str) -> None:
    """Draw the rows of a line: by years, one for all years, or one for all years that others leave out."""
    random, years = pencil.random, pencil.fiscal_years()
    told = [year for year in years if random.random() < 0.9]
    ways: list[list[list[int]]] = [[[]], [[year] for year in told], [told[: len(years) - 1], []], [told]]
    groups = random.choice(ways)
    if random.random() < 0.02:
        groups = [*groups, [years[0]]]  # a year given twice is mostly a fault
    based = random.randrange(len(groups)) if groups and pencil.maybe(0.4) else None
    pencil.lines += [line] if groups else []
    for number, group in enumerate(groups):
        pencil.row(
            "budget",
            line=line,
            fiscal_year=";".join(random.choice(["", "FY"]) + str(year) for year in group),
            amount=_amount(pencil),
            max_growth=_step(pencil),
            max_fall=_step(pencil),
            base=random.randint(0, 6) if number == based else "",
        )


def _draw_pledge(pencil: Pencil, donor: str, name: str, sunset: int | None) -> None:
    """Draw the rows of a pledge: one, or two with a change between them."""
    random = pencil.random
    marked = [pencil.pattern(random.choice(pencil.packages)) for _ in range(random.choice([1, 1, 2]))]
    same = {
        "earmark": ";".join(dict.fromkeys(marked)) if pencil.maybe(0.6) else "",
        "carry_over": random.choice(["no", "yes", pencil.month(random.randint(0, pencil.months))]),
    }
    begins = [month for month in range(1, pencil.months) if pencil.year(month) != pencil.year(month - 1)]
    change = max(1, random.choice(begins) - random.choice([0, 0, 2])) if begins else 0
    end = random.randint(0, pencil.months + 2) if random.random() < 0.2 and sunset is None else None
    spans: list[tuple[int | None, int | None]] = [(random.choice([None, -5]), end)]
    if begins and random.random() < 0.5:
        spans = [(None, change - 1), (change, None)]
    confirmed = random.random() < 0.85
    base = random.randint(0, 6) if pencil.maybe(0.4) else ""
    for first, last in spans:
        conditional = pencil.maybe(0.5)
        if random.random() < 0.98 and sunset is not None and ((first or 0) > sunset or (last or 0) > sunset):
            continue  # after its donor's sunset a pledge is a fault
        pencil.lines.append(f"{donor}/{name}" if name else donor)
        pencil.row(
            "pledges",
            donor=donor,
            pledge=name,
            **pencil.span(first, last),
            amount=_amount(pencil),
            status=random.choice(["", "confirmed"]) if confirmed else "announced",
            **same,
            condition="/".join(random.choice(pencil.packages)) if conditional else "",
            condition_event=random.choice(["", *EVENTS]) if conditional else "",
            max_growth=_step(pencil),
            max_fall=_step(pencil),
            base=base,
        )
        base = ""


def _amount(pencil: Pencil) -> int:
    random = pencil.random
    return random.randint(0, 6) + (random.choice([0, 12, 12]) if random.random() < 0.4 * pencil.loose else 0)


def _step(pencil: Pencil) -> object:
    return pencil.random.randint(0, 5) if pencil.maybe(0.5) else ""

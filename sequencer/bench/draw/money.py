"""Who pays the hidden plan: the host and donors, with amounts that are just enough, and rules that bind them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sequencer.bench.draw.kinds import FUNCTIONS, Country
from sequencer.bench.draw.loads import Ints
from sequencer.bench.draw.needs import BUDGET
from sequencer.bench.draw.sheets import Row, Sheets
from sequencer.problem import Bridge, Cell, Problem
from sequencer.vocabulary import Event

DONORS = "donor,max_share,reliability,sunset"
PLEDGES = "donor,pledge,from,to,amount,status,earmark,carry_over,condition,condition_event,max_growth,max_fall,base"
PACE = (0.9, 0.97)  # of the money that a plan without regard to money needs in a year, what there is
SERVICES, POLICE = 0.4, 0.5  # parts of a sector's average need that its pledge covers
TAPER = (0.30, 0.24, 0.18, 0.12, 0.06, 0.0)  # part of a year's money that the second donor pays, year after year


@dataclass
class Money:
    """The payments of the hidden plan, year by year.

    Attributes
    ----------
    needs : mapping of str to int array, shape (B,)
        By sector: what its packages cost.
    revenue : int array, shape (B,)
        What packages bring the host.
    uses : dict of str to int array, shape (B,)
        What each line pays.
    """

    country: Country
    bridge: Bridge
    problem: Problem
    cells: dict[str, Cell]
    uses: dict[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        years = len(self.bridge.buckets)
        sectors = dict.fromkeys(entry[0] for entry in FUNCTIONS.values())
        self.needs: dict[str, Ints] = {sector: np.zeros(years, dtype=np.int64) for sector in sectors}
        for name in self.bridge.demands_of:
            sector = FUNCTIONS[name.partition("/")[2]][0]
            self.needs[sector] += np.array(self.bridge.need(name, self.problem.paths[name], self.cells[name]))
        self.revenue: Ints = np.zeros(years, dtype=np.int64)
        for demand in (demand for line in self.bridge.lines for demand in line.revenue):
            path, cell = self.problem.paths[demand.package], self.cells[demand.package]
            self.revenue += np.array(self.bridge.summed([demand], path, cell))

    @property
    def total(self) -> Ints:
        """What all packages cost in each year."""
        total: Ints = np.sum(list(self.needs.values()), axis=0)
        return total

    def label(self, year: int, *, last: bool = False) -> str:
        """Return the first or last month of a fiscal year."""
        return self.country.label(self.bridge.buckets[year][-1 if last else 0])


def money(sheets: Sheets, money: Money) -> dict[str, tuple[int, ...]]:
    """Set budget, donors and pledges; return what each line pays in the hidden plan."""
    full = money.country.shape.full
    pledges = [*_services(money), *(_police(money) if full else ()), *(_second(money) if full else ())]
    paid = np.sum(list(money.uses.values()), axis=0)
    money.uses["host"] = money.total - paid
    shares: dict[str, object] = {"north": "", "south": ""}
    if full:
        north = money.uses["north/services"] + money.uses["north/police"]
        ratio = (1000 * north / np.maximum(money.total, 1)).max()
        shares["north"] = f"{math.ceil(float(ratio)) / 10:g}"
        pledges.append(("south", "hoped for", "", "", int(money.total.max() // 10), "announced", *[""] * 7))
    years = len(money.total)
    sunset = money.label(years - 2, last=True) if full else ""
    donors = [("north", shares["north"], 90, ""), *((("south", shares["south"], 70, sunset),) if full else ())]
    sheets.put("donors", DONORS, donors)
    sheets.put("pledges", PLEDGES, pledges)
    sheets.put("budget", BUDGET, _host(money))
    return {line: tuple(int(amount) for amount in use) for line, use in money.uses.items()}


def _slack(money: Money, part: str) -> float:
    return 1 + money.country.shape.slack * money.country.shape.random(f"money {part}").random()


def _host(money: Money) -> Iterator[Row]:
    """Yield the budget: what the host pays beyond its revenue; its use may grow no faster than it does, or a bit."""
    use = money.uses["host"]
    more = _slack(money, "host")
    rises = np.diff(use, prepend=0).max()
    growth = math.ceil(float(rises) * more)
    for b, months in enumerate(money.bridge.buckets):
        year = money.country.calendar.fiscal_year(months.start)
        amount = max(0, math.ceil(float(use[b]) * more) - int(money.revenue[b]))
        yield "host", year, amount, growth, 0 if b == 0 else ""


def _services(money: Money) -> Iterator[Row]:
    """Yield a pledge for services in two parts, less at first; what is left of a year is kept."""
    need, years = money.needs["service"], len(money.total)
    half = years // 2
    name = "north/services"
    amounts = [math.ceil(SERVICES * float(part.mean())) for part in (need[:half], need[half:])]
    yearly = np.array([amounts[b >= half] for b in range(years)])
    money.uses[name] = _paid_early(yearly, (need * 9) // 10)
    for amount, first, last in ((amounts[0], 0, half - 1), (amounts[1], half, years - 1)):
        ends = (money.label(first), money.label(last, last=True))
        yield "north", "services", *ends, amount, "confirmed", "sector:service", "yes", *[""] * 5


def _paid_early(yearly: Ints, most: Ints) -> Ints:
    """Return what a line pays that keeps what is left, if it pays as much as it may as soon as it can."""
    kept, uses = 0, []
    for amount, limit in zip(yearly, most, strict=True):
        kept += int(amount)
        uses.append(min(kept, int(limit)))
        kept -= uses[-1]
    return np.array(uses, dtype=np.int64)


def _police(money: Money) -> Iterator[Row]:
    """Yield a pledge for security that waits for the police of the first capital to have exited."""
    name = f"{money.country.places[0]}/policing"
    event = money.problem.paths[name].date(money.cells[name], Event.EXIT)
    need = money.needs["security"]
    open_years = np.array([months.start >= event for months in money.bridge.buckets])
    amount = math.ceil(POLICE * float(need[open_years].mean())) if open_years.any() else int(need.mean())
    money.uses["north/police"] = np.where(open_years, np.minimum(amount, (need * 9) // 10), 0)
    yield "north", "police", "", "", amount, "confirmed", "sector:security", "", name, "exit", *[""] * 3


def _second(money: Money) -> Iterator[Row]:
    """Yield the rows of a donor who leaves: less each year, and its use may not fall faster than planned."""
    total, years = money.total, len(money.total)
    shares = np.array([TAPER[min(b, len(TAPER) - 1)] for b in range(years)])
    shares[-1] = 0
    left = total - np.sum(list(money.uses.values()), axis=0)
    use = np.minimum(np.floor(shares * float(total.mean())).astype(np.int64), left // 2)
    money.uses["south"] = use
    falls = int(np.max(use - np.append(use[1:], 0)))
    growth = int(np.max(np.diff(use, prepend=0)))
    more = _slack(money, "south")
    for b in range(years - 1):
        ends = (money.label(b), money.label(b, last=True))
        limits = (math.ceil(growth * more), math.ceil(falls * more), "")
        yield "south", "", *ends, math.ceil(float(use[b]) * more), "confirmed", "", "", "", "", *limits

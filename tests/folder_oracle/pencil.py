"""A blank folder to draw in: its names, its rows, and how months and patterns are written."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from folder_oracle.tables import Package

PLACES = ("arden", "belmont")
FUNCTIONS = ("policing", "clinics")


class Pencil:
    """Writes random rows about a few places, functions and packages.

    Attributes
    ----------
    loose : int
        By how much rules are made rarer, so that many folders have a plan.
    first : int
        The first month of the plan, counted from the year 0; ``months`` is their number.
    owned : bool
        Whether the mission owns a resource.
    funded, long : bool
        Whether there is money, and whether the plan holds whole fiscal years; transfers then have few months to be in.
    lines : list of str
        The sources of money that revenue may be paid into.
    """

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)  # noqa: S311 - tests
        self.loose = random.choice([1, 2, 4])
        self.tables: dict[str, list[dict[str, object]]] = {}
        self.funded = random.random() < 0.35
        self.long = self.funded and random.random() < 0.6
        self.lines: list[str] = []
        self.months = random.randint(24, 27) if self.long else random.randint(7, 12)
        self.first = 12 * 2030 + random.choice([-2, 0, 0, 6])
        self.fiscal_start = random.choice([1, 4, 7, 12])
        if self.long and random.random() < 0.8:
            self.fiscal_start = (self.first + random.choice([0, 0, self.months - 24])) % 12 + 1
        ends = random.randint(self.months // 2, self.months + 2)
        self.mandate_end = ends if self.maybe(0.6) else None
        self.region = {place: random.choice(["north", "north", "south"]) for place in PLACES}
        if random.random() < 0.06:
            self.region["belmont"] = ""
        self.sector = {function: random.choice(["security", "service"]) for function in FUNCTIONS}
        every = [(place, function) for place in PLACES for function in FUNCTIONS]
        self.packages = random.sample(every, random.choice([1, 2, 2] if self.long else [1, 2, 2, 3, 3]))
        self.owned = False

    def maybe(self, chance: float) -> bool:
        """Return True about so often, more seldom where few rules are drawn."""
        return self.random.random() < chance / self.loose

    def row(self, table: str, **cells: object) -> None:
        """Add a row to a table; a column named like a keyword is given with ``_`` behind it."""
        self.tables.setdefault(table, []).append({name.rstrip("_"): cell for name, cell in cells.items()})

    def write_tables(self, path: Path) -> None:
        """Write all rows to CSV files."""
        for name, rows in self.tables.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)

    def date(self, number: int) -> str:
        """Return a month of the plan as a date."""
        return f"{(self.first + number) // 12:04d}-{(self.first + number) % 12 + 1:02d}"

    def month(self, number: int) -> str:
        """Return a month as it is written, now and then by the name of the end of the mandate."""
        named = self.mandate_end == number and self.random.random() < 0.5
        return "mandate_end" if named else self.date(number)

    def span(self, start: int | None, end: int | None) -> dict[str, str]:
        """Return the cells of a range of months; None is left blank."""
        return {"from_": "" if start is None else self.month(start), "to": "" if end is None else self.month(end)}

    def pattern(self, package: Package) -> str:
        """Return a pattern that means a package, and perhaps others."""
        place, function = package
        region, sector = self.region[place], self.sector[function]
        place = self.random.choice([place, "*", "*", f"region:{region}" if region else "*"])
        function = self.random.choice([function, "*", f"sector:{sector}"])
        return function if place == "*" != function and self.random.random() < 0.3 else f"{place}/{function}"

    def patterns(self) -> list[str]:
        """Return the patterns of rows that compete; mostly each is more specific than the one before."""
        package = self.random.choice(self.packages)
        name = "/".join(package)
        if self.random.random() < 0.02:
            return [self.pattern(package), self.pattern(self.random.choice(self.packages))]  # these may clash
        chains = [["*/*"], ["*/*"], ["*/*", name], [name], [self.pattern(package)]]
        chains.append(list(dict.fromkeys(["*/*", self.pattern(package), name])))
        chains.append([";".join(dict.fromkeys([self.pattern(package), self.pattern(package)]))])
        return self.random.choice(chains)

    def year(self, month: int) -> int:
        """Return the fiscal year of a month, by the calendar year in which it ends."""
        return (self.first + month + (13 - self.fiscal_start) % 12) // 12

    def fiscal_years(self) -> list[int]:
        """Return the fiscal years of the plan."""
        return sorted(set(map(self.year, range(self.months))))

    def regions(self) -> list[str]:
        """Return how each region is written."""
        return sorted({f"region:{region}" for region in self.region.values() if region})

    def functions(self) -> str:
        """Return a function or a sector."""
        return self.random.choice([*FUNCTIONS, *(f"sector:{sector}" for sector in self.sector.values())])

    def places(self) -> str:
        """Return a list of places, by name, by region or all."""
        return self.random.choice([*PLACES, ";".join(PLACES), "*", *self.regions()])

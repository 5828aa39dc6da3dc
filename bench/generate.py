"""Writes a large instance into a folder: districts by functions, with the wildcards a planner would use.

    python bench/generate.py FOLDER [--packages N] [--months H] [--seed S]

The same arguments give the same files, byte for byte; a digest of them is printed. All is invented; nothing is meant to
be solved, but every kind of row that costs time to read or to compile is there.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sequencer.months import Calendar

Row = tuple[object, ...]

PLAN = """\
title = "Drawn at random"
first_month = "{first}"
months = {months}
hold = 2
risk_margin = 5
risk_months = 24
objective = ["exit", "risk", "early_transfer"]
"""

#: Function: sector, and months of the stages joint, mentored and advisory.
FUNCTIONS = {
    "policing": ("security", 2, 6, 6),
    "border": ("security", 1, 6, 6),
    "courts": ("justice", 1, 4, 6),
    "prisons": ("justice", 1, 4, 4),
    "clinics": ("service", 0, 3, 6),
    "schools": ("service", 0, 3, 3),
    "water": ("service", 0, 2, 3),
    "roads": ("service", 0, 2, 2),
    "customs": ("fiscal", 1, 4, 6),
    "taxes": ("fiscal", 1, 4, 4),
    "registry": ("civil", 0, 3, 3),
    "elections": ("civil", 1, 6, 3),
}
CRITERIA = ("capability", "staffing", "accountability")
REGIONS = 12
LEVELS = (1, 2, 2, 3, 3, 4)


class Writer:
    """Draws and writes the tables of one instance."""

    def __init__(self, folder: Path, packages: int, months: int, seed: int) -> None:
        self.folder = folder
        self.months = months
        self.random = Random(seed)  # noqa: S311 - test data, to be drawn again the same
        self.calendar = Calendar(2030, 1)
        self.places = [f"district-{n:03d}" for n in range(1, -(-packages // len(FUNCTIONS)) + 1)]
        self.packages = [(place, function) for place in self.places for function in FUNCTIONS][:packages]

    def write(self) -> None:
        """Write every table and the plan."""
        self.folder.mkdir(parents=True, exist_ok=True)
        plan = PLAN.format(first=self.calendar.label(0), months=self.months)
        (self.folder / "plan.toml").write_text(plan, encoding="utf-8", newline="\n")
        third = self.months // 3
        begins = ("", self.calendar.label(third), self.calendar.label(2 * third))
        self.table("phases", "phase,from,admits", (
            ("first", begins[0], "sector:service;sector:civil;policing"), ("second", begins[1], ""),
            ("third", begins[2], ""),
        ))  # fmt: skip
        self.table("functions", "function,sector,joint_months,mentored_months,advisory_months,weight", (
            (name, *rest, weight) for weight, (name, rest) in enumerate(FUNCTIONS.items(), 1)
        ))  # fmt: skip
        self.table("places", "place,region,population,community", (
            (place, self.region(place), self.random.randrange(5_000, 200_000), "") for place in self.places
        ))  # fmt: skip
        heading = (
            "place,function,institution,receiver,earliest,latest,recurrent_cost,holding_cost,handover_cost,revenue"
        )
        self.table("packages", heading, map(self.package, self.packages))
        self.preparation()
        self.scores()
        self.danger()
        self.supplies()
        self.money()
        self.order()
        self.table("published", "place,function,transfer", (
            (*package, self.month(0, self.months - 1)) for package in self.packages
        ))  # fmt: skip

    def table(self, name: str, heading: str, rows: Iterator[Row] | tuple[Row, ...]) -> None:
        """Write one CSV file."""
        with (self.folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(heading.split(","))
            writer.writerows(rows)

    def region(self, place: str) -> str:
        """Return the region of a place: districts with neighbouring numbers lie together."""
        return f"region-{1 + self.places.index(place) * REGIONS // len(self.places):02d}"

    def month(self, low: int, high: int) -> str:
        """Return a month drawn from a range, both ends included."""
        return self.calendar.label(self.random.randint(low, high))

    def package(self, named: tuple[str, str]) -> Row:
        """Return the row of a package; some have bounds."""
        earliest = self.month(0, self.months // 4) if self.random.random() < 0.1 else ""  # noqa: PLR2004
        latest = self.month(3 * self.months // 4, self.months) if self.random.random() < 0.05 else ""  # noqa: PLR2004
        costs = (self.random.randrange(10, 60), self.random.randrange(40, 120), self.random.randrange(20, 80))
        revenue = self.random.randrange(5, 30) if FUNCTIONS[named[1]][0] == "fiscal" else ""
        return (*named, f"office of {named[1]}", "government", earliest, latest, *costs, revenue)

    def preparation(self) -> None:
        """Write options, gains and gates."""
        self.table("options", "packages,option,support_months,support_cost,mentored_months", (
            ("*/*", "none", 0, 0, ""), ("*/*", "light", 3, 25, ""), ("*/*", "intensive", 6, 50, ""),
            *((f"sector:{sector}", "intensive", 8, 70, 4) for sector in ("security", "justice")),
        ))  # fmt: skip
        self.table("gains", "packages,option,criterion,gain", (
            *(("*/*", "light", name, 4 + n) for n, name in enumerate(CRITERIA)),
            *((function, "intensive", name, self.random.randrange(8, 16))
              for function in FUNCTIONS for name in CRITERIA),
        ))  # fmt: skip
        self.table("criteria", "packages,criterion,event,threshold,hold", (
            *((function, name, "transfer", self.random.randrange(60, 76), ("", 1, 3)[n])
              for function in FUNCTIONS for n, name in enumerate(CRITERIA)),
            ("sector:security", "capability", "exit", 70, 2),
        ))  # fmt: skip

    def scores(self) -> None:
        """Write an assessment of every package on every criterion."""
        heading = "packages,criterion,score,low,high,assessed,assessor,growth,growth_after,source,confidence,note"
        self.table("readiness", heading, (
            self.score(f"{place}/{function}", name) for place, function in self.packages for name in CRITERIA
        ))  # fmt: skip

    def score(self, package: str, criterion: str) -> Row:
        """Return the row of one assessment."""
        draw = self.random
        score, spread = draw.randrange(400, 800), draw.randrange(5, 60)
        numbers = (score, score - spread, score + spread, draw.randrange(2, 14), draw.randrange(-4, 5))
        found, low, high, growth, after = (f"{tenths / 10:g}" for tenths in numbers)
        said = (self.month(-6, 3), "joint team", growth, after, "", "synthetic", "")
        return (package, criterion, found, low, high, *said)

    def danger(self) -> None:
        """Write the threat in every place, the limits it sets, and the calendar."""
        self.table("threat", "places,from,to,level", self.threat())
        self.table("limits", "packages,event,limit,trend", (
            ("*/*", "transfer", 4, 0), ("sector:security", "transfer", 3, 2), ("*/*", "exit", 4, 0),
            ("sector:fiscal", "joint_start", 4, 0),
        ))  # fmt: skip
        rains = (f"region:region-{n:02d}" for n in range(1, REGIONS // 2 + 1))
        self.table("calendar", "name,places,functions,events,from,to,yearly,resource,capacity_factor", (
            ("rains", ";".join(rains), "sector:service;policing", "transfer", "2030-07", "2030-08", "yes", "", ""),
            ("elections", "", "", "transfer;exit", "2032-03", "2032-05", "", "", ""),
            ("harvest", "region:region-12", "schools;taxes", "", "2030-10", "", "yes", "", ""),
            ("roads under water", "", "", "", "2030-07", "2030-08", "yes", "mentors", 0.8),
        ))  # fmt: skip

    def threat(self) -> Iterator[Row]:
        """Yield three to five stretches for each place."""
        for place in self.places:
            begins = sorted(self.random.sample(range(1, self.months), self.random.randint(2, 4)))
            for start, after in zip((0, *begins), (*begins, None), strict=True):
                end = "" if after is None else self.calendar.label(after - 1)
                yield place, self.calendar.label(start), end, self.random.choice(LEVELS)

    def supplies(self) -> None:
        """Write resources, what there is of them, what needs them, and presence forces."""
        self.table("resources", "resource,bucket,unit,owner,per", (
            ("mentors", "month", "teams", "mission", "region"), ("trainers", "month", "teams", "mission", "all"),
            ("monitors", "month", "people", "mission", "region"), ("officers", "month", "people", "mission", "all"),
            ("changes", "month", "units", "host", "place"), ("handovers", "month", "handovers", "host", "all"),
            ("ceremonies", "fiscal_year", "handovers", "host", "all"),
            ("presence", "month", "people", "mission", "all"),
        ))  # fmt: skip
        packages, share = len(self.packages), -(-len(self.packages) // REGIONS)
        monthly = 2 + 3 * packages // self.months
        before, middle = (self.calendar.label(self.months // 2 - n) for n in (1, 0))
        self.table("capacity", "resource,source,places,functions,from,to,amount", (
            ("mentors", "teams", "", "", "", "", share // 2),
            ("mentors", "teams", "region:region-01", "", "", "", share),
            ("trainers", "core", "", "", "", "", packages // 3),
            ("trainers", "police", "", "sector:security", "", "", 99),
            ("monitors", "", "", "", "", "", share), ("officers", "", "", "", "", before, 10 * packages),
            ("officers", "", "", "", middle, "", 5 * packages), ("changes", "", "", "", "", "", 8),
            ("handovers", "", "", "", "", "", monthly), ("ceremonies", "", "", "", "", "", 12 * monthly),
        ))  # fmt: skip
        self.table("needs", "packages,stages,event,threat,months,resource,amount,per_people", (
            ("*/*", "joint;mentored", "", "", "", "mentors", 1, ""),
            ("sector:security", "joint;mentored", "", "", "", "mentors", 2, ""),
            ("*/*", "support", "", "", "", "trainers", 1, ""), ("*/*", "advisory", "", "", "", "monitors", 1, ""),
            ("sector:security", "international", "", "1;2", "", "officers", 5, ""),
            ("sector:security", "international", "", "3;4;5", "", "officers", 10, ""),
            ("sector:security", "joint;mentored", "", "", "", "officers", 3, ""),
            ("*/*", "joint;mentored", "", "", "", "changes", 1, ""),
            ("*/*", "", "transfer", "", "", "handovers", 1, ""), ("*/*", "", "transfer", "", "", "ceremonies", 1, ""),
            ("sector:security", "fragile", "", "3;4;5", "", "presence", 2, 10_000),
            ("*/*", "", "relapse", "", "", "", 5, ""), ("sector:security", "", "relapse", "", "", "", 1, 2_000),
        ))  # fmt: skip
        self.table("guarantees", "force,role,resource,owner,covers,from,to,people", (
            *((f"battalion {n}", "presence", "presence", "mission", f"region:region-{n:02d}", "", "", 3_000)
              for n in range(1, REGIONS + 1)),
            ("mobile company", "presence", "presence", "mission", "region:region-02;region:region-03", "", "", 500),
            ("national reserve", "reserve", "", "mission", "*", "", "", 800),
            ("northern reserve", "reserve", "", "host", "region:region-01", "", "", 150),
        ))  # fmt: skip
        self.table("reserve", "scope,k", (("country", 4), ("region-01", 1)))

    def money(self) -> None:
        """Write what the host and donors pay."""
        years = range(self.calendar.year, self.calendar.fiscal_year(self.months - 1) + 1)
        yearly = 700 * len(self.packages)
        self.table("budget", "line,fiscal_year,amount,max_growth,base", (
            ("host", year, yearly // 2 + n * yearly // 10, yearly // 4, "" if n else yearly // 4)
            for n, year in enumerate(years)
        ))  # fmt: skip
        self.table("donors", "donor,max_share,sunset", (("north", 60, ""), ("south", "", self.calendar.label(35))))
        self.table("pledges", "donor,pledge,amount,status,earmark,carry_over,condition,condition_event,max_fall", (
            ("north", "services", yearly // 2, "confirmed", "sector:service", "yes", "", "", ""),
            ("north", "police", yearly // 5, "confirmed", "sector:security", "", "district-001/policing", "exit", ""),
            ("south", "", yearly // 3, "announced", "", "", "", "", yearly // 6),
        ))  # fmt: skip

    def order(self) -> None:
        """Write what waits for what."""
        self.table("links", "before,before_event,after,after_event,minimum,maximum,width,gate", (
            ("*/policing", "transfer", "*/sector:service", "transfer", 2, "", "", ""),
            ("*/courts", "transfer", "*/prisons", "transfer", 0, 12, "", ""),
            ("*/registry", "exit", "*/elections", "transfer", -3, "", "", ""),
            ("district-001/customs", "transfer", "*/customs", "transfer", 1, "", "", ""),
            ("region:region-01/elections", "transfer", "", "", "", "", 6, ""),
            ("region:region-01/policing", "transfer", "", "", 1, "", "", "third"),
        ))  # fmt: skip


def digest(folder: Path) -> str:
    """Return a SHA-256 over the names and bytes of the files of a folder, in hexadecimal."""
    hasher = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        hasher.update(f"{path.name}\n".encode() + path.read_bytes())
    return hasher.hexdigest()


def main() -> None:
    """Write an instance and print its digest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the files go; files there are overwritten")
    parser.add_argument("--packages", type=int, default=5_000, metavar="N", help="number of packages (default 5000)")
    parser.add_argument("--months", type=int, default=60, metavar="H", help="months of the plan (default 60)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another seed is another instance (default 1)")
    options = parser.parse_args()
    Writer(options.folder, options.packages, options.months, options.seed).write()
    print(digest(options.folder))  # noqa: T201


if __name__ == "__main__":
    main()

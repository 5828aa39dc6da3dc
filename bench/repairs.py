"""Times how soon repairs of large instances are found, and what is known of them in the end.

    python bench/repairs.py [--seconds N] [--only WORD] [--out FILE]

Each case is an instance that has plans, changed so that it has none: the mandate or deadlines end earlier, what there
is of a resource, or all money, is halved, a pledge is withdrawn. A row holds the seconds until anything was known to
work, until something of at most twenty changes was, and until the answer; the cost and the changes of the cheapest
repair named, how many are named, what is proven of the cheapest, and what every repair costs at least. Whether a case
has no plan is not always proven: where nothing has to change, the repair of no changes says so. Machines differ and are
shared, so compare within one file. Run it with another version of the package on ``PYTHONPATH`` for its figures: one
that does not tell what it finds has no first seconds. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from run import TOP

from sequencer import Instance, Limits, read
from sequencer.bench.sets import entries
from sequencer.questions.repairs import repairs

CACHE = Path.home() / ".cache" / "sequencer" / "bench"
EVERY = 10  # of the national instances: the first and the eleventh
READABLE = 20
COLUMNS = (
    "date", "instance", "change", "limit_s", "first_s", "readable_s", "answer_s", "cost", "changes", "named",
    "minimal", "cheapest", "least", "sure", "commit",
)  # fmt: skip

Change = Callable[[Instance], Instance]


def half(resource: str) -> Change:
    """Return a change that halves what there is of a resource, forces included."""

    def change(instance: Instance) -> Instance:
        rows = (replace(r, amount=r.amount // 2) if r.resource == resource else r for r in instance.capacity)
        forces = (replace(r, people=r.people // 2) if r.resource == resource else r for r in instance.guarantees)
        return replace(instance, capacity=tuple(rows), guarantees=tuple(forces))

    return change


def half_money(instance: Instance) -> Instance:
    """Halve the budget and all pledges."""
    budget = tuple(replace(row, amount=row.amount // 2) for row in instance.budget)
    return replace(instance, budget=budget, pledges=tuple(replace(r, amount=r.amount // 2) for r in instance.pledges))


def withdrawn(instance: Instance) -> Instance:
    """Take away the donor that gives most."""
    given: dict[str, int] = {}
    for row in instance.counted_pledges:
        given[row.donor] = given.get(row.donor, 0) + row.amount
    donor = max(given, key=lambda name: given[name])
    pledges = tuple(replace(row, amount=0) if row.donor == donor else row for row in instance.pledges)
    return replace(instance, pledges=pledges)


def deadlines(instance: Instance) -> Instance:
    """Bring the deadlines of packages forward by a year."""
    packages = (
        row if row.latest is None else replace(row, latest=max(row.earliest or 0, row.latest - 12))
        for row in instance.packages
    )
    return replace(instance, packages=tuple(packages))


CHANGES: Mapping[str, Change] = {
    "mandate a year earlier": lambda instance: instance.but({"plan.mandate_end": "-12"}),
    "deadlines a year earlier": deadlines,
    "handovers halved": half("handovers"),
    "mentors halved": half("mentors"),
    "all money halved": half_money,
    "greatest donor withdrawn": withdrawn,
}


@dataclass
class Heard:
    """When something was first known to work."""

    began: float = field(default_factory=time.perf_counter)
    first: float | None = None
    readable: float | None = None

    def __call__(self, cost: float, changes: int) -> None:  # noqa: ARG002 - as repairs are told
        """Hear of changes that work."""
        now = time.perf_counter() - self.began
        self.first = self.first or now
        if changes <= READABLE:
            self.readable = self.readable or now


def cases() -> Iterator[tuple[str, Path]]:
    """Yield the instances that are changed."""
    yield "halvara", TOP / "instances" / "national" / "halvara"
    for entry in entries(TOP / "bench" / "national", CACHE, every=EVERY):
        yield entry.name, entry.path


def row(name: str, what: str, instance: Instance, seconds: float) -> dict[str, object]:
    """Return what came of one case."""
    heard = Heard()
    tells = {"hear": heard} if "hear" in inspect.signature(repairs).parameters else {}
    found = repairs(CHANGES[what](instance), limits=Limits(seconds=seconds), **tells)  # type: ignore[arg-type]
    answer = time.perf_counter() - heard.began
    best = found.found[0] if found.found else None
    return {
        "date": datetime.now(UTC).date(), "instance": name, "change": what, "limit_s": seconds,
        "first_s": _short(heard.first), "readable_s": _short(heard.readable), "answer_s": _short(answer),
        "cost": "" if best is None else best.cost, "changes": "" if best is None else len(best.changes),
        "named": len(found.found), "minimal": "" if best is None else best.minimal,
        "cheapest": "" if best is None else best.cheapest, "least": getattr(found, "least", ""), "sure": found.sure,
    }  # fmt: skip


def _short(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"


def main() -> None:
    """Run all cases and write a row for each as it comes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", default="", help="cases whose instance and change hold this word")
    parser.add_argument("--commit", default="", help="what is written in the last column")
    parser.add_argument("--out", type=Path, default=None)
    given = parser.parse_args()
    out = given.out or TOP / "bench" / "results" / f"{datetime.now(UTC).date()}-repairs.csv"
    is_new = not out.exists()
    with out.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        for name, path in cases():
            instance = read(path)
            for what in CHANGES:
                if given.only in f"{name} {what}":
                    told = {**row(name, what, instance, given.seconds), "commit": given.commit}
                    writer.writerow(told)
                    file.flush()
                    print(told, flush=True)  # noqa: T201 - that it goes on


if __name__ == "__main__":
    main()

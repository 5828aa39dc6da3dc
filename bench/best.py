"""Solves every instance of a set and writes its ``best.csv``: the best value and bound of every level, and how found.

    python bench/best.py instances/historical [--seconds N]

A row that is on record with a better value or bound is kept, so the file only ever improves; delete a row to measure it
anew after its instance has changed.
"""

from __future__ import annotations

import argparse
import csv
from importlib.metadata import version
from pathlib import Path

from sequencer import Limits, Outcome, read, solve

COLUMNS = ["instance", "objective", "term", "value", "bound", "proof", "how"]
MONTHS = "month"


def rows(folder: Path, outcome: Outcome) -> list[dict[str, str]]:
    """Return a row for each level of an answer."""
    objective = ";".join(level.term for level in outcome.levels)
    found = []
    for level in outcome.levels:
        date = (
            f"; {outcome.instance.calendar.label(level.value)}"
            if level.unit == MONTHS and level.value is not None
            else ""
        )
        how = (
            f"sequencer {version('sequencer')}, {outcome.engine}, ortools {version('ortools')}: {outcome.status}{date}"
        )
        words = (folder.name, objective, level.term, level.value, level.bound, level.proof, how)
        found.append({key: "" if word is None else str(word) for key, word in zip(COLUMNS, words, strict=True)})
    return found


def better(new: dict[str, str], old: dict[str, str] | None) -> bool:
    """Return whether a row says more than the one on record."""
    if old is None or not old["value"] or not old["bound"]:
        return True
    if not new["value"] or not new["bound"]:
        return False
    return int(new["value"]) < int(old["value"]) or int(new["bound"]) > int(old["bound"])


def main() -> None:
    """Solve a set and write its record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path, metavar="SET", help="folder of instances")
    parser.add_argument("--seconds", type=float, default=120.0, metavar="N", help="limit of each solve (default 120)")
    options = parser.parse_args()
    path = options.set / "best.csv"
    record: dict[tuple[str, ...], dict[str, str]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            record = {tuple(row[key] for key in COLUMNS[:3]): row for row in csv.DictReader(file)}
    for folder in sorted(plan.parent for plan in options.set.glob("*/plan.toml")):
        outcome = solve(read(folder), limits=Limits(seconds=options.seconds))
        for row in rows(folder, outcome):
            key = tuple(row[name] for name in COLUMNS[:3])
            if better(row, record.get(key)):
                record[key] = row
            print(folder.name, row["term"], record[key]["value"], record[key]["bound"])  # noqa: T201
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(record.values())


if __name__ == "__main__":
    main()

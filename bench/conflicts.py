"""Times explanations of national instances that were made infeasible, beside CPMpy's ``mus`` on the same groups.

    python bench/conflicts.py [--runs N] [--peer-seconds S] [--only WORD] [--out FILE] INSTANCE...

Every case is a drawn instance with one change; each question is asked in a process of its own, one after the other in
the same run. Local answers for all packages, and for a few of them why they do not come earlier, all others free to
move, are asked of the instance before the change, with a plan whose exit is the earliest. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from run import TOP, versions

Row: TypeAlias = dict[str, str]
Change: TypeAlias = Callable[[Path], None]

SECONDS = 60.0  # for each question
START = 30.0  # more, for a process to start, read and compile


def edited(name: str, change: Callable[[Row], Row | None]) -> Change:
    """Return a change of the rows of one table; None: the row goes."""

    def change_table(folder: Path) -> None:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for old in rows if (row := change(dict(old))) is not None)

    return change_table


def part(column: str, by: int, **where: str) -> Callable[[Row], Row]:
    """Return a change that divides a number of some rows."""

    def change(row: Row) -> Row:
        if all(row[key] == value for key, value in where.items()) and row[column]:
            row[column] = str(int(row[column]) // by)
        return row

    return change


def deadline(row: Row) -> Row:
    """Return a package with a deadline that is too early."""
    if (row["place"], row["function"]) == ("district-001", "prisons"):
        row["latest"] = "2030-06"
    return row


def mandate(folder: Path) -> None:
    """End the mandate three years earlier."""
    path = folder / "plan.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('mandate_end = "2034', 'mandate_end = "2031'), "utf-8")


def both(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(folder: Path) -> None:
        for each in changes:
            each(folder)

    return change


CASES: Mapping[str, Change] = {
    "deadline": edited("packages.csv", deadline),
    "mandate-earlier": mandate,
    "reserve-quarter": edited("guarantees.csv", part("people", 4, force="reserve of region-01")),
    "yearly-pool-halved": edited("capacity.csv", part("amount", 2, resource="ceremonies")),
    "money-halved": both(edited("budget.csv", part("amount", 2)), edited("pledges.csv", part("amount", 2))),
    "regional-pool-third": edited("capacity.csv", part("amount", 3, resource="mentors", places="region:region-01")),
    "pledges-withdrawn": edited("pledges.csv", lambda row: None if row["donor"] == "north" else row),
}

OWN = """
import json, sys, threading, time
from sequencer import Limits, read
from sequencer.compile import compile_instance
from sequencer.reasons.conflicts import Scope, conflicts
instance = read(sys.argv[1]); problem = compile_instance(instance)
began = time.perf_counter()
found = conflicts(problem, Scope.all_of(instance), Limits(seconds=float(sys.argv[2])), threading.Event(), most=1)
print(json.dumps({"seconds": time.perf_counter() - began, "groups": sum(len(c.groups) for c in found),
    "parts": sum(len(c.parts) for c in found), "minimal": bool(found and found[0].sure),
    "confirmed": bool(found and found[0].confirmed), "packages": len(problem.paths)}))
"""
PLANNED = """
import json, statistics, sys, time
from sequencer import Limits, read, solve
from sequencer.questions.why import why_not
from sequencer.reasons.local.locally import locally
outcome = solve(read(sys.argv[1]), objective=["exit"], limits=Limits(seconds=float(sys.argv[2])), haste=False)
problem, caps = outcome.problem, outcome.caps()
cells = problem.cells(outcome.choices)
taken = []
for _ in range(5):
    began = time.perf_counter(); locally(problem, cells, caps); taken.append(time.perf_counter() - began)
names = [name for name, cell in cells.items() if cell.transfer > 0]
asked, proven = [], 0
for name in names[:: max(1, len(names) // int(sys.argv[3]))][: int(sys.argv[3])]:
    began = time.perf_counter()
    proven += why_not(outcome, f"{name} earlier", limits=Limits(seconds=float(sys.argv[2]))).proven
    asked.append(time.perf_counter() - began)
print(json.dumps({"packages": len(cells), "local_s": statistics.median(taken), "local_max_s": max(taken),
    "why_s": statistics.median(asked), "why_max_s": max(asked), "asked": len(asked), "proven": proven}))
"""
ASKED = 7  # packages of which it is asked why they do not come earlier


def child(code: str, folder: Path, seconds: float, *more: int, questions: int = 1) -> dict[str, float] | None:
    """Return what a process printed; None if it did not end well, or in time for so many questions."""
    command = [sys.executable, "-c", code, str(folder), str(seconds), *map(str, more)]
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=TOP, capture_output=True, text=True, check=True, timeout=seconds * questions + START
        )
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as error:
        print(error.stderr[-500:], file=sys.stderr)  # noqa: T201 - a failure is told apart from a long answer
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(folder: Path, instance: str, case: str, runs: int, peer_seconds: float) -> dict[str, object]:
    """Return the row of one case; a question that was not answered counts as its limit."""
    own = [child(OWN, folder, SECONDS) for _ in range(runs)]
    taken = [SECONDS if run is None or not run["parts"] else run["seconds"] for run in own]
    peer = child(f"import runpy; runpy.run_path({str(TOP / 'bench' / 'conflicts_peer.py')!r}, run_name='peer')",
                 folder, peer_seconds)  # fmt: skip
    told = own[-1] or {}
    median = statistics.median(taken)
    theirs = peer_seconds if peer is None else min(peer_seconds, peer["seconds"])
    return {
        "instance": instance, "case": case, "packages": told.get("packages", ""), "runs": runs,
        "median_s": round(median, 3), "max_s": round(max(taken), 3),
        "groups": told.get("groups", ""), "parts": told.get("parts", ""),
        "minimal": told.get("minimal", ""), "confirmed": told.get("confirmed", ""),
        "cpmpy_s": round(theirs, 3), "cpmpy_limit_s": peer_seconds,
        "cpmpy_groups": "" if peer is None else peer["groups"],
        "ratio": round(median / theirs, 3), "met": "yes" if median <= min(5.0, theirs) else "no",
    }  # fmt: skip


def main() -> None:
    """Measure all cases, and write the rows after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="INSTANCE", help="drawn instances")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each (default 3)")
    parser.add_argument("--peer-seconds", type=float, default=60.0, metavar="S", help="limit of CPMpy (default 60)")
    parser.add_argument("--only", default="", metavar="WORD", help="cases whose name holds it")
    parser.add_argument("--out", type=Path, metavar="FILE", help="CSV file")
    options = parser.parse_args()
    path = options.out or TOP / "bench" / "results" / f"{datetime.now(UTC).date().isoformat()}-explain.csv"
    rows: list[dict[str, object]] = []
    for folder in options.folders:
        for case, change in CASES.items():
            if options.only not in case:
                continue
            with tempfile.TemporaryDirectory() as name:
                copied = Path(shutil.copytree(folder, Path(name) / "instance"))
                change(copied)
                row = measure(copied, folder.name, case, options.runs, options.peer_seconds)
            rows.append({**row, **versions(), "cpmpy": version("cpmpy")})
            print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)  # noqa: T201
            write(path, rows)
        for row in planned(folder) if options.only in "local answers, why not earlier" else ():
            rows.append({**row, **versions(), "cpmpy": version("cpmpy")})
            print("  ".join(f"{key} {value}" for key, value in row.items()), flush=True)  # noqa: T201
            write(path, rows)


def planned(folder: Path) -> Iterator[dict[str, object]]:
    """Yield rows of what is asked about a plan: local answers for all packages, and single ones that are proven."""
    told = child(PLANNED, folder, SECONDS, ASKED, questions=2 + ASKED)
    if told is None:
        return
    shared = {"instance": folder.name, "packages": told["packages"]}
    for case, key, runs, most in (("local answers", "local", 5, 1.0), ("why not earlier", "why", told["asked"], 10.0)):
        median, largest = told[f"{key}_s"], told[f"{key}_max_s"]
        yield {
            **shared, "case": case, "runs": runs, "median_s": round(median, 3), "max_s": round(largest, 3),
            "proven": told["proven"] if key == "why" else "", "met": "yes" if median <= most else "no",
        }  # fmt: skip


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """Write what is known so far."""
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = list(dict.fromkeys(key for row in rows for key in row))
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()

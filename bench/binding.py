"""Times the table of what binds beside the solve and beside solving again for each number, all in one run.

    python bench/binding.py [--sample N] [--out FILE]

For each case: the solve; what binds (``explain --binding``, without its other parts) within a limit that is a multiple
of the solve; and for a sample of numbers the instance with one unit more of each solved again from nothing, all levels.
The last is extrapolated to all numbers that could be turned: ``naive_s`` is the mean of the sample times their count. A
solve that is not proven counts with the time it was given. Compare ratios: machines differ and are shared. Nothing here
is a test.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from run import TOP, versions

from sequencer import Limits, Outcome, read, solve
from sequencer.questions.binding import Binding, Sure, binding
from sequencer.questions.levels.mosts import farthest
from sequencer.questions.turned import Turned
from sequencer.questions.turning import Turning

TIMES, LEAST = 10, 20.0  # the limit for what binds, in solves; seconds that it is at least
NATIONAL = Path.home() / ".cache" / "sequencer" / "bench" / "national-30-11-1fe69a25bfc8"


@dataclass(frozen=True)
class Case:
    """An instance, the terms wanted (none: its own), and the limit of each solve in seconds."""

    folder: Path
    objective: tuple[str, ...]
    seconds: float


CASES = (
    Case(TOP / "instances" / "historical" / "timor-leste-2009", (), 60),
    Case(TOP / "bench" / "province" / "province-5-01", ("change",), 60),
    Case(TOP / "bench" / "province" / "province-5-01", ("early_transfer",), 30),
    Case(NATIONAL, ("departure",), 60),
    Case(NATIONAL, ("change",), 60),
)


def solved(case: Case, changed: Turned | None = None) -> tuple[float, Outcome]:
    """Return how long a solve takes, and its answer."""
    instance = read(str(case.folder)) if changed is None else changed.instance
    began = time.perf_counter()
    outcome = solve(instance, objective=case.objective or None, limits=Limits(seconds=case.seconds), haste=False)
    return time.perf_counter() - began, outcome


def naive(case: Case, outcome: Outcome, sample: int) -> tuple[int, list[float], int]:
    """Return how many numbers there are, the seconds of a sample of them solved again, and how many were proven."""
    levers = {a: lever for a, lever in Turning(outcome.instance).levers.items() if farthest(lever, 1)}
    taken, proven = list[float](), 0
    for address in Random(1).sample(sorted(levers), len(levers)):  # noqa: S311 - a sample
        changed = Turned.by(outcome.instance, {address: 1}, levers)
        if changed is not None and len(taken) < sample:
            seconds, again = solved(case, changed)
            taken.append(seconds)
            proven += all(level.proven for level in again.levels)
    return len(levers), taken, proven


def counted(found: Binding) -> dict[str, int]:
    """Return what is said of how many numbers, each level counted by itself."""
    said = Counter[str]()
    for reason in found.reasons:
        said["nothing"] += len(reason.together) + len(reason.alone)
        rows = [row for row in found.rows if row.term == reason.term and row.units == 1]
        said["worth"] += sum(row.improvement > 0 and row.sure is Sure.PROVEN for row in rows)
        said["at_least"] += sum(row.sure is Sure.AT_LEAST for row in rows)
        said["nothing"] += sum(row.improvement == 0 and row.sure is Sure.PROVEN for row in rows)
        said["unknown_bounded"] += sum(row.sure is Sure.UNKNOWN and row.most is not None for row in rows)
        said["unknown"] += sum(row.sure is Sure.UNKNOWN and row.most is None for row in rows)
    said["bounded_of_unproven"] = len({(row.term, row.address) for row in found.within})
    names = ("worth", "at_least", "nothing", "unknown_bounded", "unknown", "bounded_of_unproven")
    return {name: said[name] for name in names}


def measure(case: Case, sample: int, times: float) -> dict[str, object]:
    """Return the row of a case."""
    solve_s, outcome = solved(case)
    limit = max(LEAST, times * solve_s) / len(outcome.levels)
    began = time.perf_counter()
    found = binding(outcome, limits=Limits(seconds=limit))
    binding_s = time.perf_counter() - began
    count, taken, proven = naive(case, outcome, sample)
    naive_s = statistics.mean(taken) * count
    return {
        "case": case.folder.name,
        "objective": ";".join(level.term for level in outcome.levels),
        "proven": sum(level.proven for level in outcome.levels),
        "levels": len(outcome.levels),
        "numbers": count,
        "solve_s": round(solve_s, 2),
        "limit_s": round(limit * len(outcome.levels), 1),
        "binding_s": round(binding_s, 2),
        "sample": len(taken),
        "sample_proven": proven,
        "naive_s": round(naive_s, 1),
        "to_solve": round(binding_s / solve_s, 2),
        "to_naive": round(binding_s / naive_s, 4),
        **counted(found),
        **versions(),
    }


def main() -> None:
    """Measure the cases that are there, print and write rows as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=6, metavar="N", help="numbers solved again (default 6)")
    parser.add_argument("--times", type=float, default=TIMES, metavar="N", help="limit in solves (default 10)")
    parser.add_argument("--only", default="", metavar="WORD", help="only the cases whose folder contains WORD")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="CSV file (default: bench/results/2026-11-22-binding.csv)"
    )
    options = parser.parse_args()
    path = options.out or TOP / "bench" / "results" / "2026-11-22-binding.csv"
    rows: list[dict[str, object]] = []
    for case in CASES:
        if options.only not in str(case.folder) or not case.folder.exists():
            continue
        rows.append(measure(case, options.sample, options.times))
        print("  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)  # noqa: T201
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    print(f"written to {path}")  # noqa: T201


if __name__ == "__main__":
    main()

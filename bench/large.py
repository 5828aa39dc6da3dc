"""Times reading and compiling a large drawn instance, with the memory it takes, side by side with pandas.

    python bench/large.py [--runs N] [--packages N] [--months H] [--seed S] [--out FILE]

The instance is written to a temporary folder by ``generate.py``. Each run is a process of its own; before each, another
process reads the same CSV files with ``pandas.read_csv`` (its import not counted), so that the ratio tells machines
apart from programs. A row holds medians; ``cpu_s`` is the processor time of the whole process, which works on one core
alone: what it would take on a machine left to itself, and what the target is held against. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from generate import Writer, digest
from run import TOP, versions

TARGET_S, TARGET_MIB = 5.0, 1024
OWN = """
import json, resource, sys, time
began = time.perf_counter()
from sequencer import read
from sequencer.compile import compile_instance
imported = time.perf_counter()
instance = read(sys.argv[1])
loaded = time.perf_counter()
problem = compile_instance(instance)
compiled = time.perf_counter()
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "import_s": imported - began, "read_s": loaded - imported, "compile_s": compiled - loaded,
    "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mib": usage.ru_maxrss / 1024, "rules": len(problem.rules),
}))
"""
PANDAS = """
import json, pathlib, sys, time
import pandas
began = time.perf_counter()
for path in pathlib.Path(sys.argv[1]).glob("*.csv"):
    pandas.read_csv(path)
print(json.dumps({"pandas_s": time.perf_counter() - began}))
"""


def child(code: str, folder: Path) -> dict[str, float]:
    """Return what a process printed, and how long the whole of it took."""
    command = [sys.executable, "-c", code, str(folder)]
    began = time.perf_counter()
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    return {**json.loads(done.stdout), "process_s": time.perf_counter() - began}


def measure(packages: int, months: int, seed: int, runs: int) -> dict[str, object]:
    """Return the row of one instance."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Writer(folder, packages, months, seed).write()
        drawn = {"packages": packages, "months": months, "seed": seed, "digest": digest(folder)}
        child(OWN, folder)  # once to warm the disk
        pandas, own = zip(*((child(PANDAS, folder), child(OWN, folder)) for _ in range(runs)), strict=True)
    median = {key: statistics.median(run[key] for run in own) for key in own[0]}
    base = statistics.median(run["pandas_s"] for run in pandas)
    both = statistics.median(run["read_s"] + run["compile_s"] for run in own)
    return {
        **drawn,
        "runs": runs,
        **{key: round(value, 3) for key, value in median.items()},
        "read_and_compile_s": round(both, 3),
        "least_s": round(min(run["read_s"] + run["compile_s"] for run in own), 3),
        "pandas_s": round(base, 3),
        "ratio": round(both / base, 2),
        "met": "yes" if median["cpu_s"] < TARGET_S and median["peak_mib"] < TARGET_MIB else "no",
        **versions(),
    }


def main() -> None:
    """Measure, print the row and write it as CSV."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, metavar="N", help="runs of each (default 7)")
    parser.add_argument("--packages", type=int, default=5_000, metavar="N", help="number of packages (default 5000)")
    parser.add_argument("--months", type=int, default=60, metavar="H", help="months of the plan (default 60)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed of the instance (default 1)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="CSV file (default: bench/results/<date>-<commit>-large.csv)"
    )
    options = parser.parse_args()
    row = measure(options.packages, options.months, options.seed, options.runs)
    print("  ".join(f"{key} {value}" for key, value in row.items()))  # noqa: T201
    day = datetime.now(UTC).date().isoformat()
    path = options.out or TOP / "bench" / "results" / f"{day}-{row['commit']}-large.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)
    print(f"written to {path}")  # noqa: T201


if __name__ == "__main__":
    main()

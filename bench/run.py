"""Times what a planner waits for, as whole processes, side by side with a baseline in the same run.

    python bench/run.py [--runs N] [--only WORD] [--out FILE]

Each case is a command of the installed program; before each of its runs the baseline, an interpreter that does nothing,
is timed, too. A row holds the medians, their ratio, and for solves what was proven and how long the solver took. The
exit of every historical and national instance is among the cases; ``proof_s`` is the time from the start of the process
until it is told to be proven, and what the target is for. Machines differ and are shared, so compare ratios, and
seconds only within one file. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

TOP = Path(__file__).parent.parent
TIMOR = "instances/historical/timor-leste-2009"
BASELINE = [sys.executable, "-c", "pass"]


@dataclass(frozen=True)
class Case:
    """A command of the program, and the seconds it should stay under (None: no target)."""

    name: str
    arguments: tuple[str, ...]
    target: float | None = None


CASES = (
    Case("help", ("--help",), 0.15),
    Case("validate-timor", ("validate", TIMOR)),
    Case("solve-timor-plan", ("solve", TIMOR, "--json", "--quiet")),
    Case("solve-timor-deterministic", ("solve", TIMOR, "--deterministic", "--json", "--quiet")),
)


EXIT = ("--objective", "exit", "--seconds", "60", "--no-haste", "--json")
PROOF_TARGET = 5.0  # seconds from the start of the process until the exit is proven
PROVEN = ", gap 0 "  # in the line of progress that says so
ANSWERED = (0, 6)  # exit status of a plan found, and of none found within the limits


def cases() -> list[Case]:
    """Return all cases, those of the instances that are there included."""
    folders = [
        plan.parent for kind in ("historical", "national") for plan in sorted(TOP.glob(f"instances/{kind}/*/plan.toml"))
    ]
    exits = [
        Case(f"exit-{folder.name}", ("solve", str(folder.relative_to(TOP)), *EXIT), PROOF_TARGET) for folder in folders
    ]
    return [*CASES, *exits]


def seconds(command: list[str]) -> tuple[float, float | None, str]:
    """Return how long a command took, when it told of a proof (None: never), and what it printed; raises on failure."""
    began, proven, told = time.perf_counter(), None, []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        with subprocess.Popen(command, cwd=TOP, stdout=out, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
            for line in process.stderr or ():
                told.append(line)
                if proven is None and PROVEN in line:
                    proven = time.perf_counter() - began
        taken = time.perf_counter() - began
        out.seek(0)
        printed = out.read()
    if process.returncode not in ANSWERED:
        raise subprocess.CalledProcessError(process.returncode, command, printed, "".join(told))
    return taken, proven, printed


def measure(case: Case, runs: int) -> dict[str, object]:
    """Return the row of a case."""
    command = [sys.executable, "-m", "sequencer", *case.arguments]
    seconds(command)  # once to warm the disk
    own, base, printed, proofs = [], [], [], []
    for _ in range(runs):
        base.append(seconds(BASELINE)[0])
        taken, proven, answer = seconds(command)
        own.append(taken)
        printed.append(answer)
        proofs += [] if proven is None else [proven]
    median = statistics.median(own)
    proof = statistics.median(proofs) if len(proofs) == runs else None
    judged = proof if case.target == PROOF_TARGET else median
    return {
        "case": case.name,
        "runs": runs,
        "median_s": round(median, 3),
        "min_s": round(min(own), 3),
        "max_s": round(max(own), 3),
        "baseline_s": round(statistics.median(base), 3),
        "ratio": round(median / statistics.median(base), 2),
        "target_s": case.target or "",
        "proof_s": "" if proof is None else round(proof, 3),
        "met": "" if case.target is None else "yes" if judged is not None and judged < case.target else "no",
        **solved(printed if "--json" in case.arguments else []),
        **versions(),
    }


def solved(printed: list[str]) -> dict[str, object]:
    """Return what answers printed as JSON say: the solver's median seconds, and the last one's status and values."""
    if not printed:
        return {"solver_s": "", "status": "", "values": "", "bounds": ""}
    answers = [json.loads(text) for text in printed]
    taken = [answer["seconds"] for answer in answers if answer["seconds"] is not None]
    return {
        "solver_s": round(statistics.median(taken), 3) if taken else "",
        "status": answers[-1]["status"],
        "values": ";".join(f"{level['term']}={level['value']}" for level in answers[-1]["levels"]),
        "bounds": ";".join(f"{level['term']}={level['bound']}" for level in answers[-1]["levels"]),
    }


def versions() -> dict[str, str]:
    """Return what the figures were measured with."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)  # noqa: S603
    return {
        "commit": commit.stdout.strip(),
        "sequencer": version("sequencer"),
        "ortools": version("ortools"),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def main() -> None:
    """Measure the cases asked for, print a table and write it as CSV."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, metavar="N", help="runs of each case (default 7)")
    parser.add_argument("--only", default="", metavar="WORD", help="only the cases whose name contains WORD")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="CSV file (default: bench/results/<date>-<commit>.csv)"
    )
    options = parser.parse_args()
    rows = []
    for case in cases():
        if options.only in case.name:
            rows.append(measure(case, options.runs))
            print("  ".join(f"{key} {value}" for key, value in rows[-1].items() if value != ""))  # noqa: T201
    day = datetime.now(UTC).date().isoformat()
    path = options.out or TOP / "bench" / "results" / f"{day}-{rows[0]['commit']}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"written to {path}")  # noqa: T201


if __name__ == "__main__":
    main()

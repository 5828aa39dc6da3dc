"""Times a sweep of 200 runs beside cold solves of the same instances, in one run.

    python bench/sweep.py [--sample N] [--seconds N] [--only WORD] [--out FILE]

For each case: the sweep (two processes, one thread each), then a sample of its runs, spread evenly, solved from nothing in the same
pool and with the same limits. ``cold_s`` is the time of the sample times runs over sample. Where both are proven, the values must
agree; a difference ends the bench. Compare ratios: machines differ and are shared. Nothing here is a test.
"""  # noqa: E501 - a line of words

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from run import TOP, versions

from sequencer import Limits, read
from sequencer.interrupt import listening
from sequencer.running.many import Many
from sequencer.sensitivity import Sweep, sweep
from sequencer.sensitivity.answer import Answer
from sequencer.sensitivity.task import Setting, Task, work


@dataclass(frozen=True)
class Case:
    """A province, the terms wanted, and two numbers with their values."""

    province: str
    objective: tuple[str, ...]
    factors: Mapping[str, range]


CASES = (
    Case(
        "province-5-01",
        ("exit",),
        {"capacity.mentors.region-01@2032-10..2034-03": range(8, 18), "capacity.courses@2030-01..": range(181, 201)},
    ),
    Case(
        "province-5-01",
        ("change",),
        {"capacity.mentors.region-01@2032-10..2034-03": range(8, 18), "capacity.courses@2030-01..": range(181, 201)},
    ),
)


def cold(swept: Sweep, limits: Limits, sample: int) -> tuple[float, list[tuple[int, Answer]]]:
    """Return the seconds that runs take which are told nothing, and their answers by number."""
    numbers = sorted({round(i * (len(swept.runs) - 1) / max(1, sample - 1)) for i in range(sample)})
    setting = Setting(instance=swept.instance, objective=swept.objective, limits=limits)
    tasks = [Task(setting=setting, changes=tuple(swept.runs[n].factors.items())) for n in numbers]
    found: list[tuple[int, Answer]] = []

    def hear(number: int, answer: Mapping[str, Any]) -> None:
        found.append((numbers[number], Answer.read(answer)))

    began = time.perf_counter()
    with listening() as stop, Many(work, stop) as many:
        many.run(tasks, hear)
    return time.perf_counter() - began, found


def measure(case: Case, limits: Limits, sample: int) -> dict[str, object]:
    """Return the row of a case."""
    instance = read(TOP / "bench" / "province" / case.province)
    began = time.perf_counter()
    swept = sweep(instance, case.factors, objective=case.objective, limits=limits)
    sweep_s = time.perf_counter() - began
    sample_s, found = cold(swept, limits, sample)
    cold_s = sample_s * len(swept.runs) / len(found)
    same = 0
    for number, answer in found:
        warm = swept.runs[number].answer
        if warm is not None and warm.proven and answer.proven:
            values = [[level.value for level in each.levels] for each in (warm, answer)]
            if warm.status != answer.status or values[0] != values[1]:
                raise SystemExit(
                    f"run {number + 1}: {warm.status} {values[0]} in the sweep, {answer.status} {values[1]}"
                )
            same += 1
    seconds = sorted(run.answer.seconds or 0.0 for run in swept.runs if run.answer is not None)
    return {
        "case": case.province,
        "objective": ";".join(case.objective),
        "runs": len(swept.runs),
        "proven": sum(run.answer is not None and run.answer.proven for run in swept.runs),
        "optima": len({tuple(run.answer.values.items()) for run in swept.runs if run.answer and run.answer.values}),
        "limit_s": limits.seconds,
        "sweep_s": round(sweep_s, 1),
        "median_run_s": round(seconds[len(seconds) // 2], 2),
        "sample": len(found),
        "sample_proven": sum(answer.proven for _, answer in found),
        "same": same,
        "cold_s": round(cold_s, 1),
        "ratio": round(sweep_s / cold_s, 3),
        **versions(),
    }


def main() -> None:
    """Measure the cases, print and write rows as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=20, metavar="N", help="runs solved from nothing (default 20)")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="N", help="limit of each run (default 60)")
    parser.add_argument("--only", default="", metavar="WORD", help="only the cases with this objective")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="CSV file")
    options = parser.parse_args()
    rows: list[dict[str, object]] = []
    for case in CASES:
        if options.only not in case.objective and options.only:
            continue
        rows.append(measure(case, Limits(seconds=options.seconds, workers=1), options.sample))
        print("  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)  # noqa: T201
        with options.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()

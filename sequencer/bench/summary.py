"""What many rows come to: counts, shifted geometric means of seconds, medians."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sequencer.bench.runs import CRASHED, MEMORY, OVERRAN, REFUSED, Row

SHIFT = 1.0  # second, so that runs of a few hundredths do not decide a mean
TIMES = ("first_s", "one_percent_s", "tenth_percent_s", "proof_s")
FAILED = {CRASHED, OVERRAN, MEMORY}
Group = tuple[str, str, str]  # set, objective, engine


@dataclass(frozen=True)
class Summary:
    """The rows of one engine on one set with one objective.

    Attributes
    ----------
    runs, plans, proven, tenth, one, failed : int
        All runs; those with a plan; proven optimal or infeasible; with a gap of at most 0.1 % and 1 %; those that
        crashed, overran or took too much memory.
    means : mapping of str to float
        By column of ``TIMES``: shifted geometric mean of seconds, runs that did not get there at their limit.
    median, worst : float
        Of the seconds to proof, with those that did not get there at their limit.
    gap : float or None
        The median gap, with runs without one as infinite.
    peak : int
        The most memory of any run, in MiB.
    """

    group: Group
    runs: int
    plans: int
    proven: int
    tenth: int
    one: int
    failed: int
    means: Mapping[str, float]
    median: float
    worst: float
    gap: float | None
    peak: int


def shifted_mean(seconds: Sequence[float]) -> float:
    """Return the geometric mean of seconds, each with ``SHIFT`` added, less ``SHIFT``; of none: not a number."""
    if not seconds:
        return math.nan
    return math.exp(statistics.fmean(math.log(value + SHIFT) for value in seconds)) - SHIFT


def seconds(row: Row, column: str) -> float:
    """Return a time of a row; its limit where it was not reached, or only after it."""
    limit = float(row["seconds"])
    return min(limit, float(row[column])) if row[column] else limit


def summaries(rows: Iterable[Row]) -> list[Summary]:
    """Return a summary for each set, objective and engine; runs that an engine refused are left out."""
    groups: dict[Group, list[Row]] = {}
    for row in rows:
        if row["status"] != REFUSED:
            groups.setdefault((row["set"], row["objective"], row["engine"]), []).append(row)
    return [_summary(group, mine) for group, mine in sorted(groups.items())]


def _summary(group: Group, rows: Sequence[Row]) -> Summary:
    gaps = [float(row["gap"]) if row["gap"] else math.inf for row in rows]
    proofs = [seconds(row, "proof_s") for row in rows]
    median = statistics.median(gaps)
    return Summary(
        group=group,
        runs=len(rows),
        plans=sum(bool(row["first_s"]) for row in rows),
        proven=sum(row["status"] in {"OPTIMAL", "INFEASIBLE"} for row in rows),
        tenth=sum(gap <= 0.001 for gap in gaps),  # noqa: PLR2004
        one=sum(gap <= 0.01 for gap in gaps),  # noqa: PLR2004
        failed=sum(row["status"] in FAILED for row in rows),
        means={column: shifted_mean([seconds(row, column) for row in rows]) for column in TIMES},
        median=statistics.median(proofs),
        worst=max(proofs),
        gap=None if math.isinf(median) else median,
        peak=max((int(row["peak_mib"]) for row in rows if row["peak_mib"]), default=0),
    )


HEADING = (
    "set", "objective", "engine", "runs", "plan", "1 %", "0.1 %", "proven", "failed", "first s", "1 % s", "0.1 % s",
    "proof s", "median s", "worst s", "gap %", "MiB",
)  # fmt: skip


def table(found: Sequence[Summary]) -> str:
    """Return summaries as a table in Markdown, which reads as text, too."""
    rows = [HEADING, *(_words(entry) for entry in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADING))]
    left = 3  # columns of words
    lines = [
        "| " + " | ".join(w.ljust(widths[i]) if i < left else w.rjust(widths[i]) for i, w in enumerate(row)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (n + 1) + (":" if i >= left else "-") for i, n in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _words(entry: Summary) -> tuple[str, ...]:
    counts = (entry.runs, entry.plans, entry.one, entry.tenth, entry.proven, entry.failed)
    times = (*(entry.means[column] for column in TIMES), entry.median, entry.worst)
    gap = "none" if entry.gap is None else f"{100 * entry.gap:.3f}"
    return (*entry.group, *map(str, counts), *(f"{value:.2f}" for value in times), gap, str(entry.peak))

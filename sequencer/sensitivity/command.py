"""``sequencer sweep`` and ``compare --after``: what numbers do to the plan, on the terminal, as CSV and JSON."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

from sequencer import options as given
from sequencer.answers import export
from sequencer.answers.comparison import TIMETABLE
from sequencer.answers.terminal import Terminal
from sequencer.errors import UsageError
from sequencer.instance.changes import MONTH, Value, month_of
from sequencer.months import Calendar
from sequencer.running.executors import executor
from sequencer.sensitivity.difference import Difference, difference
from sequencer.sensitivity.difference import as_json as as_json_of
from sequencer.sensitivity.sweeps import LIMITS, Sweep, sweep
from sequencer.tables.read import read
from sequencer.tables.timetable import read_timetable

RANGE = re.compile(r"(?P<first>[^.]+)\.\.(?P<last>[^.]+)")
RUNS = 10_000  # more than anybody reads, and weeks of work
OK, NO_PLAN, INTERRUPTED = 0, 6, 130


def run(options: argparse.Namespace) -> int:
    """Sweep, print a line for each run, and return the exit status."""
    instance = given.changed(options)
    out = None if options.out is None else Path(options.out)
    if out is not None and out.exists() and not options.overwrite:
        raise UsageError(f"{out} is there already; choose another name, or --overwrite")
    factors = ranges(options.vary, instance.calendar)
    limits = given.limits(options)
    if options.seconds is None:
        limits = replace(limits, seconds=LIMITS.seconds)
    if options.workers is None:
        limits = replace(limits, workers=LIMITS.workers)
    with executor(options.executor) as where:
        swept = sweep(
            instance,
            factors,
            objective=given.objective(options.objective),
            limits=limits,
            engine=options.engine or "auto",
            path=options.runs,
            executor=where,
            reasons=options.reasons,
            bar=not options.quiet and sys.stderr.isatty(),
        )
    if out is not None:
        write(swept.frame, out)
    if options.json:
        print(json.dumps(as_json(swept), indent=1, ensure_ascii=False))  # noqa: T201
    else:
        show(swept)
    statuses = {each.status for each in (swept.base, *swept.runs)}
    if "NOT RUN" in statuses:
        return INTERRUPTED
    return NO_PLAN if statuses & {"UNKNOWN", "LOST"} else OK


def compare(options: argparse.Namespace) -> int:
    """Say what differs between two instances with a timetable each, and which changed number is behind it."""
    sides = [read(options.instance), read(options.after)]
    paths = [Path(options.plan), Path(options.record)]
    plans = [
        read_timetable(path / TIMETABLE if path.is_dir() else path, side)
        for path, side in zip(paths, sides, strict=True)
    ]
    found = difference((sides[0], plans[0]), (sides[1], plans[1]))
    if options.out is not None:
        out = Path(options.out)
        if out.exists() and not options.overwrite:
            raise UsageError(f"{out} is there already; choose another name, or --overwrite")
        write(found.packages, out)
    if options.json:
        print(json.dumps(as_json_of(found), indent=1, ensure_ascii=False))  # noqa: T201
        return OK
    show_difference(found)
    return OK


def show_difference(found: Difference) -> None:
    """Print what moved, what is needed and paid otherwise, and which changed numbers are behind it."""
    out = Terminal()
    said = {True: "breaks promises of", False: "is a plan of", None: "does not fit"}
    out.say(f"The first timetable {said[found.broken]} the second instance.")
    out.say(f"The second timetable {said[None if found.open is None else not found.open]} the first instance.")
    same = (found.supplies["need_before"] == found.supplies["need_after"]).fillna(value=False)
    needed = found.supplies[~same.astype(bool)]
    tables = (
        ("Packages that moved or are prepared otherwise", found.packages),
        ("Supplies of which more or less is needed", needed),
        ("Money that is paid or there otherwise", found.funding),
        ("Numbers that differ, and what each does alone", found.inputs),
    )
    for title, table in tables:
        out.title(f"{title}: {len(table) or 'none'}")
        if len(table):
            rows = ([_said(cell) for cell in row] for row in table.itertuples(index=False))
            out.table([str(column) for column in table.columns], rows, whole=("before", "after", "bucket"))
    if found.rows:
        out.say(f"\nNumbers in one instance only, of which nothing is said: {', '.join(found.rows)}")
    if found.others:
        out.say(f"\nWhat else differs and is no number, of which nothing is said: {', '.join(found.others)}")
    if found.responsible:
        out.say(f"\nResponsible alone: {', '.join(found.responsible)}")
    elif found.broken or found.open is False:
        out.say("\nNo changed number was found to be responsible alone.")


def _said(cell: object) -> str:
    """Return a cell as people read it."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None or pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def ranges(texts: list[str], calendar: Calendar) -> dict[str, list[Value]]:
    """Return the values of each factor: ``ADDRESS=4..12``, ``ADDRESS=2030-01..2030-06`` or ``ADDRESS=4,6,+2``.

    Raises
    ------
    UsageError
        For text that is none of these, an address given twice, or more runs than anybody reads.
    """
    found: dict[str, list[Value]] = {}
    runs = 1
    for text in texts:
        address, equals, values = text.rpartition("=")
        if not equals or not address or not values.strip():
            raise UsageError(f"--vary needs ADDRESS=FIRST..LAST or ADDRESS=VALUE,VALUE, not {text!r}")
        if address in found:
            raise UsageError(f"--vary names {address} twice")
        span = RANGE.fullmatch(values.strip())
        found[address] = (
            _span(span["first"], span["last"], calendar) if span else [each.strip() for each in values.split(",")]
        )
        runs *= len(found[address])
        if runs > RUNS:
            raise UsageError(f"more than {RUNS} runs: the numbers of values multiply")
    return found


def _span(first: str, last: str, calendar: Calendar) -> list[Value]:
    if MONTH.fullmatch(first) and MONTH.fullmatch(last):
        ends = month_of(first, calendar), month_of(last, calendar)
        values: list[Value] = [calendar.label(month) for month in range(ends[0], ends[1] + 1)]
    elif re.fullmatch(r"[0-9]{1,12}", first) and re.fullmatch(r"[0-9]{1,12}", last):
        if int(last) - int(first) > RUNS:
            raise UsageError(f"{first}..{last} has more than {RUNS} values")
        values = list(range(int(first), int(last) + 1))
    else:
        raise UsageError(f"a range is FIRST..LAST of whole numbers or of months YYYY-MM, not {first}..{last}")
    if not values:
        raise UsageError(f"{first}..{last} is empty: the first value comes after the last")
    return values


def show(swept: Sweep) -> None:
    """Print a line for each run, and how many of them are not settled."""
    out = Terminal()
    frame = swept.frame.drop(columns=["seconds", "last"] if swept.reasons else ["seconds", "last", "binds"])
    proven = frame["status"].isin(["OPTIMAL", "INFEASIBLE"]).all()
    left = ("_gap", "_bound") if proven else ("_gap",)  # what is proven is its own bound
    frame = frame[[column for column in frame if not str(column).endswith(left)]]
    rows = (["" if pd.isna(cell) else cell for cell in row] for row in frame.itertuples(index=False))
    out.table([str(column) for column in frame.columns], rows, whole=("run", "status", "exit_date"))
    runs = (swept.base, *swept.runs)
    counts = {status: sum(run.status == status for run in runs) for status in dict.fromkeys(run.status for run in runs)}
    out.say(f"{len(runs)} runs: " + ", ".join(f"{count} {status}" for status, count in counts.items()))
    if not swept.complete:
        out.say("Only OPTIMAL and INFEASIBLE are proven: of other runs, the best value lies between bound and value.")


def as_json(swept: Sweep) -> dict[str, object]:
    """Return the runs as one JSON object; what is not known is null."""
    frame = swept.frame
    return {
        "objective": [goal.term for goal in swept.objective],
        "complete": swept.complete,
        "runs": json.loads(frame.to_json(orient="records")),
    }


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV; raises UsageError if it cannot be written."""
    given = {str(column): frame[column].map(_text) for column in frame if frame[column].dtype == object}
    try:
        path.write_text(export.csv_text(frame.assign(**given)), encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _text(cell: object) -> str:
    """Return a value as it was given: 4, where a column with empty cells would make it 4.0."""
    return "" if cell is None or (isinstance(cell, float) and math.isnan(cell)) else str(cell)

"""A timetable tried in scenarios, as text, JSON and CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sequencer import words
from sequencer.answers import export
from sequencer.answers.terminal import Terminal
from sequencer.errors import UsageError
from sequencer.instance.instance import Instance
from sequencer.scenarios import Stress, Uncertainty, draw, stress
from sequencer.tables.timetable import read_timetable

MOST = 12  # rows of a table
LIMIT = (
    "Shifted right: each package transfers in the first month not before its planned one in which its windows and links"
    " hold. Teams, forces and money are not levelled again, so the real delay may be longer."
)


def tried(instance: Instance, options: argparse.Namespace) -> Stress:
    """Draw scenarios and try a timetable in them, as the command line asks.

    Raises
    ------
    UsageError
        If a number makes no sense, or nothing is uncertain.
    """
    uncertainty = Uncertainty(
        spread=options.spread, growth=options.growth / 100, threat=options.threat / 100, slips=_slips(options.slip)
    )
    drawn = draw(instance, uncertainty, options.scenarios, options.seed)
    bar = not options.quiet and sys.stderr.isatty()
    return stress(instance, read_timetable(options.timetable, instance), drawn, bar=bar)


def _slips(given: list[str]) -> dict[str, int]:
    """Return months by the name of a calendar event."""
    found: dict[str, int] = {}
    for text in given:
        name, equals, months = text.rpartition("=")
        if not equals or not months.isdecimal():
            raise UsageError(f"--slip is EVENT=MONTHS, such as elections=3, not {text!r}")
        found[name] = int(months)
    return found


def show(found: Stress) -> None:
    """Print how sure a timetable is: in all, when it ends, date by date, and what breaks it first."""
    out = Terminal()
    for line in _summary(found):
        out.say(line)
    out.title("The least sure dates")
    dates = found.packages.sort_values("holds", kind="stable").head(MOST)
    columns = ("package", "transfer", "holds in", "chance, with 95 %")
    out.table(columns, (_date(row) for row in dates.to_dict("records")), whole=("transfer",))
    for title, frame in (("What breaks it first", found.assumptions), *_lacking(found)):
        if not frame.empty:
            out.title(title)
            out.table([str(name).replace("_", " ") for name in frame], frame.head(MOST).itertuples(index=False))
    out.say(f"\n{LIMIT}")


def _date(row: dict[Any, Any]) -> tuple[str, ...]:
    return row["package"], row["transfer"], f"{row['holds']:.0%}", f"{row['holds_low']:.0%} to {row['holds_high']:.0%}"


def _lacking(found: Stress) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield what does not suffice in every scenario."""
    yield "Supplies that do not always suffice", found.supplies.query("holds < 1").round(2)
    yield "Money that is not always there", found.money.query("holds < 1").round(2)


def _summary(found: Stress) -> Iterator[str]:
    count, label = len(found.held), found.instance.calendar.label
    kept = sum(not each.broken for each in found.held)
    if found.waiting:
        yield f"Interrupted: {words.count(found.waiting, 'scenario')} not tried; what follows is of the others"
    yield f"Every promise holds in {kept} of {words.count(count, 'scenario')}"
    if found.base.broken:
        yield f"  the timetable breaks {words.count(len(found.base.broken), 'promise')} even if all comes as stated"
    yield f"Exit planned: {label(found.planned)}; shifted right, it is reached"
    for share, month in found.exits[["share", "exit"]].itertuples(index=False):
        yield (
            f"  with {share:.0%} by {label(int(month))}"
            if pd.notna(month)
            else f"  with {share:.0%}: not within the plan"
        )
    if found.outside:
        yield f"  in {words.count(found.outside, 'scenario')} a package finds no month within the plan"


def as_json(found: Stress) -> dict[str, Any]:
    """Return it as one JSON object; keys are stable, unknown values are null.

    Returns
    -------
    dict
        ``scenarios`` (how many were tried), ``waiting`` (how many were not), ``all_hold`` and ``outside`` (in how
        many), ``planned_exit`` (months from the start), and the rows of the frames: ``exits``, ``packages``,
        ``supplies``, ``money``, ``breaches``, ``assumptions``, ``s_curve``, ``runs`` (one for each scenario).
    """
    return {
        "scenarios": len(found.held),
        "waiting": found.waiting,
        "all_hold": sum(not each.broken for each in found.held),
        "outside": found.outside,
        "planned_exit": found.planned,
        "exits": _records(found.exits),
        "packages": _records(found.packages),
        "supplies": _records(found.supplies),
        "money": _records(found.money),
        "breaches": _records(found.breaches),
        "assumptions": _records(found.assumptions),
        "s_curve": _records(found.s_curve),
        "runs": _records(found.scenarios),
    }


def _records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a frame; what is missing is None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def write(frame: pd.DataFrame, path: Path, *, overwrite: bool) -> None:
    """Write a frame as CSV, such as the chances of the dates, or the scenarios one by one.

    Raises
    ------
    UsageError
        If there is such a file and ``overwrite`` is off, or it cannot be written.
    """
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already; choose another name, or --overwrite")
    try:
        path.write_text(export.csv_text(frame), encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error

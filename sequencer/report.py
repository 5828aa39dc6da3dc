"""An answer as text for the terminal; words and tables only, it computes nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

import pandas as pd
from rich.console import Console
from rich.table import Table

from sequencer import words
from sequencer.outcome import Outcome

WIDTH = 160  # of tables where there is no terminal to fit

SHOWN = {
    "package": "package",
    "receiver": "to",
    "option": "option",
    "support_start": "support",
    "joint_start": "joint",
    "transfer": "transfer",
    "exit": "exit",
}


def console(stream: TextIO | None = None) -> Console:
    """Return a console that prints text as it stands: no markup, no emoji, no colour in user's words."""
    stream = stream or sys.stdout
    width = None if stream.isatty() else WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=True)


def show(outcome: Outcome, moved: Sequence[str] | None = None) -> None:
    """Print an answer: how good it is, the timetable by phase, and what holds each package.

    Parameters
    ----------
    outcome : Outcome
    moved : sequence of str, optional
        What changed since an earlier plan, a line each; None when there is none to compare with.
    """
    out = console()
    calendar = outcome.instance.calendar
    _line(out, outcome.instance.plan.title)
    _line(out, words.headline(outcome))
    for level in outcome.levels:
        _line(out, f"  {words.level(level, calendar)}")
    for note in outcome.notes:
        _line(out, f"  {note}")
    if outcome.choices is None or outcome.values is None:
        return
    others = [name for name in sorted(outcome.values) if name not in {level.term for level in outcome.levels}]
    if others:
        _line(out, "  also: " + ", ".join(_price(outcome, name) for name in others))
    _timetable(out, outcome.timetable)
    _tight(out, outcome)
    if moved is not None:
        _line(out, "\nChanged since the earlier plan" + ("" if moved else ": nothing"))
        for line in moved:
            _line(out, f"  {line}")


def _price(outcome: Outcome, name: str) -> str:
    unit, values = outcome.problem.terms[name].unit, outcome.values or {}
    said = words.value(values[name], unit, outcome.instance.calendar)
    return f"{name} {said}" if unit == "month" else f"{name} {said} {unit}"


def _timetable(out: Console, frame: pd.DataFrame) -> None:
    for phase in dict.fromkeys(map(str, frame["phase"])):
        rows = frame[frame["phase"] == phase]
        _line(out, f"\nPhase {phase}" if phase else "\nBefore the plan")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
        table.add_column("", width=1)
        for title in SHOWN.values():
            table.add_column(title, no_wrap=True)
        for row in rows[list(SHOWN)].itertuples(index=False):
            table.add_row("", *(words.plain(str(cell)) for cell in row))
        out.print(table)


def _tight(out: Console, outcome: Outcome) -> None:
    _line(
        out, "\nWhat holds each package at its month (tight here: it would be broken one month earlier, all else equal)"
    )
    frame, tight = outcome.timetable, outcome.tight
    held = {str(name): rows for name, rows in tight.groupby("package", sort=False)}
    for name, month in zip(frame["package"], frame["transfer"], strict=True):
        _line(out, f"  {name} {month}")
        if name not in held:
            _line(out, "    nothing: it could transfer a month earlier on its own, and the objective would not change")
            continue
        for row in held[name].itertuples(index=False):
            rests = "; ".join(str(words_) for words_ in (row.rows, row.confidence) if words_)
            _line(out, f"    {row.reason!s}" + (f" [{rests}]" if rests else ""))


def _line(out: Console, text: str) -> None:
    out.print(words.plain(text))

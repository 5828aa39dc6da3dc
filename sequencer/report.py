"""An answer as text for the terminal; words and tables only, it computes nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table

from sequencer import statements, words
from sequencer.outcome import Outcome

WIDTH = 160  # of tables where there is no terminal to fit
NARROWEST = 72  # below it a table could not hold its dates; the terminal then wraps the lines
MOST = 12  # changes listed in the terminal; outcome.json has them all
DATES = frozenset({"support_start", "joint_start", "transfer", "exit"})

SHOWN = {
    "package": "package",
    "receiver": "to",
    "option": "option",
    "support_start": "support",
    "joint_start": "joint",
    "transfer": "transfer",
    "exit": "exit",
}


class _Console(Console):
    """A console that prints text as it stands: no markup, no emoji, no colour in user's words."""

    def __init__(self) -> None:
        wide = None if sys.stdout.isatty() else WIDTH
        super().__init__(file=sys.stdout, width=wide, markup=False, highlight=False, emoji=False, soft_wrap=True)
        self.width = max(self.width, NARROWEST)

    def on_broken_pipe(self) -> None:
        """Leave it to the command what to do when nobody reads on."""
        raise BrokenPipeError


def show(outcome: Outcome, moved: Sequence[str] | None = None) -> None:
    """Print an answer: how good it is, the timetable by phase, and what holds each package.

    Parameters
    ----------
    outcome : Outcome
    moved : sequence of str, optional
        What changed since an earlier plan, a line each; None when there is none to compare with.
    """
    out = _Console()
    calendar = outcome.instance.calendar
    _line(out, outcome.instance.plan.title)
    _changes(out, outcome.instance.changes)
    _line(out, statements.headline(outcome))
    for level in outcome.levels:
        _line(out, f"  {statements.level(level, calendar)}")
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


def _changes(out: Console, changes: Sequence[str]) -> None:
    """Say which numbers are not those of the files."""
    if changes:
        _line(out, "Changed for this run, not in the files:")
    for line in changes[:MOST]:
        _line(out, f"  {line}")
    if len(changes) > MOST:
        _line(out, f"  and {len(changes) - MOST} more")


def _price(outcome: Outcome, name: str) -> str:
    values = outcome.values or {}
    return f"{name} {words.value(values[name], outcome.problem.terms[name].unit, outcome.instance.calendar)}"


def _timetable(out: Console, frame: pd.DataFrame) -> None:
    for phase in dict.fromkeys(map(str, frame["phase"])):
        rows = frame[frame["phase"] == phase]
        _line(out, f"\nPhase {phase}" if phase else "\nBefore the plan")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
        table.add_column("", width=1)
        for column, title in SHOWN.items():
            table.add_column(title, no_wrap=column in DATES, overflow="fold", min_width=7 if column in DATES else None)
        for row in rows[list(SHOWN)].itertuples(index=False):
            table.add_row("", *(words.plain(str(cell)) for cell in row))
        out.print(table)


def _tight(out: Console, outcome: Outcome) -> None:
    _line(
        out,
        "\nWhat holds each package at its month (tight: broken if it alone moved one month earlier with its option;",
    )
    _line(out, "that more of it would bring the plan forward is not said)")
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

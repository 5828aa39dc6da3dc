"""Progress of a solve on standard error: a live line on a terminal, lines elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from sequencer import words
from sequencer.answers import statements
from sequencer.months import Calendar
from sequencer.outcome import Level, Limits
from sequencer.solving.levels import Progress
from sequencer.vocabulary import MONTH, RISK, SCORE

PAUSE = 0.5  # seconds between two lines
REFRESH = 4  # times a second that a live line is drawn


@contextmanager
def shown(
    calendar: Calendar, limits: Limits, stream: TextIO, *, quiet: bool = False
) -> Iterator[Callable[[Progress], None] | None]:
    """Show the progress of a solve while entered.

    Parameters
    ----------
    calendar : Calendar
    limits : Limits
        Of the solve; how much of its seconds is left is told on a live line.
    stream : TextIO
        Standard error. Where it is a terminal that can move its cursor, progress is one line, gone at the end.
    quiet : bool
        Show nothing.

    Yields
    ------
    callable or None
        What the solve is to tell of its progress, from any thread; None where nothing is shown.
    """
    console = Console(file=stream, markup=False, highlight=False, emoji=False)
    if quiet:
        yield None
    elif _can_redraw(console):
        status = Status(calendar, limits)
        with _live(status, console):
            yield status
    else:
        yield Printer(calendar, stream)


@contextmanager
def waiting(what: str, stream: TextIO, *, quiet: bool = False) -> Iterator[None]:
    """Show what is being waited for, and how long already, while entered; nothing where no line can be redrawn."""
    console = Console(file=stream, markup=False, highlight=False, emoji=False)
    if quiet or not _can_redraw(console):
        yield
        return
    with _live(Waiting(what), console):
        yield


def _can_redraw(console: Console) -> bool:
    """Whether a stream is a terminal that can move its cursor, whatever is said about colour."""
    return console.file.isatty() and console.is_interactive


def _live(line: RenderableType, console: Console) -> Live:
    """Return what draws a line again and again; leaving it shows the cursor again, whatever was raised."""
    return Live(line, console=console, refresh_per_second=REFRESH, transient=True, redirect_stdout=False)


class Printer:
    """Prints better plans and bounds as they come, at most two lines a second; the proof of a term always."""

    def __init__(self, calendar: Calendar, stream: TextIO) -> None:
        self._calendar = calendar
        self._stream = stream
        self._last = 0.0
        self._lock = threading.Lock()  # plans and bounds are reported from different threads

    def __call__(self, progress: Progress) -> None:
        """Print one report, unless the last one is too recent."""
        with self._lock:
            proven = progress.value is not None and progress.value == progress.bound
            if progress.seconds - self._last < PAUSE and not proven:
                return
            self._last = progress.seconds
            self._stream.write(f"{progress.seconds:7.1f} s  {_line(progress, self._calendar)}\n")
            self._stream.flush()


class Status:
    """What is known by now in a line as wide as the terminal, drawn again and again: time, then plan and bound."""

    def __init__(self, calendar: Calendar, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._calendar, self._limits, self._clock = calendar, limits, clock
        self._began = clock()
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Take note of one report; the clock of the search may have begun later than this one."""
        self._began = self._clock() - progress.seconds
        self._last = progress

    def __rich__(self) -> Text:
        """Return the line."""
        last = self._last
        said = "looking for a plan" if last is None else _short(last, self._calendar)
        return _cut(self._time(), said)

    def _time(self) -> str:
        used = self._clock() - self._began
        left = self._limits.seconds - used
        if self._limits.deterministic:  # its limit is in the solver's own units
            return f"{used:.0f} s"
        return f"{used:.0f} s, {left:.0f} s left" if left > 0 else f"{used:.0f} s, finishing"


class Waiting:
    """What is waited for, and how long already."""

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._what, self._clock, self._began = what, clock, clock()

    def __rich__(self) -> Text:
        """Return the line."""
        return _cut(f"{self._clock() - self._began:.0f} s", self._what)


def _cut(when: str, said: str) -> Text:
    """Return a line that is cut where it does not fit, so that it stays one."""
    return Text.assemble((when, "bold"), "  ", said, no_wrap=True, overflow="ellipsis", end="")


def _short(progress: Progress, calendar: Calendar) -> str:
    """Return a report in a line that says its unit last: where there is no room, gap and bound are seen before it."""

    def number(value: int | None) -> str:
        if value is None or progress.unit == MONTH:
            return words.value(value, progress.unit, calendar)
        return words.number(round(value / SCORE) if progress.unit == RISK else value)

    said = f"{progress.term}: best plan {number(progress.value)}, bound {number(progress.bound)}, gap {_gap(progress)}"
    unit = "" if progress.unit == MONTH else f"  ({words.amount(0, progress.unit).removeprefix('0 ')})"
    return words.plain(said + unit).replace("\n", " ")


def _line(progress: Progress, calendar: Calendar) -> str:
    """Return a report in a line, whatever stands in the names of units."""
    best = words.value(progress.value, progress.unit, calendar)
    bound = words.value(progress.bound, progress.unit, calendar)
    said = f"{progress.term}: best plan {best}, bound {bound}, gap {_gap(progress)}"
    return words.plain(said).replace("\n", " ")


def _gap(progress: Progress) -> str:
    level = Level(
        term=progress.term,
        unit=progress.unit,
        value=progress.value,
        bound=progress.bound,
        tolerance=0,
        achieved=None,
        proof=None,
    )
    return statements.gap(level)

"""Progress of a solve as lines on a stream."""

from __future__ import annotations

import threading
from typing import TextIO

from sequencer import words
from sequencer.answers import statements
from sequencer.months import Calendar
from sequencer.outcome import Level
from sequencer.solving.levels import Progress

PAUSE = 0.5  # seconds between two lines


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
            self._stream.write(self._line(progress) + "\n")
            self._stream.flush()

    def _line(self, progress: Progress) -> str:
        level = Level(
            term=progress.term,
            unit=progress.unit,
            value=progress.value,
            bound=progress.bound,
            tolerance=0,
            achieved=None,
            proof=None,
        )
        best = words.value(progress.value, progress.unit, self._calendar)
        bound = words.value(progress.bound, progress.unit, self._calendar)
        return (
            f"{progress.seconds:7.1f} s  {progress.term}: best plan {best}, bound {bound}, gap {statements.gap(level)}"
        )

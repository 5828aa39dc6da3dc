"""What the program says of itself on standard error, beside progress and faults."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class _Notes(logging.Handler):
    """Writes each note as a line."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a note."""
        sys.stderr.write(record.getMessage() + "\n")
        sys.stderr.flush()


@contextmanager
def shown(*, quiet: bool) -> Iterator[None]:
    """Show what parts of the program note in the log ``sequencer``, unless quiet."""
    log, handler = logging.getLogger("sequencer"), _Notes(logging.INFO)
    before = log.level
    if not quiet:
        log.addHandler(handler)
        log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before)

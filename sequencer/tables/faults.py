"""Collecting faults: every reader adds what it finds and goes on, so that a planner sees all faults at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from sequencer.errors import Fault
from sequencer.tables.text import is_odd

#: Words compared for hints in one reading; a file of nothing but misspellings must not take minutes.
PATIENCE = 100_000

SHOWN = 3  # names in one fault


class CellError(ValueError):
    """A cell that cannot be understood; whoever knows its place makes a fault of it."""

    def __init__(self, needed: str, hint: str = "") -> None:
        self.needed = needed
        self.hint = hint
        super().__init__(needed)


class Faults:
    """The faults found so far.

    Attributes
    ----------
    found : list of Fault
        In the order of finding; ``InstanceError`` sorts them.
    files : set of str
        The files that have a fault: what rests on them had better not be judged yet.
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.files: set[str] = set()
        self._patience = PATIENCE

    def add(self, fault: Fault) -> None:
        """Note one fault, on one line whatever stands in the file."""
        self.files.add(fault.file)
        said = map(_line, (fault.column, fault.found, fault.needed, fault.hint))
        self.found.append(Fault(_line(fault.file), fault.row, *said))

    def touch(self, *files: str) -> bool:
        """Return whether one of these files has a fault."""
        return not self.files.isdisjoint(files)

    def nearest(self, word: str, words: Iterable[str]) -> str:
        """Return a hint that names the nearest of these words, or nothing when none is near."""
        words = list(words)
        self._patience -= len(words)
        return nearest(word, words) if self._patience > 0 else ""


def nearest(word: str, words: Iterable[str]) -> str:
    """Return ``nearest: …`` for the word most like this one, whatever its case; empty when none is near.

    Parameters
    ----------
    word : str
        What was written.
    words : iterable of str
        What could have been meant.

    Returns
    -------
    str
        A hint for a fault.
    """
    folded = {other.casefold(): other for other in words}
    close = difflib.get_close_matches(word.casefold(), folded, n=1)
    return f"nearest: {folded[close[0]]}" if close else ""


def shown(text: str) -> str:
    """Return a cell's text as a fault shows it: quoted, on one line and short."""
    if not text:
        return "nothing"
    return f'"{_line(text[:60])}…"' if len(text) > 60 else f'"{_line(text)}"'  # noqa: PLR2004 - what fits a line


def _line(text: str) -> str:
    return "".join("?" if is_odd(c) else c for c in text)


def listed(names: Iterable[str]) -> str:
    """Return the first few names and the number of the others."""
    names = list(names)
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")

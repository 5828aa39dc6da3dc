"""Where a table is written: in a file of its own or on a sheet of a workbook. Whoever reads rows need not know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sequencer.tables import text


class Source(Protocol):
    """One table, or the scalars of a plan, as written; `text.FileError` says why it cannot be read."""

    @property
    def title(self) -> str:
        """What to call a plan that has no title."""

    @property
    def sheet(self) -> str:
        """The name of the sheet, as written; empty for a file."""

    def table(self, known: frozenset[str]) -> text.Sheet:
        """Return the cells; ``known`` are the headings that may be expected."""

    def toml(self) -> str:
        """Return the scalars as TOML, each on the line that a fault should name."""


@dataclass(frozen=True, slots=True)
class File:
    """A CSV or TOML file."""

    path: Path
    sheet: str = ""

    @property
    def title(self) -> str:
        """The name of the folder."""
        return self.path.parent.name

    def table(self, known: frozenset[str]) -> text.Sheet:
        """Return the cells of a CSV file."""
        return text.sheet(text.load(self.path), known)

    def toml(self) -> str:
        """Return the text of a TOML file."""
        return text.load(self.path)

"""The terminal: plain text and tables, whatever stands in the data."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from sequencer import words

WIDTH = 160  # of tables where there is no terminal to fit
NARROWEST = 72  # below it a table could not hold its dates; the terminal then wraps the lines


class Terminal(Console):
    """A console that prints text as it stands: no markup, no emoji, no colour in user's words."""

    def __init__(self) -> None:
        wide = None if sys.stdout.isatty() else WIDTH
        super().__init__(file=sys.stdout, width=wide, markup=False, highlight=False, emoji=False, soft_wrap=True)
        self.width = max(self.width, NARROWEST)

    def on_broken_pipe(self) -> None:
        """Leave it to the command what to do when nobody reads on."""
        raise BrokenPipeError

    def say(self, text: str) -> None:
        """Print a line."""
        self.print(words.plain(text))

    def table(self, columns: Sequence[str], rows: Iterable[Iterable[object]], whole: Sequence[str] = ()) -> None:
        """Print a table, indented; columns named in ``whole`` are never cut or folded."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
        table.add_column("", width=1)
        for column in columns:
            least = LEAST if column in whole else None
            table.add_column(column, no_wrap=column in whole, overflow="fold", min_width=least)
        for row in rows:
            table.add_row("", *(words.plain(str(cell)) for cell in row))
        self.print(table)


LEAST = 7  # characters of a month

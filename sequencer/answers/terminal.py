"""The terminal: text and tables, whatever stands in the data; coloured where it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from sequencer import words

WIDTH = 160  # of tables where there is no terminal to fit
NARROWEST = 72  # on a narrower terminal rows are shown as lists, since a table could not hold its dates
LEAST = 7  # characters of a month

#: Colour repeats what the words say and never says more; rich leaves it out as NO_COLOR, TERM=dumb or a pipe ask.
STYLES = Theme(
    {"title": "bold", "name": "bold", "quiet": "dim", "good": "bold green", "fair": "bold yellow", "bad": "bold red"},
    inherit=False,
)
VERDICTS = {"OPTIMAL": "good", "FEASIBLE": "fair", "INFEASIBLE": "bad", "UNKNOWN": "bad"}


class Terminal(Console):
    """A console that prints text as it stands: no markup, no emoji, nothing highlighted in user's words.

    Parameters
    ----------
    stream : TextIO, optional
        Where to print. Default: standard output.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        file = sys.stdout if stream is None else stream
        fits = file.isatty()
        super().__init__(
            file=file,
            width=None if fits else WIDTH,
            markup=False,
            highlight=False,
            emoji=False,
            soft_wrap=True,
            theme=STYLES,
        )
        self.is_narrow = fits and self.width < NARROWEST
        self.width = max(self.width, NARROWEST)

    def on_broken_pipe(self) -> None:
        """Leave it to the command what to do when nobody reads on."""
        raise BrokenPipeError

    def say(self, text: str, style: str = "") -> None:
        """Print a line; ``style`` is one of ``STYLES``."""
        self.print(Text(words.plain(text), style))

    def title(self, text: str) -> None:
        """Print what stands above lines or a table, after an empty line."""
        self.say(f"\n{text}", "title")

    def verdict(self, status: str, sentence: str) -> None:
        """Print a sentence that begins with a status, which has its colour."""
        self.lead(sentence, len(status), VERDICTS[status])

    def lead(self, text: str, length: int, style: str) -> None:
        """Print a line whose first characters have a style."""
        line = Text(words.plain(text))
        line.stylize(style, 0, length)
        self.print(line)

    def complain(self, text: str) -> None:
        """Print a complaint, in one line or many; what each is about stands before its first colon."""
        for count, line in enumerate(words.plain(text).splitlines()):
            about = line.find(":") if ":" in line else len(line) * (count == 0)
            self.lead(line, 0 if line.startswith(" ") else about, "name" if count else "bad")

    def table(self, columns: Sequence[str], rows: Iterable[Iterable[object]], whole: Sequence[str] = ()) -> None:
        """Print a table, indented; columns named in ``whole`` are never cut or folded."""
        cells = ([words.plain(str(cell)) for cell in row] for row in rows)
        if self.is_narrow:
            self._listed(columns, cells)
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="quiet")
        table.add_column("", width=1)
        for column in columns:
            least = LEAST if column in whole else None
            table.add_column(column, no_wrap=column in whole, overflow="fold", min_width=least)
        for row in cells:
            table.add_row("", *map(Text, row))
        self.print(table)

    def _listed(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print each row as its first cell and, below, the others with the names of their columns."""
        for first, *others in rows:
            self.say(f"  {first}", "name")
            for column, cell in zip(columns[1:], others, strict=True):
                if cell:
                    self.say("    " + " ".join(filter(None, (column, cell))))

"""A workbook as the reader of an instance sees it: sources by the name that the file of a table would have."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from sequencer.errors import Fault, InstanceError
from sequencer.tables import text
from sequencer.tables.faults import Faults
from sequencer.tables.folder import is_read
from sequencer.tables.plan import FILE
from sequencer.tables.schema import tables
from sequencer.tables.sources import Source
from sequencer.tables.workbook import scalars
from sequencer.tables.workbook.archive import OTHERS, SUFFIXES, Archive, Part
from sequencer.tables.workbook.grid import Grid, grid
from sequencer.tables.workbook.values import Values, values

PLAN = "plan"
#: Sheets for people; those whose name begins with a low line, too.
NOTES = "notes"
ASIDE = frozenset({NOTES, "readme", "read_me", "legend"})
STRICT = ";"  # text in a cell may come from any country, so that 1.234 has two readings
FILES = re.compile(rf"(?<![\w/.])({'|'.join(tables())}|readiness_\w+)\.csv\b( row\b)?")

log = logging.getLogger("sequencer")


def is_workbook(path: Path) -> bool:
    """Return whether a path is a file that is, or should have been, a workbook."""
    return path.is_file() and path.suffix.lower() in (*SUFFIXES, *OTHERS)


@dataclass(slots=True)
class Leaf:
    """One sheet, read when it is first asked for."""

    archive: Archive
    part: Part
    values: Values
    _grid: Grid | None = None

    @property
    def title(self) -> str:
        """The name of the workbook."""
        return self.archive.path.stem

    @property
    def sheet(self) -> str:
        """The name of the sheet."""
        return self.part.name

    @property
    def grid(self) -> Grid:
        """The cells."""
        if self._grid is None:
            self._grid = grid(self.archive, self.part.path, self.values)
            self._tell(self._grid)
        return self._grid

    def table(self, known: frozenset[str]) -> text.Sheet:  # noqa: ARG002 - a sheet has no delimiter to find out
        """Return the cells as those of a CSV file."""
        lines = self.grid.lines()
        if not lines:
            raise text.FileError("an empty sheet", "a header and rows")
        return text.Sheet(STRICT, lines[0][1], lines[0][0], lines[1:], spoilt=self.grid.spoilt)

    def toml(self) -> str:
        """Return the rows of keys and values as TOML."""
        return scalars.toml(self.grid)

    def _tell(self, found: Grid) -> None:
        if self.part.hidden and found.rows:
            log.info("%s: the hidden sheet %s is read like the others", self.archive.path.name, self.sheet)
        elif found.hidden:
            rows = "1 hidden row is" if found.hidden == 1 else f"{found.hidden} hidden rows are"
            log.info("%s: %s read like the others on the sheet %s", self.archive.path.name, rows, self.sheet)


@dataclass(frozen=True, slots=True)
class Absent:
    """A sheet that is not there."""

    title: str
    sheet: str = PLAN

    def table(self, known: frozenset[str]) -> text.Sheet:  # noqa: ARG002 - the signature of a source
        """Raise: there are no cells."""
        raise text.FileError("no such sheet", "a sheet with the columns key and value")

    def toml(self) -> str:
        """Raise: there are no keys."""
        raise text.FileError("no such sheet", "a sheet with the columns key and value")


class Book:
    """A workbook; raises `InstanceError` where it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sheets: dict[str, str] = {}
        try:
            self.archive = Archive(path)
            self.values = values(self.archive)
        except text.FileError as bad:
            raise InstanceError([bad.fault(path.name)]) from None

    def listed(self, faults: Faults) -> dict[str, Source]:
        """Return the sheets that are read, by the name that the file would have.

        Parameters
        ----------
        faults : Faults
            Takes sheets that nobody would read, or that mean the same table.
        """
        found: dict[str, Source] = {FILE: Absent(self.path.stem)}
        for part in self.archive.parts:
            name = text.heading(part.name).removesuffix(".csv")
            file = FILE if name == PLAN else f"{name}.csv"
            if name.startswith("_") or name in ASIDE:
                continue
            if file in self._sheets:
                there = f"{self._sheets[file]} and {part.name}"
                faults.add(Fault(file, 0, "", there, "one sheet of this name, whatever its case"))
                continue
            self._sheets[file] = part.name
            leaf = Leaf(self.archive, part, self.values)
            if is_read(file):
                found[file] = leaf
            else:
                self._check_other(leaf, name, file, faults)
        return found

    def notes(self) -> str:
        """Return what stands on the sheet ``notes``, a line for each row; empty without one."""
        parts = (part for part in self.archive.parts if text.heading(part.name) == NOTES)
        lines = {number: line for part in parts for number, line in Leaf(self.archive, part, self.values).grid.lines()}
        said = (" | ".join(filter(None, lines.get(number, ()))) for number in range(1, max(lines, default=0) + 1))
        return "".join(f"{line}\n" for line in said)

    def _check_other(self, leaf: Leaf, name: str, file: str, faults: Faults) -> None:
        """Note a sheet that is none of ours, unless nothing stands in it."""
        try:
            empty = not leaf.grid.rows
        except text.FileError:
            empty = False
        if not empty:
            near = faults.nearest(name, [PLAN, *tables()])
            hint = near or "begin its name with _ if it is only for people"
            faults.add(Fault(file, 0, "", "an unknown sheet", "the name of a table, or plan", hint))

    def told(self, fault: Fault) -> Fault:
        """Return a fault as it is to be told of a workbook: by the name of the sheet."""
        if fault.file.startswith("library/"):
            return fault
        file = fault.file.lower()
        name = self._sheets.get(file, PLAN if file == FILE else fault.file.removesuffix(".csv"))
        found = "no such sheet" if fault.found == "no such file" else _told(fault.found)
        where = f"{self.path.name}, sheet {name}"
        return Fault(where, fault.row, fault.column, found, _told(fault.needed), _told(fault.hint))


def _told(said: str) -> str:
    said = FILES.sub(lambda found: f"sheet {found[1]}{found[2]}" if found[2] else f"the sheet {found[1]}", said)
    return said.replace(FILE, f"the sheet {PLAN}")

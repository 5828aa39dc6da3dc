"""The cells of one sheet as rows of text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from sequencer.tables.text import FileError
from sequencer.tables.workbook.archive import Archive, local
from sequencer.tables.workbook.values import Values

ROWS, COLUMNS = 100_000, 256  # more is no table that a planner wrote
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Grid:
    """What stands in the cells of a sheet.

    Attributes
    ----------
    rows : dict of dict of str
        Text by row, counted from 1, and place, counted from 0; no blank cells.
    spoilt : dict of FileError
        Cells that have no value, by row and place; their text is a question mark.
    hidden : int
        The number of rows with something in them that the spreadsheet does not show.
    """

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    spoilt: dict[tuple[int, int], FileError] = field(default_factory=dict)
    hidden: int = 0

    def lines(self) -> list[tuple[int, list[str]]]:
        """Return the rows in which something stands, each with its number and all cells up to the last."""
        return [
            (number, [cells.get(place, "") for place in range(max(cells) + 1)])
            for number, cells in sorted(self.rows.items())
        ]


def grid(archive: Archive, part: str, values: Values) -> Grid:
    """Read the cells of a sheet.

    Raises
    ------
    FileError
        If the sheet cannot be read, or is larger than a table can be.
    """
    found = Grid()
    number, place, hidden = 0, -1, False
    for event, element in archive.elements(part):
        name = local(element)
        if event == "start":
            if name == "row":
                number, place = _row(element, number), -1
                hidden = element.get("hidden") in ("1", "true")
        elif name == "c":
            number, place = _position(element, number, place)
            _add(found, number, place, values.said(element))
            element.clear()
        elif name == "row":
            found.hidden += hidden and number in found.rows
            element.clear()
        elif name == "mergeCell":
            _merged(found, element.get("ref", ""))
    return found


def _row(element: Element, before: int) -> int:
    written = element.get("r", "")
    return int(written) if written.isdecimal() and len(written) < 8 else before + 1  # noqa: PLR2004 - digits


def _position(cell: Element, number: int, before: int) -> tuple[int, int]:
    """Return row and place of a cell; one that does not say follows the one before it."""
    named = CELL.fullmatch(cell.get("r", ""))
    return (int(named[2]), _place(named[1])) if named else (number, before + 1)


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _add(found: Grid, number: int, place: int, said: str | FileError) -> None:
    if said == "":
        return
    if number > ROWS:
        raise FileError(f"a cell in row {number:,}", f"at most {ROWS:,} rows")
    if place >= COLUMNS:
        raise FileError(f"a cell in column {place + 1:,}", f"at most {COLUMNS} columns", row=number)
    if isinstance(said, FileError):
        found.spoilt[number, place] = said
        said = "?"
    found.rows.setdefault(number, {})[place] = said


def _merged(found: Grid, reference: str) -> None:
    """Spoil the cell that shows its text in place of others: whether it counts for all of them, nobody says."""
    first, _, last = reference.partition(":")
    begin, end = CELL.fullmatch(first), CELL.fullmatch(last)
    if begin and end and first != last:
        number, place = int(begin[2]), _place(begin[1])
        if place in found.rows.get(number, {}):
            hint = "unmerge them, and write the value wherever it counts"
            found.spoilt[number, place] = FileError(f"merged cells, {reference}", "a value in each cell", hint=hint)

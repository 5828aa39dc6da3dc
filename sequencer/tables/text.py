"""From the bytes of a file to rows of cells, whatever program saved it."""

from __future__ import annotations

import codecs
import csv
import io
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sequencer.errors import Fault

LIMIT = 50_000_000  # bytes; a table that size was not written by a planner
DELIMITERS = (",", ";", "\t")
SEP_LINE = re.compile(r'"?sep=(.)"?[,;\t ]*(\r\n|\r|\n|$)', re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f", " "))
INVISIBLE = "\ufeff\u200b"  # byte order marks and zero-width blanks, left behind by copy and paste
JOINERS = "\u200c\u200d"  # invisible, too, but part of how names are spelt in Persian, Arabic and Indic scripts
GUARDED = re.compile(r"'[=+@-]")  # how text is written that a spreadsheet would take for a formula
EDGES = frozenset((*INVISIBLE, "'"))  # how a cell begins or ends that needs a second look
MARKUP = re.compile(r"\s*<(!|(\?xml|html|head|body|table|meta)\b)", re.IGNORECASE)


class FileError(ValueError):
    """A file, or the rest of it from ``row`` on, that cannot be read."""

    def __init__(self, found: str, needed: str, row: int = 0, hint: str = "") -> None:
        self.found = found
        self.needed = needed
        self.row = row
        self.hint = hint
        super().__init__(found)

    def fault(self, file: str) -> Fault:
        """Return this as a fault of a file."""
        return Fault(file, self.row, "", self.found, self.needed, self.hint)


@dataclass(slots=True)
class Sheet:
    """The cells of a table as text, blanks trimmed. ``rows`` are numbered as a spreadsheet counts lines,
    the header being line ``first``.

    ``trouble`` is why reading stopped before the end of the file, if it did. ``spoilt``: cells of
    spreadsheets, by row and place from 0, that hold no value one can rely on.
    """

    delimiter: str
    header: list[str]
    first: int = 1
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    trouble: FileError | None = None
    spoilt: dict[tuple[int, int], FileError] = field(default_factory=dict)


def load(path: Path) -> str:
    """Return the text of a file.

    Parameters
    ----------
    path : Path
        A regular file or a link to one.

    Returns
    -------
    str
        Composed (NFC), so that an accent typed on one machine equals the same accent from another;
        non-breaking blanks are plain ones.

    Raises
    ------
    FileError
        If the file cannot be opened, is too large, or holds no text.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileError("no regular file", "a CSV or TOML file")
        if status.st_size > LIMIT:
            raise FileError(f"{status.st_size:,} bytes", f"at most {LIMIT:,} bytes")
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileError("no such file", "a file that can be read") from None
    except OSError as error:
        raise FileError(f"a file that cannot be opened: {error.strerror}", "a file that can be read") from None
    return decode(data)


def decode(data: bytes) -> str:
    """Return bytes as text: UTF-8 or UTF-16, otherwise cp1252; raise `FileError` where they are none of these."""
    text = _decoded(data)
    if odd := CONTROLS.search(text):
        row = text.count("\n", 0, odd.start()) + 1
        raise FileError(
            f"the control character U+{ord(odd[0]):04X} in line {row}", "a text file", hint="save it as CSV UTF-8"
        )
    return unicodedata.normalize("NFC", text.translate(BLANKS))


def _decoded(data: bytes) -> str:
    encodings = ["utf-8-sig", "cp1252"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in data:  # UTF-16 without a mark: delimiters, digits and line ends have a NUL, always on the same side
        before, after = data[::2].count(0), data[1::2].count(0)
        encodings = ["utf-16-le"] if not before else ["utf-16-be"] if not after else []
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError("bytes that are no text", "a text file in UTF-8, UTF-16 or cp1252", hint="save it as CSV UTF-8")


def heading(cell: str) -> str:
    """Return a heading in the form in which headings are compared."""
    return re.sub(r"[\s-]+", "_", trimmed(cell).casefold())


def trimmed(cell: str) -> str:
    """Return a cell without the blanks around it, non-breaking and zero-width ones included, and unguarded."""
    cell = cell.strip()
    if cell[:1] not in EDGES and cell[-1:] not in EDGES:
        return cell
    cell = cell.strip(INVISIBLE).strip()
    return cell[1:] if GUARDED.match(cell) else cell


def is_odd(character: str) -> bool:
    """Return whether a character cannot be seen in a name, though it is no joiner of letters."""
    return not character.isprintable() and character not in JOINERS


def sheet(text: str, known: frozenset[str]) -> Sheet:
    """Split the text of a CSV file into cells.

    Parameters
    ----------
    text : str
        The whole file.
    known : frozenset of str
        Headings by which the delimiter is recognised.

    Returns
    -------
    Sheet
        Fully blank rows and blank cells at the end of a row are left out.

    Raises
    ------
    FileError
        If there is no header.
    """
    if MARKUP.match(text):
        raise FileError("a web page or XML", "a CSV file", hint="save it as CSV")
    skipped = 0
    declared = SEP_LINE.match(text)
    if declared:
        text, skipped = text[declared.end() :], 1
        delimiter = declared[1]
        if delimiter not in (*DELIMITERS, "|"):
            raise FileError(f"the delimiter {delimiter!r} in a sep= line", "a comma, a semicolon or a tab", row=1)
    else:
        delimiter = max(DELIMITERS, key=lambda candidate: _fit(text, candidate, known))
    result = Sheet(delimiter, [])
    try:
        _fill(result, _records(text, delimiter, skipped))
    except FileError as trouble:
        result.trouble = trouble
    if not result.header:
        raise result.trouble or FileError("an empty file", "a header and rows")
    return result


def _fit(text: str, delimiter: str, known: frozenset[str]) -> int:
    try:
        header = next(islice(_records(text, delimiter, 0), 1), (1, []))[1]
    except FileError:
        return 0
    return sum(heading(cell) in known for cell in header)


def _fill(result: Sheet, records: Iterator[tuple[int, list[str]]]) -> None:
    for number, cells in records:
        if not result.header:
            result.first, result.header = number, cells
            continue
        result.rows.append((number, cells))
        width = len(result.header)
        inside = (line for cell in cells if "\n" in cell or "\r" in cell for line in cell.splitlines())
        # A quote that opens in one row and closes in a later one would silently swallow the rows between.
        if width > 2 and any(line.count(result.delimiter) >= width - 1 for line in inside):  # noqa: PLR2004
            raise FileError("a quoted cell that holds whole rows", "quotes in pairs", row=number)


def _records(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        number = skipped + reader.line_num + 1
        try:
            cells = [trimmed(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            found = "a very long cell" if "limit" in str(error) else "a quote without its partner"
            raise FileError(found, "quotes in pairs", row=number, hint="the rows after it were not read") from None
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells

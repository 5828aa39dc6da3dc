"""The file of a workbook: a ZIP archive of XML, perhaps a hostile one.

Every XML is read through ``defusedxml``: no DTD, no entities, nothing fetched. Macros, links to other workbooks and
pictures are never opened. How much may be unpacked is limited before anything is.
"""

from __future__ import annotations

import io
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from sequencer.tables.text import LIMIT, FileError

SUFFIXES = (".xlsx", ".xlsm")
#: Names of spreadsheets that are not read, and what to do with them.
OTHERS = (".xls", ".xlsb", ".ods", ".numbers", ".xltx", ".xltm")
NEEDED, HINT = "an Excel workbook (.xlsx)", "save it as an Excel workbook (.xlsx)"
UNPACKED = 30_000_000  # bytes of all parts together
ELEMENTS = 1_000_000  # of all parts that are read: cells, and parts of cells
OLD = b"\xd0\xcf\x11\xe0"  # an old workbook, or a new one with a password

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"

Event: TypeAlias = tuple[str, Any]  # "start" or "end", and the element


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet: its name as written, the XML that holds it, and whether it is hidden."""

    name: str
    path: str
    hidden: bool


class Archive:
    """A workbook that was opened; raises `FileError` where it is none.

    Attributes
    ----------
    parts : tuple of Part
        The sheets with cells, in their order.
    since_1904 : bool
        Whether dates count from 1904.
    strings, styles : str
        The parts with the texts and the formats of cells; may be missing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._events = 0
        if path.suffix.lower() in OTHERS:
            raise FileError(f"a spreadsheet of the kind {path.suffix.lower()}", NEEDED, hint=HINT)
        self._check()
        with broken_as_fault():
            targets = self._targets()
            sheets, self.since_1904 = self._sheets()
        self.strings = next((path for path, kind in targets.values() if kind == "sharedStrings"), "")
        self.styles = next((path for path, kind in targets.values() if kind == "styles"), "")
        self.parts = tuple(
            Part(name, targets[relation][0], hidden)
            for name, relation, hidden in sheets
            if targets.get(relation, ("", ""))[1] == "worksheet"  # sheets of charts and macros hold no cells
        )
        if not self.parts:
            raise FileError("a workbook without sheets", "a sheet for each table")

    def elements(self, part: str) -> Iterator[Event]:
        """Yield the beginning and the end of each element of a part, limited in number; nothing without the part."""
        with broken_as_fault(), zipfile.ZipFile(self.path) as archive:
            if part not in archive.namelist():
                return
            data = archive.read(part)  # whole: whoever stops in the midst leaves no file open
        with broken_as_fault():
            events = iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True)
            for event in events:
                self._events += 1
                if self._events > 2 * ELEMENTS:
                    raise FileError(f"more than {ELEMENTS:,} cells and parts of cells", "a smaller workbook")
                yield event

    def _check(self) -> None:
        """Raise a fault unless this is a workbook that can be unpacked in reasonable time and memory."""
        try:
            status = self.path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise FileError("no regular file", NEEDED)
            if status.st_size > LIMIT:
                raise FileError(f"{status.st_size:,} bytes", f"at most {LIMIT:,} bytes")
            with self.path.open("rb") as file:
                begin = file.read(4)
        except OSError as error:
            raise FileError(f"a file that cannot be opened: {error.strerror}", NEEDED) from None
        if begin == OLD:
            raise FileError("an old Excel workbook (.xls), or one with a password", NEEDED, hint=f"{HINT}, without one")
        with broken_as_fault(), zipfile.ZipFile(self.path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "mimetype" in names or "content.xml" in names:
                raise FileError("an OpenDocument spreadsheet (.ods)", NEEDED, hint=HINT)
            if WORKBOOK not in names or RELATIONS not in names:
                raise FileError("a ZIP file that is no Excel workbook with tables", NEEDED, hint=HINT)
            if any(entry.flag_bits & 1 for entry in entries):
                raise FileError("a workbook with a password", NEEDED, hint=f"{HINT}, without one")
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > UNPACKED:  # a part that is longer than it says breaks off while it is read
                raise FileError(f"{unpacked:,} bytes when unpacked", f"at most {UNPACKED:,} bytes")

    def _targets(self) -> dict[str, tuple[str, str]]:
        """Return path and kind of each part by its relation."""
        targets = {}
        for event, element in self.elements(RELATIONS):
            if event == "end" and local(element) == "Relationship" and element.get("TargetMode") != "External":
                target = element.get("Target", "")
                path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
                targets[element.get("Id", "")] = (path, element.get("Type", "").rpartition("/")[2])
        return targets

    def _sheets(self) -> tuple[list[tuple[str, str, bool]], bool]:
        """Return name, relation and whether hidden of each sheet, and whether dates count from 1904."""
        sheets, since_1904 = [], False
        for event, element in self.elements(WORKBOOK):
            if event == "end" and local(element) == "sheet":
                relation = next((value for key, value in element.items() if key.endswith("}id")), "")
                sheets.append((element.get("name", ""), relation, element.get("state", "visible") != "visible"))
            elif event == "end" and local(element) == "workbookPr":
                since_1904 = element.get("date1904") in ("1", "true")
        return sheets, since_1904


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


@contextmanager
def broken_as_fault() -> Iterator[None]:
    """Turn whatever a damaged or hostile archive may raise into a `FileError`."""
    try:
        yield
    except FileError:
        raise
    except DefusedXmlException:
        found = "XML with a document type or entities, as no spreadsheet writes it"
        raise FileError(found, NEEDED) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ParseError) as error:
        raise FileError(f"a damaged file: {error}", NEEDED, hint=HINT) from None
    except ValueError as error:
        raise FileError(f"a damaged file: {error}", NEEDED, hint=HINT) from None

"""A folder made into a workbook, and a workbook into a folder."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from sequencer.answers.export import FORMULA, put
from sequencer.errors import Fault, InstanceError, UsageError
from sequencer.tables import text
from sequencer.tables.faults import Faults
from sequencer.tables.plan import FILE
from sequencer.tables.sources import Source
from sequencer.tables.workbook.archive import SUFFIXES
from sequencer.tables.workbook.book import Book, is_workbook
from sequencer.tables.workbook.writing import README, write

NUMBER = re.compile(r"[+-]?[0-9.]+%?")


def convert(source: Path, target: Path, *, overwrite: bool = False) -> None:
    """Write a folder as a workbook, or a workbook as a folder, that means the same.

    Parameters
    ----------
    source : Path
        A folder of tables, or a workbook; it is only read.
    target : Path
        The workbook (``.xlsx``), or the folder.
    overwrite : bool
        Whether files of the same names may be replaced; no other is touched.

    Raises
    ------
    InstanceError
        If cells cannot be read; what they mean is not asked.
    UsageError
        If the target cannot be written, or stands there and ``overwrite`` is off.
    """
    if not is_workbook(source):
        to_workbook(source, target, overwrite=overwrite)
    elif target.suffix.lower() in SUFFIXES:
        raise UsageError(f"{source.name} is a workbook already; name a folder to write its tables to")
    else:
        fill(target, tables(source), overwrite=overwrite)


def to_workbook(folder: Path, target: Path, *, overwrite: bool = False) -> None:
    """Write a folder as a workbook; raises as `convert` does."""
    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"the name of a workbook ends in .xlsx, not as {target.name} does")
    if target.exists() and not (overwrite and target.is_file()):
        raise UsageError(f"{target} is there: name another file{', or add --overwrite' if target.is_file() else ''}")
    write(folder, target)


def fill(folder: Path, texts: Mapping[str, str], *, overwrite: bool = False) -> None:
    """Write files to a folder that is empty or not there; raises as `convert` does.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    texts : mapping of str
        What is to be written, by name.
    overwrite : bool
        Whether the folder may hold files, and those of the same names may be replaced.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None
    if present and not overwrite:
        raise UsageError(f"{folder} holds {present[0]}: name an empty folder, or add --overwrite")
    blocked = [name for name in texts if (folder / name).exists() and not (folder / name).is_file()]
    if blocked:
        raise UsageError(f"{folder} holds {blocked[0]}, which is no file: name an empty folder")
    put(texts, folder, lambda _: None)


def tables(path: Path) -> dict[str, str]:
    """Return the files that say what a workbook says, by name.

    Raises
    ------
    InstanceError
        With every cell that cannot be read.
    """
    book, faults = Book(path), Faults()
    texts = {}
    for file, source in book.listed(faults).items():
        try:
            texts[file] = _toml(source) if file == FILE else _csv(file, source, faults)
        except text.FileError as bad:
            faults.add(bad.fault(file))
    if faults.found:
        raise InstanceError(map(book.told, faults.found))
    notes = book.notes()
    return texts | ({README: notes} if notes else {})


def _toml(source: Source) -> str:
    lines = source.toml().splitlines()
    return "".join(f"{line}\n" for line in lines if line)


def _csv(file: str, source: Source, faults: Faults) -> str:
    """Return a sheet as CSV in which no cell acts as a formula."""
    sheet = source.table(frozenset())
    for (row, place), bad in sheet.spoilt.items():
        column = sheet.header[place] if place < len(sheet.header) else ""
        faults.add(Fault(file, row, column, bad.found, bad.needed, bad.hint))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for line in (sheet.header, *(line for _, line in sheet.rows)):
        padded = [*line, *[""] * (len(sheet.header) - len(line))]
        writer.writerow(map(_guarded, padded))
    return written.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) and not NUMBER.fullmatch(cell) else cell

"""The shipped library: functions, criteria, needs and resources that count where a folder says nothing.

A row of the library ranks below every row of the folder. Rows about functions that no package has are left out, and so
are resources that nobody names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

from sequencer.errors import InstanceError
from sequencer.months import Calendar
from sequencer.tables.cells import Setting
from sequencer.tables.faults import Faults
from sequencer.tables.rows import Row, Rows, read_rows
from sequencer.tables.schema import tables
from sequencer.tables.sources import File

FOLDER = "library"
#: Where a resource may be named.
NAMING = ("needs", "capacity", "guarantees", "calendar")


@cache
def shipped(word: str) -> tuple[Row, ...]:
    """Return the rows of one table of the library; they must not be changed."""
    table = tables()[word]
    found = resources.files("sequencer").joinpath(FOLDER, table.path)
    faults = Faults()
    with resources.as_file(found) as path:
        rows = read_rows(File(Path(path)), replace(table, path=f"{FOLDER}/{table.path}"), _setting(), faults)
    if faults.found:
        raise InstanceError(faults.found)
    return tuple(rows)


def _setting() -> Setting:
    return Setting(",", Calendar(2000, 1), None, 0)  # the library holds no months


def add(read: Mapping[str, Rows], words: Sequence[str]) -> None:
    """Add the rows of the library that count to the tables of a folder.

    Parameters
    ----------
    read : mapping of Rows
        All tables by name; the rows of the library come last.
    words : sequence of str
        The tables of the library that are wanted, those first that others name.
    """
    used = set(read["packages"].names("function"))
    for word in words:
        rows = [replace(row, values=dict(row.values), bad=set(), shipped=True) for row in shipped(word)]
        read[word].offered = frozenset(row[key] for key in read[word].table.key for row in rows)
        read[word].rows.extend(_counting(read, word, rows, used))


def _counting(read: Mapping[str, Rows], word: str, rows: list[Row], used: set[str]) -> Iterator[Row]:
    if word in ("criteria", "needs"):
        yield from (row for row in rows if any(pattern.function in used for pattern in row["packages"]))
        return
    key = read[word].table.key[0]
    known = read[word].names(key)
    wanted = used if word == "functions" else _named_resources(read)
    yield from (row for row in rows if row[key] in wanted and row[key] not in known)


def _named_resources(read: Mapping[str, Rows]) -> set[str]:
    return {name for table in NAMING for name in read[table].names("resource")}

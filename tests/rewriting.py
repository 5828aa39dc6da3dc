"""Folders rewritten so that they say the same: all dates moved, all names changed, all rows in another order."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from sequencer.months import Calendar

DATE = re.compile(r"\b(\d{4})-(\d{2})\b")
YEAR = re.compile(r"\b(FY)?(\d{4})\b")

#: Columns that give names, by table.
NAMING = {
    "places": ("place", "region", "community"),
    "functions": ("function", "sector"),
    "phases": ("phase",),
    "criteria": ("criterion",),
    "options": ("option",),
    "resources": ("resource",),
    "capacity": ("source",),
    "guarantees": ("force",),
    "calendar": ("name",),
    "budget": ("line",),
    "donors": ("donor",),
    "pledges": ("pledge",),
}
#: Names that mean something to the program.
RESERVED = {"", "none", "host", "presence", "support", "reserve"}
WIDE = "readiness_"


def rewrite(folder: Path, cell: Callable[[str, str], str]) -> None:
    """Rewrite the cells of all tables of a folder; ``cell`` is told the column and the text."""
    for file in folder.glob("*.csv"):
        columns, *rows = _load(file)
        said = [[cell(column, text) for column, text in zip(columns, row, strict=True)] for row in rows]
        _save(file, [columns, *said])


def shift(folder: Path, months: int) -> None:
    """Move the plan and every date in it by so many months; fiscal years begin so many months later, too."""
    settings = folder / "plan.toml"
    text = settings.read_text(encoding="utf-8")
    start = tomllib.loads(text).get("fiscal_year_start", 1)
    later = (start - 1 + months) % 12 + 1
    old, new = Calendar(2030, 1, start), Calendar(2030, 1, later)

    def date(found: re.Match[str]) -> str:
        return old.label(old.number(int(found[1]), int(found[2])) + months)

    def year(found: re.Match[str]) -> str:
        return (found[1] or "") + str(new.fiscal_year(old.opening(int(found[2])) + months))

    rest = re.sub(r"(?m)^fiscal_year_start.*\n", "", text)
    settings.write_text(f"fiscal_year_start = {later}\n{DATE.sub(date, rest)}", encoding="utf-8")
    rewrite(folder, lambda column, text: YEAR.sub(year, text) if column == "fiscal_year" else DATE.sub(date, text))


def rename(folder: Path) -> Mapping[str, str]:
    """Rename everything that has a name and return the new names; what came first in the alphabet now comes last."""
    old = sorted(_names(folder), reverse=True)
    new = {name: f"name{number:02d}" for number, name in enumerate(old)}
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(old, key=len, reverse=True)))})(?!\w)")

    def cell(column: str, text: str) -> str:
        return text if column in {"owner", "role", "event", "stages"} else found.sub(lambda name: new[name[0]], text)

    rewrite(folder, cell)
    for file in folder.glob(f"{WIDE}*.csv"):  # a file for a function, with a column for each criterion
        columns, *rows = _load(file)
        file.unlink()
        named = f"{WIDE}{new[file.stem.removeprefix(WIDE)]}.csv"
        _save(file.with_name(named), [[new.get(column, column) for column in columns], *rows])
    return new


def shuffle(folder: Path, random: Random) -> None:
    """Put the rows of every table in another order."""
    for file in folder.glob("*.csv"):
        columns, *rows = _load(file)
        _save(file, [columns, *random.sample(rows, len(rows))])


def _names(folder: Path) -> set[str]:
    found = set()
    for table, columns in NAMING.items():
        file = folder / f"{table}.csv"
        head, *rows = _load(file) if file.exists() else [[]]
        found |= {text for row in rows for column, text in zip(head, row, strict=True) if column in columns}
    return found - RESERVED


def _load(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def _save(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)

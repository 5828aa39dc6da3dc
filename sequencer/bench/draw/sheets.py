"""Tables as they will stand in a folder, and the folder's digest."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

Row: TypeAlias = tuple[object, ...]


class Sheets:
    """``plan.toml`` and CSV tables of one instance, to be written once all are settled."""

    def __init__(self, plan: str) -> None:
        self.plan = plan
        self.tables: dict[str, tuple[tuple[str, ...], list[Row]]] = {}

    def put(self, name: str, heading: str, rows: Iterable[Row]) -> None:
        """Set a table, in place of an earlier one of that name; without rows there is no table."""
        kept = list(rows)
        self.tables.pop(name, None)
        if kept:
            self.tables[name] = (tuple(heading.split(",")), kept)

    def change(self, name: str, changes: dict[tuple[object, ...], dict[str, object]]) -> None:
        """Set columns of the rows of a table whose first cells are one of the keys of ``changes``."""
        heading, rows = self.tables[name]
        width = len(next(iter(changes), ()))
        for i, row in enumerate(rows):
            if row[:width] in changes:
                rows[i] = _but(heading, row, changes[row[:width]])

    def write(self, folder: Path) -> None:
        """Write every file; a table from an earlier call that is gone is removed."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.csv"):
            if old.stem not in self.tables:
                old.unlink()
        (folder / "plan.toml").write_text(self.plan, encoding="utf-8", newline="\n")
        for name, (heading, rows) in self.tables.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(heading)
                writer.writerows(rows)


def _but(heading: tuple[str, ...], row: Row, new: dict[str, object]) -> Row:
    return tuple(new.get(column, cell) for column, cell in zip(heading, row, strict=True))


def digest(path: Path) -> str:
    """Return a SHA-256 over the names and bytes of ``plan.toml`` and the CSV files of a folder, or of one file."""
    hasher = hashlib.sha256()
    files = [path] if path.is_file() else sorted([path / "plan.toml", *path.glob("*.csv")])
    for file in files:
        hasher.update(f"{file.name}\n".encode() + file.read_bytes())
    return hasher.hexdigest()

"""The files of an instance's folder: which are read, and which a planner may take for read though nobody reads them."""

from __future__ import annotations

from pathlib import Path

from sequencer.errors import Fault, InstanceError
from sequencer.tables.faults import Faults
from sequencer.tables.plan import FILE
from sequencer.tables.schema import tables
from sequencer.tables.sources import File, Source
from sequencer.tables.wide import END, START

#: What the program or its authors put into the folder beside the instance.
RECORDS = frozenset(
    {"timetable.csv", "supplies.csv", "tight.csv", "communities.csv", "funding.csv", "best.csv", "record.csv"}
)
#: How backups and the locks of open files begin and end.
IDLE_STARTS, IDLE_ENDS = (".", "~"), ("~", ".bak", ".orig")


def listed(folder: Path, faults: Faults) -> dict[str, Source]:
    """Return the files that are read, by name in lower case.

    Parameters
    ----------
    folder : Path
        The folder of the instance.
    faults : Faults
        Takes tables that nobody would read: doubled, unknown, or saved as something else than CSV.

    Returns
    -------
    dict of Source
        ``plan.toml``, be it there or not, tables of the schema, wide readiness files and records.

    Raises
    ------
    InstanceError
        If there is no such folder.
    """
    files: dict[str, Path] = {}
    others: list[Path] = []
    for entry in _entries(folder):
        name = entry.name.lower()
        if name in files:
            found = f"{files[name].name} and {entry.name}"
            faults.add(Fault(name, 0, "", found, "one file of this name, whatever its case"))
        elif is_read(name):
            files[name] = entry
        elif not name.startswith(IDLE_STARTS) and not name.endswith(IDLE_ENDS):
            others.append(entry)
    for entry in others:
        _check_other(entry, files, faults)
    return {FILE: File(folder / FILE), **{name: File(path) for name, path in files.items()}}


def is_read(name: str) -> bool:
    """Return whether a file of this name is read, or a record."""
    read = {table.path for table in tables().values()} | RECORDS | {FILE}
    return name in read or (name.startswith(START) and name.endswith(END))


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        found = f"a folder that cannot be opened: {why}"
        raise InstanceError(
            [Fault(str(folder), 0, "", found, "a folder with plan.toml and CSV files, or a workbook (.xlsx)")]
        ) from None


def _check_other(entry: Path, files: dict[str, Path], faults: Faults) -> None:
    """Note a file that looks like a table but is none that is read."""
    name = entry.name.lower()
    stem = name.partition(".")[0]
    path = f"{stem}.csv"
    if name == stem and entry.is_dir():
        return
    if name.endswith(".csv"):
        known = [table.path for table in tables().values()]
        hint = faults.nearest(name, known)
        faults.add(Fault(entry.name, 0, "", "an unknown table", "a table of the schema", hint))
    elif stem in tables() or stem.startswith(START):
        hint = "rename it" if name.startswith(path) else "save it as CSV"
        if path in files:
            hint = f"{path} is read; keep this elsewhere"
        faults.add(Fault(entry.name, 0, "", "a table that is not CSV", path, hint))
        if path not in files:
            faults.files.add(path)  # the table has faults: nothing in it could be read

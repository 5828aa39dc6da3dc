"""What a micro instance is: a few tables as a planner writes them, and what they are to show."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sequencer import Instance, read

#: Tables of every micro instance that does not give its own, and ``plan``, the lines of ``plan.toml``.
#: Transfers that fit: of policing months 1 to 5, of clinics 0 to 6.
BASE = {
    "plan": "months = 8",
    "places": "place,region,population | arden,north,2000 | belmont,south,1001",
    "functions": "function,sector,joint_months,mentored_months,advisory_months"
    " | policing,security,1,2,1 | clinics,,0,1,1",
    "packages": "place,function | arden,policing | arden,clinics",
}


#: The lines that every ``plan.toml`` begins with.
SETTING = ('first_month = "2030-01"', 'objective = ["exit", "early_transfer", "cost"]')


@dataclass(frozen=True)
class Micro:
    """An instance with few timetables that shows one thing.

    Attributes
    ----------
    name : str
        What it shows.
    bites : tuple of str
        Ids of rules; each is the only one that some timetable breaches.
    tables : mapping of str to str
        By table, its rows with ``|`` between them, the header first; of ``plan`` the lines.
    lifted : mapping of str to str
        The tables that are otherwise where the thing shown is gone; an empty one is left out.
    """

    name: str
    bites: tuple[str, ...]
    tables: Mapping[str, str]
    lifted: Mapping[str, str]

    @cached_property
    def instance(self) -> Instance:
        """The instance, as read."""
        return read_tables({**BASE, **self.tables})

    @cached_property
    def without(self) -> Instance:
        """The instance without the thing shown, as read."""
        return read_tables({**BASE, **self.tables, **self.lifted})

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def micro(name: str, bites: str, lifted: Mapping[str, str], **tables: str) -> Micro:
    """Return a micro instance; ``bites`` are ids with blanks between them."""
    return Micro(name, tuple(bites.split()), tables, lifted)


def write(tables: Mapping[str, str], folder: Path) -> None:
    """Write the tables of a micro instance to a folder, as files that a planner could have written."""
    for name, said in tables.items():
        lines = [line.strip() for line in said.split("|")]
        if name == "plan":
            (folder / "plan.toml").write_text("\n".join([*SETTING, *lines, ""]), encoding="utf-8")
        elif said:
            (folder / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


def read_tables(tables: Mapping[str, str]) -> Instance:
    """Return the instance that some tables make."""
    with tempfile.TemporaryDirectory() as folder:
        write(tables, Path(folder))
        return read(folder)

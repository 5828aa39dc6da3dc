"""Reading when packages were handed over, from a plan or from a record of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sequencer.errors import Fault, InstanceError
from sequencer.instance.instance import Instance
from sequencer.tables import cells, text
from sequencer.tables.cells import Setting
from sequencer.tables.faults import CellError, Faults, shown
from sequencer.tables.schema import Column

COLUMNS = {
    column.name: column
    for column in (
        Column(name="package", role="pattern"),
        Column(name="place", role="name"),
        Column(name="function", role="name"),
        Column(name="transfer", role="month"),
    )
}


def read_record(path: str | Path, instance: Instance) -> dict[str, int | None]:
    """Read the transfer months of packages.

    Parameters
    ----------
    path : str or Path
        A CSV file with the column ``transfer`` and ``package``, or ``place`` and ``function``; others are ignored.
        It may hold packages the instance lacks, lack packages it holds, and name any month.
    instance : Instance
        Says which month is the first.

    Returns
    -------
    dict of int or None
        The month of transfer by package, counted from the start of the plan; None where the cell is blank.

    Raises
    ------
    InstanceError
        If anything cannot be understood, or a package has two rows; it holds every fault found.
    """
    path = Path(path)
    faults = Faults()
    try:
        sheet = text.sheet(text.load(path), frozenset(COLUMNS))
        places = _places(sheet)
    except text.FileError as bad:
        raise InstanceError([bad.fault(path.name)]) from None
    if sheet.trouble:
        faults.add(sheet.trouble.fault(path.name))
    setting = Setting(sheet.delimiter, instance.calendar, instance.plan.mandate_end, instance.plan.months - 1)
    first: dict[str, int] = {}
    months: dict[str, int | None] = {}
    for number, line in sheet.rows:
        written = {name: line[place] for name, place in places.items() if place < len(line)}
        row = _Row(path.name, number, written, setting, faults)
        package, month = row.package(), row.value("transfer")
        if package in first:
            row.fault("package", f"{shown(package)} again", "one row for each", f"first in row {first[package]}")
        elif package is not None:
            first[package] = number
            months[package] = month
    if faults.found:
        raise InstanceError(faults.found)
    return months


def _places(sheet: text.Sheet) -> dict[str, int]:
    """Return where each column stands that is read."""
    headings = [text.heading(written) for written in sheet.header]
    for name in COLUMNS:
        if headings.count(name) > 1:
            raise text.FileError(f"the column {name} twice", "each column once", row=sheet.first)
    places = {name: headings.index(name) for name in COLUMNS if name in headings}
    if "transfer" not in places or not ("package" in places or {"place", "function"} <= places.keys()):
        found = f"the columns {', '.join(filter(None, sheet.header))}"
        raise text.FileError(found, "package, or place and function, and transfer", row=sheet.first)
    return places


@dataclass(slots=True, eq=False)
class _Row:
    """One row while it is read."""

    file: str
    number: int
    written: Mapping[str, str]
    setting: Setting
    faults: Faults
    bad: set[str] = field(default_factory=set)

    def package(self) -> str | None:
        """Return the name of the package; None where it cannot be understood."""
        named, parts = self._named(), (self.value("place"), self.value("function"))
        if not self.bad.isdisjoint(("package", "place", "function")):
            return None
        if named is None and not all(parts):
            self.fault("package", "nothing", "a package, or a place and a function")
            return None
        if named is not None:
            for column, part, found in zip(("place", "function"), named, parts, strict=True):
                if found and found != part:
                    self.fault(column, shown(found), f"{part}, as package says, or a blank cell")
                    return None
        return "/".join(named or parts)

    def _named(self) -> tuple[str, str] | None:
        """Return place and function as the column ``package`` names them."""
        pattern = self.value("package")
        if pattern is None:
            return None
        named = (pattern.place, pattern.function)
        if "/" not in self.written["package"] or any("*" in part or ":" in part for part in named):
            self.fault("package", shown(self.written["package"]), "one package, PLACE/FUNCTION")
        return named

    def value(self, column: str) -> Any:  # noqa: ANN401 - the role of the column says which type
        """Return the value of a cell; None where it is blank or has a fault."""
        if column in self.bad:
            return None
        try:
            return cells.value(self.written.get(column, ""), COLUMNS[column], self.setting)
        except CellError as bad:
            self.fault(column, shown(self.written[column]), bad.needed, bad.hint)
            return None

    def fault(self, column: str, found: str, needed: str, hint: str = "") -> None:
        """Note a fault of this row."""
        self.bad.add(column)
        self.faults.add(Fault(self.file, self.number, column, found, needed, hint))

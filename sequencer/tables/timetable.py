"""Reading a timetable that somebody wrote or changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sequencer.errors import Fault, InstanceError
from sequencer.instance.dates import events
from sequencer.instance.facts import Option, Package
from sequencer.instance.instance import Instance
from sequencer.tables.cells import Setting
from sequencer.tables.faults import Faults, listed, shown
from sequencer.tables.rows import Row, Rows, read_rows
from sequencer.tables.schema import Column, Table
from sequencer.tables.sources import File
from sequencer.timetable import Choice
from sequencer.vocabulary import Event

#: For readers; nothing depends on them.
WORDS = ("place", "function", "institution", "receiver", "phase", "note", "comment", "source", "confidence")
DATES = tuple(event for event in Event if event is not Event.TRANSFER)


def read_timetable(path: str | Path, instance: Instance) -> dict[str, Choice]:
    """Read the choices of a timetable.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns ``package``, ``option`` and ``transfer``; a blank option is the only one there is.
        Place and function may be given and must agree with the package, dates of other events with the option and the
        transfer. Notes are ignored.
    instance : Instance
        What the timetable is a timetable of.

    Returns
    -------
    dict of Choice
        One for each package, by name, in the order of the instance.

    Raises
    ------
    InstanceError
        If anything is wrong; it holds every fault found.
    """
    path = Path(path)
    faults = Faults()
    setting = Setting(",", instance.calendar, instance.plan.mandate_end, instance.plan.months - 1)
    rows = read_rows(File(path), _table(path.name), setting, faults)
    choices: dict[str, Choice] = {}
    for package, row in _by_package(rows, instance, faults).items():
        _check_parts(row, instance.package[package], faults)
        option = _option(row, instance.options_of[package], faults)
        if option and "transfer" not in row.bad:
            choices[package] = Choice(option.name, row["transfer"])
            _check_dates(row, events(instance, option, row["transfer"]), instance, faults)
    if faults.found:
        raise InstanceError(faults.found)
    return {name: choices[name] for name in instance.package}


def _table(file: str) -> Table:
    columns = (
        Column(name="package", role="text", required=True, description="place/function"),
        Column(name="option", role="name", description="name of the option"),
        Column(name="transfer", role="month", required=True, description="month of the transfer, YYYY-MM"),
        *(Column(name=word, role="text") for word in WORDS),
        *(Column(name=event.value, role="month") for event in DATES),
    )
    return Table(name="timetable", path=file, columns=columns, references={})


def _by_package(rows: Rows, instance: Instance, faults: Faults) -> dict[str, Row]:
    """Return the row of each package; unknown, doubled and missing packages are faults."""
    first: dict[str, Row] = {}
    complete = rows.whole  # otherwise a row that cannot be understood may be the missing one
    for row in rows:
        package = row["package"]
        if "package" in row.bad:
            complete = False
        elif package not in instance.package:
            complete = False
            hint = faults.nearest(package, instance.package)
            row.fault(faults, "package", shown(package), "a package of the instance", hint)
        elif package in first:
            hint = f"first in row {first[package].number}"
            row.fault(faults, "package", f"{shown(package)} again", "one row for each", hint)
        else:
            first[package] = row
    missing = [name for name in instance.package if name not in first]
    if missing and complete:
        faults.add(Fault(rows.table.path, 0, "package", f"no row for {listed(missing)}", "one row for each package"))
    return first


def _option(row: Row, options: tuple[Option, ...], faults: Faults) -> Option | None:
    """Return the option that a row names, or the only one; otherwise note a fault."""
    if "option" in row.bad:
        return None
    by_name = {option.name: option for option in options}
    if not row["option"] and len(options) == 1:
        return options[0]
    if row["option"] not in by_name:
        hint = faults.nearest(row["option"], by_name)
        row.fault(faults, "option", shown(row["option"]), f"an option of the package: {', '.join(by_name)}", hint)
    return by_name.get(row["option"])


def _check_parts(row: Row, package: Package, faults: Faults) -> None:
    for column, part in (("place", package.place), ("function", package.function)):
        if row[column] and row[column] != part:
            row.fault(faults, column, shown(row[column]), f"{part}, as package says, or a blank cell")


def _check_dates(row: Row, events: Mapping[Event, int], instance: Instance, faults: Faults) -> None:
    label = instance.calendar.label
    for event in DATES:
        if event not in row.bad and row[event] is not None and row[event] != events[event]:
            needed = f"{label(events[event])}, which follows from the option and the transfer"
            row.fault(faults, event, shown(label(row[event])), needed, "change these, or leave the cell blank")

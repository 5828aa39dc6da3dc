"""Reading an instance: a folder of CSV files, or a workbook, becomes an `Instance`, or a list of all its faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sequencer.errors import Fault, InstanceError
from sequencer.garbage import uncollected
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.tables import build, library, money, spread
from sequencer.tables.capacity import capacity
from sequencer.tables.checks import check_complete
from sequencer.tables.faults import Faults, shown
from sequencer.tables.folder import listed
from sequencer.tables.links import links
from sequencer.tables.names import Names
from sequencer.tables.needs import needs
from sequencer.tables.phases import phases
from sequencer.tables.plan import FILE, Scalars, check_negotiable, read_plan
from sequencer.tables.reading import Reading
from sequencer.tables.references import check_references
from sequencer.tables.reserves import name_resources
from sequencer.tables.rows import Rows, read_rows
from sequencer.tables.schema import tables
from sequencer.tables.sources import Source
from sequencer.tables.spellings import check_spellings
from sequencer.tables.wide import add_wide

F = TypeVar("F", bound=facts.Fact)


@uncollected()
def read(path: str | Path) -> Instance:
    """Read an instance from a folder or a workbook.

    Parameters
    ----------
    path : str or Path
        A folder with ``plan.toml``, ``packages.csv``, ``places.csv``, ``functions.csv`` and any other table of the
        schema; or an Excel workbook (``.xlsx``, ``.xlsm``) with a sheet for each and one called ``plan``.

    Returns
    -------
    Instance
        Wildcards expanded, months counted from the start of the plan.

    Raises
    ------
    InstanceError
        If anything is wrong; it holds every fault that could be found.
    """
    path = Path(path)
    if path.suffix and path.is_file():
        from sequencer.tables.workbook.book import Book, is_workbook  # noqa: PLC0415 - only workbooks need their reader

        if is_workbook(path):
            book = Book(path)
            try:
                return _read(book.listed)
            except InstanceError as error:
                raise InstanceError(map(book.told, error.faults)) from None
    return _read(lambda faults: listed(path, faults))


def _read(sources: Callable[[Faults], Mapping[str, Source]]) -> Instance:
    """Return the instance, given what names its sources."""
    faults = Faults()
    files = sources(faults)
    scalars = read_plan(files[FILE], faults)
    read_tables = _tables(files, scalars, faults)
    name_resources(read_tables, faults)
    library.add(read_tables, scalars.library)
    check_spellings(read_tables, faults)
    names = Names(read_tables)
    check_references(read_tables, names, faults)
    reading = Reading(read_tables, names, scalars, faults)
    add_wide(files, reading)
    if scalars.dated:
        _check_stretches(read_tables, scalars, faults)
    instance = _built(reading)
    check_complete(instance, reading)
    if not faults.found:  # numbers in rows with a fault are not there
        check_negotiable(files[FILE], instance, faults)
    if faults.found:
        raise InstanceError(faults.found)
    return _without_idle_gains(instance)


def _tables(files: Mapping[str, Source], scalars: Scalars, faults: Faults) -> dict[str, Rows]:
    read_tables = {}
    for name, table in tables().items():
        if table.path in files:
            read_tables[name] = read_rows(files[table.path], table, scalars.setting, faults)
        else:
            elsewhere = faults.touch(table.path)  # in a file of another kind
            required = table.required and name not in scalars.library
            read_tables[name] = Rows(table, whole=not required and not elsewhere)
            if required and not elsewhere:
                faults.add(Fault(table.path, 0, "", "no such file", f"a table: {table.description.rstrip('.')}"))
    return read_tables


def _check_stretches(read_tables: Mapping[str, Rows], scalars: Scalars, faults: Faults) -> None:
    for rows in read_tables.values():
        if not {"from", "to"} <= {column.name for column in rows.table.columns}:
            continue
        for row in rows:
            if row.bad.isdisjoint(("from", "to")) and row["to"] is not None and row["to"] < (row["from"] or 0):
                first = scalars.calendar.label(row["from"] or 0)
                row.fault(faults, "to", shown(scalars.calendar.label(row["to"])), f"a month from {first} on")


def _built(reading: Reading) -> Instance:
    needed = tuple(needs(reading))
    joined = tuple(links(reading))
    money.check_lines_named(reading)
    return Instance(
        calendar=reading.scalars.calendar,
        plan=reading.scalars.plan,
        phases=phases(reading),
        places=tuple(build.places(reading)),
        functions=tuple(build.functions(reading)),
        packages=tuple(build.packages(reading)),
        options=tuple(spread.options(reading)),
        gains=tuple(spread.gains(reading)),
        criteria=tuple(spread.criteria(reading)),
        readiness=tuple(spread.readiness(reading)),
        threat=tuple(spread.threat(reading)),
        limits=tuple(spread.limits(reading)),
        resources=tuple(build.resources(reading)),
        capacity=tuple(capacity(reading)),
        needs=of_kind(needed, facts.Need),
        guarantees=tuple(build.guarantees(reading)),
        links=of_kind(joined, facts.Link),
        widths=of_kind(joined, facts.Width),
        gates=of_kind(joined, facts.Gate),
        calendar_events=tuple(build.closures(reading)),
        budget=tuple(money.budget(reading)),
        donors=tuple(money.donors(reading)),
        pledges=tuple(money.pledges(reading)),
        reserves=tuple(build.reserves(reading)),
        relapses=of_kind(needed, facts.Relapse),
        published=tuple(build.published(reading)),
    )


def of_kind(found: Iterable[facts.Fact], kind: type[F]) -> tuple[F, ...]:
    """Return those of one kind among facts that one file gives."""
    return tuple(fact for fact in found if isinstance(fact, kind))


def _without_idle_gains(instance: Instance) -> Instance:
    """Return the instance without gains that a wildcard gave to packages which lack the option."""
    options = {(option.package, option.name) for of_one in instance.options_of.values() for option in of_one}
    gains = tuple(gain for gain in instance.gains if (gain.package, gain.option) in options)
    return instance if len(gains) == len(instance.gains) else replace(instance, gains=gains)

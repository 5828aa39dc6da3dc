"""Reading what really happened up to a month: transfers, and the stages that packages are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sequencer.errors import InstanceError
from sequencer.instance.dates import events
from sequencer.instance.facts import Option
from sequencer.instance.instance import Instance
from sequencer.tables.cells import Setting
from sequencer.tables.faults import Faults, shown
from sequencer.tables.rows import Row, read_rows
from sequencer.tables.schema import Column, Table, tables
from sequencer.tables.sources import File
from sequencer.timetable import Choice, Choices
from sequencer.vocabulary import CLOSES, OPENS, Event, Origin, Stage

NOTES = ("institution", "receiver", "phase", "comment", "source", "confidence", "note")
NOT_YET = frozenset({Stage.INTERNATIONAL, Stage.SUPPORT, Stage.PROVING, Stage.JOINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """What has happened to one package; without transfer, stage and since it went, or is to go, as published.

    Attributes
    ----------
    package, option : str
        The option is that of the row, else the published one.
    named : bool
        Whether the row names the option.
    transfer : int or None
        The month in which it was handed over; None: that has not happened, or was undone.
    stage, since : Stage and int, or None
        The stage it is in, and its first month; ``international`` sets it free to begin again.
    origin : Origin
        The row that says so.
    """

    package: str
    option: str
    named: bool
    transfer: int | None
    stage: Stage | None
    since: int | None
    origin: Origin


def read_actuals(path: str | Path, instance: Instance, published: Choices, as_of: int) -> dict[str, Actual]:
    """Read what has happened to packages before a month.

    Parameters
    ----------
    path : str or Path
        A CSV file with ``package``, or ``place`` and ``function``, and any of ``transfer``, ``option``, ``stage`` and
        ``since``. A package without a row, and one whose row says nothing more, went as published.
    instance : Instance
    published : mapping of str to Choice
        The plan published before, for every package.
    as_of : int
        The month before which all has happened.

    Returns
    -------
    dict of Actual
        By package, in the order of the file.

    Raises
    ------
    InstanceError
        If anything is wrong; it holds every fault found.
    """
    path, faults = Path(path), Faults()
    setting = Setting(",", instance.calendar, instance.plan.mandate_end, instance.plan.months - 1)
    rows = read_rows(File(path), _table(path.name), setting, faults)
    reader = _Reader(instance, published, as_of, faults)
    found: dict[str, Actual] = {}
    first: dict[str, Row] = {}
    for row in rows:
        name = reader.package(row)
        if name is None:
            continue
        if name in first:
            hint = f"first in row {first[name].number}"
            row.fault(faults, "package", f"{shown(name)} again", "one row for each", hint)
            continue
        first[name] = row
        actual = reader.actual(row, name)
        if actual is not None:
            found[name] = actual
    if faults.found:
        raise InstanceError(faults.found)
    return found


def checked_actuals(
    given: Mapping[str, Actual], instance: Instance, published: Choices, as_of: int
) -> dict[str, Actual]:
    """Return what has happened, once each of it could stand in a file; one that says nothing is left out, as there.

    Parameters
    ----------
    given : mapping of str to Actual
        By package.
    instance, published, as_of
        As for ``read_actuals``.

    Raises
    ------
    InstanceError
        If anything is wrong; it holds every fault found.
    """
    faults, found = Faults(), {}
    reader = _Reader(instance, published, as_of, faults)
    for key, actual in given.items():
        values = {word: getattr(actual, word) for word in ("package", "option", "transfer", "stage", "since")}
        row = Row(actual.origin.file, actual.origin.row or 0, {"place": "", "function": "", **values})
        name = reader.package(row)
        if name is not None and name != key:
            row.fault(faults, "package", f"{shown(name)} for {shown(key)}", "what happened to each under its own name")
        said = None if name is None or row.bad else reader.actual(row, name)
        if said is not None:
            found[key] = actual
    if faults.found:
        raise InstanceError(faults.found)
    return found


def _table(file: str) -> Table:
    stage = next(column for column in tables()["packages"].columns if column.name == "current_stage")
    columns = (
        Column(name="package", role="text", description="place/function"),
        Column(name="place", role="text"),
        Column(name="function", role="text"),
        Column(name="transfer", role="month", description="month in which it was handed over"),
        Column(name="option", role="name", description="name of the option"),
        Column(name="stage", role=stage.role, choices=stage.choices, description="stage it is in"),
        Column(name="since", role="month", description="first month of that stage"),
        *(Column(name=word, role="text") for word in NOTES),
    )
    return Table(name="actuals", path=file, columns=columns, references={})


class _Reader:
    """Reads rows one by one, and notes what is wrong with each."""

    def __init__(self, instance: Instance, published: Choices, as_of: int, faults: Faults) -> None:
        self._instance = instance
        self._published = published
        self._as_of = as_of
        self._faults = faults
        self._label = instance.calendar.label

    def package(self, row: Row) -> str | None:
        """Return the package a row is about; None, with a fault, if it is none of the instance."""
        if not row.bad.isdisjoint(("package", "place", "function")):
            return None
        name, parts = row["package"], (row["place"], row["function"])
        if not name and not all(parts):
            row.fault(self._faults, "package", "nothing", "a package, or a place and a function")
            return None
        name = name or "/".join(parts)
        if name not in self._instance.package:
            hint = self._faults.nearest(name, self._instance.package)
            row.fault(self._faults, "package", shown(name), "a package of the instance", hint)
            return None
        fact = self._instance.package[name]
        for column, said, part in zip(("place", "function"), parts, (fact.place, fact.function), strict=True):
            if said and said != part:
                row.fault(self._faults, column, shown(said), f"{part}, as package says, or a blank cell")
        return str(name)

    def actual(self, row: Row, name: str) -> Actual | None:
        """Return what a row says of its package; None if it says nothing, or has a fault."""
        option = self._option(row, name)
        if option is None or row.bad:
            return None
        stage = Stage(row["stage"]) if row["stage"] else None
        said = Actual(
            package=name,
            option=option.name,
            named=bool(row["option"]),
            transfer=row["transfer"],
            stage=stage,
            since=row["since"],
            origin=row.origin,
        )
        if stage is None and said.since is None and said.transfer is None:
            self._check_unsaid(row, said, self._published[name])
            return None
        self._check_months(row, said)
        if not row.bad:
            self._check_stage(row, said, option)
        return None if row.bad else said

    def _option(self, row: Row, name: str) -> Option | None:
        if "option" in row.bad:
            return None
        options = {option.name: option for option in self._instance.options_of[name]}
        wanted = row["option"] or self._published[name].option
        if wanted not in options:
            hint = self._faults.nearest(wanted, options)
            row.fault(self._faults, "option", shown(wanted), f"an option of the package: {', '.join(options)}", hint)
        return options.get(wanted)

    def _check_unsaid(self, row: Row, said: Actual, published: Choice) -> None:
        """Refuse to guess where a package is that was to be handed over by now and was not, or has another option."""
        if said.option != published.option:
            row.fault(self._faults, "option", shown(said.option), "transfer, or stage and since, beside another option")
        if published.transfer < self._as_of and "stage" not in row.bad:
            found = f"nothing, but {self._label(published.transfer)} was published"
            hint = "international sets it free to begin again"
            row.fault(self._faults, "transfer", found, "the month in which it happened, or stage and since", hint)

    def _check_months(self, row: Row, said: Actual) -> None:
        now = self._label(self._as_of)
        if said.transfer is not None and said.transfer >= self._as_of:
            needed = f"a month before {now}: what comes later is planned, not recorded"
            row.fault(self._faults, "transfer", self._label(said.transfer), needed)
        if said.since is not None and said.since > self._as_of:
            row.fault(self._faults, "since", self._label(said.since), f"a month up to {now}")
        if said.stage is None and said.since is not None:
            row.fault(self._faults, "stage", "nothing", f"the stage that began in {self._label(said.since)}")
        if said.stage not in {None, Stage.INTERNATIONAL} and said.since is None:
            row.fault(self._faults, "since", "nothing", f"the first month of the stage {said.stage}")

    def _check_stage(self, row: Row, said: Actual, option: Option) -> None:
        """Check that the stage follows from the dates and the option, and lasts up to now."""
        opens = None if said.stage is None else OPENS[said.stage]
        if said.transfer is not None and said.stage in NOT_YET:
            found = f"{said.stage}, though transfer says {self._label(said.transfer)}"
            hint = "of a package that fell back, leave transfer blank"
            row.fault(self._faults, "stage", found, "a stage after the transfer, or a blank cell", hint)
            return
        if said.stage is None or said.since is None or opens is None:
            return
        at_zero = events(self._instance, option, 0)
        transfer = said.since - at_zero[opens]
        if said.transfer not in {None, transfer}:
            begins = self._label(at_zero[opens] + (said.transfer or 0))
            needed = f"{begins}, which follows from transfer and option"
            row.fault(self._faults, "since", self._label(said.since), needed, "of a new start, leave transfer blank")
            return
        self._check_lasts(row, said, {event: month + transfer for event, month in at_zero.items()})

    def _check_lasts(self, row: Row, said: Actual, dates: Mapping[Event, int]) -> None:
        closes = None if said.stage is None else CLOSES[said.stage]
        if said.stage is None or closes is None:
            return
        if dates[closes] == said.since:
            row.fault(self._faults, "stage", said.stage, f"a stage that the option {said.option} has")
        elif dates[closes] < self._as_of:
            found = f"{said.stage} since {self._label(said.since or 0)}, which with {said.option} ended in"
            needed = f"the stage it is in by {self._label(self._as_of)}, or the month in which it began anew"
            row.fault(self._faults, "stage", f"{found} {self._label(dates[closes])}", needed)

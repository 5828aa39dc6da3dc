"""From rows to facts: one function for each table that needs no comparing of rows."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance import facts
from sequencer.tables.reading import Reading, stretch
from sequencer.tables.rows import Row
from sequencer.vocabulary import Bucket, Event, Per, Stage

FRAGILE = frozenset({Stage.JOINT, Stage.MENTORED, Stage.ADVISORY})


def places(reading: Reading) -> Iterator[facts.Place]:
    """Yield the places."""
    for row in reading.sound("places"):
        yield facts.Place(
            name=row["place"], region=row["region"], population=row["population"], community=row["community"],
            origin=row.origin,
        )  # fmt: skip


def functions(reading: Reading) -> Iterator[facts.Function]:
    """Yield the functions."""
    for row in reading.sound("functions"):
        yield facts.Function(
            name=row["function"],
            sector=row["sector"],
            joint=row["joint_months"],
            mentored=row["mentored_months"],
            advisory=row["advisory_months"],
            fragile=frozenset(map(Stage, row["fragile"])) or FRAGILE,
            weight=row["weight"],
            origin=row.origin,
        )


def packages(reading: Reading) -> Iterator[facts.Package]:
    """Yield the packages; dates of one package that contradict each other are faults."""
    same = (
        "place", "function", "institution", "receiver", "weight", "earliest", "latest", "fixed", "since",
        "recurrent_cost", "holding_cost", "handover_cost",
    )  # fmt: skip
    for row in reading.tables["packages"]:
        _check_dates(reading, row)
    for row in reading.sound("packages"):
        yield facts.Package(
            name=f"{row['place']}/{row['function']}",
            option=row["option"] or None,
            current_stage=Stage(row["current_stage"]) if row["current_stage"] else None,
            origin=row.origin,
            **{column: row[column] for column in same},
        )


def _check_dates(reading: Reading, row: Row) -> None:
    label, faults = reading.scalars.calendar.label, reading.faults
    earliest, latest, fixed = row["earliest"], row["latest"], row["fixed"]
    if reading.scalars.dated:
        if None not in (earliest, latest) and latest < earliest:
            row.fault(faults, "latest", label(latest), f"a month from earliest, {label(earliest)}, on")
        if None not in (fixed, earliest) and fixed < earliest:
            row.fault(faults, "fixed", label(fixed), f"a month from earliest, {label(earliest)}, on")
        if None not in (fixed, latest) and fixed > latest:
            row.fault(faults, "fixed", label(fixed), f"a month up to latest, {label(latest)}")
    if row["current_stage"] and row["since"] is None and "since" not in row.bad:
        row.fault(faults, "since", "nothing", f"the first month of the stage {row['current_stage']}")
    if row["since"] is not None and not row["current_stage"] and "current_stage" not in row.bad:
        row.fault(faults, "current_stage", "nothing", f"the stage that began in {label(row['since'])}")


def resources(reading: Reading) -> Iterator[facts.Resource]:
    """Yield the resources."""
    for row in reading.sound("resources"):
        yield facts.Resource(
            name=row["resource"], bucket=Bucket(row["bucket"]), unit=row["unit"], owner=row["owner"],
            per=Per(row["per"]), origin=row.origin,
        )  # fmt: skip


def guarantees(reading: Reading) -> Iterator[facts.Guarantee]:
    """Yield the presence forces."""
    for row in reading.sound("guarantees"):
        yield facts.Guarantee(
            force=row["force"],
            resource=row["resource"],
            owner=row["owner"],
            home=row["home"],
            covers=frozenset(reading.names.places(row["covers"])),
            response_hours=row["response_hours"],
            people=row["people"],
            origin=row.origin,
            **stretch(row),
        )


def closures(reading: Reading) -> Iterator[facts.Closure]:
    """Yield the calendar events; a blank cell means all places, all functions, the transfer, or one month."""
    for row in reading.sound("calendar"):
        yield facts.Closure(
            name=row["name"],
            places=frozenset(reading.names.places(row["places"] or ("*",))),
            functions=reading.names.functions(row["functions"] or ("*",)),
            events=frozenset(map(Event, row["events"] or ("transfer",))),
            start=row["from"],
            end=row["from"] if row["to"] is None else row["to"],
            yearly=row["yearly"],
            origin=row.origin,
        )

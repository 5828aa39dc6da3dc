"""From rows to facts: one function for each table that needs no comparing of rows."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance import facts
from sequencer.tables.factors import factor
from sequencer.tables.faults import shown
from sequencer.tables.reading import Reading, stretch
from sequencer.tables.rows import Row
from sequencer.vocabulary import Bucket, Event, Per, Stage

RESERVE = "reserve"  # the role of forces that answer relapses
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
        "recurrent_cost", "holding_cost", "handover_cost", "revenue", "revenue_to",
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
    begun = row["current_stage"] and row["current_stage"] != Stage.INTERNATIONAL
    if begun and row["since"] is None and "since" not in row.bad:
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
    """Yield the forces; the scope of a reserve force is the country or one region."""
    scopes = {row: _scope(reading, row) for row in reading.usable("guarantees", "role", "covers")}
    for row in reading.sound("guarantees"):
        yield facts.Guarantee(
            force=row["force"],
            resource=row["resource"],
            owner=row["owner"],
            home=row["home"],
            covers=frozenset(reading.names.places(row["covers"])),
            scope=scopes[row],
            response_hours=row["response_hours"],
            people=row["people"],
            origin=row.origin,
            **stretch(row),
        )


def _scope(reading: Reading, row: Row) -> str:
    """Return the scope of a reserve force; nothing for a presence force."""
    if row["role"] != RESERVE:
        return ""
    (segment, *others) = row["covers"]
    if others or not (segment == "*" or ":" in segment):
        needed = f"{shown('*')} for the whole country, or one region:NAME"
        row.fault(reading.faults, "covers", shown("; ".join(row["covers"])), needed, "each scope has its own reserve")
    return facts.COUNTRY if segment == "*" else str(segment.partition(":")[2])


def reserves(reading: Reading) -> Iterator[facts.Reserve]:
    """Yield the reserve scopes."""
    for row in reading.sound("reserve"):
        yield facts.Reserve(scope=row["scope"], k=row["k"], origin=row.origin)


def published(reading: Reading) -> Iterator[facts.Published]:
    """Yield the plan published before; rows that name no package are faults."""
    packages, faults = reading.names.packages, reading.faults
    for row in reading.usable("published", "place", "function"):
        package = f"{row['place']}/{row['function']}"
        if package not in packages and not faults.touch("packages.csv", "places.csv", "functions.csv"):
            needed = "a package from packages.csv"
            row.fault(faults, "function", shown(package), needed, faults.nearest(package, packages))
    for row in reading.sound("published"):
        yield facts.Published(package=f"{row['place']}/{row['function']}", transfer=row["transfer"], origin=row.origin)


def closures(reading: Reading) -> Iterator[facts.Closure]:
    """Yield the calendar events.

    A blank cell means all places, all functions, the transfer (no event beside a capacity factor), or one month.
    """
    pools = {row: factor(reading, row) for row in reading.tables["calendar"]}
    for row in reading.sound("calendar"):
        closed = row["events"] or (() if row["resource"] else (Event.TRANSFER,))
        yield facts.Closure(
            name=row["name"],
            places=frozenset(reading.names.places(row["places"] or ("*",))),
            functions=reading.names.functions(row["functions"] or ("*",)),
            events=frozenset(map(Event, closed)),
            start=row["from"],
            end=row["from"] if row["to"] is None else row["to"],
            yearly=row["yearly"],
            resource=row["resource"],
            pools=pools[row],
            factor=row["capacity_factor"],
            origin=row.origin,
        )

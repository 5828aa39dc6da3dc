"""Money: the host's budget by fiscal year, donors and their pledges, and who gets the revenue."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

from sequencer.instance import facts
from sequencer.tables.faults import shown
from sequencer.tables.reading import Reading, stretch
from sequencer.tables.rows import Row
from sequencer.tables.spellings import folded
from sequencer.vocabulary import Event

MONEY = "money"  # what a resource may not be called where there is a money rule


def budget(reading: Reading) -> Iterator[facts.Budget]:
    """Yield what each budget line has in each fiscal year; two rows for one year are a fault.

    A row without years gives those of the plan that its line's other rows leave out. The base is stated by the first
    year of its row.
    """
    lines = _years(reading)
    _check_bases(reading, "budget", [((row["line"],), row) for row in reading.usable("budget", "line", "base")])
    for row in reading.sound("budget"):
        others = lines.get(row["line"], {})
        years = row["fiscal_year"] or [year for year in plan_years(reading) if year not in others]
        if not years:
            needed = "a year, or one of the plan that no other row gives"
            row.fault(
                reading.faults, "fiscal_year", f"nothing, and other rows of {row['line']} give every year", needed
            )
        for year in sorted(years):
            yield facts.Budget(
                line=row["line"],
                year=year,
                amount=row["amount"],
                max_growth=row["max_growth"],
                max_fall=row["max_fall"],
                base=row["base"] if year == min(years) else None,
                origin=row.origin,
            )


def _years(reading: Reading) -> dict[str, dict[int, Row]]:
    """Return the rows that name the years of each line; years and remainders given twice are faults."""
    for row in reading.usable("budget", "line"):
        if folded(row["line"]) == facts.HOST != row["line"]:
            hint = "two spellings are two lines, and revenue goes to `host` unless another line is named"
            row.fault(reading.faults, "line", shown(row["line"]), f"{facts.HOST}, or another name", hint)
    lines: dict[str, dict[int, Row]] = {}
    for row in reading.usable("budget", "line", "fiscal_year"):
        given = lines.setdefault(row["line"], {})
        for year in row["fiscal_year"]:
            if given.setdefault(year, row) is not row:
                found = f"FY{year} again, as in row {given[year].number}"
                row.fault(reading.faults, "fiscal_year", found, f"one row for each fiscal year of {row['line']}")
    rest: dict[str, Row] = {}
    for row in reading.usable("budget", "line", "fiscal_year"):
        if not row["fiscal_year"] and rest.setdefault(row["line"], row) is not row:
            found = f"nothing, as in row {rest[row['line']].number}"
            row.fault(reading.faults, "fiscal_year", found, f"one row of {row['line']} for all other years")
    return lines


def plan_years(reading: Reading) -> range:
    """Return the fiscal years that hold a month of the plan."""
    calendar, months = reading.scalars.calendar, reading.scalars.plan.months
    return range(calendar.fiscal_year(0), calendar.fiscal_year(months - 1) + 1)


def _check_bases(reading: Reading, table: str, rows: Iterable[tuple[tuple[str, ...], Row]]) -> None:
    stated: dict[tuple[str, ...], Row] = {}
    for line, row in rows:
        if row["base"] is not None and stated.setdefault(line, row) is not row:
            found = f"{row['base']}, when row {stated[line].number} states it already"
            needed = f"the base of {'/'.join(filter(None, line))} once"
            row.fault(reading.faults, "base", found, needed, f"in one row of {table}.csv")


def donors(reading: Reading) -> Iterator[facts.Donor]:
    """Yield the donors; one that is called like a budget line is a fault."""
    lines = {facts.HOST, *(row["line"] for row in reading.usable("budget", "line"))}
    for row in reading.usable("donors", "donor"):
        if row["donor"] in lines:
            needed = "another name than any budget line has"
            row.fault(reading.faults, "donor", shown(row["donor"]), needed, "both are lines that money is paid from")
    for row in reading.sound("donors"):
        yield facts.Donor(
            name=row["donor"], max_share=row["max_share"], reliability=row["reliability"], sunset=row["sunset"],
            origin=row.origin,
        )  # fmt: skip


def pledges(reading: Reading) -> Iterator[facts.Pledge]:
    """Yield the pledges; a blank end is the donor's sunset."""
    sunsets = {row["donor"]: row["sunset"] for row in reading.usable("donors", "donor", "sunset")}
    earmarks: dict[Row, frozenset[str] | None] = {}
    for row in reading.tables["pledges"]:
        _check_condition(reading, row)
        _check_sunset(reading, row, sunsets)
    for row in reading.usable("pledges", "earmark"):
        earmarks[row] = frozenset(reading.names.ranked(row["earmark"])) if row["earmark"] else None
    _check_lines(reading, earmarks)
    for row in reading.sound("pledges"):
        span = stretch(row)
        yield facts.Pledge(
            donor=row["donor"],
            name=row["pledge"],
            start=span["start"],
            end=sunsets.get(row["donor"]) if span["end"] is None else span["end"],
            amount=row["amount"],
            confirmed=row["status"] == "confirmed",
            serves=earmarks[row],
            carry_until=row["carry_over"],
            condition=(row["condition"], Event(row["condition_event"] or "transfer")) if row["condition"] else None,
            max_growth=row["max_growth"],
            max_fall=row["max_fall"],
            base=row["base"],
            origin=row.origin,
        )


def _check_condition(reading: Reading, row: Row) -> None:
    packages, faults = reading.names.packages, reading.faults
    if not row.bad.isdisjoint(("condition", "condition_event")):
        return
    if row["condition_event"] and not row["condition"]:
        row.fault(faults, "condition", "nothing", f"the package whose {row['condition_event']} is the condition")
    elif row["condition"] and row["condition"] not in packages and reading.tables["packages"].whole:
        hint = faults.nearest(row["condition"], packages)
        row.fault(faults, "condition", shown(row["condition"]), "a package, PLACE/FUNCTION, from packages.csv", hint)


def _check_sunset(reading: Reading, row: Row, sunsets: dict[str, int | None]) -> None:
    sunset = sunsets.get(row["donor"])
    if sunset is None or not reading.scalars.dated or not row.bad.isdisjoint(("donor", "from", "to")):
        return
    label = reading.scalars.calendar.label
    needed = f"a month up to {label(sunset)}, the sunset of {row['donor']} in donors.csv"
    if (row["from"] or 0) > sunset:
        row.fault(reading.faults, "from", label(row["from"] or 0), needed)
    elif row["to"] is not None and row["to"] > sunset:
        row.fault(reading.faults, "to", label(row["to"]), needed, "or a blank cell: until the sunset")


def _check_lines(reading: Reading, earmarks: dict[Row, frozenset[str] | None]) -> None:
    """Note rows of one pledge that overlap, or contradict each other."""
    rows = [((row["donor"], row["pledge"]), row) for row in reading.usable("pledges", "donor", "pledge")]
    _check_bases(reading, "pledges", [(line, row) for line, row in rows if "base" not in row.bad])
    by_line: dict[tuple[str, str], list[Row]] = {}
    for line, row in rows:
        by_line.setdefault(line, []).append(row)
    for line, of_line in by_line.items():
        if len(of_line) > 1:
            what = "/".join(filter(None, line))
            _check_overlap(reading, what, [row for row in of_line if row.bad.isdisjoint(("from", "to"))])
            marked = [(row, earmarks[row]) for row in of_line if row in earmarks]
            _check_same(reading, what, "earmark", marked)
            carried = [(row, row["carry_over"]) for row in of_line if "carry_over" not in row.bad]
            _check_same(reading, what, "carry_over", carried)


def _check_overlap(reading: Reading, what: str, rows: list[Row]) -> None:
    label = reading.scalars.calendar.label
    if not reading.scalars.dated:
        return
    for before, after in pairwise(sorted(rows, key=lambda row: (row["from"] or 0, row.number))):
        if before["to"] is None or before["to"] >= (after["from"] or 0):
            found = f"{label(after['from'] or 0)}, while row {before.number} still holds for {what}"
            hint = "or another name under pledge"
            after.fault(reading.faults, "from", found, "months in which no other row of the pledge holds", hint)


def _check_same(reading: Reading, what: str, column: str, rows: Sequence[tuple[Row, Hashable]]) -> None:
    for row, value in rows[1:]:
        first, meant = rows[0]
        if value != meant:
            found = f"something else than in row {first.number}"
            row.fault(reading.faults, column, found, f"the same {column} in all rows of {what}")


def check_lines_named(reading: Reading) -> None:
    """Note revenue paid into a line that is none, and a resource called like the money of the lines."""
    lines = {facts.HOST, *(row["line"] for row in reading.usable("budget", "line"))}
    for row in reading.usable("pledges", "donor", "pledge"):
        lines.add("/".join(filter(None, (row["donor"], row["pledge"]))))
    if not reading.faults.touch("budget.csv", "pledges.csv"):
        for row in reading.usable("packages", "revenue_to"):
            if row["revenue_to"] not in lines:
                hint = reading.faults.nearest(row["revenue_to"], lines)
                needed = "a line of budget.csv, or DONOR or DONOR/PLEDGE of pledges.csv"
                row.fault(reading.faults, "revenue_to", shown(row["revenue_to"]), needed, hint)
    money = next((table for table in ("budget", "pledges") if reading.tables[table].rows), None)
    for row in reading.usable("resources", "resource") if money else ():
        if row["resource"] == MONEY:
            row.fault(reading.faults, "resource", shown(MONEY), f"another name: {money}.csv is about money already")

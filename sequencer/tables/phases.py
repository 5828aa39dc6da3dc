"""Phases: together they cover every month of the plan once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sequencer.instance.facts import Phase
from sequencer.tables.reading import Reading
from sequencer.tables.rows import Row

WHOLE_PLAN = "plan"  # the one phase of an instance without phases


def phases(reading: Reading) -> tuple[Phase, ...]:
    """Return the phases in the order of time.

    Parameters
    ----------
    reading : Reading
        Its faults take gaps, overlaps, and months outside the plan or outside their phase.

    Returns
    -------
    tuple of Phase
        At least one. A blank ``to`` lasts until the next phase begins, or to the end of the plan.
    """
    plan = reading.scalars.plan
    if not reading.faults.touch("plan.toml"):
        _check_inside(reading)
    rows = sorted(reading.sound("phases"), key=_start)
    begins = [*map(_start, rows), plan.months]
    ends = [after - 1 if row["to"] is None else row["to"] for row, after in zip(rows, begins[1:], strict=True)]
    if rows and not reading.faults.touch("plan.toml", "phases.csv"):
        _check_cover(reading, rows, begins, ends)
    if not reading.faults.touch("plan.toml"):
        _check_months(reading, dict(zip(rows, ends, strict=True)))
    if not rows:
        return (Phase(name=WHOLE_PLAN, start=0, end=plan.months - 1, origin=plan.origin),)
    return tuple(
        Phase(
            name=row["phase"],
            start=_start(row),
            end=end,
            admits=reading.names.functions(row["admits"]) if row["admits"] else None,
            months=frozenset(row["months"]) if row["months"] else None,
            origin=row.origin,
        )
        for row, end in zip(rows, ends, strict=True)
    )


def _start(row: Row) -> int:
    return int(row["from"] or 0)


def _check_inside(reading: Reading) -> None:
    calendar, months = reading.scalars.calendar, reading.scalars.plan.months
    needed = f"a month of the plan, {calendar.span(0, months - 1)}"
    for row in reading.tables["phases"]:
        if not 0 <= _start(row) < months:
            row.fault(reading.faults, "from", calendar.label(_start(row)), needed)
        if row["to"] is not None and row["to"] >= months:
            row.fault(reading.faults, "to", calendar.label(row["to"]), needed)


def _check_cover(reading: Reading, rows: Sequence[Row], begins: Sequence[int], ends: Sequence[int]) -> None:
    calendar, months, faults = reading.scalars.calendar, reading.scalars.plan.months, reading.faults
    whole = f"phases that cover {calendar.span(0, months - 1)}, each month once"
    if begins[0] > 0:
        rows[0].fault(faults, "from", f"no phase in {calendar.span(0, begins[0] - 1)}", whole)
    for before, end, row, begin in zip(rows, ends, rows[1:], begins[1:], strict=False):
        if begin <= end:
            row.fault(faults, "from", f"{calendar.label(begin)}, when {before['phase']} still lasts", whole)
        elif begin > end + 1:
            row.fault(faults, "from", f"no phase in {calendar.span(end + 1, begin - 1)}", whole)
    if ends[-1] < months - 1:
        rows[-1].fault(faults, "to", f"no phase in {calendar.span(ends[-1] + 1, months - 1)}", whole)


def _check_months(reading: Reading, ends: Mapping[Row, int]) -> None:
    """Note months outside their phase; a row without an end of its own must be among those whose end is known."""
    calendar = reading.scalars.calendar
    for row in reading.usable("phases", "from", "to", "months"):
        end = ends.get(row, row["to"])
        if end is None:
            continue
        outside = [calendar.label(month) for month in row["months"] if not _start(row) <= month <= end]
        if outside:
            needed = f"months of this phase, {calendar.span(_start(row), end)}"
            row.fault(reading.faults, "months", ", ".join(outside), needed)

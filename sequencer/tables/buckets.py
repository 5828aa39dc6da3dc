"""Buckets and the rows that supply them: a row counts in the buckets that begin in its months."""

from __future__ import annotations

from bisect import bisect_left

from sequencer.instance.instance import Instance
from sequencer.tables.faults import listed
from sequencer.tables.reading import Reading
from sequencer.tables.rows import Row
from sequencer.vocabulary import Bucket


def check_buckets(instance: Instance, reading: Reading) -> None:
    """Note each row of capacity, forces or pledges that reaches into the plan, though no bucket begins in its months.

    Parameters
    ----------
    instance : Instance
        Its calendar and phases say where buckets begin.
    reading : Reading
        Its faults take the rows without effect.
    """
    begins = {bucket: starts(instance, bucket) for bucket in Bucket}
    bucket_of = {row["resource"]: Bucket(row["bucket"]) for row in reading.usable("resources", "resource", "bucket")}
    for table in ("capacity", "guarantees"):
        for row in reading.usable(table, "resource", "from", "to"):
            if row["resource"] in bucket_of:
                bucket = bucket_of[row["resource"]]
                _check_row(instance, reading, row, bucket, begins[bucket])
    for row in reading.usable("pledges", "donor", "from", "to"):
        _check_pledge(instance, reading, row)


def _check_row(instance: Instance, reading: Reading, row: Row, bucket: Bucket, begins: list[int]) -> None:
    last, label = instance.plan.months - 1, instance.calendar.label
    start, end = row["from"] or 0, last if row["to"] is None else row["to"]
    place = bisect_left(begins, start)
    near = begins[max(place - 1, 0) : place + 1]
    if start > last or end < 0 or any(start <= begin <= end for begin in near):
        return
    words = bucket.value.replace("_", " ")
    row.fault(
        reading.faults,
        "from",
        instance.calendar.span(start, row["to"]),
        f"a range in which a bucket ({words}) of {row['resource']} begins",
        f"nearest: {listed(map(label, near))}",
    )


def _check_pledge(instance: Instance, reading: Reading, row: Row) -> None:
    """Note a pledge between two beginnings of fiscal years, be they those of years after the plan."""
    calendar, start, end = instance.calendar, row["from"] or 0, row["to"]
    if end is None or start <= 0:
        return
    begins = calendar.opening(calendar.fiscal_year(start - 1) + 1)
    if begins > end:
        needed = f"a range in which a bucket (fiscal year) of {row['donor']} begins"
        near = max(0, calendar.opening(calendar.fiscal_year(start)))
        hint = f"nearest: {calendar.label(near)}, {calendar.label(begins)}"
        row.fault(reading.faults, "from", calendar.span(start, end), needed, hint)


def starts(instance: Instance, bucket: Bucket) -> list[int]:
    """Return the months of the plan in which a bucket of this kind begins, in order."""
    months, calendar = range(instance.plan.months), instance.calendar
    match bucket:
        case Bucket.MONTH:
            return list(months)
        case Bucket.PLAN:
            return [0]
        case Bucket.PHASE:
            return sorted(phase.start for phase in instance.phases)
        case Bucket.FISCAL_YEAR:
            years = [calendar.fiscal_year(month) for month in months]
            return [month for month in months if month == 0 or years[month] != years[month - 1]]

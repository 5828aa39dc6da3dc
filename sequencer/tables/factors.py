"""Calendar rows that make capacity larger or smaller: which pools they touch."""

from __future__ import annotations

from sequencer.tables.faults import listed, shown
from sequencer.tables.reading import Reading
from sequencer.tables.rows import Row
from sequencer.vocabulary import Bucket, Per


def factor(reading: Reading, row: Row) -> frozenset[str] | None:
    """Return the pools whose capacity a calendar row multiplies.

    Parameters
    ----------
    reading : Reading
        Its faults take rows with half of what a factor needs, or with pools that the resource does not have.
    row : Row
        Of the calendar; without a factor it has no pools.

    Returns
    -------
    frozenset of str or None
        Places or regions; None for every pool of the resource.
    """
    if not row.bad.isdisjoint(("", "resource", "capacity_factor")):
        return None
    if not row["resource"] or row["capacity_factor"] is None:
        _check_halves(reading, row)
        return None
    if row["functions"] and not row["events"] and row.bad.isdisjoint(("functions", "events")):
        found = shown("; ".join(row["functions"]))
        hint = "a factor touches the resource, whoever needs it"
        row.fault(reading.faults, "functions", found, "a blank cell, or events that may not take place", hint)
    home = next((other for other in reading.usable("resources", "bucket", "per")
                 if other["resource"] == row["resource"]), None)  # fmt: skip
    if home is None:
        return None
    if home["bucket"] != Bucket.MONTH:
        needed = "a resource whose bucket is a month"
        row.fault(reading.faults, "resource", shown(row["resource"]), needed, f"see resources.csv row {home.number}")
    return _pools(reading, row, home["per"]) if row["places"] and "places" not in row.bad else None


def _check_halves(reading: Reading, row: Row) -> None:
    if row["resource"]:
        needed = f"by what the capacity of {row['resource']} is multiplied"
        row.fault(reading.faults, "capacity_factor", "nothing", needed)
    elif row["capacity_factor"] is not None:
        row.fault(reading.faults, "resource", "nothing", "the resource whose capacity is multiplied")


def _pools(reading: Reading, row: Row, per: str) -> frozenset[str] | None:
    if row["places"] == ("*",):
        return None
    places = frozenset(reading.names.places(row["places"]))
    if per == Per.PLACE:
        return places
    found = shown("; ".join(row["places"]))
    if per == Per.ALL:
        hint = "events of these places are closed in a row of their own" if row["events"] else ""
        needed = f"a blank cell: {row['resource']} is one pool for all places"
        row.fault(reading.faults, "places", found, needed, hint)
        return None
    region = reading.names.region
    pools = frozenset(region[place] for place in places if region[place])
    missing = [place for place in region if region[place] in pools and place not in places]
    if missing or any(not region[place] for place in places):
        needed = f"whole regions, as region:NAME, because each region has one pool of {row['resource']}"
        row.fault(reading.faults, "places", found, needed, f"without {listed(missing)}" if missing else "")
    return pools

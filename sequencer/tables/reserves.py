"""Reserve: every scope has a force, and every relapse counted a number."""

from __future__ import annotations

from collections.abc import Mapping

from sequencer.instance.facts import COUNTRY
from sequencer.instance.instance import Instance
from sequencer.tables.build import RESERVE
from sequencer.tables.faults import Faults, shown
from sequencer.tables.reading import Reading
from sequencer.tables.rows import Rows

PRESENCE = "presence"  # the resource of a presence force that names none


def name_resources(read: Mapping[str, Rows], faults: Faults) -> None:
    """Give presence forces without a resource the one they are named for; a reserve force with one is a fault."""
    for row in read["guarantees"]:
        if not row.bad.isdisjoint(("role", "resource")):
            continue
        if row["role"] != RESERVE:
            row.values["resource"] = row["resource"] or PRESENCE
        elif row["resource"]:
            needed = "a blank cell: a reserve force supplies no resource but answers relapses"
            row.fault(faults, "resource", shown(row["resource"]), needed)


def check_scopes(instance: Instance, reading: Reading) -> None:
    """Note scopes that are neither the country nor a region, and scopes without forces or forces without scopes."""
    faults = reading.faults
    scopes = {COUNTRY, *(fact.region for fact in instance.places if fact.region)}
    for row in reading.usable("reserve", "scope"):
        if row["scope"] not in scopes:
            hint = faults.nearest(row["scope"], scopes)
            row.fault(faults, "scope", shown(row["scope"]), f"{COUNTRY}, or a region of places.csv", hint)
    for row in reading.usable("places", "region") if reading.tables["reserve"].rows else ():
        if row["region"] == COUNTRY:
            row.fault(faults, "region", shown(COUNTRY), "another name: in reserve.csv it means all places")
    if not faults.touch("reserve.csv", "guarantees.csv"):
        _check_forces(instance, reading)


def _check_forces(instance: Instance, reading: Reading) -> None:
    forces = {fact.origin.row: fact.scope for fact in instance.guarantees if fact.scope}
    asked = {fact.scope for fact in instance.reserves}
    for row in reading.tables["reserve"]:
        if row["k"] and row["scope"] not in forces.values():
            covers = "*" if row["scope"] == COUNTRY else f"region:{row['scope']}"
            needed = f"a force in guarantees.csv with the role reserve that covers {covers}"
            row.fault(reading.faults, "scope", f"no reserve force for {row['scope']}", needed)
    for row in reading.tables["guarantees"]:
        scope = forces.get(row.number, "")
        if scope and scope not in asked:
            needed = f"a row for the scope {scope} in reserve.csv"
            row.fault(reading.faults, "covers", f"a reserve force for {scope}", needed)

"""What must be there because something else asks for it.

Each check is left out while a file it rests on has a fault: what seems to be missing may stand in the faulty row.
What a row lacks by itself is checked in spite of faults elsewhere in its file, so that a row is corrected once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from sequencer.errors import Fault
from sequencer.instance.contradictions import asked_relapses
from sequencer.instance.facts import Fact, Need, Relapse
from sequencer.instance.instance import Instance
from sequencer.tables.buckets import check_buckets
from sequencer.tables.faults import listed
from sequencer.tables.reading import Reading
from sequencer.tables.reserves import check_scopes
from sequencer.tables.rows import Row
from sequencer.tables.settled import check_closed, check_cycles, check_dates, check_options, options_by_package
from sequencer.vocabulary import Event, Per


def check_complete(instance: Instance, reading: Reading) -> None:
    """Note what is missing.

    Parameters
    ----------
    instance : Instance
        The facts of all rows without a fault.
    reading : Reading
        Its faults take what is missing.
    """
    faulty = frozenset(reading.faults.files)
    for check, files in CHECKS.items():
        if faulty.isdisjoint(files):
            check(instance, reading)


def _packages(instance: Instance, reading: Reading) -> None:
    if not instance.packages:
        reading.faults.add(Fault("packages.csv", 0, "", "no package", "at least one row"))


def _departure(instance: Instance, reading: Reading) -> None:
    owned = any(row["owner"] == "mission" for row in reading.tables["resources"])
    asking = {
        "mandate_requires": instance.plan.mandate_requires == "departure",
        "objective": any(goal.term == "departure" for goal in instance.plan.objective),
    }
    for key, asked in asking.items():
        if asked and not owned:
            hint = "otherwise it is met by doing nothing"
            needed = "a resource in resources.csv that the mission owns"
            reading.faults.add(Fault("plan.toml", 0, key, '"departure"', needed, hint))


def _gains(instance: Instance, reading: Reading) -> None:
    """Note options that a named package lacks, or all packages behind a wildcard: the others gain nothing."""
    options = options_by_package(instance, reading)
    for row in reading.usable("gains", "packages", "option"):
        option, known = row["option"], set()
        lacking = [name for name in map(str, row["packages"]) if name in options and option not in options[name]]
        for package in reading.names.ranked(row["packages"]):
            known.update(options[package])
        for package in lacking:
            needed = f"an option of {package}: {', '.join(options[package])}"
            hint = reading.faults.nearest(option, options[package])
            row.fault(reading.faults, "option", f'"{option}"', needed, hint)
        if known and option not in known and not lacking:
            hint = reading.faults.nearest(option, known)
            row.fault(reading.faults, "option", f'"{option}"', "an option of one of these packages", hint)


def _scores(instance: Instance, reading: Reading) -> None:
    missing: dict[tuple[str, str], list[str]] = {}
    for gate in instance.criteria:
        if (gate.package, gate.criterion) not in instance.score_of:
            missing.setdefault((gate.origin.place, gate.criterion), []).append(gate.package)
    for (asking, criterion), packages in missing.items():
        found = f"no score of {criterion} for {listed(packages)}"
        reading.faults.add(Fault("readiness.csv", 0, "score", found, f"one for each package, asked for by {asking}"))


def _threat(instance: Instance, reading: Reading) -> None:
    asked: dict[str, Fact] = {}
    askers: Iterable[tuple[str, Fact]] = [
        *((limit.package, limit) for limit in instance.limits),
        *((need.package, need) for need in instance.needs if need.levels and need.amount),
        *((fact.package, fact) for fact in asked_relapses(instance) if fact.levels),
        *_risky(instance),
    ]
    for package, fact in askers:
        asked.setdefault(instance.package[package].place, fact)
    for place, fact in asked.items():
        if place not in instance.threat_of:
            needed = f"its threat level, asked for by {fact.origin.place}"
            reading.faults.add(Fault("threat.csv", 0, "places", f"no row for {place}", needed))


def _risky(instance: Instance) -> list[tuple[str, Fact]]:
    """Return the packages whose risk the objective counts, with the fact that makes it so."""
    if all(goal.term != "risk" for goal in instance.plan.objective):
        return []
    return [(gate.package, gate) for gate in instance.criteria if gate.event is Event.TRANSFER]


def _population(instance: Instance, reading: Reading) -> None:
    place_of = {package: place for package, (place, _) in reading.names.packages.items()}
    asked: dict[str, str] = {}
    needs: tuple[Need | Relapse, ...] = (*instance.needs, *asked_relapses(instance))
    for need in needs:
        if need.per_people and need.amount:
            why = f"the people living there, for per_people in {need.origin.place}"
            asked.setdefault(place_of[need.package], why)
    for package, gate in _risky(instance):
        why = f"the people living there, for risk in the objective and {gate.origin.place}"
        asked.setdefault(place_of[package], why)
    for row in reading.usable("places", "place", "population"):
        if row["population"] is None and row["place"] in asked:
            row.fault(reading.faults, "population", "nothing", asked[row["place"]])


def _supplies(instance: Instance, reading: Reading) -> None:
    stocked = {(capacity.resource, capacity.pool) for capacity in instance.capacity}
    covered: dict[str, set[str]] = {}
    for force in instance.guarantees:
        covered.setdefault(force.resource, set()).update(force.covers)
    lacking: dict[str, tuple[Need, dict[str, None]]] = {}  # by resource: the first need, and the pools
    for need in instance.needs:
        pool = _pool(instance, need)
        place = instance.package[need.package].place
        if not need.amount or pool is None:  # without a pool the missing region is the fault
            continue
        if need.resource in covered:
            if place not in covered[need.resource]:
                lacking.setdefault(need.resource, (need, {}))[1][place] = None
        elif (need.resource, pool) not in stocked:
            lacking.setdefault(need.resource, (need, {}))[1][pool] = None
    for resource, (need, pools) in lacking.items():
        file, row = need.origin.file, need.origin.row or 0
        if resource in covered:
            found = f"no force that covers {listed(pools)}"
            needed = f"{resource} for every place that needs it, see {need.origin.place}"
            reading.faults.add(Fault("guarantees.csv", 0, "covers", found, needed))
        elif instance.resource[resource].per is Per.ALL:
            reading.faults.add(Fault(file, row, "resource", f'"{resource}"', "a row for it in capacity.csv"))
        else:
            found = f'"{resource}" for {listed(pools)}'
            reading.faults.add(Fault(file, row, "resource", found, "a row for each pool in capacity.csv"))


def _forces(instance: Instance, reading: Reading) -> None:  # noqa: ARG001 - one signature for all checks
    """Note resources of forces that are also supplied otherwise: which places that would serve nobody has said."""
    supplied = reading.tables["guarantees"].names("resource")
    for row in reading.usable("capacity", "resource"):
        if row["resource"] in supplied:
            needed = "a resource that no force supplies"
            row.fault(reading.faults, "resource", f'"{row["resource"]}"', needed, "its amounts stand in guarantees.csv")
    for row in reading.usable("resources", "resource", "per"):
        if row["resource"] in supplied and row["per"] != Per.ALL:
            needed = "all, as forces supply it to the places they cover"
            row.fault(reading.faults, "per", f'"{row["per"]}"', needed)


def _forces_once(instance: Instance, reading: Reading) -> None:
    """Note forces whose rows overlap in time: people would be counted twice."""
    label = instance.calendar.label
    by_force: dict[tuple[str, str], list[Row]] = {}
    for row in reading.sound("guarantees"):
        by_force.setdefault((row["force"], row["resource"]), []).append(row)
    for rows in by_force.values():
        rows.sort(key=lambda row: row["from"] or 0)
        for before, after in pairwise(rows):
            if before["to"] is None or before["to"] >= (after["from"] or 0):
                found = f"{label(after['from'] or 0)}, while row {before.number} still holds for the same force"
                after.fault(reading.faults, "from", found, "months in which no other row of the force holds")


def _published(instance: Instance, reading: Reading) -> None:
    """Note an objective that compares with a plan nobody gave."""
    if not instance.published and any(goal.term == "change" for goal in instance.plan.objective):
        needed = "the plan published before: rows in published.csv"
        reading.faults.add(Fault("plan.toml", 0, "objective", '"change"', needed, "a timetable.csv serves as it is"))


def _regions(instance: Instance, reading: Reading) -> None:
    rows = {row["place"]: row for row in reading.usable("places", "place")}
    for need in instance.needs:
        row = rows.get(reading.names.packages[need.package][0])
        regional = instance.resource[need.resource].per is Per.REGION
        if row and need.amount and regional and not row["region"] and "region" not in row.bad:
            row.fault(reading.faults, "region", "nothing", f"a region, because each has its own {need.resource}")


def _pool(instance: Instance, need: Need) -> str | None:
    """Return the pool that meets a need; None where it is that of a region and the place lies in none."""
    place = instance.place[instance.package[need.package].place]
    per = instance.resource[need.resource].per
    return "" if per is Per.ALL else place.name if per is Per.PLACE else place.region or None


#: Every check, with the files whose faults make it pointless.
CHECKS: dict[Callable[[Instance, Reading], None], frozenset[str]] = {
    _packages: frozenset({"packages.csv"}),
    _departure: frozenset({"plan.toml", "resources.csv"}),
    check_options: frozenset({"options.csv", "places.csv", "functions.csv", "plan.toml"}),
    check_dates: frozenset({"packages.csv", "options.csv", "criteria.csv", "functions.csv", "plan.toml"}),
    check_closed: frozenset(
        {"packages.csv", "options.csv", "criteria.csv", "functions.csv", "plan.toml", "calendar.csv"}
    ),
    check_cycles: frozenset({"packages.csv", "options.csv", "criteria.csv", "functions.csv", "plan.toml", "links.csv"}),
    _gains: frozenset({"options.csv", "places.csv", "functions.csv"}),
    _scores: frozenset({"packages.csv", "criteria.csv", "readiness.csv"}),
    _threat: frozenset(
        {
            "packages.csv",
            "places.csv",
            "limits.csv",
            "needs.csv",
            "criteria.csv",
            "threat.csv",
            "plan.toml",
            "reserve.csv",
        }
    ),
    _population: frozenset({"needs.csv", "criteria.csv", "plan.toml", "reserve.csv"}),
    _supplies: frozenset(
        {"packages.csv", "places.csv", "functions.csv", "resources.csv", "capacity.csv", "needs.csv", "guarantees.csv"}
    ),
    _forces: frozenset(),
    _published: frozenset({"plan.toml", "published.csv"}),
    check_scopes: frozenset({"places.csv"}),
    _forces_once: frozenset({"guarantees.csv", "plan.toml"}),
    _regions: frozenset({"resources.csv", "needs.csv"}),
    check_buckets: frozenset({"plan.toml", "phases.csv"}),
}

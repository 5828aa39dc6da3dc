"""What must be there because something else asks for it.

Each check is left out while a file it rests on has a fault: what seems to be missing may stand in the faulty row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sequencer.errors import Fault
from sequencer.instance.facts import Fact, Need
from sequencer.instance.instance import Instance
from sequencer.tables.faults import listed
from sequencer.tables.reading import Reading
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
    faulty = {fault.file for fault in reading.faults.found}
    for check, files in CHECKS.items():
        if faulty.isdisjoint(files):
            check(instance, reading)


def _packages(instance: Instance, reading: Reading) -> None:
    if not instance.packages:
        reading.faults.add(Fault("packages.csv", 0, "", "no package", "at least one row"))


def _settled_options(instance: Instance, reading: Reading) -> None:
    rows = {f"{row['place']}/{row['function']}": row for row in reading.sound("packages")}
    for package in instance.packages:
        names = [option.name for option in instance.options_of[package.name]]
        row = rows[package.name]
        if package.option is not None and package.option not in names:
            hint = reading.faults.nearest(package.option, names)
            row.fault(
                reading.faults,
                "option",
                f'"{package.option}"',
                f"an option of {package.name}: {', '.join(names)}",
                hint,
            )
        past = package.fixed is not None and package.fixed < 0
        if package.option is None and len(names) > 1 and (past or package.current_stage):
            why = "its transfer lies before the plan" if past else "it is in a stage already"
            row.fault(reading.faults, "option", "nothing", f"one of its options: {', '.join(names)}", why)


def _gains(instance: Instance, reading: Reading) -> None:
    """Note options that a named package lacks, or all packages behind a wildcard: the others gain nothing."""
    rows = {row.number: row for row in reading.sound("gains")}
    owners: dict[int, list[bool]] = {}
    for gain in instance.gains:
        names = [option.name for option in instance.options_of[gain.package]]
        row = rows[gain.origin.row or 0]
        has = gain.option in names
        owners.setdefault(row.number, []).append(has)
        if not has and gain.package in map(str, row["packages"]):
            needed = f"an option of {gain.package}: {', '.join(names)}"
            row.fault(reading.faults, "option", f'"{gain.option}"', needed, reading.faults.nearest(gain.option, names))
    known = {option.name for options in instance.options_of.values() for option in options}
    for number, having in owners.items():
        row = rows[number]
        if not any(having) and not row.bad:
            hint = reading.faults.nearest(row["option"], known)
            row.fault(reading.faults, "option", f'"{row["option"]}"', "an option of one of these packages", hint)


def _scores(instance: Instance, reading: Reading) -> None:
    missing: dict[tuple[int, str], list[str]] = {}
    for gate in instance.criteria:
        if (gate.package, gate.criterion) not in instance.score_of:
            missing.setdefault((gate.origin.row or 0, gate.criterion), []).append(gate.package)
    for (row, criterion), packages in missing.items():
        found = f"no score of {criterion} for {listed(packages)}"
        reading.faults.add(
            Fault("readiness.csv", 0, "score", found, f"one for each package, asked for by criteria.csv row {row}")
        )


def _threat(instance: Instance, reading: Reading) -> None:
    asked: dict[str, Fact] = {}
    askers: Iterable[tuple[str, Fact]] = [
        *((limit.package, limit) for limit in instance.limits),
        *((need.package, need) for need in instance.needs if need.levels and need.amount),
        *_risky(instance),
    ]
    for package, fact in askers:
        asked.setdefault(instance.package[package].place, fact)
    for place, fact in asked.items():
        if place not in instance.threat_of:
            needed = f"its threat level, asked for by {fact.origin.file} row {fact.origin.row}"
            reading.faults.add(Fault("threat.csv", 0, "places", f"no row for {place}", needed))


def _risky(instance: Instance) -> list[tuple[str, Fact]]:
    """Return the packages whose risk the objective counts, with the fact that makes it so."""
    if all(goal.term != "risk" for goal in instance.plan.objective):
        return []
    return [(gate.package, gate) for gate in instance.criteria if gate.event is Event.TRANSFER]


def _population(instance: Instance, reading: Reading) -> None:
    asked: dict[str, str] = {}
    for need in instance.needs:
        if need.per_people and need.amount:
            why = f"the people living there, for per_people in needs.csv row {need.origin.row}"
            asked.setdefault(instance.package[need.package].place, why)
    for package, gate in _risky(instance):
        why = f"the people living there, for risk in the objective and criteria.csv row {gate.origin.row}"
        asked.setdefault(instance.package[package].place, why)
    for row in reading.sound("places"):
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
        row = need.origin.row or 0
        if resource in covered:
            found = f"no force that covers {listed(pools)}"
            needed = f"{resource} for every place that needs it, see needs.csv row {row}"
            reading.faults.add(Fault("guarantees.csv", 0, "covers", found, needed))
        elif instance.resource[resource].per is Per.ALL:
            reading.faults.add(Fault("needs.csv", row, "resource", f'"{resource}"', "a row for it in capacity.csv"))
        else:
            found = f'"{resource}" for {listed(pools)}'
            reading.faults.add(Fault("needs.csv", row, "resource", found, "a row for each pool in capacity.csv"))


def _forces(instance: Instance, reading: Reading) -> None:
    """Note resources of forces that are also supplied otherwise: which places that would serve nobody has said."""
    supplied = {force.resource for force in instance.guarantees}
    for row in reading.sound("capacity"):
        if row["resource"] in supplied:
            needed = "a resource that no force supplies"
            row.fault(reading.faults, "resource", f'"{row["resource"]}"', needed, "its amounts stand in guarantees.csv")
    for row in reading.sound("resources"):
        if row["resource"] in supplied and row["per"] != Per.ALL:
            needed = "all, as forces supply it to the places they cover"
            row.fault(reading.faults, "per", f'"{row["per"]}"', needed)


def _regions(instance: Instance, reading: Reading) -> None:
    rows = reading.tables["places"].names("place")
    for need in instance.needs:
        row = rows[instance.package[need.package].place]
        if need.amount and _pool(instance, need) is None and not row.bad:
            row.fault(reading.faults, "region", "nothing", f"a region, because each has its own {need.resource}")


def _pool(instance: Instance, need: Need) -> str | None:
    """Return the pool that meets a need; None where it is that of a region and the place lies in none."""
    place = instance.place[instance.package[need.package].place]
    per = instance.resource[need.resource].per
    return "" if per is Per.ALL else place.name if per is Per.PLACE else place.region or None


#: Every check, with the files whose faults make it pointless.
CHECKS: dict[Callable[[Instance, Reading], None], frozenset[str]] = {
    _packages: frozenset({"packages.csv"}),
    _settled_options: frozenset({"packages.csv", "options.csv", "plan.toml"}),
    _gains: frozenset({"packages.csv", "options.csv", "gains.csv"}),
    _scores: frozenset({"packages.csv", "criteria.csv", "readiness.csv"}),
    _threat: frozenset(
        {"packages.csv", "places.csv", "limits.csv", "needs.csv", "criteria.csv", "threat.csv", "plan.toml"}
    ),
    _population: frozenset({"packages.csv", "places.csv", "needs.csv", "criteria.csv", "plan.toml"}),
    _supplies: frozenset(
        {"packages.csv", "places.csv", "resources.csv", "capacity.csv", "needs.csv", "guarantees.csv"}
    ),
    _forces: frozenset({"resources.csv", "capacity.csv", "guarantees.csv"}),
    _regions: frozenset({"packages.csv", "places.csv", "resources.csv", "needs.csv"}),
}

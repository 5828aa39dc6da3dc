"""Objective terms as tables over cells."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sequencer.compile.readiness import exposures
from sequencer.compile.series import ThreatLevels, within
from sequencer.errors import Fault, InstanceError
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Demand, Path, PathOption, Term
from sequencer.vocabulary import MONTH, RISK, Event

Table = NDArray[np.int64]


def terms(
    instance: Instance,
    paths: Mapping[str, Path],
    mission: Mapping[str, tuple[Demand, ...]],
    threat: ThreatLevels,
) -> dict[str, Term]:
    """Return every term the instance has data for.

    ``risk`` is left out where people or threat are not given, ``departure`` where the mission owns no resource, as
    doing nothing would reach it, ``change`` where no plan was published.
    """
    found = [
        Term("exit", MONTH, maximum=True, tables={n: path.dates(Event.EXIT) for n, path in paths.items()}),
        Term("early_transfer", "weighted months", maximum=False, tables=_early(instance, paths)),
        Term("cost", instance.plan.money_unit, maximum=False, tables=_costs(instance, paths)),
    ]
    if any(resource.owner == "mission" for resource in instance.resources):
        found.append(Term("departure", MONTH, maximum=True, tables=departures(paths, mission)))
    if instance.published:
        found.append(Term("change", "months", maximum=False, tables=_changes(instance, paths)))
    risk = _risks(instance, paths, threat)
    if risk is not None:
        found.append(Term("risk", RISK, maximum=False, tables=risk))
    return {term.name: term for term in found}


def departures(paths: Mapping[str, Path], mission: Mapping[str, tuple[Demand, ...]]) -> dict[str, Table]:
    """Return, for each cell, the first month from which on the package needs nothing that the mission owns."""
    known: dict[Hashable, Table] = {}  # packages alike share the arithmetic
    tables = {}
    for name, demands in mission.items():
        path = paths[name]
        table = np.zeros(path.shape, dtype=np.int64)
        for demand in demands:
            key = (path.options, path.months, demand.begin, demand.end, demand.months, demand.amounts)
            if key not in known:
                known[key] = _last_needed(path, demand) + 1
            np.maximum(table, known[key], out=table)
        tables[name] = table
    return tables


def _last_needed(path: Path, demand: Demand) -> Table:
    """Return the last month of the plan with a need above 0 in each cell, -1 where there is none."""
    horizon = len(demand.amounts)
    needed = np.array([-1, *(m if amount else -1 for m, amount in enumerate(demand.amounts))], dtype=np.int64)
    last_up_to = np.maximum.accumulate(needed)  # entry m + 1: the last month <= m with a need
    first = np.zeros(path.shape, np.int64) if demand.begin is None else path.dates(demand.begin)
    if demand.months is not None:
        end = first + demand.months
    else:
        end = np.full(path.shape, horizon) if demand.end is None else path.dates(demand.end)
    last = last_up_to[within(end, horizon + 1)]
    return np.where((last >= first) & (first < end), last, -1)


def _early(instance: Instance, paths: Mapping[str, Path]) -> dict[str, Table]:
    tables = {}
    for package in instance.packages:
        weight = instance.function[package.function].weight if package.weight is None else package.weight
        tables[package.name] = weight * paths[package.name].dates(Event.TRANSFER)
    return tables


def _changes(instance: Instance, paths: Mapping[str, Path]) -> dict[str, Table]:
    """Return by how many months each transfer differs from the one published."""
    return {fact.package: abs(paths[fact.package].dates(Event.TRANSFER) - fact.transfer) for fact in instance.published}


def _costs(instance: Instance, paths: Mapping[str, Path]) -> dict[str, Table]:
    """Return holding, support, handover and recurrent cost up to the exit; nothing is counted before month 0."""
    tables = {}
    for package in instance.packages:
        path = paths[package.name]
        held, supported, handed, run = _paid(path.options, path.months, instance.plan.months)
        support = np.array([[fact.cost] for fact in instance.options_of[package.name]], dtype=np.int64)
        tables[package.name] = (
            package.holding_cost * held
            + support * supported
            + package.handover_cost * handed
            + package.recurrent_cost * run
        )
    return tables


@lru_cache(maxsize=1024)
def _paid(options: tuple[PathOption, ...], months: range, horizon: int) -> tuple[Table, Table, Table, Table]:
    """Return how often each cost is paid in each cell: holding, support, handover, recurrent."""
    path = Path("", options, months)
    transfer, leaving = path.dates(Event.TRANSFER), path.dates(Event.EXIT)
    starts, ends = path.dates(Event.SUPPORT_START), path.dates(Event.SUPPORT_END)
    begun = np.maximum(0, transfer)
    run = np.maximum(0, np.minimum(leaving, horizon) - begun)
    return begun, np.maximum(0, ends) - np.maximum(0, starts), (transfer >= 0).astype(np.int64), run


def _risks(instance: Instance, paths: Mapping[str, Path], threat: ThreatLevels) -> dict[str, Table] | None:
    tables: dict[str, Table] = {}
    for package in instance.packages:
        gates = [gate for gate in instance.criteria_of.get(package.name, ()) if gate.event is Event.TRANSFER]
        place = instance.place[package.place]
        if not gates:
            continue
        if place.population is None or place.name not in threat:
            return None
        _check_size(instance, place, gates)
        tables[package.name] = np.zeros(paths[package.name].shape, dtype=np.int64)
    for gate, exposure in exposures(instance, paths, threat):
        tables[gate.package] += (instance.place[instance.package[gate.package].place].population or 0) * exposure
    return tables


def _check_size(instance: Instance, place: facts.Place, gates: Sequence[facts.Criterion]) -> None:
    """Refuse a population with which a risk would not fit into 64 bits."""
    plan = instance.plan
    most = (place.population or 0) * 5 * plan.risk_months * sum(gate.threshold + plan.risk_margin for gate in gates)
    if most >= 2**62:
        found, needed = f"{place.population} people, a risk of up to {most:.1e}", "a number the risk can be exact with"
        hint = "state the population in thousands, or leave risk out of the objective"
        raise InstanceError([Fault("places.csv", place.origin.row or 0, "population", found, needed, hint)])

"""Objective terms as tables over cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sequencer.compile.series import ThreatLevels, scores
from sequencer.compile.windows import dates
from sequencer.errors import Fault, InstanceError
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Demand, Path, Term
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
        Term("exit", MONTH, maximum=True, tables={n: dates(path, Event.EXIT) for n, path in paths.items()}),
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
    tables = {}
    for name, demands in mission.items():
        path = paths[name]
        table = np.zeros(path.shape, dtype=np.int64)
        for demand in demands:
            table = np.maximum(table, _last_needed(path, demand) + 1)
        tables[name] = table
    return tables


def _last_needed(path: Path, demand: Demand) -> Table:
    """Return the last month of the plan with a need above 0 in each cell, -1 where there is none."""
    horizon = len(demand.amounts)
    needed = np.array([-1, *(m if amount else -1 for m, amount in enumerate(demand.amounts))], dtype=np.int64)
    last_up_to = np.maximum.accumulate(needed)  # entry m + 1: the last month <= m with a need
    first = np.zeros(path.shape, np.int64) if demand.begin is None else dates(path, demand.begin)
    if demand.months is not None:
        end = first + demand.months
    else:
        end = np.full(path.shape, horizon) if demand.end is None else dates(path, demand.end)
    last = last_up_to[np.clip(end, 0, horizon)]
    return np.where((last >= first) & (first < end), last, -1)


def _early(instance: Instance, paths: Mapping[str, Path]) -> dict[str, Table]:
    tables = {}
    for package in instance.packages:
        weight = instance.function[package.function].weight if package.weight is None else package.weight
        tables[package.name] = weight * dates(paths[package.name], Event.TRANSFER)
    return tables


def _changes(instance: Instance, paths: Mapping[str, Path]) -> dict[str, Table]:
    """Return by how many months each transfer differs from the one published."""
    return {
        fact.package: abs(dates(paths[fact.package], Event.TRANSFER) - fact.transfer) for fact in instance.published
    }


def _costs(instance: Instance, paths: Mapping[str, Path]) -> dict[str, Table]:
    """Return holding, support, handover and recurrent cost up to the exit; nothing is counted before month 0."""
    tables = {}
    for package in instance.packages:
        path = paths[package.name]
        transfer, leaving = dates(path, Event.TRANSFER), dates(path, Event.EXIT)
        starts, ends = dates(path, Event.SUPPORT_START), dates(path, Event.SUPPORT_END)
        support = np.array([[fact.cost] for fact in instance.options_of[package.name]], dtype=np.int64)
        begun = np.maximum(0, transfer)
        tables[package.name] = (
            package.holding_cost * begun
            + support * (np.maximum(0, ends) - np.maximum(0, starts))
            + package.handover_cost * (transfer >= 0)
            + package.recurrent_cost * np.maximum(0, np.minimum(leaving, instance.plan.months) - begun)
        )
    return tables


def _risks(instance: Instance, paths: Mapping[str, Path], threat: ThreatLevels) -> dict[str, Table] | None:
    tables = {}
    for package in instance.packages:
        gates = [gate for gate in instance.criteria_of.get(package.name, ()) if gate.event is Event.TRANSFER]
        place = instance.place[package.place]
        if not gates:
            continue
        if place.population is None or place.name not in threat:
            return None
        _check_size(instance, place, gates)
        tables[package.name] = place.population * _exposure(instance, paths[package.name], place.name, gates, threat)
    return tables


def _check_size(instance: Instance, place: facts.Place, gates: Sequence[facts.Criterion]) -> None:
    """Refuse a population with which a risk would not fit into 64 bits."""
    plan = instance.plan
    most = (place.population or 0) * 5 * plan.risk_months * sum(gate.threshold + plan.risk_margin for gate in gates)
    if most >= 2**62:
        found, needed = f"{place.population} people, a risk of up to {most:.1e}", "a number the risk can be exact with"
        hint = "state the population in thousands, or leave risk out of the objective"
        raise InstanceError([Fault("places.csv", place.origin.row or 0, "population", found, needed, hint)])


def _exposure(
    instance: Instance, path: Path, place: str, gates: Sequence[facts.Criterion], threat: ThreatLevels
) -> Table:
    """Return the sum over the months after transfer of threat times shortfall of the low scores, for each cell."""
    transfer = np.array(path.months, dtype=np.int64)[:, None]
    months = transfer + np.arange(instance.plan.risk_months)
    counted = threat.at(place, months) * (months >= 0)
    table = np.zeros(path.shape, dtype=np.int64)
    for gate in gates:
        fact = instance.score_of[path.package, gate.criterion]
        for k, option in enumerate(path.options):
            gain = instance.gain_of.get((path.package, option.name, gate.criterion))
            low = scores(
                fact, fact.low, 0 if gain is None else gain.gain, option=option, transfer=transfer, months=months
            )
            short = np.maximum(0, gate.threshold + instance.plan.risk_margin - low)
            table[k] += (counted * short).sum(axis=1)
    return table

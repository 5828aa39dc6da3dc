"""Supplies from resources: one rule for each pool, with its buckets, its capacity and what draws on it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from sequencer.compile.pools import Pool, pools
from sequencer.compile.series import ThreatLevels
from sequencer.errors import Fault, InstanceError
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Demand, Supply, by_package
from sequencer.vocabulary import CLOSES, OPENS, Bucket, Stage

LARGEST = 2**53  # of the needs of one row over the plan


class Amounts:
    """What need rows ask for, month by month."""

    def __init__(self, instance: Instance, threat: ThreatLevels) -> None:
        self._instance = instance
        self._levels = {
            place.name: threat.at(place.name, np.arange(instance.plan.months)).tolist()
            for place in instance.places
            if place.name in threat
        }
        self._known: dict[Hashable, tuple[int, ...]] = {}  # many rows ask for the same: it is held once

    def of(self, fact: facts.Need | facts.Relapse) -> tuple[int, ...]:
        """Return what a row asks for in each month of the plan, if its stage or event falls there."""
        place = self._instance.place[self._instance.package[fact.package].place]
        amount = fact.amount
        if fact.per_people is not None:
            amount = -(-amount * (place.population or 0) // fact.per_people)  # rounded up, exactly
        if amount * self._instance.plan.months > LARGEST:
            found, needed = f"a need of {amount} in a month", "a number that sums can be exact with"
            raise InstanceError([Fault("needs.csv", fact.origin.row or 0, "amount", found, needed)])
        asked = (amount, fact.levels, "" if fact.levels is None else place.name)
        if asked not in self._known:
            self._known[asked] = self._monthly(*asked)
        return self._known[asked]

    def _monthly(self, amount: int, levels: frozenset[int] | None, place: str) -> tuple[int, ...]:
        if levels is None or not amount:
            return (amount,) * self._instance.plan.months
        return tuple(amount if level in levels else 0 for level in self._levels[place])


class SupplyCompiler:
    """Makes the supplies of an instance."""

    def __init__(self, instance: Instance, amounts: Amounts) -> None:
        self._instance = instance
        self._amounts = amounts

    def supplies(self) -> Iterator[Supply]:
        """Yield one supply for each pool of each resource that something needs."""
        for resource in self._instance.resources:
            demands = self.demands(resource.name)
            of_package: dict[str, list[int]] = {}
            for i, demand in enumerate(demands):
                of_package.setdefault(demand.package, []).append(i)
            for pool in pools(self._instance, resource):
                drawing = sorted(i for name in pool.packages for i in of_package.get(name, ()))
                if drawing:
                    yield self._supply(resource, pool, tuple(demands[i] for i in drawing))

    def demands(self, resource: str) -> tuple[Demand, ...]:
        """Return what draws on a resource; proving has the needs of international unless a row names it."""
        needs = self._instance.needs_of.get(resource, ())
        proving = {fact.package for fact in needs if fact.stage is Stage.PROVING}
        found: list[Demand] = []
        for fact in needs:
            amounts = self._amounts.of(fact)
            if not any(amounts):
                continue
            found.append(_demand(fact, fact.stage, amounts))
            if fact.stage is Stage.INTERNATIONAL and fact.package not in proving:
                found.append(_demand(fact, Stage.PROVING, amounts))
        return tuple(found)

    def _supply(self, resource: facts.Resource, pool: Pool, demands: tuple[Demand, ...]) -> Supply:
        labelled = buckets(self._instance, resource.bucket)
        capacity, origins = zip(*(pool.held(months.start) for months, _ in labelled), strict=True)
        supply = Supply(
            resource=resource.name,
            pool=pool.label,
            unit=resource.unit,
            owner=resource.owner,
            buckets=tuple(months for months, _ in labelled),
            labels=tuple(label for _, label in labelled),
            capacity=capacity,
            origins=origins,
            demands=demands,
        )
        return _from_month(supply, self._instance.plan.as_of)


def mission_demands(supplies: Iterable[Supply]) -> Mapping[str, tuple[Demand, ...]]:
    """Return, by package, what it needs of the resources that the mission owns."""
    return by_package(demand for supply in supplies if supply.owner == "mission" for demand in supply.demands)


def buckets(instance: Instance, kind: Bucket) -> list[tuple[range, str]]:
    """Return the buckets of a kind in order: the months of each, and its name."""
    horizon, calendar = instance.plan.months, instance.calendar
    match kind:
        case Bucket.MONTH:
            return [(range(m, m + 1), calendar.label(m)) for m in range(horizon)]
        case Bucket.PLAN:
            return [(range(horizon), "the whole plan")]
        case Bucket.PHASE:
            phases = sorted(instance.phases, key=lambda phase: phase.start)
            if not phases:
                return buckets(instance, Bucket.PLAN)
            return [(range(phase.start, phase.end + 1), f"phase {phase.name}") for phase in phases]
        case Bucket.FISCAL_YEAR:
            years = [calendar.fiscal_year(month) for month in range(horizon)]
            return [
                (
                    months := range(years.index(year), years.index(year) + years.count(year)),
                    f"FY{year} ({calendar.span(months[0], months[-1])})",
                )
                for year in dict.fromkeys(years)
            ]


def _from_month(supply: Supply, as_of: int) -> Supply:
    """Return a supply whose buckets that have ended before a month ask for nothing: what they gave has been used."""
    ended = sum(months.stop <= as_of for months in supply.buckets)
    if not ended:
        return supply
    most = supply.most(supply.demands_of)
    ample = (max(most[b], amount) if b < ended else amount for b, amount in enumerate(supply.capacity))
    return replace(supply, capacity=tuple(ample), ended=ended)


def _demand(fact: facts.Need, stage: Stage | None, amounts: tuple[int, ...]) -> Demand:
    if stage is not None:
        return Demand(fact.package, OPENS[stage], CLOSES[stage], None, amounts, f"in the stage {stage}", fact.origin)
    if fact.event is None:
        message = f"{fact.origin}: a need has a stage or an event"
        raise ValueError(message)
    lasting = f" for {fact.months} months" if fact.months else ""
    text = f"at the {fact.event.value.replace('_', ' ')}{lasting}"
    return Demand(fact.package, fact.event, None, fact.months or 1, amounts, text, fact.origin)

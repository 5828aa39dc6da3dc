"""Needs that only some threat levels bring: whether they could be met if the levels of a place were others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sequencer.compile.reserves import reserves
from sequencer.compile.series import ThreatLevels
from sequencer.compile.supplies import Amounts, SupplyCompiler
from sequencer.problem import Demand, by_package
from sequencer.reasons.conditions.asked import Asked
from sequencer.reasons.conditions.calendar import DEPARTURE

MISSION = "mission"  # whose resources count for the departure


class Loads:
    """What the packages of a place need of supplies and reserves, where that depends on the threat."""

    def __init__(self, asked: Asked, place: str) -> None:
        instance = asked.instance
        self._asked = asked
        here = {package.name for package in instance.packages if package.place == place}
        by_level = {(fact.package, fact.resource) for fact in instance.needs if fact.levels and fact.package in here}
        relapsing = {fact.package for fact in instance.relapses if fact.levels and fact.package in here}
        self._resources = sorted({resource for _, resource in by_level})
        self._relapsing = bool(relapsing)
        self._local = replace(
            instance,
            needs=tuple(fact for fact in instance.needs if (fact.package, fact.resource) in by_level),
            relapses=tuple(fact for fact in instance.relapses if fact.package in relapsing),
        )

    def too_much(self, threat: ThreatLevels) -> bool:
        """Return whether other levels of the place would bring more than is there, or keep the mission too long."""
        if not self._resources and not self._relapsing:
            return False
        amounts = Amounts(self._local, threat)
        compiler = SupplyCompiler(self._local, amounts)
        for resource in self._resources:
            demands = by_package(compiler.demands(resource))
            if self._short(resource, demands) or self._kept(resource, demands):
                return True
        return self._relapsing and self._unanswered(amounts)

    def _short(self, resource: str, demands: Mapping[str, Sequence[Demand]]) -> bool:
        """Return whether a pool would not suffice."""
        schedule, changing = self._asked.schedule, {fact.package for fact in self._local.needs_of[resource]}
        for held in self._asked.held[resource]:
            totals = list(held.totals)
            for name in changing & held.pool.packages:
                before = held.needs.get(name, [0] * len(totals))
                after = held.drawn.summed(demands.get(name, ()), schedule.paths[name], schedule.cells[name])
                totals = [t - b + a for t, b, a in zip(totals, before, after, strict=True)]
            if any(needed > has for needed, has in list(zip(totals, held.capacity, strict=True))[held.ended :]):
                return True
        return False

    def _kept(self, resource: str, demands: Mapping[str, Sequence[Demand]]) -> bool:
        """Return whether something of the mission would be needed when it must have departed."""
        plan, schedule = self._local.plan, self._asked.schedule
        if plan.mandate_end is None or plan.mandate_requires != DEPARTURE:
            return False
        return self._local.resource[resource].owner == MISSION and any(
            demand.amounts[month] and month >= plan.mandate_end
            for name, mine in demands.items()
            if name not in self._asked.exempt
            for demand in mine
            for month in demand.span(schedule.paths[name], schedule.cells[name])
        )

    def _unanswered(self, amounts: Amounts) -> bool:
        """Return whether a reserve would not suffice."""
        schedule, changing = self._asked.schedule, {fact.package for fact in self._local.relapses}
        for rule, local in zip(self._asked.problem.reserves, reserves(self._local, amounts), strict=True):
            needs = [[entry for entry in month if entry[1] not in changing] for month in rule.needs(schedule)]
            for name in local.demands_of:
                for month, need in local.fragile(name, schedule.paths[name], schedule.cells[name]):
                    needs[month].append((need, name))
            for fragile, people in list(zip(needs, rule.people, strict=True))[rule.as_of :]:
                if sum(need for need, _ in rule.worst(fragile)) > people:
                    return True
        return False

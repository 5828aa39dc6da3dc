"""Reserves from scopes, reserve forces and relapse needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sequencer.compile.pools import there
from sequencer.compile.supplies import Amounts
from sequencer.instance import facts
from sequencer.instance.instance import Instance, grouped
from sequencer.problem import Demand, Reserve
from sequencer.vocabulary import CLOSES, OPENS, Stage


def reserves(instance: Instance, amounts: Amounts) -> Iterator[Reserve]:
    """Yield the rule of each scope that must be able to answer a relapse."""
    for fact in instance.reserves:
        if not fact.k:
            continue
        forces = [force for force in instance.guarantees if force.scope == fact.scope]
        rows = [row for row in instance.relapses if _within(instance, row.package, fact.scope)]
        monthly = [[force for force in forces if there(force, month)] for month in range(instance.plan.months)]
        demands = tuple(_demands(instance, amounts, rows))
        people = [sum(force.people for force in forces) for forces in monthly]
        most = _most(instance.plan.as_of, demands)
        yield Reserve(
            scope=fact.scope,
            k=fact.k,
            people=tuple(max(most[m], there) if m in most else there for m, there in enumerate(people)),
            origins=tuple((fact.origin, *(force.origin for force in forces)) for forces in monthly),
            demands=demands,
            as_of=instance.plan.as_of,
        )


def _most(as_of: int, demands: Iterable[Demand]) -> dict[int, int]:
    """Return what all relapses at once could need in each month that is over: no more is asked for there."""
    first = {demand.package: demand for demand in demands}  # those of one package have the same amounts
    return {month: sum(demand.amounts[month] for demand in first.values()) for month in range(as_of)}


def _within(instance: Instance, package: str, scope: str) -> bool:
    return scope in {facts.COUNTRY, instance.place[instance.package[package].place].region}


def _demands(instance: Instance, amounts: Amounts, relapses: Iterable[facts.Relapse]) -> Iterator[Demand]:
    """Yield what a relapse of each package needs: one demand for each unbroken run of its fragile stages."""
    for name, rows in grouped(relapses, "package").items():
        monthly = tuple(map(sum, zip(*(amounts.of(row) for row in rows), strict=True)))
        if not any(monthly):
            continue
        fragile = instance.function[instance.package[name].function].fragile
        for is_fragile, run in groupby(Stage, fragile.__contains__):
            if is_fragile:
                stages = list(run)
                begin, end = OPENS[stages[0]], CLOSES[stages[-1]]
                yield Demand(name, begin, end, None, monthly, "a relapse", rows[0].origin)

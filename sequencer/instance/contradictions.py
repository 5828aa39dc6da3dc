"""What must hold between facts, checked after levers were turned; readers check the same in the files, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.instance import facts
from sequencer.instance.cycles import cycles, said
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Stage


def contradictions(instance: Instance) -> list[str]:
    """Return a sentence for each pair of facts that cannot both be meant."""
    return [
        *_plan(instance),
        *_phases(instance),
        *(said for package in instance.packages for said in _package(instance, package)),
        *_rows(instance),
        *_money(instance),
        *_reserve(instance),
        *(f"a cycle of links: {said(circle)}" for circle in cycles(instance)),
    ]


def _plan(instance: Instance) -> Iterator[str]:
    end = instance.plan.mandate_end
    if end is not None and end < 0:
        yield f"the mandate would end in {instance.calendar.label(end)}, before the plan begins"
    if instance.plan.as_of >= instance.plan.months:
        yield f"the plan would end before {instance.calendar.label(instance.plan.as_of)}, up to which all has happened"


def _phases(instance: Instance) -> Iterator[str]:
    phases = sorted(instance.phases, key=lambda phase: phase.start)
    starts = [0, *(phase.end + 1 for phase in phases)]
    for phase, start in zip(phases, starts, strict=False):
        span = instance.calendar.span(phase.start, phase.end)
        if phase.start != start or phase.end < phase.start:
            yield f"phase {phase.name} would be {span}, but phases follow each other without gap or overlap"
        if phase.months is not None and not all(phase.start <= month <= phase.end for month in phase.months):
            yield f"phase {phase.name} would be {span} and name months outside it"
    if starts[-1] != instance.plan.months:
        yield f"the last phase would not end with the plan, in {instance.calendar.label(instance.plan.months - 1)}"


def _package(instance: Instance, package: facts.Package) -> Iterator[str]:
    bounds = (
        ("earliest", package.earliest, "latest", package.latest),
        ("earliest", package.earliest, "fixed", package.fixed),
        ("fixed", package.fixed, "latest", package.latest),
    )
    for first, low, second, high in bounds:
        if low is not None and high is not None and low > high:
            yield f"packages.{package.name}: {second} would come before {first}"
    begun = package.current_stage not in (None, Stage.INTERNATIONAL) or (
        package.fixed is not None and package.fixed < instance.plan.as_of
    )
    if begun and package.option is None and len(instance.options_of[package.name]) > 1:
        when = "already" if instance.plan.as_of else "before the plan"
        yield f"packages.{package.name} would have begun {when}, so its option must be named in packages.csv"


def _rows(instance: Instance) -> Iterator[str]:
    for fact in instance.readiness:
        if not fact.low <= fact.score <= fact.high:
            yield f"readiness.{fact.package}.{fact.criterion}: low, score and high must be in order"
    for link in instance.links:
        if link.minimum is not None and link.maximum is not None and link.minimum > link.maximum:
            yield f"links from {link.before} to {link.after}: the minimum would exceed the maximum"
        if link.minimum is None and link.maximum is None:
            yield f"links from {link.before} to {link.after}: neither minimum nor maximum would be left"
    for limit in instance.limits:
        if limit.limit is None and not limit.trend:
            yield f"limits of {limit.package} at {limit.event}: neither limit nor trend would be left"
    ranged: tuple[facts.Closure | facts.Threat | facts.Capacity | facts.Guarantee | facts.Pledge, ...]
    ranged = (
        *instance.calendar_events, *instance.threat, *instance.capacity, *instance.guarantees, *instance.pledges
    )  # fmt: skip
    for row in ranged:
        if row.end is not None and row.end < row.start:
            yield f"{row.origin.place}: {instance.calendar.span(row.start, row.end)} would end before it begins"


def _money(instance: Instance) -> Iterator[str]:
    based: set[str] = set()
    rows: tuple[facts.Budget | facts.Pledge, ...] = (*instance.budget, *instance.pledges)
    for fact in rows:
        if fact.base is not None and fact.line in based:
            yield f"the base of {fact.line} would be stated twice"
        elif fact.base is not None:
            based.add(fact.line)
    kept: dict[str, int | None] = {}
    for pledge in instance.pledges:
        if kept.setdefault(pledge.line, pledge.carry_until) != pledge.carry_until:
            yield f"{pledge.origin.place}: rows of the pledge {pledge.line} would carry over until different months"
    sunsets = {donor.name: donor.sunset for donor in instance.donors}
    for pledge in instance.pledges:
        sunset = sunsets.get(pledge.donor)
        if sunset is not None and (pledge.end is None or pledge.end > sunset):
            end = instance.calendar.label(sunset)
            yield f"{pledge.origin.place}: {pledge.line} would be pledged beyond the donor's sunset, {end}"


def _reserve(instance: Instance) -> Iterator[str]:
    forces = {force.scope for force in instance.guarantees}
    for scope in instance.reserves:
        if scope.k and scope.scope not in forces:
            yield f"reserves.{scope.scope}: no reserve force answers there"
    for fact in asked_relapses(instance):
        place = instance.place[instance.package[fact.package].place]
        if fact.levels and place.name not in instance.threat_of:
            yield f"relapse.{fact.package}: it would ask for the threat level of {place.name}, which no row gives"
        if fact.per_people and place.population is None:
            yield f"relapse.{fact.package}: it would ask for the population of {place.name}, which is not given"


def asked_relapses(instance: Instance) -> list[facts.Relapse]:
    """Return what relapses need in the scopes in which some must be answerable."""
    scopes = {fact.scope for fact in instance.reserves if fact.k}

    def counted(fact: facts.Relapse) -> bool:
        package = instance.package.get(fact.package)  # none while reading, if its own row has a fault
        if package is None or not fact.amount:
            return False
        return facts.COUNTRY in scopes or instance.place[package.place].region in scopes - {""}

    return [fact for fact in instance.relapses if counted(fact)] if scopes else []

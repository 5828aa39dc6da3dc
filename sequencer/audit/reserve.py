"""R1: so many relapses at once can be answered, whichever they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sequencer.audit.finding import Finding, count, some
from sequencer.audit.needs import asked
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Stage

MAY_BE_FRAGILE = frozenset({Stage.JOINT, Stage.MENTORED, Stage.ADVISORY})


def reserve(instance: Instance, taken: Sequence[Walk]) -> Iterator[Finding]:
    """Yield a finding for each scope and month in which the worst relapses need more people than the scope has."""
    rows: dict[str, list[facts.Relapse]] = {}
    for relapse in instance.relapses:
        rows.setdefault(relapse.package, []).append(relapse)
    for scope in (scope for scope in instance.reserves if scope.k > 0):
        within = [walk for walk in taken if walk.name in rows and _lies_in(instance, walk, scope.scope)]
        for month in range(instance.plan.as_of, instance.plan.months):
            needs = {
                walk.name: sum(asked(instance, walk.package, row, month) for row in rows[walk.name])
                for walk in within
                if _fragile(instance, walk, month)
            }
            worst = sorted(needs, key=lambda name: needs[name], reverse=True)[: scope.k]
            yield from _answered(instance, scope, month, {name: needs[name] for name in worst})


def _answered(instance: Instance, scope: facts.Reserve, month: int, worst: dict[str, int]) -> Iterator[Finding]:
    """Compare the worst relapses of a month with the forces of the scope; without a relapse nothing is asked."""
    forces = [
        force
        for force in instance.guarantees
        if force.scope == scope.scope and force.start <= month and (force.end is None or month <= force.end)
    ]
    needed, there = sum(worst.values()), sum(force.people for force in forces)
    if needed > there:
        origins = "; ".join(str(fact.origin) for fact in (scope, *forces))
        text = (
            f"reserve of {scope.scope} in {instance.calendar.label(month)}: {needed} people needed for"
            f" {count(scope.k, 'relapse')} at once, at worst of {some([name for name in worst if worst[name]])},"
            f" {there} there, {needed - there} missing [{origins}]."
        )
        yield Finding("R1", f"reserve ({scope.scope})", month, needed - there, "people", text)


def _lies_in(instance: Instance, walk: Walk, scope: str) -> bool:
    """Return whether a package lies in a scope: in the country every one does."""
    return scope in {facts.COUNTRY, instance.place[walk.package.place].region}


def _fragile(instance: Instance, walk: Walk, month: int) -> bool:
    """Return whether a package spends a month in a stage in which a relapse must be answered."""
    return walk.stage(month) in instance.function[walk.package.function].fragile & MAY_BE_FRAGILE

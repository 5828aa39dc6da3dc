"""S1 and S2: in every bucket, what is needed of a resource is there, and reaches those who need it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sequencer.audit.allotment import Share, short
from sequencer.audit.buckets import Period, buckets
from sequencer.audit.finding import Finding, some
from sequencer.audit.needs import Ledger
from sequencer.audit.pools import Pool, groups, pools
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance


def supply(instance: Instance, ledger: Ledger) -> Iterator[Finding]:
    """Yield a finding for each resource, group of pools and bucket in which more is needed than there is.

    Pools that share packages are one group: what is missing in it is what no way of sharing them out can serve.
    """
    for resource in instance.resources:
        if not ledger.rows(resource.name):
            continue
        near = [(group, _drawing(ledger, group)) for group in groups(pools(instance, resource))]
        for held in buckets(instance, resource.bucket):
            if held.months[-1] < instance.plan.as_of:
                continue  # it is over: what was needed has been there
            for group, drawing in near:
                yield from _met(ledger, resource, group, drawing, held)


def _drawing(ledger: Ledger, group: Sequence[Pool]) -> list[Walk]:
    """Return the packages that some pools serve."""
    packages = frozenset[str]().union(*(pool.packages for pool in group))
    return [walk for walk in ledger.walks if walk.name in packages]


def _met(
    ledger: Ledger, resource: facts.Resource, group: Sequence[Pool], drawing: Sequence[Walk], held: Period
) -> Iterator[Finding]:
    """Compare needs and capacity of pools that share packages, in one bucket."""
    needs = {walk.name: ledger.needed(walk, resource.name, held.months) for walk in drawing}
    packages = short(needs, [Share(pool.packages, pool.amount(held.first)) for pool in group])
    if not packages:
        return
    reaching = [pool for pool in group if pool.packages & packages]
    needed = sum(needs[package] for package in packages)
    there = sum(pool.amount(held.first) for pool in reaching)
    name = ", ".join(pool.name for pool in reaching if pool.name)
    unit = resource.unit or "units"
    origins = [str(source.origin) for pool in reaching for source in pool.there(held.first)] or [str(resource.origin)]
    yield Finding(
        rule="S1",
        about=f"{resource.name} ({name})" if name else resource.name,
        month=held.first,
        amount=needed - there,
        unit=unit,
        text=f"{resource.name}{f' of {name}' if name else ''} in {held.label}: {needed} {unit} needed by"
        f" {some([walk.name for walk in drawing if walk.name in packages])}, {there} there,"
        f" {needed - there} missing [{'; '.join(origins)}].",
    )

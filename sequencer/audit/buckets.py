"""The buckets of the plan: stretches of months over which needs are summed."""

from __future__ import annotations

from dataclasses import dataclass

from sequencer.instance.instance import Instance
from sequencer.vocabulary import Bucket

YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class Period:
    """A bucket: how it is called, and the months of it that lie in the plan, at least one."""

    label: str
    months: tuple[int, ...]

    @property
    def first(self) -> int:
        """The month that decides what is there in the bucket."""
        return self.months[0]


def buckets(instance: Instance, kind: Bucket) -> list[Period]:
    """Return the buckets of a kind that have a month in the plan, in order."""
    horizon = range(instance.plan.months)
    if kind is Bucket.MONTH:
        return [Period(instance.calendar.label(month), (month,)) for month in horizon]
    if kind is Bucket.FISCAL_YEAR:
        years: dict[str, list[int]] = {}
        for month in horizon:
            years.setdefault(f"FY{instance.calendar.fiscal_year(month)}", []).append(month)
        return _named(instance, years)
    if kind is Bucket.PHASE and instance.phases:
        return _named(
            instance, {f"phase {p.name}": [m for m in horizon if p.start <= m <= p.end] for p in instance.phases}
        )
    return _named(instance, {"the whole plan": list(horizon)})


def _named(instance: Instance, months_of: dict[str, list[int]]) -> list[Period]:
    """Return buckets by name and months, without those that lie outside the plan."""
    span = instance.calendar.span
    return [
        Period(f"{name} ({span(months[0], months[-1])})", tuple(months)) for name, months in months_of.items() if months
    ]

"""What each package needs of each resource, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sequencer.audit.conditions import threat
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event, Stage

MISSION = "mission"


class Ledger:
    """The needs of a timetable: a line of monthly amounts for each package and resource.

    Months before the plan and after its last month are not written down.
    """

    def __init__(self, instance: Instance, taken: Sequence[Walk]) -> None:
        self.instance = instance
        self.walks = tuple(taken)
        self._rows: dict[tuple[str, str], list[facts.Need]] = {}
        for need in instance.needs:
            self._rows.setdefault((need.package, need.resource), []).append(need)
        self._lines: dict[tuple[str, str], list[int]] = {}
        for walk in taken:
            stages = [walk.stage(month) for month in range(instance.plan.months)]
            for resource in instance.resource:
                self._lines[walk.name, resource] = self._line(walk, resource, stages)

    def needed(self, walk: Walk, resource: str, months: Iterable[int]) -> int:
        """Return what a package needs of a resource in months of the plan, taken together."""
        line = self._lines[walk.name, resource]
        return sum([line[month] for month in months])

    def rows(self, resource: str) -> tuple[facts.Need, ...]:
        """Return the rows that say what is needed of a resource."""
        return self.instance.needs_of.get(resource, ())

    def departure(self, walk: Walk) -> int:
        """Return the first month from which on a package needs nothing that the mission owns; 0 if it never does."""
        owned = [resource.name for resource in self.instance.resources if resource.owner == MISSION]
        lines = [self._lines[walk.name, name] for name in owned]
        needing = [month for month in range(self.instance.plan.months) if any(line[month] > 0 for line in lines)]
        return max(needing, default=-1) + 1

    def _line(self, walk: Walk, resource: str, stages: Sequence[Stage]) -> list[int]:
        """Return the monthly amounts of one package and resource; ``stages`` are those of the months of the plan."""
        rows = self._rows.get((walk.name, resource), [])
        proving_named = any(row.stage is Stage.PROVING for row in rows)
        line = [0] * len(stages)
        for month, stage in enumerate(stages):
            # proving has the needs of international unless a row names it
            asking = Stage.INTERNATIONAL if stage is Stage.PROVING and not proving_named else stage
            for row in rows:
                if row.stage is asking or (row.event is not None and _lasts(walk, row, row.event, month)):
                    line[month] += asked(self.instance, walk.package, row, month)
        return line


def _lasts(walk: Walk, row: facts.Need, event: Event, month: int) -> bool:
    """Return whether a month is the event's, or one of those that the row counts from it."""
    first = walk.month(event)
    return first <= month < first + (1 if row.months is None else row.months)


def asked(instance: Instance, package: facts.Package, row: facts.Need | facts.Relapse, month: int) -> int:
    """Return what a row asks for in a month in which it speaks: nothing at other threat levels than those it names.

    The amount is multiplied by the people of the place where the row says so, and rounded up once.

    Raises
    ------
    ValueError
        If the threat or the population is asked for and not given; a row that asks for nothing asks for neither.
    """
    if not row.amount or (row.levels is not None and threat(instance, package.place, month) not in row.levels):
        return 0
    if row.per_people is None:
        return row.amount
    population = instance.place[package.place].population
    if population is None:
        raise ValueError(f"a need asks for the population of {package.place}, which is not given [{row.origin}]")
    whole, rest = divmod(row.amount * population, row.per_people)
    return whole + (1 if rest else 0)

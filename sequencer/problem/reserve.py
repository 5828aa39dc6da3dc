"""The reserve: in every month any k relapses can be answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sequencer.months import Calendar
from sequencer.problem.breach import Breach
from sequencer.problem.demand import Demand, by_package
from sequencer.problem.path import Cell, Path
from sequencer.vocabulary import Origin

if TYPE_CHECKING:
    from sequencer.problem.schedule import Schedule


@dataclass(frozen=True, eq=False)
class Reserve:
    """R1: in each month the ``k`` largest relapse needs among the fragile packages of a scope fit into its force.

    Attributes
    ----------
    scope : str
        ``country`` or a region.
    k : int
        At least 1.
    people : tuple of int, length H
        Strength of the force in each month; ample before ``as_of``, where what happened has been answered.
    origins : tuple of tuple of Origin, length H
        The rows it comes from.
    demands : tuple of Demand
        What a relapse of each package needs, while the package is fragile. Demands of one package do not overlap.
    """

    scope: str
    k: int
    people: tuple[int, ...]
    origins: tuple[tuple[Origin, ...], ...]
    demands: tuple[Demand, ...] = field(repr=False)
    as_of: int = 0

    @cached_property
    def demands_of(self) -> dict[str, tuple[Demand, ...]]:
        """The demands of each package of the scope."""
        return by_package(self.demands)

    @cached_property
    def binding(self) -> tuple[int, ...]:
        """The months in which the force would be too small if every package were fragile; elsewhere it never is."""
        found = []
        for month, people in enumerate(self.people):
            needs = sorted((demands[0].amounts[month] for demands in self.demands_of.values()), reverse=True)
            if sum(needs[: self.k]) > people:
                found.append(month)
        return tuple(found)

    def fragility(self, package: str) -> tuple[Demand, ...]:
        """Return demands of 1 in each month in which a package is fragile."""
        return tuple(replace(demand, amounts=(1,) * len(demand.amounts)) for demand in self.demands_of[package])

    def needs(self, schedule: Schedule) -> list[list[tuple[int, str]]]:
        """Return, for each month, what relapses of the packages fragile then would need, and which they are."""
        found: list[list[tuple[int, str]]] = [[] for _ in self.people]
        for name in self.demands_of:
            for month, need in self.fragile(name, schedule.paths[name], schedule.cells[name]):
                found[month].append((need, name))
        return found

    def fragile(self, package: str, path: Path, cell: Cell) -> Iterator[tuple[int, int]]:
        """Yield each month in which a package is fragile and a relapse would need something, and how much."""
        for demand in self.demands_of[package]:
            for month in demand.span(path, cell):
                if demand.amounts[month]:
                    yield month, demand.amounts[month]

    def worst(self, needs: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
        """Return the at most k largest needs and their packages, the largest first."""
        return sorted(needs, key=lambda need: (-need[0], need[1]))[: self.k]

    def breaches(self, schedule: Schedule) -> Iterator[Breach]:
        """Yield a breach for each month in which the largest needs exceed the force."""
        for month, worst in enumerate(map(self.worst, self.needs(schedule))):
            over = sum(need for need, _ in worst) - self.people[month]
            if over > 0:
                needs = ", ".join(f"{name} {need}" for need, name in worst)
                text = f"{self.sentence(month, schedule.calendar)}; relapses there would need {needs}"
                names = tuple(name for _, name in worst)
                yield Breach("R1", names, month, over, "people", text, self.origins[month])

    def sentence(self, month: int, calendar: Calendar) -> str:
        """Say what is there in a month."""
        scope = "the country" if self.scope == "country" else self.scope
        times = "1 relapse" if self.k == 1 else f"any {self.k} relapses"
        return f"reserve of {scope} for {times} at once: {self.people[month]} people in {calendar.label(month)}"

    def describe(self, calendar: Calendar) -> str:
        """Say the rule in a sentence."""
        weakest = min(range(self.as_of, len(self.people)), key=self.people.__getitem__)
        return self.sentence(weakest, calendar)

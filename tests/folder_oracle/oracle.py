"""Every timetable of a small folder, tried one after the other (statement, 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from folder_oracle.cells import Judged
from folder_oracle.facts import Cell, Facts, Threat
from folder_oracle.links import Plan, links
from folder_oracle.money import Money, Uses
from folder_oracle.pools import check_phases, pools
from folder_oracle.reserve import scopes
from folder_oracle.tables import Folder, Package, RefusedError

MAXIMA = {"exit", "departure"}  # all other terms are sums
DEFAULT = ("exit", "risk", "early_transfer")


class Oracle:
    """What the statement says about a folder.

    Attributes
    ----------
    cells : dict
        By package, every cell that a timetable may choose, open or closed.
    goals : list of tuple
        Each term of the objective with its tolerance, in order.

    Raises
    ------
    RefusedError
        If the statement calls the folder faulty.
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.threat = Threat(folder)
        self.facts = {package: Facts(folder, package) for package in folder.packages}
        entries = folder.plan.get("objective", DEFAULT)
        self.goals = [(e, 0) if isinstance(e, str) else (e["term"], e.get("tolerance", 0)) for e in entries]
        self.terms = self._terms()
        self._check()
        self.cells = {package: dict(self._judged(facts)) for package, facts in self.facts.items()}
        self.money = Money(folder)
        self._ties = [*links(folder), *scopes(folder)]
        self._pools = list(pools(folder, self.facts))

    def _terms(self) -> set[str]:
        """Return the terms that the folder has data for."""
        terms = {"exit", "early_transfer", "cost"}
        if any(row.get("owner") == "mission" for row in self.folder.rows("resources")):
            terms.add("departure")
        if self.folder.rows("published"):
            terms.add("change")
        gated = [facts for facts in self.facts.values() if any(gate.event == "transfer" for gate in facts.gates)]
        if all(facts.people is not None and facts.place in self.threat.known for facts in gated):
            terms.add("risk")
        return terms

    def _check(self) -> None:
        check_phases(self.folder)
        asked = {term for term, _ in self.goals}
        if asked - self.terms:
            raise RefusedError(f"no data for {asked - self.terms}")
        for facts in self.facts.values():
            levels = any(need.levels and need.amount for need in facts.needs)
            if (facts.limits or levels) and facts.place not in self.threat.known:
                raise RefusedError(f"the threat of {facts.place} is asked for")

    def _judged(self, facts: Facts) -> Iterator[tuple[Cell, Judged]]:
        own = [(option, month) for option in facts.options for month in range(self.folder.months)]
        for cell in [facts.past] if facts.past else own:
            yield cell, Judged(self.folder, self.threat, facts, cell)

    def broken(self, timetable: Mapping[Package, Cell]) -> set[str]:
        """Return the ids of the promises that a timetable breaks; ``S`` stands for all about supplies and money."""
        found: set[str] = set()
        plan: dict[Package, Judged] = {}
        for package, cell in timetable.items():
            plan[package] = self.cells[package][cell]
            found |= plan[package].broken | set(self._broken_with(plan, package))
        return found if self.money.uses(plan) is not None else found | {"S"}

    def unpaid(self, timetable: Mapping[Package, Cell], uses: Uses) -> bool:
        """Return whether payments are wrong for a timetable; where there is no money, there are none."""
        return self.money.broken({package: self.cells[package][cell] for package, cell in timetable.items()}, uses)

    def _broken_with(self, plan: Plan, newest: Package) -> Iterator[str]:
        """Yield the promises about several packages that are broken, those of pools since the newest was added."""
        for tie in self._ties:
            yield from tie.broken(plan)
        for pool in self._pools:
            if pool.short(plan, newest):
                yield "S"

    def admitted(self) -> list[dict[Package, Cell]]:
        """Return every timetable that breaks nothing, found package by package.

        A timetable of which some packages break a promise about several is left at once: the others cannot mend it,
        since every further package only adds dates, relapses and needs. Money alone waits for the last package: one
        may bring in what another one costs.
        """
        timetables: list[dict[Package, Cell]] = [{}]
        for package, cells in self.cells.items():
            further = []
            for timetable in timetables:
                plan = {other: self.cells[other][cell] for other, cell in timetable.items()}
                for cell, judged in cells.items():
                    if not judged.broken and not any(self._broken_with({**plan, package: judged}, package)):
                        further.append({**timetable, package: cell})
            timetables = further
        plans = ({package: self.cells[package][cell] for package, cell in chosen.items()} for chosen in timetables)
        return [chosen for chosen, plan in zip(timetables, plans, strict=True) if self.money.uses(plan) is not None]

    def values(self, timetable: Mapping[Package, Cell]) -> dict[str, int]:
        """Return the value of every term that the folder has data for."""
        return {term: self._value(timetable, term) for term in self.terms}

    def _value(self, timetable: Mapping[Package, Cell], term: str) -> int:
        entries = [self.cells[package][cell].value(term) for package, cell in timetable.items()]
        return max(entries) if term in MAXIMA else sum(entries)

    def best(self, timetables: list[dict[Package, Cell]]) -> list[int]:
        """Return the best value of each level: level i over the timetables that keep every earlier cap."""
        found = []
        for term, tolerance in self.goals:
            values = [self._value(timetable, term) for timetable in timetables]
            found.append(min(values))
            kept = [value <= found[-1] + tolerance for value in values]
            timetables = [timetable for timetable, keep in zip(timetables, kept, strict=True) if keep]
        return found

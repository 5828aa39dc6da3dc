"""The problem over binaries: one for each open cell. Every rule is a row of sums over them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sequencer.engine.posting import Posting
from sequencer.engine.tables import Masks, need_tables
from sequencer.milp.apart import keep_all_near, keep_near
from sequencer.milp.money import PostedBridge
from sequencer.milp.package_binaries import PackageBinaries
from sequencer.milp.relapses import post_reserve
from sequencer.milp.rows import Rows, Terms
from sequencer.problem import (
    Bridge,
    Cell,
    Demand,
    Gate,
    Link,
    Problem,
    Reserve,
    Rule,
    Supply,
    Term,
    Width,
    by_package,
)
from sequencer.timetable import Uses
from sequencer.vocabulary import Event


class OverBinaries(Posting):
    """A problem told to a MILP solver: made with the open cells, then given rules, caps and an objective.

    Attributes
    ----------
    rows : Rows
    packages : dict of str to PackageBinaries
    bridge : PostedBridge or None
        The payments, once money is posted.
    """

    def __init__(self, problem: Problem, masks: Masks) -> None:
        self.rows = Rows()
        self.packages = {
            name: PackageBinaries(self.rows, p, path, masks[name])
            for p, (name, path) in enumerate(problem.paths.items())
        }
        self.bridge: PostedBridge | None = None
        self._paths = problem.paths
        self._posted = -1

    def post(self, rule: Rule) -> None:
        """Add a rule; its rows are named after its position among all rules."""
        self._posted += 1
        super().post(rule)

    def post_link(self, rule: Link) -> None:
        """Add L1 and L2."""
        before = self.packages[rule.before].dated(rule.before_event)
        after = self.packages[rule.after].dated(rule.after_event)
        if rule.minimum is not None:
            keep_near(self.rows, self._name("L1"), after, before, -rule.minimum)
        if rule.maximum is not None:
            keep_near(self.rows, self._name("L2"), before, after, rule.maximum)

    def post_width(self, rule: Width) -> None:
        """Add L3: once one event has come, all others come within the width."""
        members = [
            [entry for entry in self.packages[name].dated(event) if entry[0] >= 0] for name, event in rule.members
        ]
        keep_all_near(self.rows, self._name("L3"), members, members, rule.width)

    def post_gate(self, rule: Gate) -> None:
        """Add L4: whoever transfers in the phase has waited for all others."""
        before = {name: self.packages[name].dated(rule.event) for name in rule.before}
        waiting = {
            name: [entry for entry in self.packages[name].dated(Event.TRANSFER) if entry[0] in rule.months]
            for name in sorted(rule.waiting)
        }
        others = [transfers for name, transfers in waiting.items() if name not in before]
        keep_all_near(self.rows, self._name("L4"), others, list(before.values()), -rule.minimum)
        for i, (name, transfers) in enumerate(waiting.items()):
            for j, (other, dates) in enumerate(before.items()):
                if name in before and name != other:
                    keep_near(self.rows, self._name(f"L4_{i}_{j}"), transfers, dates, -rule.minimum)

    def post_supply(self, rule: Supply) -> None:
        """Add S1 and S2: no bucket needs more than its pool holds."""
        for b, need in enumerate(self.sums(rule.demands, rule.buckets)):
            self.rows.at_most(self._name(f"S1_b{b}"), need, rule.capacity[b])

    def post_bridge(self, rule: Bridge) -> None:
        """Add S1 to S7 of money."""
        self.bridge = PostedBridge(self.rows, rule, self.sums, self.come_by)

    def post_reserve(self, rule: Reserve) -> None:
        """Add R1."""
        post_reserve(self.rows, rule, self._name("R1"), self.sums)

    def cap(self, term: Term, most: int) -> None:
        """Keep a term that is a sum at most at a value. Caps on maxima are in the masks."""
        terms, _, least = self._total(term)
        self.rows.at_most(f"cap_{term.name}", terms, most - least)

    def minimise(self, term: Term) -> tuple[int, int]:
        """Make a term the objective; return its unit and what is added to it.

        Sums count what each cell has beyond the least of its package, in the greatest number that divides all of that.
        """
        if term.maximum:
            return self._minimise_latest(term)
        terms, unit, least = self._total(term)
        self.rows.minimise((var, value // unit) for var, value in terms)
        return unit, least

    def count(self, unit: int, least: int) -> None:
        """Multiply the objective and add a number to it: whichever cell the first package takes, it brings that number.

        Raises
        ------
        UsageError
            If numbers become too large for floating point; the objective is then as it was.
        """
        first = next(iter(self.packages.values()))
        scaled = [(var, unit * value) for var, value in self.rows.objective.items()]
        self.rows.minimise([*scaled, *((var, least) for var in first.vars)])

    def come_by(self, name: str, event: Event, by: int) -> Terms:
        """Return what is 1 if an event of a package comes in a month or earlier, else 0."""
        return [(var, 1) for date, var in self.packages[name].dated(event) if date <= by]

    def sums(self, demands: Sequence[Demand], buckets: Sequence[range]) -> list[Terms]:
        """Return what some demands come to in each bucket."""
        found: list[list[tuple[int, int]]] = [[] for _ in buckets]
        for name, mine in by_package(demands).items():
            for b, terms in self.packages[name].sums(need_tables(buckets, mine, self._paths[name])):
                found[b] += terms
        return [*found]

    def start(self, cells: Mapping[str, Cell]) -> dict[int, int]:
        """Return the values of all binaries in a schedule."""
        return {
            var: int(cell == cells[name])
            for name, package in self.packages.items()
            for cell, var in zip(package.cells, package.vars, strict=True)
        }

    def uses(self, values: Sequence[float]) -> Uses:
        """Return what each line of money pays in each year in a solution; empty where there is no money rule."""
        return {} if self.bridge is None else self.bridge.rounded(values)

    def chosen(self, values: Sequence[float]) -> dict[str, Cell]:
        """Return the schedule of a solution: of each package the cell whose binary is the largest."""
        return {
            name: max(zip(package.vars, package.cells, strict=True), key=lambda entry: values[entry[0]])[1]
            for name, package in self.packages.items()
        }

    def _total(self, term: Term) -> tuple[Terms, int, int]:
        """Return a sum beyond the least it can be, the greatest number that divides every entry, and that least."""
        terms: list[tuple[int, int]] = []
        least = 0
        for name, table in term.tables.items():
            entries = self.packages[name].entries(table)
            least += min(entries)
            terms += [(var, entry - min(entries)) for var, entry in zip(self.packages[name].vars, entries, strict=True)]
        return terms, math.gcd(*(value for _, value in terms)) or 1, least

    def _minimise_latest(self, term: Term) -> tuple[int, int]:
        """Make a maximum the objective: an integer that no package exceeds, beyond what the last one must reach."""
        entries = {name: self.packages[name].entries(table) for name, table in term.tables.items()}
        least = max((min(values) for values in entries.values()), default=0)
        beyond = max((value - least for values in entries.values() for value in values), default=0)
        latest = self.rows.variable("latest", beyond)
        for position, (name, values) in enumerate(entries.items()):
            over = [
                (var, value - least)
                for var, value in zip(self.packages[name].vars, values, strict=True)
                if value > least
            ]
            self.rows.at_most(f"latest_{position}", [*over, (latest, -1)], 0)
        self.rows.minimise([(latest, 1)])
        return 1, least

    def _name(self, rule: str) -> str:
        return f"{rule}_r{self._posted}"

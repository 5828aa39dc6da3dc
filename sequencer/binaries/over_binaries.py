"""The problem over binaries: one for each open cell. Every rule is a row of sums over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from sequencer.binaries.apart import keep_all_near, keep_near
from sequencer.binaries.money import PostedBridge
from sequencer.binaries.package_binaries import PackageBinaries
from sequencer.binaries.relapses import post_reserve
from sequencer.binaries.rows import CAP, Rows
from sequencer.binaries.sums import Integers, Sum, added, once, ones, split
from sequencer.engine.posting import Posting
from sequencer.engine.run import Caps
from sequencer.engine.tables import Masks, NeedTables, open_masks
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

LAST = 2**31  # no month lies beyond it


class OverBinaries(Posting):
    """A problem as rows: made with the open cells, then given rules, caps and an objective.

    Attributes
    ----------
    rows : Rows
    packages : dict of str to PackageBinaries
    bridge : PostedBridge or None
        The payments, once money is posted.
    """

    def __init__(self, problem: Problem, masks: Masks, rows: Rows) -> None:
        self.rows = rows
        self.packages = {
            name: PackageBinaries(self.rows, p, path, masks[name])
            for p, (name, path) in enumerate(problem.paths.items())
        }
        self.bridge: PostedBridge | None = None
        self._paths = problem.paths
        self._needs = NeedTables()
        self._posted = -1

    @classmethod
    def of(cls, problem: Problem, caps: Caps, rows: Rows, masks: Masks | None = None) -> Self | None:
        """Return a problem with its rules and caps as rows; None if a package has no open cell.

        Parameters
        ----------
        masks : mapping of str to bool array, optional
            The cells to choose from; default: all that are open.
        """
        masks = open_masks(problem, caps) if masks is None else masks
        if not all(mask.any() for mask in masks.values()):
            return None
        told = cls(problem, masks, rows)
        for rule in problem.rules:
            told.post(rule)
        for capped, most in caps:
            if not capped.maximum:  # those on maxima are in the masks
                told.cap(capped, most)
        return told

    def post(self, rule: Rule) -> None:
        """Add a rule; its rows are named after its position among all rules."""
        self._posted += 1
        self.rows.about = self._posted
        super().post(rule)
        self._needs.clear()  # hardly ever do two rules need the same

    def tell(self, position: int, rule: Rule) -> None:
        """Add a rule in the place of the one at a position."""
        self._posted = position - 1
        self.post(rule)

    def post_link(self, rule: Link) -> None:
        """Add L1 and L2."""
        before = self.packages[rule.before].dated(rule.before_event)
        after = self.packages[rule.after].dated(rule.after_event)
        if rule.minimum is not None:
            keep_near(self.rows, self._name("L1"), after, before, -rule.minimum, as_of=rule.as_of)
        if rule.maximum is not None:
            keep_near(self.rows, self._name("L2"), before, after, rule.maximum, as_of=rule.as_of)

    def post_width(self, rule: Width) -> None:
        """Add L3: once one event has come, all others come within the width."""
        members = [self.packages[name].dated(event).within(rule.as_of, LAST) for name, event in rule.members]
        keep_all_near(self.rows, self._name("L3"), members, members, rule.width)

    def post_gate(self, rule: Gate) -> None:
        """Add L4: whoever transfers in the phase has waited for all others."""
        before = {name: self.packages[name].dated(rule.event) for name in rule.before}
        waiting = {
            name: self.packages[name].dated(Event.TRANSFER).within(rule.months.start, rule.months.stop - 1)
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
        """Keep a term that is a sum at most at a value."""
        terms, _, least = self.total(term)
        self.rows.about = CAP
        self.rows.at_most(f"cap_{term.name}", terms, most - least)

    def minimise(self, term: Term | None) -> tuple[int, int]:
        """Make a term the objective, or nothing; return its unit and what is added to it.

        Sums count what each cell has beyond the least of its package, in the greatest number that divides all of that.
        """
        if term is None:
            self.rows.minimise(added([]))
            return 1, 0
        if term.maximum:
            return self._minimise_latest(term)
        terms, unit, least = self.total(term)
        self.rows.minimise(Sum(terms.vars, terms.values // unit))
        return unit, least

    def count(self, unit: int, least: int) -> None:
        """Multiply the objective and add a number to it: whichever cell the first package takes, it brings that number.

        Raises
        ------
        UsageError
            If numbers become too large to be kept; the objective is then as it was.
        """
        first = next(iter(self.packages.values()))
        self.rows.minimise(self.rows.objective * unit + ones(first.vars) * least)

    def come_by(self, name: str, event: Event, by: int) -> Sum:
        """Return what is 1 if an event of a package comes in a month or earlier, else 0."""
        return ones(self.packages[name].dated(event).until(by))

    def sums(self, demands: Sequence[Demand], buckets: Sequence[range]) -> list[Sum]:
        """Return what some demands come to in each bucket."""
        needs = by_package(demands).items()
        found = [self.packages[name].spread(self._needs.of(buckets, mine, self._paths[name])) for name, mine in needs]
        if not found:
            return [added([]) for _ in buckets]
        at, variables, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return split(at, variables, values, len(buckets))

    def relapses(self, rule: Reserve, name: str, months: Sequence[range]) -> tuple[Integers, Integers, Integers]:
        """Return which month, binary and relapse need there is for each month in which a package may be fragile."""
        at, variables, fragile = self.packages[name].spread(
            self._needs.of(months, rule.fragility(name), self._paths[name])
        )
        amounts = rule.demands_of[name][0].amounts
        needs = np.array([amounts[month.start] for month in months], np.int64)[at] * fragile
        return at[needs > 0], variables[needs > 0], needs[needs > 0]

    def start(self, cells: Mapping[str, Cell]) -> dict[int, int]:
        """Return the values of all binaries in a schedule."""
        return {
            var: int(cell == cells[name])
            for name, package in self.packages.items()
            for cell, var in zip(package.cells, package.vars.tolist(), strict=True)
        }

    def uses(self, values: Sequence[float]) -> Uses:
        """Return what each line of money pays in each year in a solution; empty where there is no money rule."""
        return {} if self.bridge is None else self.bridge.rounded(values)

    def chosen(self, values: Sequence[float]) -> dict[str, Cell]:
        """Return the schedule of a solution: of each package the cell whose binary is the largest."""
        found = np.asarray(values)
        return {name: package.cell(int(np.argmax(found[package.vars]))) for name, package in self.packages.items()}

    def total(self, term: Term) -> tuple[Sum, int, int]:
        """Return a sum beyond the least it can be, the greatest number that divides every entry, and that least."""
        parts, least = [], 0
        for name, table in term.tables.items():
            entries = self.packages[name].entries(table)
            least += int(entries.min())
            parts.append(Sum(self.packages[name].vars, entries - entries.min()))
        terms = added(parts)
        return terms, int(np.gcd.reduce(terms.values, initial=0)) or 1, least

    def _minimise_latest(self, term: Term) -> tuple[int, int]:
        """Make a maximum the objective: an integer that no package exceeds, beyond what the last one must reach."""
        entries = {name: self.packages[name].entries(table) for name, table in term.tables.items()}
        least = max((int(values.min()) for values in entries.values()), default=0)
        beyond = max((int(values.max()) - least for values in entries.values()), default=0)
        latest = self.rows.variable("latest", beyond)
        for position, (name, values) in enumerate(entries.items()):
            over = values > least
            row = Sum(self.packages[name].vars[over], values[over] - least)
            self.rows.at_most(f"latest_{position}", row + once(latest, -1), 0)
        self.rows.minimise(once(latest))
        return 1, least

    def _name(self, rule: str) -> str:
        return f"{rule}_r{self._posted}"

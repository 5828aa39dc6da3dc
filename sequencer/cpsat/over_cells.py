"""The problem over cells: one literal for each open cell. Strong where sums are to be proven.

Whatever the rules say is a table over cells, and a sum of a table over the chosen cells is linear in the literals.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr, Literals, Solution, Terms, forbid_pairs, latest, weighted
from sequencer.cpsat.shared import Shared
from sequencer.cpsat.together import post_width
from sequencer.engine.tables import Masks, NeedTables
from sequencer.problem import Cell, Demand, Link, Path, Problem, Supply, Term, Width, by_package
from sequencer.vocabulary import Event


class OverCells(Shared):
    """A formulation with one literal for each open cell; ``model``: one that others share, instead of its own."""

    def __init__(self, problem: Problem, masks: Masks, model: cp_model.CpModel | None = None) -> None:
        self.model = cp_model.CpModel() if model is None else model
        self._paths = problem.paths
        self._packages = {name: PackageCells(self.model, path, masks[name]) for name, path in problem.paths.items()}

    def post_supply(self, rule: Supply) -> None:
        """No bucket needs more than its pool holds."""
        for need, capacity in zip(self.sums(rule.demands, rule.buckets), rule.capacity, strict=True):
            self.model.add(need <= capacity)

    def post_width(self, rule: Width) -> None:
        """Add L3 by what has come by each month."""
        last = max(self._packages[name].dates(event)[-1] for name, event in rule.members)
        post_width(self, rule, last)

    def post_link(self, rule: Link) -> None:
        """Whenever ``after`` has come by month m, ``before`` has come by m - minimum; the maximum mirrors it.

        Both sides are sums of literals of which at most one holds, which gives the strongest linear relaxation.
        """
        before, after = self._packages[rule.before], self._packages[rule.after]
        starts, ends = before.dates(rule.before_event), after.dates(rule.after_event)
        if starts and ends and starts[0] < rule.as_of and ends[0] < rule.as_of:
            forbid_pairs(rule, self.model, self._paths, self.literals)
            return
        if rule.minimum is not None:
            for month in ends:
                come = sum(before.happened(rule.before_event, month - rule.minimum))
                self.model.add(sum(after.happened(rule.after_event, month)) <= come)
        if rule.maximum is not None:
            for month in starts:
                come = sum(after.happened(rule.after_event, month + rule.maximum))
                self.model.add(sum(before.happened(rule.before_event, month)) <= come)

    def come_by(self, name: str, event: Event, month: int) -> Expr:
        """Return 1 if an event of a package comes in a month or earlier, else 0."""
        return sum(self._packages[name].happened(event, month))

    def sums(self, demands: Sequence[Demand], buckets: Sequence[range]) -> Sequence[Expr]:
        """Return what some demands come to in each bucket."""
        rows: list[Terms] = [[] for _ in buckets]
        tables = NeedTables()
        for name, mine in by_package(demands).items():
            needs = tables.of(buckets, mine, self._paths[name])
            for b, terms in self._packages[name].totals(needs):
                rows[b] += terms
        return [weighted(terms) for terms in rows]

    def minimise_latest(self, term: Term, floor: int | None = None) -> None:
        """Make a maximum the objective; ``floor`` is what it is known to reach at least."""
        self.model.minimize(self.latest(term, floor))

    def latest(self, term: Term, floor: int | None = None) -> cp_model.IntVar:
        """Return a variable that is no less than a maximum."""
        value = latest(self.model, term, floor)
        for name, table in term.tables.items():
            terms = [entry for _, part in self._packages[name].totals(table[None]) for entry in part]
            self.model.add(value >= weighted(terms))
        return value

    def hint(self, cells: Mapping[str, Cell]) -> None:
        """Begin the search from a schedule."""
        for name in self._paths:
            for cell, var in self.literals(name):
                self.model.add_hint(var, cell == cells[name])

    def chosen(self, solution: Solution) -> dict[str, Cell]:
        """Return the schedule that was found."""
        return {
            name: next(cell for cell, var in self.literals(name) if solution.boolean_value(var)) for name in self._paths
        }

    def literals(self, name: str) -> Literals:
        """Return every open cell of a package and its literal."""
        return self._packages[name].cells


class PackageCells:
    """The variables of one package.

    ``chosen[k][i]`` says that option k is taken with the i-th of its open months ``months[k]``; exactly one holds.
    ``by[k][i]`` says that option k is taken with that month or an earlier one; steps are made when first asked for.
    A sum of a table over cells is written over steps where the table changes seldom (needs that last for months) and
    over cells where it is mostly 0 (needs at events): the same sum, with fewer entries.
    """

    def __init__(self, model: cp_model.CpModel, path: Path, mask: NDArray[np.bool_]) -> None:
        self.path = path
        self._model = model
        self._columns = [np.flatnonzero(row) for row in mask]
        self.months = [[path.months[i] for i in columns] for columns in self._columns]
        self.chosen = [[model.new_bool_var("") for _ in months] for months in self.months]
        self._by: list[list[cp_model.IntVar]] | None = None
        self.cells = [
            (Cell(k, month), var)
            for k, months in enumerate(self.months)
            for month, var in zip(months, self.chosen[k], strict=True)
        ]
        model.add_exactly_one(var for _, var in self.cells)

    @property
    def by(self) -> list[list[cp_model.IntVar]]:
        """The steps of each option, in the order of its open months."""
        if self._by is None:
            self._by = [self._steps(row) for row in self.chosen]
        return self._by

    def _steps(self, chosen: list[cp_model.IntVar]) -> list[cp_model.IntVar]:
        steps = chosen[:1]  # the first step is the first cell itself
        for cell in chosen[1:]:
            step = self._model.new_bool_var("")
            self._model.add(step == steps[-1] + cell)
            steps.append(step)
        return steps

    def totals(self, tables: NDArray[np.int64]) -> Iterator[tuple[int, Terms]]:
        """Yield, for each option and table, shape (B, K, T), with a need: which table, and its sum over that option."""
        for k, columns in enumerate(self._columns):
            values = tables[:, k, columns]
            needed = np.flatnonzero(values.any(axis=1))
            values = values[needed]
            changes = values.copy()
            changes[:, :-1] -= values[:, 1:]
            shorter = np.count_nonzero(changes, axis=1) < np.count_nonzero(values, axis=1)
            for i, b in enumerate(needed.tolist()):
                row, variables = (changes[i], self.by[k]) if shorter[i] else (values[i], self.chosen[k])
                entries = row.nonzero()[0].tolist()
                yield b, [(variables[j], value) for j, value in zip(entries, row[entries].tolist(), strict=True)]

    def happened(self, event: Event, month: int) -> list[cp_model.IntVar]:
        """Return literals, at most one of which holds, that say that an event comes in a month or earlier."""
        found = []
        for k, option in enumerate(self.path.options):
            count = bisect_right(self.months[k], month - option.offset(event))
            if count:
                found.append(self.by[k][count - 1])
        return found

    def dates(self, event: Event) -> list[int]:
        """Return the months in which an event can come, in order."""
        options = zip(self.path.options, self.months, strict=True)
        return sorted({month + option.offset(event) for option, months in options for month in months})

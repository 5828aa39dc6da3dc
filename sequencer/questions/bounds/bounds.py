"""What a level could be at best in changed instances, at once and without a search.

The prices of a level's relaxation prove a bound of it in whole numbers. Evaluated in an instance with numbers turned,
where cells are opened, needs are smaller or right sides larger, the same prices prove a bound there (models/problem.md,
proposition 22). Only what changed is evaluated anew.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.package_binaries import PackageBinaries
from sequencer.binaries.program import Program, tell
from sequencer.binaries.rows import CHOICE
from sequencer.engine.tables import Masks, open_masks
from sequencer.places import kernel
from sequencer.places.divide import Places, divide
from sequencer.problem import Demand, Link, Problem, Supply, Term
from sequencer.questions.bounds.altered import by_key, changed, masks_of, need_of, same, wide
from sequencer.questions.bounds.weights import EXACT, Floats, Key, Weight, Weights

Bools: TypeAlias = NDArray[np.bool_]

FINEST = 2**20  # parts of a unit that prices are told in
ROOM = 16  # how many times as large sums may become in changed instances


@dataclass(frozen=True, eq=False, slots=True)
class State:
    """What prices make of an instance: the cost of each cell that is open, and what all else comes to."""

    cost: Floats
    open: Bools
    apart: int
    size: float
    asked: NDArray[np.int64]


class Bounds:
    """Prices of a level's relaxation, evaluated in instances in which rules are easier to keep.

    Parameters
    ----------
    problem : Problem
    term : Term
        A sum that is minimised.
    caps : sequence of (str, int)
        Terms that are held, and the most each may reach.
    prices : mapping of Key to (float, int)
        For rows of the problem's program: the price of a unit, in the term's own, and by what the row was divided.
    """

    def __init__(
        self, problem: Problem, term: Term, caps: Sequence[tuple[str, int]], prices: Mapping[Key, tuple[float, int]]
    ) -> None:
        self.problem, self._term, self._caps = problem, term, tuple(caps)
        held = [(problem.terms[name], most) for name, most in caps if not problem.terms[name].maximum]
        self._wide = wide(problem)
        program = tell(problem, term, held, self._wide)
        if program is None:
            raise ValueError("what holds by definition leaves a package no cell")
        self._program: Program = program
        self._places: Places = divide(program)
        self._packages: Mapping[str, PackageBinaries] = program.told.packages
        self._links = set(self._places.hung.tolist()) - {-1}
        prices = {key: (price / program.unit, divisor) for key, (price, divisor) in prices.items()}
        self.parts = self._fine(prices)
        told = {key: (round(price * self.parts), unit) for key, (price, unit) in prices.items()}
        self._weights = Weights(program.told, told, problem.paths)
        self._least = {name: self._lowest(term, name) for name in problem.paths}
        self._lows = {(capped.name, name): self._lowest(capped, name) for capped, _ in held for name in problem.paths}
        self._pieces: dict[int, Weight] = {}
        self._keyed = by_key(problem.rules)
        self._supplies = {at: key for key, at in self._keyed.items() if isinstance(problem.rules[at], Supply)}
        self._others = {key: at for key, at in self._keyed.items() if at not in self._supplies}
        self.base = self._state()
        self._totals = self._planned(self.base, range(self._places.count))

    def _lowest(self, term: Term, name: str) -> int:
        table = term.tables.get(name)
        return 0 if table is None else int(self._packages[name].entries(table).min())

    def _fine(self, prices: Mapping[Key, tuple[float, int]]) -> int:
        """Return how finely prices can be told so that nothing is lost to rounding; 0 if they are too large."""
        program = self._program
        finest = {key: (math.ceil(abs(price) * FINEST), divisor) for key, (price, divisor) in prices.items()}
        weights = Weights(program.told, finest, self.problem.paths)
        size = weights.of_rows(program.names, program.arrays, program.units, self._priced).size / FINEST
        size = max(1.0, (float(np.abs(program.arrays.cost).max(initial=0)) + size) * len(self.problem.paths))
        return int(min(FINEST, 2.0 ** math.floor(math.log2(EXACT / ROOM / size))))

    @cached_property
    def _priced(self) -> Bools:
        """Return which rows are priced: places keep the others by themselves."""
        least = np.array([name.startswith("L1") for name in self._program.names], np.bool_)
        aside = (least & np.isin(self._program.rules, list(self._links))) | (self._program.rules == CHOICE)
        return np.asarray(~aside, np.bool_)

    def _state(self) -> State:
        program, count = self._program, self._weights.count
        weight = self._weights.of_rows(program.names, program.arrays, program.units, self._priced)
        masks = open_masks(self.problem, self._held(self.problem))
        is_open = np.zeros(count, np.bool_)
        for name, package in self._packages.items():
            is_open[package.vars] = package.entries(masks[name].astype(np.int64)) > 0
        own = program.arrays.cost[:count].astype(np.float64) * self.parts
        size = weight.size + float(np.abs(own).max(initial=0))
        return State(own + weight.cells, is_open, weight.apart, size, self._places.forest.asked)

    def _held(self, problem: Problem) -> list[tuple[Term, int]]:
        return [(problem.terms[name], most) for name, most in self._caps if name in problem.terms]

    # --- What changes -------------------------------------------------------------------------------------------------

    def state(self, problem: Problem, packages: Collection[str] | None = None) -> State | None:
        """Return what prices make of a changed instance; None where it opens what cannot be evaluated.

        Parameters
        ----------
        problem : Problem
            With the same paths.
        packages : collection of str, optional
            Only what rules and terms say of these packages is changed; default: all.
        """
        base = self.base
        cost, is_open = base.cost.copy(), base.open.copy()
        wanted = self.problem.paths if packages is None else packages
        masks = masks_of(problem, self._held(problem), wanted)
        for name in wanted:
            own = self._packages[name].vars
            if (masks[name] & ~self._wide[name]).any():
                return None
            is_open[own] = self._packages[name].entries(masks[name].astype(np.int64)) > 0
            cost[own] += self._entries(problem, name)
        apart, size, asked = base.apart, base.size, base.asked
        if packages is None:
            after = by_key(problem.rules)
            for at, key in self._supplies.items():
                now = problem.rules[after[key]] if key in after else None
                apart += self._supply(at, now if isinstance(now, Supply) else None, cost)
        else:
            self._needs(problem, packages, cost)
        if packages is None:
            for at, weight in self._replaced(problem):
                piece = self._piece(at)
                cost += weight.cells - piece.cells
                apart, size = apart + weight.apart - piece.apart, size + weight.size + piece.size
            asked = self._asked(problem)
        return State(cost, is_open, apart, size, asked)

    def _entries(self, problem: Problem, name: str) -> Floats:
        """Return what other entries of a package in the term, and in caps on sums, change in the cost of its cells."""
        package, found = self._packages[name], np.zeros(len(self._packages[name].vars))
        unit = self._program.unit
        tables = changed(self.problem, problem, self._term.name, name)
        if tables is not None:
            was, now = ((package.entries(table) - self._least[name]) // unit for table in tables)
            found += ((now - was) * self.parts).astype(np.float64)
        for term, _ in self._caps:
            if self.problem.terms[term].maximum:
                continue
            tables = changed(self.problem, problem, term, name)
            if tables is not None:
                was, now = (package.entries(table) - self._lows[term, name] for table in tables)
                found += self._weights.capped(term, now) - self._weights.capped(term, was)
        return found

    def _supply(self, at: int, after: Supply | None, cost: Floats) -> int:
        """Put a supply in the place of another: add to the cost of cells; return what other capacities change.

        Whichever it is, it is a rule of the changed instance as a whole; None: nothing is in its place.
        """
        before = self._supply_at(at)
        for name in self.problem.paths:
            was = before.demands_of.get(name, ())
            now = () if after is None else after.demands_of.get(name, ())
            self._needed(at, name, (was, now), cost)
        if after is None:
            return self._weights.held(at, before.capacity)
        if after.capacity == before.capacity:
            return 0
        return self._weights.held(at, before.capacity) - self._weights.held(at, after.capacity)

    def _needs(self, problem: Problem, packages: Collection[str], cost: Floats) -> None:
        """Add what other needs of some packages change: where several pools serve one, it needs the same of each."""
        for name in packages:
            needs = {rule.resource: rule.demands_of[name] for rule in problem.supplies if name in rule.demands_of}
            for at in self._supplies:
                before = self._supply_at(at)
                if name in before.demands_of:
                    self._needed(at, name, (before.demands_of[name], needs.get(before.resource, ())), cost)

    def _needed(self, at: int, name: str, needs: tuple[Sequence[Demand], Sequence[Demand]], cost: Floats) -> None:
        was, now = needs
        if [need_of(demand) for demand in was] != [need_of(demand) for demand in now]:
            before = self._supply_at(at)
            change = self._weights.needs(at, before, name, now) - self._weights.needs(at, before, name, was)
            cost[self._packages[name].vars] += change

    def _supply_at(self, at: int) -> Supply:
        rule = self.problem.rules[at]
        if not isinstance(rule, Supply):
            raise TypeError(rule)
        return rule

    def _replaced(self, problem: Problem) -> list[tuple[int, Weight]]:
        """Return the rules told otherwise, by position, with what they come to; those taken away come to nothing."""
        found, after = [], by_key(problem.rules)
        for key, at in self._others.items():
            before, now = self.problem.rules[at], after.get(key)
            rule = None if now is None else problem.rules[now]
            if rule is not None and same(before, rule):
                continue
            piece = self._piece(at)
            if not piece.size:  # no row of it has a price
                continue
            if rule is None:
                found.append((at, Weight(np.zeros(self._weights.count), 0, 0.0)))
            else:
                found.append((at, self._weights.of_rule(at, rule, hangs=at in self._links)))
        return found

    def _piece(self, at: int) -> Weight:
        if at not in self._pieces:
            self._pieces[at] = self._weights.of_rule(at, self.problem.rules[at], hangs=at in self._links)
        return self._pieces[at]

    def _asked(self, problem: Problem) -> NDArray[np.int64]:
        """Return what cells ask of packages that hang on theirs, where the lags of these links have become smaller."""
        forest, after = self._places.forest, by_key(problem.rules)
        asked = forest.asked
        where = {at: key for key, at in self._others.items()}
        ends = np.append(forest.asked_at[1:], len(asked))
        for p, at in enumerate(self._places.hung.tolist()):
            if at < 0:
                continue
            now = after.get(where[at])
            before, link = self.problem.rules[at], None if now is None else problem.rules[now]
            if not isinstance(before, Link) or same(before, link):
                continue
            less = None
            if isinstance(link, Link) and link.minimum is not None and before.minimum is not None:
                less = before.minimum - link.minimum
            if less == 0:
                continue
            part = slice(forest.asked_at[p], ends[p])
            asked = asked.copy() if asked is forest.asked else asked
            asked[part] = np.maximum(0, asked[part] - less) if less is not None and less > 0 else 0
        return asked

    # --- What it proves -----------------------------------------------------------------------------------------------

    def least(self, state: State | None) -> int | None:
        """Return what the term cannot be below; None where the numbers are too large to be sure."""
        if state is None or not self.parts:
            return None
        largest = np.abs(state.cost[state.open]).max(initial=0) + state.size
        if not largest * len(self.problem.paths) + abs(state.apart) <= EXACT / 2:
            return None
        base, var = self.base, self._places.var
        if state.asked is not base.asked:
            totals = self._planned(state, range(self._places.count))
        else:
            differs = ((state.cost != base.cost) | (state.open != base.open))[var]
            starts = self._places.forest.cells[self._places.forest.places]
            changed = np.flatnonzero(np.add.reduceat(differs, starts[:-1]) > 0)
            totals = {**self._totals, **self._planned(state, changed.tolist())}
        if not all(map(math.isfinite, totals.values())):
            return None  # no prices are needed where places have no plan: a search will tell
        bound = sum(int(total) for total in totals.values()) + state.apart
        return self._program.value(-(-bound // self.parts))

    def _planned(self, state: State, places: Collection[int]) -> dict[int, float]:
        """Return the cost of the cheapest plan of some places."""
        forest, var = self._places.forest._replace(asked=state.asked), self._places.var
        cost = np.where(state.open, state.cost, np.inf)[var]
        value, least = np.empty_like(cost), np.empty(int(forest.least_at[-1]))
        return {place: float(kernel.upward(forest, place, cost, value, least)) for place in places}

    def near(self, state: State, value: int) -> Masks:
        """Return the cells that a plan with a term of at most ``value`` could take, after ``least``."""
        forest, var = self._places.forest._replace(asked=state.asked), self._places.var
        cost = np.where(state.open, state.cost, np.inf)[var]
        values, through = np.empty_like(cost), np.empty_like(cost)
        totals, least = np.empty(self._places.count), np.empty(int(forest.least_at[-1]))
        kernel.all_through(forest, cost, values, least, np.empty_like(least), totals, through)
        most = math.floor((value - self._program.least) / self._program.unit) * self.parts
        kept = np.zeros(len(cost), np.bool_)
        kept[var] = int(totals.sum()) + state.apart + through <= most
        masks = {}
        for name, package in self._packages.items():
            masks[name] = np.zeros(self.problem.paths[name].shape, np.bool_)
            masks[name][package.at] = kept[package.vars]
        return masks

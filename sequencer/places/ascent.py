"""Good prices soon: the smoothed dual of a program by places, climbed with L-BFGS while it cools down."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, minimize

from sequencer.engine.run import Stoppable
from sequencer.places import kernel
from sequencer.places.prices import Pricer, Proven
from sequencer.rebuild.money import Money

Floats = NDArray[np.float64]

HEATS = (0.3, 0.1, 0.03, 0.01)  # temperatures, as parts of what the cells of a package differ by
STEPS = (40, 60, 80, 100)  # of L-BFGS at each


class _OverError(Exception):
    """The search is to stop."""


class Ascent:
    """The dual of a program by places.

    Rows of money are left to cuts, which are found where shares cannot be paid; the prices of a cut are prices of them.

    Parameters
    ----------
    pricer : Pricer
    money : Money
    """

    def __init__(self, pricer: Pricer, money: Money) -> None:
        self.pricer = pricer
        places = self.places = pricer.places
        program = pricer.program
        self._money = money
        self._cuts: list[tuple[Floats, Floats, float]] = []  # prices of rows of money, needs of cells, right side
        split = places.split
        rows = len(split.rows)
        is_money = np.zeros(len(program.arrays.sides), np.bool_)
        is_money[money.rows] = True
        self._priced = ~is_money[split.rows]
        self._sides = np.where(self._priced, places.sides, 0).astype(np.float64)
        self._tops = split.tops.astype(np.float64)
        self._sizes = np.ones(rows)
        for columns in (split.cells, split.others):
            np.maximum.at(self._sizes, columns.row, np.abs(columns.entry).astype(np.float64))
        self._spread = program.spread
        cells, keys = len(pricer.cost), int(places.forest.least_at[-1])
        self._scratch = (np.empty(cells), np.empty(keys), np.empty(cells), np.empty(keys))
        self._mass = np.empty(keys)
        self.shares = np.zeros(cells)

    def climb(self, stop: Stoppable, hear: Callable[[Proven], None]) -> tuple[Floats, Proven]:
        """Return prices of all rows of the program, the best found until told to stop, and what they prove.

        What better ones prove is told on the way.
        """
        point = np.zeros(len(self._sides))
        prices = self._told(point)
        best = prices, self.pricer.prove(prices)
        for heat, steps in zip(HEATS, STEPS, strict=True):
            try:
                point = self._cool(point, heat * self._spread, steps, stop)
            except _OverError:
                break
            prices = self._told(point)
            proven = self.pricer.prove(prices)
            if proven.height > best[1].height:
                best = prices, proven
                hear(proven)
            if self._separate():
                point = np.append(point, 0.0)
        return best

    def _cool(self, point: Floats, heat: float, steps: int, stop: Stoppable) -> Floats:
        rows = len(self._sides)
        if not len(point):  # nothing is shared: there is nothing to be priced
            self._smooth(point, heat)
            return point
        free = np.concatenate([self.places.equalities, np.zeros(len(point) - rows, np.bool_)])
        low = np.where(free, -np.inf, 0.0)
        high = np.full(len(point), np.inf)
        low[:rows][~self._priced] = high[:rows][~self._priced] = 0.0

        def aim(at: Floats) -> tuple[float, Floats]:
            if stop.is_set():
                raise _OverError
            value, slope = self._smooth(at, heat)
            return -value, -slope

        options = {"maxiter": steps, "maxfun": 2 * steps, "maxcor": 20}
        found = minimize(aim, point, jac=True, method="L-BFGS-B", bounds=Bounds(low, high), options=options)
        return np.asarray(found.x)

    def _smooth(self, point: Floats, heat: float) -> tuple[float, Floats]:
        """Return the smoothed dual and its slope."""
        split, rows = self.places.split, len(self._sides)
        price = point[:rows] / self._sizes
        cost = np.empty(len(self.pricer.cost))
        kernel.priced(split.cells.at, split.cells.row, split.cells.entry, price, self.pricer.cost, cost)
        for weight, (_, need, _) in zip(point[rows:], self._cuts, strict=True):
            cost += weight * need
        value, least, scratch, sums = self._scratch
        total = kernel.soft_upward(self.places.forest, cost, heat, value, least, scratch, sums)
        kernel.soft_downward(self.places.forest, scratch, sums, self._mass, self.shares)
        takes = np.zeros(rows)
        kernel.shared_out(split.cells.at, split.cells.row, split.cells.entry, self.shares, takes)
        aside = np.empty(len(self._tops))
        kernel.priced(split.others.at, split.others.row, split.others.entry, price, np.zeros_like(aside), aside)
        scaled = np.clip(aside * self._tops / heat, -700, 700)
        total -= heat * float(np.log1p(np.exp(-scaled)).sum())  # a variable from 0 to its top, smoothed alike
        part = self._tops / (1 + np.exp(scaled))
        kernel.shared_out(split.others.at, split.others.row, split.others.entry, part, takes)
        slopes = [np.where(self._priced, takes - self._sides, 0) / self._sizes]
        total -= float(price @ self._sides)
        for weight, (_, need, side) in zip(point[rows:], self._cuts, strict=True):
            total -= weight * side
            slopes.append(np.array([float(need @ self.shares) - side]))
        return total, np.concatenate(slopes)

    def _told(self, point: Floats) -> Floats:
        """Return a point as prices of all rows of the program."""
        split, rows = self.places.split, len(self._sides)
        prices = np.zeros(len(self.pricer.program.arrays.sides))
        prices[split.rows] = point[:rows] / self._sizes
        for weight, (money, _, _) in zip(point[rows:], self._cuts, strict=True):
            prices[self._money.rows] += weight * money
        return prices

    def _separate(self) -> bool:
        """Look for a cut that the shares break; return whether there is one."""
        weights = np.zeros(len(self.pricer.program.arrays.cost))
        weights[self.places.var] = self.shares
        found = self._money.short(weights)
        if found is None:
            return False
        money, cut = found
        size = max(1.0, float(np.abs(cut.need).max()))
        order = self._money.on[self.places.var]
        self._cuts.append((money / size, cut.need[order] / size, cut.side / size))
        return True

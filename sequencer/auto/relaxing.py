"""The relaxation of a whole question: good prices by climbing, then the best ones from few cells at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.program import Program
from sequencer.engine.run import Stoppable
from sequencer.milp import linear
from sequencer.milp.search import TRUSTED
from sequencer.places.ascent import Ascent
from sequencer.places.divide import Places
from sequencer.places.prices import Pricer, Proven
from sequencer.problem import Cell
from sequencer.rebuild.layout import Layout
from sequencer.rebuild.money import Money
from sequencer.rebuild.tries import Lead

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AT_ONCE = 5 * 10**5  # entries of a program that simplex takes as a whole
WHOLE = 2 * 10**6  # entries up to which that is sooner, where limits leave few cells and any solution will do
LARGE_PROGRAM = 4 * 10**6  # entries: more take simplex too long
NARROW = 0.1  # the part of the cells that simplex has first, where it has not all
MORE = 0.03  # the part of all cells that it has in addition each time
WIDER = 1.6  # by how much they grow where they have no solution
WIDEST = 0.4  # the part of the cells, where no plan is known, that is worth trying
SHARE = 0.6  # the part of the time left that one program may take
MIXES = (0.9, 0.7, 0.5, 0.3)  # how much of the latest prices beside the best ones before
FEW = 0.3  # the part of cells that ruin and recreate tries first, once they have prices
CLOSE = 1e-5  # the part of its value that the bound of prices may lie below a relaxation


@dataclass(frozen=True, eq=False, slots=True)
class Relaxed:
    """A relaxation, or what is known of it.

    Attributes
    ----------
    prices : float array, length R
        Of all rows of the program.
    proven : Proven
        What they prove.
    shares : float array, length J
        How much of each cell it takes.
    solved : bool
        Whether these are a solution; else they come from climbing, and there may be none.
    """

    prices: Floats
    proven: Proven
    shares: Floats
    solved: bool


def dearest(through: Floats, part: float) -> float:
    """Return by how much the dearest of the cheapest cells, a part of those that are in any plan, exceeds the bound."""
    inside = through[np.isfinite(through)]
    return float(np.quantile(inside, min(1.0, part), method="lower")) if len(inside) else np.inf


def led(program: Program, places: Places, relaxed: Relaxed) -> Lead:
    """Return where a relaxation leads ruin and recreate: prices, and the cells that are cheapest at them."""
    through = relaxed.proven.through
    near = np.zeros(len(program.arrays.cost), np.bool_)
    near[places.var] = through <= dearest(through, FEW)
    months = np.add.reduceat(relaxed.shares * places.transfer, places.forest.cells[:-1])
    return Lead(relaxed.prices, months[np.argsort(places.names)], near)


def _nothing() -> None:
    """Let nobody else work."""


@dataclass(frozen=True, eq=False, slots=True)
class Relaxing:
    """Solves the relaxation of a program.

    Attributes
    ----------
    left : callable
        Returns how many seconds are left.
    prove : callable
        Told what prices prove while they are climbed.
    hear : callable
        Told of every better relaxation after that.
    plan : callable
        Returns the best plan so far: with its cells, few are enough for a solution.
    turn, rest : callable
        What a long piece of work is done in, and what lets others work after it.
    """

    pricer: Pricer
    stop: Stoppable
    left: Callable[[], float]
    prove: Callable[[Proven], None]
    hear: Callable[[Relaxed], None]
    plan: Callable[[], Mapping[str, Cell] | None]
    turn: Callable[[], AbstractContextManager[object]] = nullcontext
    rest: Callable[[], object] = _nothing

    def run(self) -> Relaxed | None:
        """Return the best relaxation; None where there is none at all, or time is over before one is known."""
        arrays = self.pricer.program.arrays
        if len(arrays.index) <= AT_ONCE:
            with self.turn():
                solved = linear.relax(arrays, self.left(), self.stop)
            return None if solved is None else self._heard(solved)
        with self.turn():
            climbed = self._climb()
        return self._sift(climbed)

    def exists(self) -> bool | None:
        """Return whether there is a relaxation at all; None where that is not known in time."""
        arrays = self.pricer.program.arrays
        if len(arrays.index) > WHOLE:
            found = self.run()
            if found is None or found.solved or len(arrays.index) > LARGE_PROGRAM:
                return True if found is not None and found.solved else None
        if arrays.largest > TRUSTED:
            return None
        with self.turn():
            solved = linear.relax(arrays, self.left(), self.stop, presolve=False)
        if solved is None or not solved.has_solution:
            return None if solved is None else False
        self._heard(solved)
        return True

    def _heard(self, solved: linear.Relaxed) -> Relaxed:
        found = self._proven(solved.prices, solved.values[self._places.var])
        self.hear(found)
        return found

    @property
    def _places(self) -> Places:
        return self.pricer.places

    def _climb(self) -> Relaxed:
        program = self.pricer.program
        ascent = Ascent(self.pricer, Money(Layout.of(program, sorted(program.problem.paths))))
        prices, proven = ascent.climb(self.stop, self.prove)
        return Relaxed(prices, proven, ascent.shares, solved=False)

    def _proven(self, prices: Floats, shares: Floats) -> Relaxed:
        return Relaxed(prices, self.pricer.prove(prices), shares, solved=True)

    def _sift(self, best: Relaxed) -> Relaxed:
        """Solve the relaxation with few cells, again and again with those that its prices show to be missing.

        What is left out has no say in the prices, so that they may prove less than those before: mixed with these they
        prove more than either, mostly.
        """
        through = best.proven.through
        kept, part = through <= dearest(through, NARROW), NARROW
        self.hear(best)
        while not self.stop.is_set():
            kept |= self._of_plan()
            solved = self._solve(kept)
            if solved is None:
                if part >= WIDEST or self.plan() is not None:  # with a plan there is a solution: time was too short
                    break
                part *= WIDER
                kept |= through <= dearest(through, part)
                continue
            latest = self._proven(solved.prices, solved.values)
            before, best = best, self._mixed(best, latest)
            if best.proven is not before.proven:
                self.hear(best)
            missing = np.where(kept, np.inf, latest.proven.through)
            if best.proven.height >= solved.value - CLOSE * abs(solved.value) or np.isinf(missing).all():
                break
            few = min(int(MORE * len(kept)), int(np.isfinite(missing).sum())) or 1
            kept |= missing <= np.partition(missing, few - 1)[few - 1]
        return best

    def _of_plan(self) -> Bools:
        """Return which cells the best plan takes."""
        plan = self.plan()
        if plan is None:
            return np.zeros(len(self._places.var), np.bool_)
        taken: Bools = self.pricer.program.vector(plan)[self._places.var] > 0
        return taken

    def _solve(self, kept: Bools) -> linear.Relaxed | None:
        """Solve the relaxation with some cells; values are those of cells, prices those of all rows."""
        arrays, var = self.pricer.program.arrays, self._places.var
        out = np.zeros(len(arrays.cost), np.bool_)
        out[var] = ~kept
        part = arrays.without(out, self.pricer.program.choices)
        with self.turn():
            solved = linear.relax(part.arrays, self.left() * SHARE, self.stop)
        self.rest()
        if solved is None:
            return None
        values, prices = np.zeros(len(arrays.cost)), np.zeros(len(arrays.sides))
        values[part.columns], prices[part.rows] = solved.values, solved.prices
        return linear.Relaxed(solved.value, values[var], prices)

    def _mixed(self, best: Relaxed, latest: Relaxed) -> Relaxed:
        """Return the best of what prices prove that lie between the latest and the best ones before."""
        between = (mix * latest.prices + (1 - mix) * best.prices for mix in MIXES)
        found = replace(best, shares=latest.shares, solved=True)
        for other in (latest, *(self._proven(prices, latest.shares) for prices in between)):
            if other.proven.height > found.proven.height:
                found = other
        return found

"""Ruin and recreate as a search that goes on for as long as it is asked to, and can be told more on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sequencer.binaries.program import Program
from sequencer.problem import Cell
from sequencer.rebuild import kernel
from sequencer.rebuild.admit import admits
from sequencer.rebuild.board import Cut, Layout, lay
from sequencer.rebuild.money import Money
from sequencer.rebuild.state import Ints, State
from sequencer.rebuild.tries import Tries

Floats = NDArray[np.float64]

BATCH = 0.1  # seconds of compiled work between two looks at what else is new
ROUNDS = 100  # of the first batch
MOST = 12  # packages taken out at once
COLD = 0.003  # the last temperature, as a part of the first
SPREAD = 0.6  # the first temperature, as a part of what the cells of a package differ by
CYCLE = 8.0  # seconds of the first annealing; each further one takes half as long again
HARDER = 1.2  # factor by which a package that is left out again and again gains weight


class Rebuilder:
    """A search over the cells of a program.

    Parameters
    ----------
    program : Program
    seed : int
    offer : callable
        Given every better plan.

    Attributes
    ----------
    plan : mapping of str to Cell, or None
        The best plan known here.
    """

    def __init__(self, program: Program, seed: int, offer: Callable[[Mapping[str, Cell]], None]) -> None:
        self._offer = offer
        self._seed = seed
        self._rounds = ROUNDS
        self.plan: Mapping[str, Cell] | None = None
        self.told(program, None, None)

    def told(self, program: Program, ranks: Mapping[str, float] | None, prices: Floats | None) -> None:
        """Go on with other cells of the same packages.

        Parameters
        ----------
        ranks : mapping of str to float, optional
            When each package is expected to transfer.
        prices : float array, length R, optional
            Prices of rows of the program, from its relaxation.
        """
        self.program = program
        self._layout = Layout.of(program, sorted(program.problem.paths))
        self._money = Money(self._layout)
        self._cuts: list[Cut] = []
        if prices is not None and len(self._money.rows):
            self._cuts.append(self._money.cut(prices[self._money.rows]))
        self._tries = Tries(self._layout, prices, self._seed)
        names, starts = self._layout.names, self._layout.starts
        cost = program.arrays.cost[self._layout.var].astype(np.float64)
        high = np.maximum.reduceat(cost, starts[:-1])
        self._span = max(1.0, float((high - np.minimum.reduceat(cost, starts[:-1])).max()))
        self._hot = program.spread * SPREAD
        self._missing = high + 2 * self._span
        first = [int(program.told.packages[name].transfers.min()) for name in names]
        self._rank = np.array(first if ranks is None else [ranks[name] for name in names], np.float64)
        self._began, self._cycle = 0.0, CYCLE  # hot again: what is known now leads elsewhere
        self._lay()
        if self.plan is not None:
            self.adopt(self.plan)
        else:
            self._put(np.full(len(names), -1, np.int64), is_plan=False)

    def adopt(self, cells: Mapping[str, Cell]) -> None:
        """Go on from a plan that is known to be one."""
        self.plan = cells
        self._put(self._layout.chosen(cells), is_plan=True)

    def _lay(self) -> None:
        """Set the board anew."""
        self._board, self._room = lay(self._layout, self._cuts)
        self._dear = 3 * self._span / self._board.largest

    def _put(self, chosen: Ints, *, is_plan: bool) -> None:
        """Take cells on an empty board; ``is_plan``: they are a plan, which the next ones must be better than."""
        packages, slots = len(self._layout.names), len(self._board.people)
        self._chosen = np.full(packages, -1, np.int64)
        self._state = State(
            chosen=self._chosen,
            room=self._room.copy(),
            worst=np.zeros((slots, packages + 1), np.int64),
            held=np.zeros(slots, np.int64),
            missing=self._missing,
            dear=self._dear,
            order=np.arange(len(self._layout.var)),
            blocked=np.full(len(self._layout.var), -1, np.int64),
            first=np.zeros(len(self._board.dates_at), np.int64),
            last=np.zeros(len(self._board.dates_at), np.int64),
        )
        for p in np.flatnonzero(chosen >= 0).tolist():
            kernel.put(self._board, self._state, p, int(chosen[p]))
        whole = is_plan and bool((chosen >= 0).all())
        self._best = chosen.copy()
        self._value = float(self._board.cost[chosen].sum()) if whole else np.inf

    def work(self) -> None:
        """Search for about a tenth of a second; offer what is better and can be paid."""
        now = time.monotonic()
        if not self._began:
            self._began = now
        part = (now - self._began) / self._cycle
        if part >= 1:
            self._began, self._cycle, part = now, self._cycle * 1.5, 0.0
        heat = self._hot * COLD**part
        self._seed += 1
        before = self._value
        self._state.order[:] = self._tries.order()
        self._value = kernel.improve(
            self._board, self._state, self._best, self._value, self._rank, heat, self._rounds, MOST, self._seed % 2**31
        )
        spent = time.monotonic() - now
        self._rounds = int(np.clip(self._rounds * BATCH / max(spent, 1e-3), self._rounds / 2, self._rounds * 2)) + 1
        if self._value < before and (self._best >= 0).all():
            self._pass_on()
        elif self.plan is None:
            self._missing[self._chosen < 0] *= HARDER

    def _pass_on(self) -> None:
        """Offer the best schedule if it is a plan; else keep in mind why it is none."""
        if any(int(cut.need[self._best].sum()) > cut.side for cut in self._cuts):
            return
        cut = self._money.missing(self._best)
        if cut is None:
            cells = self._layout.cells(self._best)
            if admits(self.program, cells):
                self.plan = cells
                self._offer(cells)
                return
            if not self._cuts:
                return
            last = self._cuts[-1]  # payments exist in fractions only: ask for a little more room
            cut = Cut(last.need, last.side - max(1, abs(last.side) // 1000))
        self._cuts.append(cut)
        self._lay()
        self._put(self._chosen, is_plan=False)

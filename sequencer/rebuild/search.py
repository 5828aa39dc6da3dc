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
from sequencer.rebuild.board import Cut, cut_off, lay
from sequencer.rebuild.layout import Layout
from sequencer.rebuild.money import Money
from sequencer.rebuild.state import Ints, State
from sequencer.rebuild.tries import Lead, Tries

BATCH = 0.1  # seconds of compiled work between two looks at what else is new
ROUNDS = 100  # of the first batch
MOST = 12  # packages taken out at once
COLD = 0.003  # the last temperature, as a part of the first
SPREAD = 0.6  # the first temperature, as a part of what the cells of a package differ by
CYCLE = 8.0  # seconds of the first annealing, at least; each further one takes half as long again
SOON = 0.4  # of that: in it a plan of its own is found, or none
SLOWLY = 0.022  # seconds of the first annealing for each package
HARDER = 1.2  # factor by which a package that is left out again and again gains weight
CUTS = 30  # that are kept, the latest
PARTS = 100  # of its cells, of which it tries one more each time


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
    annealings : int
        How often it has cooled down.
    failed : bool
        Whether it has begun without a plan and found none soon.
    """

    def __init__(self, program: Program, seed: int, offer: Callable[[Mapping[str, Cell]], None]) -> None:
        self.program = program
        self._offer = offer
        self._seed = seed
        self._rounds = ROUNDS
        self._led = self.failed = False
        self.annealings = 0
        self._patience = 0.0  # until when it looks for plans of its own
        self._reached = np.inf  # what the best plan costs
        self.plan: Mapping[str, Cell] | None = None
        self._layout = Layout.of(program, sorted(program.problem.paths))
        self._bare = self._board, self._room = lay(self._layout)
        self._money = Money(self._layout)
        self._cuts: list[Cut] = []
        self._hinted: list[Cut] = []  # that of the lead
        self._tight: list[Cut] = []  # one that asks for more room than must be
        names, starts = self._layout.names, self._layout.starts
        cost = self._board.cost
        self._high = np.maximum.reduceat(cost, starts[:-1])
        self._span = max(1.0, float((self._high - np.minimum.reduceat(cost, starts[:-1])).max()))
        self._hot = program.spread * SPREAD
        self._ranks = np.array([int(program.told.packages[name].transfers.min()) for name in names], np.float64)
        self._turn_to(None)
        self._put(np.full(len(names), -1, np.int64), is_plan=False)

    def told(self, lead: Lead, *, fresh: bool) -> None:
        """Go on where a relaxation leads to, hot again: what is known now leads elsewhere.

        Parameters
        ----------
        lead : Lead
        fresh : bool
            Whether to begin without a plan, unless that has failed: one that is far from the best is not worth going
            on from.
        """
        self._ranks = lead.ranks
        prices = lead.prices[self._money.rows]
        self._hinted, self._tight = [self._money.cut(prices)] if prices.any() else [], []
        self._cut_off()
        anew = fresh and not self.failed and (self.plan is not None or not self._led)  # what is begun is gone on with
        self._turn_to(lead)
        self._led = True
        if anew:
            self.plan, self._reached = None, np.inf
            self._patience = time.monotonic() + SOON * self._cycle
            self._put(np.full(len(self._layout.names), -1, np.int64), is_plan=False)
        elif self.plan is not None:
            self.adopt(self.plan)
        else:
            self._put(self._chosen.copy(), is_plan=False)

    @property
    def is_anew(self) -> bool:
        """Whether it has begun without a plan not long ago, and plans of others should wait."""
        return time.monotonic() < self._patience

    def adopt(self, cells: Mapping[str, Cell]) -> None:
        """Go on from a plan that is known to be one."""
        self.failed |= self._led and self.plan is None
        self.plan = cells
        chosen = self._layout.chosen(cells)
        far = self._tries.far[chosen]
        self._reach[far] = self._layout.counts[far]
        self._put(chosen, is_plan=True)
        self._reached = self._value

    def _turn_to(self, lead: Lead | None) -> None:
        """Try cells in another order, and none that is far at first."""
        self._tries = Tries(self._layout, lead, self._seed)
        self._reach = np.add.reduceat(~self._tries.far, self._layout.starts[:-1], dtype=np.int64)
        self._missing = self._high + 2 * self._span
        self._began, self._cycle = 0.0, max(CYCLE, SLOWLY * len(self._layout.names))

    @property
    def _all_cuts(self) -> list[Cut]:
        return [*self._cuts, *self._hinted, *self._tight]

    def _cut_off(self) -> None:
        """Let the board keep the cuts there are."""
        self._board, self._room = cut_off(*self._bare, self._all_cuts)

    def _put(self, chosen: Ints, *, is_plan: bool) -> None:
        """Take cells on an empty board; ``is_plan``: they are a plan, which the next ones must be better than."""
        packages, slots, cells = len(self._layout.names), len(self._board.relapses.people), len(self._layout.var)
        self._chosen = np.full(packages, -1, np.int64)
        self._state = State(
            chosen=self._chosen,
            room=self._room.copy(),
            worst=np.zeros((slots, packages + 1), np.int64),
            held=np.zeros(slots, np.int64),
            missing=self._missing,
            dear=3 * self._span / self._board.largest,
            order=np.arange(cells),
            reach=self._reach,
            blocked=np.full(cells, -1, np.int64),
            first=np.zeros(len(self._board.pairs.dates_at), np.int64),
            last=np.zeros(len(self._board.pairs.dates_at), np.int64),
        )
        for p in np.flatnonzero(chosen >= 0).tolist():
            kernel.put(self._board.takes, self._board.relapses, self._state, p, int(chosen[p]))
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
            self.annealings += 1
        heat = self._hot * COLD**part
        self._seed += 1
        before = self._value
        self._state.order[:] = self._tries.order()
        now = time.monotonic()  # sorting takes as long for few rounds as for many
        self._value = kernel.improve(
            self._board, self._state, self._best, self._value, self._ranks, heat, self._rounds, MOST, self._seed % 2**31
        )
        spent = time.monotonic() - now
        self._rounds = int(np.clip(self._rounds * BATCH / max(spent, 1e-3), self._rounds / 2, self._rounds * 2)) + 1
        if self._value < before:
            self._pass_on()
        elif self.plan is None:
            self._widen(self._chosen < 0)

    def _widen(self, out: NDArray[np.bool_]) -> None:
        """Let packages that are left out count for more, and try more of their cells."""
        cells = self._layout.counts[out]
        self._missing[out] *= HARDER
        self._reach[out] = np.minimum(cells, self._reach[out] + np.maximum(1, cells // PARTS))

    def _pass_on(self) -> None:
        """Offer the best schedule if it is a plan; else keep in mind why it is none."""
        cut = self._money.missing(self._best)
        if cut is None:
            cells = self._layout.cells(self._best)
            if admits(self.program, cells):
                if self._value < self._reached:
                    self.plan, self._reached = cells, self._value
                self._offer(cells)
                return
            if not self._all_cuts:
                return
            last = self._all_cuts[-1]  # payments exist in fractions only: ask for a little more room
            self._tight = [Cut(last.need, last.side - max(1, abs(last.side) // 1000))]
        else:
            self._cuts = [*self._cuts[1 - CUTS :], cut]
        self._cut_off()
        self._put(self._chosen, is_plan=False)

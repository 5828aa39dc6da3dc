"""Large neighbourhood search: most packages keep their cells, CP-SAT plans the others anew among few cheap cells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sequencer.auto.blackboard import Blackboard
from sequencer.auto.combined import NEIGHBOURS
from sequencer.auto.relaxing import Relaxed
from sequencer.auto.remaining import Remaining
from sequencer.binaries.program import Program
from sequencer.cpsat import over_rows
from sequencer.engine.run import Stoppable
from sequencer.outcome import Limits
from sequencer.places.divide import Places

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: How packages to plan anew are drawn: below each, those of about the same time; of a place and further ones; those
#: that take a scarce row; else those that cost most beyond what they would at best.
KINDS = (0.06, 0.09, 0.3)
EVEN = 0.03  # of what the mean package costs beyond that: added for each, so that any may be drawn
FEWEST, MOST = 8, 100  # packages planned anew
CELLS = 200.0  # that they may take at first, beside those they have
GROWS, SHRINKS = 1.03, 0.93  # the number of cells, after a search that ended, and after one that did not
SECONDS = 1.0  # for one search
BLUR = 0.06  # of the dearest cell: by how much the order of cells is left to chance, at most


@dataclass
class Neighbours:
    """Searches around the best plan of a blackboard.

    A cell that no better plan can take, by its price, is left out, which is exact; of the others the cheapest are
    taken, more of them for as long as searches end.

    Attributes
    ----------
    relaxed : Relaxed
        Its prices say which cells are cheap, and which rows are scarce.
    limits : Limits
        Only the seed counts.
    cells : float
        How many a search may take, beside those of the plan.
    """

    program: Program
    places: Places
    relaxed: Relaxed
    board: Blackboard
    limits: Limits
    cells: float = CELLS
    _rounds: int = field(init=False, default=0)
    _random: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.limits.seed)
        counts = np.diff(self.places.forest.cells)
        self._package = np.repeat(np.arange(len(counts)), counts)
        self._position = np.full(len(self.program.arrays.cost), -1, np.int64)  # of the package of each variable
        self._position[self.places.var] = self._package
        self._place = np.repeat(np.arange(self.places.count), np.diff(self.places.forest.places))
        through = self.relaxed.proven.through
        self._dearest = float(through[np.isfinite(through)].max(initial=1.0))
        paid = self.relaxed.prices * self.program.arrays.sides
        paid[self.program.arrays.equalities | (paid < 0)] = 0
        self._scarce = paid / paid.sum() if paid.sum() > 0 else None

    def search(self, seconds: float, stop: Stoppable) -> None:
        """Search one neighbourhood, for a second at most; pass on what is better.

        Parameters
        ----------
        seconds : float
            That are left.
        """
        plan, value = self.board.cells, self.board.value
        if plan is None or value is None:
            return
        start, target = self.program.vector(plan), self.program.objective(value) - 1
        taken = start[self.places.var] > 0
        kept = self._kept(taken, target)
        out = np.zeros(len(start), np.bool_)
        out[self.places.var] = ~kept
        part = Remaining.of(self.program, out, target + 1, whole=False)
        found: list[int] = []

        def hear(values: NDArray[np.float64] | None, _: int | None) -> None:
            if values is not None:
                found.append(round(float(part.arrays.cost @ values)))
                part.offer(NEIGHBOURS, values, self.board)

        self._rounds += 1
        limits = replace(self.limits.reseeded(self._rounds), seconds=min(SECONDS, seconds))
        least = over_rows.run(part.arrays, 0, target, limits=limits, stop=stop, hear=hear, work=None)
        ended = least >= min(found, default=target + 1)
        if not ended or kept.sum() >= self.cells:  # else it would grow although it limits nothing
            self.cells = max(FEWEST, self.cells * (GROWS if ended else SHRINKS))

    def _kept(self, taken: Bools, target: int) -> Bools:
        """Return which cells a search has: those taken, and the cheapest ones of the packages to plan anew."""
        proven = self.relaxed.proven
        free = self._drawn(np.flatnonzero(taken))
        kept: Bools = free[self._package] & (proven.through <= target * proven.parts - proven.bound)
        few = int(self.cells)
        if kept.sum() > few:
            blur = BLUR * self._random.random() * self._dearest * self._random.random(len(kept))
            worth = np.where(kept, proven.through + blur, np.inf)
            kept &= worth <= np.partition(worth, few - 1)[few - 1]
        return kept | taken

    def _drawn(self, chosen: Ints) -> Bools:
        """Draw the packages that are planned anew; ``chosen``: the cell of each."""
        packages = len(chosen)
        count = int(self._random.integers(min(FEWEST, packages), min(MOST, packages) + 1))
        chance = self._random.random(packages)
        months, kind = self.places.transfer[chosen], self._random.random()
        if kind < KINDS[0]:
            key = np.abs(months - months[self._random.integers(packages)]) + chance
        elif kind < KINDS[1]:
            key = self._random.permutation(self.places.count)[self._place] + chance
        elif kind < KINDS[2] and self._scarce is not None:
            key = self._apart(int(self._random.choice(len(self._scarce), p=self._scarce)), chosen) + chance
        else:
            beyond = self.relaxed.proven.through[chosen]
            key = self._random.exponential(size=packages) / (beyond + EVEN * beyond.mean() + 1)
        free = np.zeros(packages, np.bool_)
        free[np.argsort(key)[:count]] = True
        return free

    def _apart(self, row: int, chosen: Ints) -> NDArray[np.float64]:
        """Return how little each package has to do with a row: 0 takes it now, 1 could, 2 could not."""
        arrays = self.program.arrays
        entries = arrays.index[arrays.starts[row] : arrays.starts[row + 1]]
        apart = np.full(len(chosen), 2.0)
        could = self._position[entries]
        apart[could[could >= 0]] = 1.0
        apart[np.isin(self.places.var[chosen], entries)] = 0.0
        return apart

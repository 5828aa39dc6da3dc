"""What prices leave of a program: the cells that a better plan could take, to be searched by HiGHS or CP-SAT."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sequencer.auto.blackboard import Blackboard
from sequencer.binaries.matrix import Arrays
from sequencer.binaries.program import Program
from sequencer.engine.run import Stoppable
from sequencer.milp.search import TRUSTED
from sequencer.rebuild.admit import admits

FEWER = 0.7  # of the cells left: then a search begins anew
LOOK = 1.0  # seconds between two looks at how many are left


@dataclass(frozen=True, eq=False, slots=True)
class Remaining:
    """A part of a program.

    Attributes
    ----------
    program : Program
    arrays : Arrays
        The part.
    columns : int array
        Its variables, as they stand in the program.
    objective : int
        What is worth finding is below it.
    whole : bool
        Whether every better plan is in it, so that what is proven of it is proven.
    """

    program: Program
    arrays: Arrays
    columns: NDArray[np.int64]
    objective: int
    whole: bool

    @classmethod
    def of(cls, program: Program, out: NDArray[np.bool_], objective: int, *, whole: bool) -> Remaining:
        """Return what is left of a program without some variables."""
        part = program.arrays.without(out, program.choices)
        return cls(program, part.arrays, part.columns, objective, whole)

    @property
    def trusted(self) -> bool:
        """Whether numbers are small enough for floating point to be believed, and for CP-SAT to add them."""
        return self.arrays.largest <= TRUSTED

    def offer(self, by: str, values: NDArray[np.float64], board: Blackboard) -> None:
        """Pass on values of the variables if they are a plan."""
        every = np.zeros(len(self.program.arrays.cost))
        every[self.columns] = values
        cells = self.program.told.chosen(every.tolist())
        if admits(self.program, cells):
            board.offer(by, cells)

    def raise_bound(self, by: str, bound: int, board: Blackboard) -> None:
        """Pass on what is proven that no objective of this part is below; plans outside reach ``objective`` at best."""
        if self.whole:
            board.raise_bound(by, self.program.value(min(bound, self.objective)), exact=True)


@dataclass
class Again:
    """Says when branch and bound should stop: when all is over, or when far fewer cells are left to search."""

    over: Stoppable
    cells: int
    count: Callable[[], int]
    fewer: bool = False
    _looked: float = 0.0

    def is_set(self) -> bool:
        """Return whether to stop."""
        now = time.monotonic()
        if not self.fewer and now > self._looked + LOOK:
            self._looked = now
            self.fewer = self.count() < FEWER * self.cells
        return self.fewer or self.over.is_set()

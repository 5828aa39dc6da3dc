"""A search among the few cells that a better plan of a changed instance could take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sequencer.auto.remaining import Remaining
from sequencer.binaries.program import tell
from sequencer.cpsat import over_rows
from sequencer.engine.run import Caps, Stoppable
from sequencer.engine.tables import Masks
from sequencer.outcome import Limits
from sequencer.problem import Cell, Problem, Term

MOST = 2000  # cells that are searched at once
LARGEST = 2**40  # number in a row: sums over so many cells are far from what CP-SAT can add


@dataclass(frozen=True, slots=True)
class Nearest:
    """What came of a search.

    Attributes
    ----------
    cells : mapping of str to Cell, or None
        The best timetable found; it may still break what rows about money do not say.
    bound : int
        No plan has a smaller value of the term: more than was asked for where there is none.
    """

    cells: Mapping[str, Cell] | None
    bound: int


def search(
    problem: Problem, term: Term, caps: Caps, masks: Masks, within: range, *, limits: Limits, stop: Stoppable
) -> Nearest | None:
    """Look for the best plan with a value ``within`` some, among all cells that such a plan could take.

    None where these are too many, or numbers too large for CP-SAT to add.
    """
    least, most = within[0], within[-1]
    if not all(mask.any() for mask in masks.values()):
        return Nearest(None, most + 1)
    if sum(int(mask.sum()) for mask in masks.values()) > MOST:
        return None
    program = tell(problem, term, caps, masks)
    if program is None:
        return Nearest(None, most + 1)
    aim = program.objective(most)
    part = Remaining.of(program, np.zeros(len(program.arrays.cost), np.bool_), aim, whole=True)
    if part.arrays.largest > LARGEST:
        return None
    found: list[NDArray[np.float64]] = []

    def hear(values: NDArray[np.float64] | None, _: int | None) -> None:
        if values is not None:
            found.append(values)

    start = max(0, -((program.least - least) // program.unit))  # rounded up
    bound = over_rows.run(part.arrays, start, aim, limits=replace(limits, workers=1), stop=stop, hear=hear)
    cells = None
    if found:
        every = np.zeros(len(program.arrays.cost))
        every[part.columns] = found[-1]
        cells = program.told.chosen(every.tolist())
    return Nearest(cells, most + 1 if bound > aim else program.value(bound))

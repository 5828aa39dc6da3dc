"""Whether a schedule is a plan, as far as it must be known before it is passed on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sequencer.binaries.program import Program
from sequencer.cpsat.allotment import allot
from sequencer.errors import SequencerError
from sequencer.problem import Bridge, Cell, Gate, Reserve, Schedule, Width


def admits(program: Program, cells: Mapping[str, Cell]) -> bool:
    """Return whether a schedule of open cells breaks no rule and keeps every cap of a program.

    Windows and caps on maxima are kept by open cells; links, supplies and caps on sums by the rows of the program.
    """
    arrays, rules = program.arrays, program.problem.rules
    told = [isinstance(rule, Bridge | Reserve | Width | Gate) for rule in rules]
    judged = ~np.array([*told, False, False])[program.rules]
    taken = np.zeros(len(arrays.sides), np.int64)
    on = program.vector(cells)[arrays.index] > 0
    np.add.at(taken, arrays.row[on], arrays.value[on])
    kept = np.where(arrays.equalities, taken == arrays.sides, taken <= arrays.sides)
    if not kept[judged].all():
        return False
    problem = program.problem
    try:
        uses = allot(problem, cells) if problem.bridge is not None else {}
    except SequencerError:  # who pays was not settled in time: another plan will do
        return False
    schedule = Schedule(problem.calendar, problem.paths, cells, uses)
    return not any(any(rule.breaches(schedule)) for rule, is_told in zip(rules, told, strict=True) if is_told)

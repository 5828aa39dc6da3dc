"""The problem, solver-free: packages walk paths; windows, links and supplies say when.

Every rule knows what breaks it (``breaches``) and how to say itself (``describe``); no rule knows a solver.
The statement it is held to is ``models/problem.md``; rule ids (P1, W1, L1, S1, …) are the same there.
"""

from sequencer.problem.breach import Breach
from sequencer.problem.link import Link
from sequencer.problem.path import Cell, Path, PathOption
from sequencer.problem.problem import Problem, Term
from sequencer.problem.rules import Rule
from sequencer.problem.schedule import Schedule
from sequencer.problem.supply import Demand, Supply
from sequencer.problem.window import Measure, Window

__all__ = [
    "Breach",
    "Cell",
    "Demand",
    "Link",
    "Measure",
    "Path",
    "PathOption",
    "Problem",
    "Rule",
    "Schedule",
    "Supply",
    "Term",
    "Window",
]

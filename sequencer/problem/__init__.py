"""The problem, solver-free: packages walk paths; windows, links and supplies say when.

Every rule knows what breaks it (``breaches``) and how to say itself (``describe``); no rule knows a solver.
The statement it is held to is ``models/problem.md``; rule ids (P1, W1, L1, S1, …) are the same there.
"""

from sequencer.problem.path import Cell, Path, PathOption
from sequencer.problem.problem import Goal, Problem, Schedule, Term
from sequencer.problem.rules import Breach, Demand, Link, Measure, Rule, Supply, Window

__all__ = [
    "Breach",
    "Cell",
    "Demand",
    "Goal",
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

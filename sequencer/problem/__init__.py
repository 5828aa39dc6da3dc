"""The problem, solver-free: packages walk paths; windows, links, supplies, money and reserves say when.

Every rule knows what breaks it (``breaches``) and how to say itself (``describe``); no rule knows a solver.
The statement it is held to is ``models/problem.md``; rule ids (P1, W1, L1, S1, …) are the same there.
"""

from sequencer.problem.breach import Breach
from sequencer.problem.bridge import Bridge, Condition, Line, Share, Step
from sequencer.problem.clause import Clause, Closing
from sequencer.problem.demand import Demand, by_package
from sequencer.problem.link import Link
from sequencer.problem.path import Cell, Path, PathOption
from sequencer.problem.problem import Problem, Term
from sequencer.problem.reserve import Reserve
from sequencer.problem.rules import Rule
from sequencer.problem.schedule import Schedule
from sequencer.problem.supply import Supply
from sequencer.problem.together import Gate, Width
from sequencer.problem.window import Measure, Window

__all__ = [
    "Breach",
    "Bridge",
    "Cell",
    "Clause",
    "Closing",
    "Condition",
    "Demand",
    "Gate",
    "Line",
    "Link",
    "Measure",
    "Path",
    "PathOption",
    "Problem",
    "Reserve",
    "Rule",
    "Schedule",
    "Share",
    "Step",
    "Supply",
    "Term",
    "Width",
    "Window",
    "by_package",
]

"""What if: an instance solved for other values of its numbers.

>>> from sequencer import read, sensitivity
>>> instance = read("instances/tiny/worked-example")
>>> swept = sensitivity.sweep(instance, {"capacity.mentor_team.pool": [1, 2, 3]})  # doctest: +SKIP
>>> list(swept.frame["exit"])  # doctest: +SKIP
[12, 12, 10, 10]
"""

from sequencer.sensitivity.answer import Answer
from sequencer.sensitivity.difference import Difference, difference
from sequencer.sensitivity.effects import Effects, morris, sobol
from sequencer.sensitivity.front import Front, Point, front
from sequencer.sensitivity.sweeps import Run, Sweep, study, sweep
from sequencer.sensitivity.tornado import Tornado, tornado

__all__ = [
    "Answer",
    "Difference",
    "Effects",
    "Front",
    "Point",
    "Run",
    "Sweep",
    "Tornado",
    "difference",
    "front",
    "morris",
    "sobol",
    "study",
    "sweep",
    "tornado",
]

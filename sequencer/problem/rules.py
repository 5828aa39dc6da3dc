"""Every kind of rule there is.

A rule knows what breaks it (``breaches``) and how to say itself (``describe``). ``breaches`` counts plainly, month by
month, and shares no code with the formulations that solve the problem, so that each can be a witness against the other.
"""

from __future__ import annotations

from typing import TypeAlias

from sequencer.problem.bridge import Bridge
from sequencer.problem.link import Link
from sequencer.problem.reserve import Reserve
from sequencer.problem.supply import Supply
from sequencer.problem.together import Gate, Width
from sequencer.problem.window import Window

#: A formulation matches on it and ends in ``assert_never``.
Rule: TypeAlias = Window | Link | Width | Gate | Supply | Bridge | Reserve

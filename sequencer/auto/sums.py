"""The least value of a sum: CP-SAT first where there are few cells, then prices, rebuilding and branch and bound."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace

from sequencer.auto.combined import CPSAT
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Progress, Run
from sequencer.engine.tables import open_masks
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term

SMALL = 1500  # cells: fewer are told to CP-SAT at once
FIRST = 5.0  # seconds that CP-SAT has for those alone


def is_small(problem: Problem, caps: Caps) -> bool:
    """Return whether there are so few cells that CP-SAT mostly settles them soon."""
    return sum(int(mask.sum()) for mask in open_masks(problem, caps).values()) <= SMALL


def run(
    problem: Problem,
    term: Term,
    caps: Caps,
    hint: Mapping[str, Cell] | None,
    *,
    limits: Limits,
    stop: threading.Event,
    progress: Progress | None,
) -> Run:
    """Minimise a sum while others stay at most at given values; see ``Engine.run``."""
    began = time.monotonic()
    if is_small(problem, caps):
        first = replace(limits, seconds=min(limits.seconds, max(FIRST, limits.seconds / 4)))
        found = CpSat().run(problem, term, caps, hint, limits=first, stop=stop, progress=progress)
        left = limits.seconds - (time.monotonic() - began)
        if found.status in {Status.OPTIMAL, Status.INFEASIBLE} or stop.is_set() or left <= 0:
            return replace(found, by=CPSAT)
        hint, limits = found.cells or hint, replace(limits, seconds=left)
    from sequencer.auto import priced  # noqa: PLC0415 - what it loads and compiles takes time

    run = priced.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)
    return replace(run, spent=time.monotonic() - began)

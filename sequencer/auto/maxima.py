"""The least value of a maximum: CP-SAT first, where it mostly needs a second; then schedules are bred beside it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace

from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Progress, Run
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term

MANY = 25  # packages: where there are more, schedules are bred at once
FIRST = 3.0  # seconds that CP-SAT has alone where there are fewer


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
    """Minimise a maximum while others stay at most at given values; see ``Engine.run``."""
    began = time.monotonic()
    if len(problem.paths) <= MANY:
        first = replace(limits, seconds=min(limits.seconds, FIRST))
        found = CpSat().run(problem, term, caps, hint, limits=first, stop=stop, progress=progress)
        left = limits.seconds - (time.monotonic() - began)
        if found.status in {Status.OPTIMAL, Status.INFEASIBLE} or stop.is_set() or left <= 0:
            return found
        hint, limits = found.cells or hint, replace(limits, seconds=left)
    from sequencer.schedules import search  # noqa: PLC0415 - what it compiles takes time to load

    run = search.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)
    return replace(run, spent=time.monotonic() - began)

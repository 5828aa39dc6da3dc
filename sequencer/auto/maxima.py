"""The least value of a maximum: CP-SAT first where there are few cells; then schedules are bred, or it is squeezed."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace

from sequencer.auto.combined import CPSAT
from sequencer.auto.sums import is_small
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Caps, Progress, Run
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem, Term

FEW = 25  # packages up to which CP-SAT needs no help
FIRST = 3.0  # seconds that CP-SAT has alone, where schedules cannot be bred


def bred(problem: Problem, term: Term, caps: Caps) -> bool:
    """Return whether schedules are bred for a maximum: rules say no more than a schedule can be built by."""
    if len(problem.paths) <= FEW:
        return False
    from sequencer.schedules import reader  # noqa: PLC0415 - what is compiled takes time to load

    reading = reader.read(problem, term, caps)
    return reading.regular and reading.whole


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
    if bred(problem, term, caps):
        from sequencer.schedules import search  # noqa: PLC0415

        return search.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)
    if is_small(problem, caps):
        first = replace(limits, seconds=min(limits.seconds, FIRST))
        found = CpSat().run(problem, term, caps, hint, limits=first, stop=stop, progress=progress)
        left = limits.seconds - (time.monotonic() - began)
        if found.status in {Status.OPTIMAL, Status.INFEASIBLE} or stop.is_set() or left <= 0:
            return replace(found, by=CPSAT)
        limits, hint = replace(limits, seconds=left), found.cells or hint
    from sequencer.auto import squeeze  # noqa: PLC0415

    run = squeeze.run(problem, term, caps, hint, limits=limits, stop=stop, progress=progress)
    return replace(run, spent=time.monotonic() - began)

"""What CP-SAT needed for a "no", as literals of enforcement tell it: a hint where to look, no proof."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace

from sequencer.cpsat import guarded
from sequencer.engine.tables import open_masks
from sequencer.reasons.parts import Part
from sequencer.reasons.system import System
from sequencer.reasons.trimmed import is_closed


def core(system: System, plain: Collection[int], seconds: float) -> tuple[Part, ...] | None:
    """Return parts that are said to contradict each other; None if none are found in time.

    Parameters
    ----------
    plain : collection of int
        The positions of rules that are told plainly: all their parts are returned.
    seconds : float
        For the search.
    """
    if system.caps or not all(term.maximum for term, _ in system.always):
        return None
    settled = {part.position for part in system.definitions}
    rules = system.problem.rules
    loose = [i for i in range(len(rules)) if i not in settled and i not in plain]
    base = replace(system.problem, rules=tuple(rules[i] for i in sorted(settled)))
    if is_closed(base, system.always):
        return None
    limits = replace(system.limits, seconds=max(0.01, min(seconds, system.limits.seconds - system.spent)))
    began = time.monotonic()
    said = guarded.core(
        base,
        open_masks(base, system.always),
        [rules[i] for i in loose],
        [rules[i] for i in plain],
        limits=limits,
        stop=system.stop,
    )
    # what it took in repeatable units is not told: all that it was given counts
    system.spent += limits.seconds if system.limits.deterministic else time.monotonic() - began
    if said is None:
        return None
    named = {loose[i] for i in said} | set(plain)
    return tuple(part for part in system.parts if part.position in named)

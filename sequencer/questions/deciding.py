"""Who decides, proven: whether the plan moves if a score is taken at either end of its range."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Outcome
from sequencer.reasons.deciders import Answer, Decider, Proven, proven
from sequencer.solving.solver import solve


def proofs(outcome: Outcome, found: Sequence[Decider], limits: Limits, stop: threading.Event) -> tuple[Proven, ...]:
    """Return what the ends of some ranges do to the plan as a whole, as many as there was time for.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    found : sequence of Decider
    limits : Limits
        For each of up to two solves of each.
    stop : threading.Event
        Nothing more is solved after it is set.
    """
    objective = [Goal(term=level.term, tolerance=level.tolerance) for level in outcome.levels]

    def answer(instance: Instance) -> Answer:
        again = solve(instance, objective=objective, limits=limits, haste=False, engine=outcome.asks)
        return _known(again)

    known: list[Proven] = []
    for proof in proven(outcome.instance, found, answer, _known(outcome)):
        if stop.is_set():
            break
        known.append(proof)
    return tuple(known)


def _known(outcome: Outcome) -> Answer:
    return outcome.status, tuple((level.value, level.bound) for level in outcome.levels)

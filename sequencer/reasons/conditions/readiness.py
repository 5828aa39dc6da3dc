"""Scores: how low an assessment could have been so that the date still stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sequencer.compile.paths import held
from sequencer.compile.series import FULL, Assessments, scores
from sequencer.instance import facts
from sequencer.reasons.conditions.asked import Asked
from sequencer.reasons.conditions.condition import Condition, Kind
from sequencer.vocabulary import Event


def readiness(asked: Asked) -> Iterator[Condition]:
    """Yield a condition for each readiness gate of each package that was not handed over before the plan."""
    for name, gates in asked.instance.criteria_of.items():
        if name in asked.exempt:
            continue
        least = {gate: _least(asked, gate) for gate in gates}
        for gate in gates:
            alike = [least[other] for other in gates if other.criterion == gate.criterion]
            yield _condition(asked, gate, least[gate], max(alike))


def _condition(asked: Asked, gate: facts.Criterion, own: int, least: int) -> Condition:
    """Return the condition of a gate, given the least score for it and for all gates that read the same score."""
    fact = asked.instance.score_of[gate.package, gate.criterion]
    event = asked.date(gate.package, gate.event)
    first = event - held(asked.instance, gate)
    return Condition(
        kind=Kind.READINESS,
        rule="W1",
        packages=(gate.package,),
        about=gate.criterion,
        event=gate.event,
        month=event,
        first=first,
        last=event,
        needed=gate.threshold,
        expected=int(_worst(asked, gate, np.array([fact.score]))[0]),
        at_least=True,
        unit="points",
        scale=facts.SCORE,
        address=asked.addresses.of("readiness", fact),
        value=fact.score,
        stands=least if least > 0 else None,
        falls=least - 1 if least > 0 else None,
        sooner=own < least,
        checker=fact.assessor or asked.responsible(gate.package),
        origins=(gate.origin, fact.origin),
    )


def _least(asked: Asked, gate: facts.Criterion) -> int:
    """Return the least assessed score with which a gate is passed in the plan; no score grows by being less."""
    return bisect_left(
        range(FULL + 1), gate.threshold, key=lambda score: int(_worst(asked, gate, np.array([score]))[0])
    )


def _worst(asked: Asked, gate: facts.Criterion, assessed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the lowest score a gate meets in the plan for each of some assessed scores, shape (N,)."""
    instance, name = asked.instance, gate.package
    fact, cell = instance.score_of[name, gate.criterion], asked.schedule.cells[name]
    gain = instance.gain_of.get((name, asked.problem.paths[name].options[cell.option].name, gate.criterion))
    event, one = asked.date(name, gate.event), np.ones((1, 1, 1), dtype=np.int64)
    told = Assessments(
        base=assessed[:, None, None],
        growth=one * fact.growth,
        growth_after=one * fact.growth_after,
        assessed=one * fact.assessed,
        gain=one * (0 if gain is None else gain.gain),
    )
    table = scores(
        told,
        support_end=np.array([[asked.date(name, Event.SUPPORT_END)]]),
        transfer=np.array([cell.transfer]),
        months=np.arange(event - held(instance, gate), event + 1)[:, None, None, None],
    )
    worst: NDArray[np.int64] = table.min(axis=0)[:, 0, 0]
    return worst

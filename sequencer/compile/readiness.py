"""Readiness of many packages at once: all whose paths have the same options and months share the arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np

from sequencer.compile.paths import held
from sequencer.compile.series import FULL, Assessments, Months, ThreatLevels, grown, scores
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Path
from sequencer.vocabulary import Event

Gates: TypeAlias = Sequence[facts.Criterion]
#: Package, criterion and event of a gate.
Gate: TypeAlias = tuple[str, str, Event]

TOGETHER = 32  # gates at once: with fewer each costs more, with more the processor's cache is too small


def worst_scores(instance: Instance, paths: Mapping[str, Path]) -> dict[Gate, tuple[Months, Months]]:
    """Return the lowest score through the hold up to the event of each gate, and its month, for each cell."""
    found = {}
    for path, gates in _alike(instance.criteria, paths, lambda gate: (gate.event, held(instance, gate))):
        event, hold = gates[0].event, held(instance, gates[0])
        first = path.dates(event) - hold
        table = scores(
            _assessments(instance, path, gates, "score"),
            support_end=path.dates(Event.SUPPORT_END),
            transfer=np.array(path.months),
            months=first + np.arange(hold + 1)[:, None, None, None],
        )
        worst, month = table.min(axis=0), first + table.argmin(axis=0)
        for i, gate in enumerate(gates):
            found[gate.package, gate.criterion, event] = worst[i], month[i]
    return found


def exposures(
    instance: Instance, paths: Mapping[str, Path], threat: ThreatLevels
) -> Iterator[tuple[facts.Criterion, Months]]:
    """Yield each gate of a transfer, and the sum over the months after it of threat times shortfall, for each cell.

    From the transfer on a low score changes by the same each month, but stays within 0 to ``FULL``; so does what it
    lacks to the threshold and the margin.
    """
    plan = instance.plan
    tested = (gate for gate in instance.criteria if gate.event is Event.TRANSFER)
    level: dict[tuple[str, range], Months] = {}
    for path, gates in _alike(tested, paths, lambda _: ()):
        told, transfer = _assessments(instance, path, gates, "low"), np.array(path.months)
        months = transfer[:, None] + np.arange(plan.risk_months)
        wanted = _column([gate.threshold + plan.risk_margin for gate in gates])[..., None]
        since = months - np.maximum(transfer, told.assessed)[..., None]
        lacking = wanted - grown(told, path.dates(Event.SUPPORT_END), transfer)[..., None]
        short = lacking - told.growth_after[..., None] * since
        np.clip(short, np.maximum(0, wanted - FULL), wanted, out=short)
        for place in {instance.package[gate.package].place for gate in gates}:
            if (place, path.months) not in level:
                level[place, path.months] = threat.at(place, months) * (months >= 0)
        levels = np.array([level[instance.package[gate.package].place, path.months] for gate in gates])
        yield from zip(gates, np.einsum("ntr,nktr->nkt", levels, short), strict=True)


def _alike(
    gates: Iterable[facts.Criterion], paths: Mapping[str, Path], kind: Callable[[facts.Criterion], Hashable]
) -> Iterator[tuple[Path, Gates]]:
    """Yield gates of one kind whose packages have the same options and months, with the path of one of these."""
    groups: dict[Hashable, list[facts.Criterion]] = {}
    for gate in gates:
        path = paths[gate.package]
        groups.setdefault((path.options, path.months, kind(gate)), []).append(gate)
    for group in groups.values():
        for first in range(0, len(group), TOGETHER):
            yield paths[group[0].package], group[first : first + TOGETHER]


def _assessments(instance: Instance, path: Path, gates: Gates, base: Literal["score", "low"]) -> Assessments:
    """Return what the scores of some gates start from and how they change."""
    told = [instance.score_of[gate.package, gate.criterion] for gate in gates]
    gains = [
        [instance.gain_of.get((gate.package, option.name, gate.criterion)) for option in path.options] for gate in gates
    ]
    return Assessments(
        base=_column([getattr(fact, base) for fact in told]),
        growth=_column([fact.growth for fact in told]),
        growth_after=_column([fact.growth_after for fact in told]),
        assessed=_column([fact.assessed for fact in told]),
        gain=np.array([[0 if gain is None else gain.gain for gain in row] for row in gains])[..., None],
    )


def _column(values: Sequence[int]) -> Months:
    return np.array(values, dtype=np.int64)[:, None, None]

"""Readiness of many packages at once: all whose paths have the same options and months share the arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from sequencer.compile.paths import dates, held
from sequencer.compile.series import Assessments, Months, ThreatLevels, scores
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
        months = dates(path, event)[:, :, None] - np.arange(hold, -1, -1)
        table = _scores(instance, path, gates, [fact.score for fact in _facts(instance, gates)], months)
        worst, month = table.min(axis=-1), dates(path, event) - hold + table.argmin(axis=-1)
        for i, gate in enumerate(gates):
            found[gate.package, gate.criterion, event] = worst[i], month[i]
    return found


def exposures(
    instance: Instance, paths: Mapping[str, Path], threat: ThreatLevels
) -> Iterator[tuple[facts.Criterion, Months]]:
    """Yield each gate of a transfer, and the sum over the months after it of threat times shortfall, for each cell.

    The shortfall is that of the low score from the threshold and the margin.
    """
    plan, place_of = instance.plan, instance.package
    tested = (gate for gate in instance.criteria if gate.event is Event.TRANSFER)
    for path, gates in _alike(tested, paths, lambda _: ()):
        months = np.array(path.months)[:, None] + np.arange(plan.risk_months)
        levels = np.array([threat.at(place_of[gate.package].place, months) for gate in gates]) * (months >= 0)
        low = _scores(instance, path, gates, [fact.low for fact in _facts(instance, gates)], months[None])
        wanted = _column([gate.threshold + plan.risk_margin for gate in gates])
        yield from zip(gates, np.einsum("ntd,nktd->nkt", levels, np.maximum(0, wanted - low)), strict=True)


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


def _facts(instance: Instance, gates: Gates) -> list[facts.Readiness]:
    return [instance.score_of[gate.package, gate.criterion] for gate in gates]


def _scores(instance: Instance, path: Path, gates: Gates, base: Sequence[int], months: Months) -> Months:
    """Return the scores of some gates in some months, shape (N, K, T, D), from the assessed ones."""
    told = _facts(instance, gates)
    gains = [
        [instance.gain_of.get((gate.package, option.name, gate.criterion)) for option in path.options] for gate in gates
    ]
    assessments = Assessments(
        base=_column(base),
        growth=_column([fact.growth for fact in told]),
        growth_after=_column([fact.growth_after for fact in told]),
        assessed=_column([fact.assessed for fact in told]),
        gain=np.array([[0 if gain is None else gain.gain for gain in row] for row in gains])[:, :, None, None],
    )
    support_end, transfer = dates(path, Event.SUPPORT_END)[:, :, None], np.array(path.months)[:, None]
    return scores(assessments, support_end=support_end, transfer=transfer, months=months)


def _column(values: Sequence[int]) -> Months:
    return np.array(values, dtype=np.int64)[:, None, None, None]

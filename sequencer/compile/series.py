"""Month-by-month series: threat levels of places and readiness scores of packages, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import PathOption
from sequencer.vocabulary import Event

Months = NDArray[np.int64]
FULL = 100 * facts.SCORE  # no score exceeds 100 points


class ThreatLevels:
    """Threat level of a place in any month, before and after its rows that of the nearest month with a row."""

    def __init__(self, instance: Instance) -> None:
        beyond = instance.plan.months + instance.plan.risk_months
        self._dense: Mapping[str, tuple[int, Months]] = {
            place: _dense(rows, beyond) for place, rows in instance.threat_of.items()
        }

    def __contains__(self, place: str) -> bool:
        return place in self._dense

    def at(self, place: str, months: Months) -> Months:
        """Return the level of a place in each of some months, in the shape of ``months``."""
        first, levels = self._dense[place]
        return np.asarray(levels[np.clip(months - first, 0, len(levels) - 1)])


def _dense(rows: tuple[facts.Threat, ...], beyond: int) -> tuple[int, Months]:
    """Return the first month with a row, and the level of each month from it on; gaps take the nearest row's.

    A month as near to the row before as to the row after takes the higher level.
    """
    ordered = sorted(rows, key=lambda row: row.start)
    spans = [(row.start, max(row.start, beyond) if row.end is None else row.end, row.level) for row in ordered]
    first, last = spans[0][0], max(end for _, end, _ in spans)
    levels = np.zeros(last - first + 1, dtype=np.int64)
    for start, end, level in spans:
        levels[start - first : end - first + 1] = level
    for (_, end, before), (start, _, after) in pairwise(spans):
        for month in range(end + 1, start):
            to_before, to_after = month - end, start - month
            nearer = before if to_before < to_after else after
            levels[month - first] = max(before, after) if to_before == to_after else nearer
    return first, levels


def scores(
    fact: facts.Readiness, base: int, gain: int, *, option: PathOption, transfer: Months, months: Months
) -> Months:
    """Return readiness scores for several transfer months at once, in thousandths of a point.

    Parameters
    ----------
    fact : Readiness
        Growth and month of assessment.
    base : int
        The assessed score to start from: ``fact.score``, or ``fact.low``.
    gain : int
        Added once the support of ``option`` has ended, if it ended after the assessment.
    transfer : int array, shape (T, 1)
        Transfer months.
    months : int array, shape (T, D)
        For each, the months to score.

    Returns
    -------
    int array, shape (T, D)
    """
    support_end = transfer + option.offset(Event.SUPPORT_END)

    def before(months: Months) -> Months:
        gained = gain * ((fact.assessed < support_end) & (support_end <= months))
        score: Months = np.minimum(FULL, base + fact.growth * np.maximum(0, months - fact.assessed) + gained)
        return score

    since = months - np.maximum(transfer, fact.assessed)
    after = np.clip(before(transfer) + fact.growth_after * since, 0, FULL)
    table: Months = np.where(months < transfer, before(months), after)
    return table

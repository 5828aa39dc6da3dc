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
        self._rows = {
            place: np.array([row.level for row in rows], dtype=np.int64) for place, rows in instance.threat_of.items()
        }
        self._dense: Mapping[str, tuple[int, Months]] = {
            place: _dense(rows, beyond) for place, rows in instance.threat_of.items()
        }

    def __contains__(self, place: str) -> bool:
        return place in self._dense

    def row(self, place: str, months: Months) -> Months:
        """Return which row of ``Instance.threat_of`` gives the level in each of some months."""
        first, rows = self._dense[place]
        return np.asarray(rows[np.clip(months - first, 0, len(rows) - 1)])

    def at(self, place: str, months: Months) -> Months:
        """Return the level of a place in each of some months, in the shape of ``months``."""
        return np.asarray(self._rows[place][self.row(place, months)])


def _dense(rows: tuple[facts.Threat, ...], beyond: int) -> tuple[int, Months]:
    """Return the first month with a row, and which row holds in each month from it on; in gaps the nearest.

    A month as near to the row before as to the row after takes the one of the higher level.
    """
    order = sorted(range(len(rows)), key=lambda i: rows[i].start)
    ends = [max(row.start, beyond) if row.end is None else row.end for row in rows]
    first = rows[order[0]].start
    held = np.zeros(max(ends) - first + 1, dtype=np.int64)
    for i in order:
        held[rows[i].start - first : ends[i] - first + 1] = i
    for before, after in pairwise(order):
        for month in range(ends[before] + 1, rows[after].start):
            to_before, to_after = month - ends[before], rows[after].start - month
            higher = before if rows[before].level > rows[after].level else after
            nearer = before if to_before < to_after else after
            held[month - first] = higher if to_before == to_after else nearer
    return first, held


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

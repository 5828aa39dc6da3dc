"""Month-by-month series: threat levels of places and readiness scores of packages, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sequencer.instance import facts
from sequencer.instance.instance import Instance

Months = NDArray[np.int64]
FULL = 100 * facts.SCORE  # no score exceeds 100 points


@dataclass(frozen=True, slots=True)
class Assessments:
    """Some assessments of packages with the same options, as arrays: what they say for N scores in K options.

    Attributes
    ----------
    base, growth, growth_after, assessed : int array, shape (N, 1, 1)
        As in ``facts.Readiness``; ``base`` is the assessed score to start from, or the low one.
    gain : int array, shape (N, K, 1)
        Added once the support of an option has ended, if it ended after the assessment.
    """

    base: Months
    growth: Months
    growth_after: Months
    assessed: Months
    gain: Months


@dataclass(frozen=True, slots=True)
class Worst:
    """The highest of a series in the months up to an event, whenever the event takes place.

    ``found`` is the highest, ``back`` how many months before the event it is met first; entry 0 is for an event in the
    month ``first`` and before, the last entry for all later ones, too.
    """

    first: int
    found: Months
    back: Months

    def at(self, event: Months) -> tuple[Months, Months]:
        """Return the highest value and its month, for each of some months of the event."""
        entry = within(event - self.first, len(self.found))
        return self.found[entry], event - self.back[entry]


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
        self._worsts: dict[tuple[str, int, bool], Worst] = {}

    def __contains__(self, place: str) -> bool:
        return place in self._dense

    def row(self, place: str, months: Months) -> Months:
        """Return which row of ``Instance.threat_of`` gives the level in each of some months."""
        first, rows = self._dense[place]
        return rows[within(months - first, len(rows))]

    def at(self, place: str, months: Months) -> Months:
        """Return the level of a place in each of some months, in the shape of ``months``."""
        return self._rows[place][self.row(place, months)]

    def highest(self, place: str, width: int) -> Worst:
        """Return the highest level of a place in the ``width`` months that end with an event's."""
        return self._worst(place, width, rises=False)

    def steepest(self, place: str, width: int) -> Worst:
        """Return the largest rise of the level of a place over the last ``width`` steps up to an event."""
        return self._worst(place, width, rises=True)

    def _worst(self, place: str, width: int, *, rises: bool) -> Worst:
        key = (place, width, rises)
        if key not in self._worsts:
            first, rows = self._dense[place]
            event = np.arange(first, first + len(rows) + width)  # before and after the level stays as it is
            months = event[:, None] - np.arange(width - 1, -1, -1)
            values = self.at(place, months) - (self.at(place, months - 1) if rises else 0)
            self._worsts[key] = Worst(first, values.max(axis=1), width - 1 - values.argmax(axis=1))
        return self._worsts[key]


def within(entries: Months, length: int) -> Months:
    """Return entries of an array of some length, those beyond it moved to its first or last."""
    return np.minimum(np.maximum(entries, 0), length - 1)


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


def scores(told: Assessments, *, support_end: Months, transfer: Months, months: Months) -> Months:
    """Return readiness scores of many assessments, in many cells and months at once, in thousandths of a point.

    Parameters
    ----------
    told : Assessments
        N of them.
    support_end : int array, shape (K, T)
        The month in which support has ended, in each cell.
    transfer : int array, shape (T,)
        Transfer months.
    months : int array, shape (D, 1, K, T)
        The months to score in each cell.

    Returns
    -------
    int array, shape (D, N, K, T)
    """
    since = months - np.maximum(transfer, told.assessed)
    after = np.minimum(FULL, np.maximum(0, grown(told, support_end, transfer) + told.growth_after * since))
    table: Months = np.where(months < transfer, grown(told, support_end, months), after)
    return table


def grown(told: Assessments, support_end: Months, months: Months) -> Months:
    """Return scores as ``scores`` does, but as if the transfer came later."""
    gained = told.gain * ((told.assessed < support_end) & (support_end <= months))
    score: Months = np.minimum(FULL, told.base + told.growth * np.maximum(0, months - told.assessed) + gained)
    return score

"""What holds in a given month: the threat in a place, the score on a criterion, a calendar event."""

from __future__ import annotations

from sequencer.audit.buckets import YEAR
from sequencer.audit.walk import Walk
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event

FULL = 100 * facts.SCORE  # no score is higher


def threat(instance: Instance, place: str, month: int) -> int:
    """Return the threat level in a place and month: that of the nearest month that has a row.

    Of two rows equally near the higher level counts.

    Raises
    ------
    ValueError
        If no row gives the threat in the place.
    """
    rows = instance.threat_of.get(place, ())
    if not rows:
        raise ValueError(f"a rule asks for the threat in {place}, and no row gives it")
    near = min(_distance(row, month) for row in rows)
    return max(row.level for row in rows if _distance(row, month) == near)


def readiness(instance: Instance, package: str, criterion: str) -> facts.Readiness:
    """Return the assessment of a package on a criterion.

    Raises
    ------
    ValueError
        If it was never assessed.
    """
    row = instance.score_of.get((package, criterion))
    if row is None:
        raise ValueError(f"{package} has a criterion {criterion!r} and no score on it")
    return row


def score(instance: Instance, walk: Walk, row: facts.Readiness, base: int, month: int) -> int:
    """Return the score of a walking package in a month, in thousandths, from an assessed ``base``.

    Before the transfer it grows, and finished support adds its gain once; from the transfer it changes by
    ``growth_after`` instead.
    """
    if month < walk.transfer:
        return _before(instance, walk, row, base, month)
    at_transfer = _before(instance, walk, row, base, walk.transfer)
    since = month - max(walk.transfer, row.assessed)
    return min(FULL, max(0, at_transfer + row.growth_after * since))


def in_force(closure: facts.Closure, month: int) -> bool:
    """Return whether a month lies in a calendar event, or in one of its later years."""
    start, end = closure.start, closure.end
    while start <= month:
        if month <= end:
            return True
        if not closure.yearly:
            return False
        start, end = start + YEAR, end + YEAR
    return False


def _before(instance: Instance, walk: Walk, row: facts.Readiness, base: int, month: int) -> int:
    """Return the score as long as the package has not been transferred."""
    gain = instance.gain_of.get((row.package, walk.option.name, row.criterion))
    supported = row.assessed < walk.month(Event.SUPPORT_END) <= month
    added = gain.gain if gain is not None and supported else 0
    return min(FULL, base + row.growth * max(0, month - row.assessed) + added)


def _distance(row: facts.Threat, month: int) -> int:
    """Return how many months a month lies outside a row."""
    if month < row.start:
        return row.start - month
    if row.end is not None and month > row.end:
        return month - row.end
    return 0

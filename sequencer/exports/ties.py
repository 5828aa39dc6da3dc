"""Links between packages as ties between tasks, as far as project tools can say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sequencer.exports.shown import Shown
from sequencer.exports.text import first_day
from sequencer.instance.facts import Link
from sequencer.problem import Link as Rule
from sequencer.vocabulary import Event

#: By package and event: the task that begins with it, and whether that is a milestone.
Begin = Mapping[tuple[str, Event], tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Tie:
    """Task ``after`` begins ``days`` or more after the beginning of task ``before``, which may be a milestone."""

    before: int
    after: int
    days: int
    milestone: bool


def ties(shown: Shown, begin: Begin) -> tuple[tuple[Tie, ...], dict[str, tuple[str, ...]]]:
    """Return ties, and by package sentences on links that no tie can say.

    Parameters
    ----------
    shown : Shown
    begin : mapping
        By package and event: the task that begins with it, and whether that is a milestone.

    Returns
    -------
    tuple of Tie
        One for each two tasks at most, the tighter one. A lag is the number of days from the month of the first event
        to so many months later: exact for this plan.
    dict of str to tuple of str
        Maximum lags, and minimum lags that would close a circle, which project tools refuse to open.
    """
    left_out: dict[str, list[str]] = {}
    wanted: dict[tuple[int, int], tuple[Link, Tie]] = {}
    for link in shown.instance.links:
        if _over(shown, link):
            continue
        if link.maximum is not None:
            left_out.setdefault(link.after, []).append(_rule(link).sentence("L2"))
        if link.minimum is None:
            continue
        tie = _tie(shown, begin, link, link.minimum)
        if tie.before == tie.after:
            continue  # both events are the beginning of one task: nothing is left to say
        known = wanted.get((tie.before, tie.after))
        if known is None or known[1].days < tie.days:
            wanted[tie.before, tie.after] = link, tie
    kept, circular = _acyclic(shown, wanted)
    for link in circular:
        left_out.setdefault(link.after, []).append(_rule(link).sentence("L1"))
    return kept, {package: tuple(said) for package, said in left_out.items()}


def _tie(shown: Shown, begin: Begin, link: Link, months: int) -> Tie:
    month = shown.schedule.date(link.before, link.before_event)
    first, allowed = (first_day(shown.calendar, each) for each in (month, month + months))
    before, milestone = begin[link.before, link.before_event]
    after, _ = begin[link.after, link.after_event]
    return Tie(before, after, (allowed - first).days, milestone)


def _rule(link: Link) -> Rule:
    return Rule(link.before, link.before_event, link.after, link.after_event, link.minimum, link.maximum)


def _acyclic(shown: Shown, wanted: Mapping[tuple[int, int], tuple[Link, Tie]]) -> tuple[tuple[Tie, ...], list[Link]]:
    """Return the ties without those that close a circle, and the links of these.

    Ties forward in time close none; only for the others a way back is looked for.
    """
    later = {key: _gap(shown, link) > 0 for key, (link, _) in wanted.items()}
    followers: dict[int, set[int]] = {}
    for before, after in (key for key in wanted if later[key]):
        followers.setdefault(before, set()).add(after)
    refused: dict[tuple[int, int], Link] = {}
    for (before, after), (link, _) in wanted.items():
        if later[before, after]:
            continue
        if before in _reached(followers, after):
            refused[before, after] = link
        else:
            followers.setdefault(before, set()).add(after)
    return tuple(tie for key, (_, tie) in wanted.items() if key not in refused), list(refused.values())


def _over(shown: Shown, link: Link) -> bool:
    """Return whether both events have happened: then nothing is asked of them any more."""
    dates = (shown.schedule.date(link.before, link.before_event), shown.schedule.date(link.after, link.after_event))
    return max(dates) < shown.instance.plan.as_of


def _gap(shown: Shown, link: Link) -> int:
    date = shown.schedule.date
    return date(link.after, link.after_event) - date(link.before, link.before_event)


def _reached(followers: Mapping[int, set[int]], start: int) -> set[int]:
    """Return all tasks that can be reached from one, itself among them."""
    found, waiting = {start}, [start]
    while waiting:
        new = followers.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def by_task(tied: tuple[Tie, ...]) -> dict[int, list[Tie]]:
    """Return the ties of each task that waits for another."""
    mine: dict[int, list[Tie]] = {}
    for tie in tied:
        mine.setdefault(tie.after, []).append(tie)
    return mine

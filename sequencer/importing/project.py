"""A scheduling project as its literature states it: activities with modes, lags, and resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to carry an activity out.

    Attributes
    ----------
    duration : int
        Periods it lasts, not negative.
    needs : tuple of int, length R
        What it needs of each resource: in each period of a renewable one, in all of a non-renewable one.
    """

    duration: int
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """What activities share: so much in every period, or (not ``renewable``) so much for the whole project."""

    name: str
    renewable: bool
    capacity: int


@dataclass(frozen=True, slots=True)
class Lag:
    """The start of ``after`` comes at least ``periods`` after that of ``before``; a negative number is a maximum lag.

    Activities are positions in ``Project.activities``.
    """

    before: int
    after: int
    periods: int


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project of which the makespan is minimised.

    Attributes
    ----------
    name : str
    activities : tuple of tuple of Mode, length n
        The modes of each, at least one. The first is the dummy start and takes place in period 0; the last the dummy
        end.
    resources : tuple of Resource, length R
    precedences : tuple of (int, int)
        The second starts once the first has ended.
    lags : tuple of Lag
    first : int
        The number that the file gives to the dummy start.
    """

    name: str
    activities: tuple[tuple[Mode, ...], ...]
    resources: tuple[Resource, ...]
    precedences: tuple[tuple[int, int], ...] = ()
    lags: tuple[Lag, ...] = ()
    first: int = 1

    @property
    def end(self) -> int:
        """The position of the dummy end."""
        return len(self.activities) - 1

    @cached_property
    def horizon(self) -> int:
        """A number of periods within which a shortest schedule lies, if there is any schedule.

        With one mode each and no lags it is the makespan of a schedule (``_listed``). Else it is the sum, over the
        activities, of the longest mode or minimum lag that begins with it: in a shortest schedule that starts as early
        as it can, every period is covered by some activity or by a lag after one, since otherwise all that comes later
        could start a period earlier (maximum lags allow that: what they bind moves together or closer).
        """
        single = all(len(modes) == 1 for modes in self.activities)
        fits = all(
            need <= resource.capacity
            for modes in self.activities
            for mode in modes
            for need, resource in zip(mode.needs, self.resources, strict=True)
        )
        if single and fits and not self.lags:
            return _listed(self)
        longest = [max(mode.duration for mode in modes) for modes in self.activities]
        for lag in self.lags:
            longest[lag.before] = max(longest[lag.before], lag.periods)
        return sum(longest)


def _listed(project: Project) -> int:
    """Return the makespan of the list schedule by latest start: one activity after another, each as early as it can."""
    modes = [alternatives[0] for alternatives in project.activities]
    after: dict[int, list[int]] = {i: [] for i in range(len(modes))}
    before: dict[int, list[int]] = {i: [] for i in range(len(modes))}
    for first, second in project.precedences:
        after[first].append(second)
        before[second].append(first)
    tails = _tails(modes, after)
    used: list[list[int]] = []
    ends: dict[int, int] = {}
    waiting = set(after)
    while waiting:
        ready = (i for i in waiting if all(j in ends for j in before[i]))
        chosen = min(ready, key=lambda i: (-tails[i], i))
        waiting.remove(chosen)
        start = max((ends[j] for j in before[chosen]), default=0)
        ends[chosen] = _placed(project, modes[chosen], start, used)
    return max(ends.values(), default=0)


def _tails(modes: Sequence[Mode], after: Mapping[int, Sequence[int]]) -> list[int]:
    """Return, for each activity, the longest chain of durations from its start to the end."""
    tails = [-1] * len(modes)
    stack = list(range(len(modes)))
    while stack:
        i = stack[-1]
        unknown = [j for j in after[i] if tails[j] < 0]
        if tails[i] < 0 and unknown:
            stack.extend(unknown)
            continue
        stack.pop()
        tails[i] = modes[i].duration + max((tails[j] for j in after[i]), default=0)
    return tails


def _placed(project: Project, mode: Mode, start: int, used: list[list[int]]) -> int:
    """Start a mode as early as it fits, from a period on; note what it uses, and return when it ends."""
    drawn = [r for r, resource in enumerate(project.resources) if resource.renewable and mode.needs[r]]
    while True:
        while len(used) < start + mode.duration:
            used.append([0] * len(project.resources))
        full = [
            period
            for period in range(start, start + mode.duration)
            if any(used[period][r] + mode.needs[r] > project.resources[r].capacity for r in drawn)
        ]
        if not full:
            break
        start = full[-1] + 1
    for period in range(start, start + mode.duration):
        for r in drawn:
            used[period][r] += mode.needs[r]
    return start + mode.duration

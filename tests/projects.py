"""Small random projects of the scheduling literature, and their shortest schedules found by trying all of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from random import Random

from sequencer.importing.project import Lag, Mode, Project, Resource


def draw_project(seed: int, *, modes: int = 1, lags: bool = False, most: int = 4) -> Project:
    """Draw a project of up to ``most`` activities between two dummies."""
    random = Random(seed)  # noqa: S311 - tests
    count = random.randint(2, most)
    kinds = [True, random.random() < 0.5, *([False] if modes > 1 else [])]
    resources = tuple(
        Resource(f"{'R' if kind else 'N'}{r}", kind, random.randint(2, 4) + (0 if kind else count))
        for r, kind in enumerate(kinds)
    )
    activities: list[tuple[Mode, ...]] = [(Mode(0, (0,) * len(resources)),)]
    for _ in range(count):
        offered = random.randint(1, modes)
        activities.append(tuple(_mode(random, resources) for _ in range(offered)))
    activities.append(activities[0])
    pairs = [(i, j) for i in range(1, count + 1) for j in range(i + 1, count + 1)]
    if lags:
        chosen = random.sample(pairs, min(len(pairs), 3))
        found = [Lag(i, j, random.randint(0, 4)) for i, j in chosen]
        found += [Lag(j, i, -random.randint(1, 4)) for i, j in chosen if random.random() < 0.5]
        found += [Lag(0, random.randint(1, count), random.randint(0, 3))]
        found += [Lag(i, count + 1, activities[i][0].duration) for i in range(1, count + 1)]
        if random.random() < 0.3:
            found.append(Lag(random.randint(1, count), count + 1, 7))
        return Project(
            name=f"drawn{seed}", activities=tuple(activities), resources=resources, lags=tuple(found), first=0
        )
    before = tuple(pair for pair in pairs if random.random() < 0.4)
    ends = tuple((0, i) for i in range(1, count + 1)) + tuple((i, count + 1) for i in range(1, count + 1))
    return Project(name=f"drawn{seed}", activities=tuple(activities), resources=resources, precedences=before + ends)


def _mode(random: Random, resources: tuple[Resource, ...]) -> Mode:
    duration = random.randint(1, 3)
    return Mode(duration, tuple(random.randint(0, 3) for _ in resources))


def shortest(project: Project) -> int | None:
    """Return the makespan of a shortest schedule, tried period by period; None if there is no schedule."""
    longest = sum(max(mode.duration for mode in modes) for modes in project.activities)
    longest += sum(max(0, lag.periods) for lag in project.lags)
    for makespan in range(longest + 1):
        for modes in itertools.product(*(range(len(alternatives)) for alternatives in project.activities)):
            if _affordable(project, modes) and any(_schedules(project, modes, makespan, [])):
                return makespan
    return None


def _affordable(project: Project, modes: tuple[int, ...]) -> bool:
    return all(
        resource.renewable or sum(project.activities[i][k].needs[r] for i, k in enumerate(modes)) <= resource.capacity
        for r, resource in enumerate(project.resources)
    )


def _schedules(project: Project, modes: tuple[int, ...], makespan: int, starts: list[int]) -> Iterator[bool]:
    """Yield for each schedule of the activities after those that have started already."""
    i = len(starts)
    if i == len(modes):
        yield True
        return
    duration = project.activities[i][modes[i]].duration
    for start in [0] if i == 0 else range(makespan - duration + 1):
        now = [*starts, start]
        if _allowed(project, modes, now) and (i < project.end or start == makespan):
            yield from _schedules(project, modes, makespan, now)


def _allowed(project: Project, modes: tuple[int, ...], starts: list[int]) -> bool:
    lengths = [project.activities[i][k].duration for i, k in enumerate(modes)]
    count = len(starts)
    for first, second in project.precedences:
        if max(first, second) < count and starts[first] + lengths[first] > starts[second]:
            return False
    for lag in project.lags:
        if max(lag.before, lag.after) < count and starts[lag.after] < starts[lag.before] + lag.periods:
            return False
    for r, resource in enumerate(project.resources):
        if not resource.renewable:
            continue
        for period in range(starts[-1], starts[-1] + lengths[count - 1]):
            used = sum(
                project.activities[i][modes[i]].needs[r]
                for i in range(count)
                if starts[i] <= period < starts[i] + lengths[i]
            )
            if used > resource.capacity:
                return False
    return True

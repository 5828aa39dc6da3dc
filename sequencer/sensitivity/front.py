"""Pareto fronts: what one term of the objective costs in another, each point proven or said not to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from sequencer.errors import UsageError
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.interrupt import listening
from sequencer.outcome import Limits
from sequencer.running.bar import Bar
from sequencer.sensitivity.answer import Answer
from sequencer.sensitivity.design import depth
from sequencer.sensitivity.study import Question, Study
from sequencer.sensitivity.sweeps import LIMITS, terms
from sequencer.sensitivity.task import Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LEAST, MOST = 2, 3  # terms of a front


@dataclass(frozen=True, slots=True)
class Point:
    """A timetable that lies on a front, or the best found of a run that may.

    Attributes
    ----------
    caps : mapping of str to int
        What terms were held at while the others were minimised in order; empty at an end.
    answer : Answer
        With a plan.
    dominated : bool
        Whether another point is as good in every term and better in one: it was not proven best.
    """

    caps: Mapping[str, int]
    answer: Answer
    dominated: bool

    @property
    def proven(self) -> bool:
        """Whether no timetable is as good in every term and better in one."""
        return self.answer.proven

    @property
    def values(self) -> Mapping[str, int]:
        """Every term's value."""
        return self.answer.values or {}


@dataclass(frozen=True)
class Front:
    """What is gained in one term for what is given in another.

    Attributes
    ----------
    instance : Instance
    terms : tuple of str
    points : tuple of Point
        By value of the first term, then of the next; one for each set of values.
    without : int
        Runs that ended without a plan, whether there is none or none was found.
    waiting : int
        Runs that were not made, since it was interrupted.
    runs : int
        Runs that were asked for; several may have found the same point.
    """

    instance: Instance
    terms: tuple[str, ...]
    points: tuple[Point, ...]
    without: int
    waiting: int
    runs: int

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each point.

        Returns
        -------
        DataFrame
            Each term, proven, dominated, exit_date (``YYYY-MM``), caps (``exit <= 12``), and in every row alike: runs
            (asked for), without (a plan) and waiting (runs not made).
        """
        import pandas as pd  # noqa: PLC0415 - takes time to import

        label = self.instance.calendar.label
        counts = {"runs": self.runs, "without": self.without, "waiting": self.waiting}
        rows = [
            {
                **{term: point.values[term] for term in self.terms},
                "proven": point.proven,
                "dominated": point.dominated,
                "exit_date": label(max(point.answer.exits.values(), default=0)),
                "caps": ", ".join(f"{term} <= {most}" for term, most in point.caps.items()),
                **counts,
            }
            for point in self.points
        ]
        return pd.DataFrame(rows, columns=[*self.terms, "proven", "dominated", "exit_date", "caps", *counts])

    def plot_front(self, ax: Axes | None = None) -> Axes:
        """Draw the first two terms, proven points filled; needs matplotlib (``sequencer[plots]``)."""
        from sequencer.sensitivity.plots import front  # noqa: PLC0415 - optional

        return front(self, ax)


def front(
    instance: Instance,
    objective: Sequence[str],
    *,
    points: int = 10,
    limits: Limits = LIMITS,
    engine: str = "auto",
    path: Path | str | None = None,
    executor: Executor | None = None,
    bar: bool = False,
) -> Front:
    """Return timetables of which none is as good in every term and better in one.

    Parameters
    ----------
    instance : Instance
    objective : sequence of str
        Two or three terms. The first is minimised while each of the others is held below a number of values between
        its least and where it ends if the first is all that counts.
    points : int
        The most values at which each other term is held; all there are, where these are fewer.
    limits, engine, path, executor, bar
        See ``sweep``.

    Raises
    ------
    UsageError
        If there are not two or three terms, or one is unknown here; see ``sweep``.

    Notes
    -----
    Each run minimises all terms in order under its caps (the ε-constraint method), so that what is proven is a point of
    the front (models/problem.md, section 6). Points between those asked for may be missing.
    """
    if not LEAST <= len(objective) <= MOST or points < LEAST:
        raise UsageError(f"a front has two or three terms and at least two points, not {list(objective)} and {points}")
    goals = terms(instance, [Goal(term=term) for term in objective])
    setting = Setting(instance=instance, objective=goals, limits=limits, engine=engine)
    with (
        listening() as stop,
        Bar("points") if bar else nullcontext() as hear,
        Study(setting, stop, None if path is None else Path(path), executor, hear) as studied,
    ):
        ends = _ends(goals)
        found = studied.ask([[question] for question in ends])
        asked = [*ends]
        if len(found) == len(ends):
            waves = _between([found[question.key] for question in ends], goals, points)
            found |= studied.ask(waves)
            asked += [question for wave in waves for question in wave]
    keys = {question.key: question for question in asked}
    return Front(
        instance=instance,
        terms=tuple(goal.term for goal in goals),
        points=_points(goals, [(question, found[key]) for key, question in keys.items() if key in found]),
        without=sum(found[key].choices is None for key in keys if key in found),
        waiting=sum(key not in found for key in keys),
        runs=len(keys),
    )


def _ends(goals: Sequence[Goal]) -> list[Question]:
    """Return what is asked first: the least of each term, and what the others come to with it."""
    orders = [(goal, *(other for other in goals if other is not goal)) for goal in goals]
    return [Question(name=f"the least {order[0].term}", objective=order) for order in orders]


def _between(ends: Sequence[Answer], goals: Sequence[Goal], points: int) -> list[list[Question]]:
    """Return what is asked between the ends, in waves; nothing where an end is not known."""
    known = [answer.values for answer in ends if answer.values is not None]
    if len(known) < len(ends):
        return []
    held = [goal.term for goal in goals[1:]]
    ranges = [_levels(min(v[term] for v in known), max(v[term] for v in known), points) for term in held]
    waves: dict[int, list[Question]] = {}
    for caps, wave in zip(product(*ranges), product(*(depth(len(values)) for values in ranges)), strict=True):
        name = " and ".join(f"{term} of at most {most}" for term, most in zip(held, caps, strict=True))
        question = Question(name=name, caps=tuple(zip(held, caps, strict=True)), objective=tuple(goals))
        waves.setdefault(sum(wave), []).append(question)
    return [waves[wave] for wave in sorted(waves)]


def _levels(low: int, high: int, points: int) -> list[int]:
    """Return at most so many whole numbers from one to another, both among them."""
    steps = min(points - 1, high - low)
    return sorted({low + (high - low) * step // max(1, steps) for step in range(steps + 1)})


def _points(goals: Sequence[Goal], answers: Sequence[tuple[Question, Answer]]) -> tuple[Point, ...]:
    """Return one point for each set of values found, one that is proven where there is one."""
    best: dict[tuple[int, ...], tuple[Question, Answer]] = {}
    for question, answer in answers:
        if answer.values is None:
            continue
        at = tuple(answer.values[goal.term] for goal in goals)
        if at not in best or (answer.proven and not best[at][1].proven):
            best[at] = question, answer
    return tuple(
        Point(dict(best[at][0].caps), best[at][1], any(_dominates(other, at) for other in best)) for at in sorted(best)
    )


def _dominates(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))

"""Planning again period by period: what comes of a way of planning in a scenario that shows itself only in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sequencer.errors import UsageError
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits
from sequencer.replanning.actuals import Actual
from sequencer.replanning.replanning import Replan, replan
from sequencer.timetable import Choices

#: What the planner knows at the beginning of a month: the instance as it is seen then.
Seen: TypeAlias = Callable[[int], Instance]
#: What has really happened by a month, given the plan that was followed up to it.
Happened: TypeAlias = Callable[[int, Choices], Mapping[str, Actual]]


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """A plan followed and made again, period by period.

    Attributes
    ----------
    steps : tuple of Replan
        Each time of planning again, in order.
    choices : mapping of str to Choice, or None
        What came of it: the plan of the last step; None if a step found none.
    """

    steps: tuple[Replan, ...]
    choices: Choices | None

    @property
    def failed(self) -> int | None:
        """The month in which no plan was found any more; None if there always was one."""
        return self.steps[-1].as_of if self.choices is None else None

    @property
    def months(self) -> int:
        """How many months transfers moved in all, summed over the steps: each against the plan before it."""
        return sum(step.months for step in self.steps)


def rolling(
    seen: Seen,
    published: Choices,
    *,
    every: int = 6,
    happened: Happened | None = None,
    objective: Sequence[Goal | str] | None = None,
    limits: Limits | None = None,
    engine: str = "auto",
) -> Rolled:
    """Follow a plan for a period, plan again with what is known by then, follow that, and so on to the end of the plan.

    Parameters
    ----------
    seen : callable
        Given a month, counted from the first, the instance as the planner sees it then: a scenario's values as far as
        they have shown themselves, and what is expected of the rest. All share the first month and the horizon.
    published : mapping of str to Choice
        The plan followed first.
    every : int
        Months from one planning to the next, at least 1.
    happened : callable, optional
        What really happened by a month, by package, as in ``replan``. Default: all goes as planned.
    objective, limits, engine : optional
        Of each step; see ``replan``.

    Returns
    -------
    Rolled
        It ends with the first step without a plan.

    Raises
    ------
    UsageError
        If ``every`` is less than 1, or as ``replan`` says.
    """
    if every < 1:
        raise UsageError(f"planning again takes place every 1 or more months, not {every}")
    steps: list[Replan] = []
    plan: Choices = published
    for as_of in range(every, seen(0).plan.months, every):
        actuals = {} if happened is None else happened(as_of, plan)
        step = replan(seen(as_of), plan, as_of, actuals, objective=objective, limits=limits, engine=engine)
        steps.append(step)
        if step.outcome.choices is None:
            return Rolled(steps=tuple(steps), choices=None)
        plan = step.outcome.choices
    return Rolled(steps=tuple(steps), choices=plan)

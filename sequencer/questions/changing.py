"""What would have to change in the data for a wish to be possible, or to cost nothing: said to be that, and no more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from sequencer.compile import compile_instance
from sequencer.engine.run import Caps
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Outcome
from sequencer.problem import Problem
from sequencer.questions.repairs import Repairs, repairs
from sequencer.questions.trying.trials import Pose
from sequencer.questions.why import Tier, Why, free
from sequencer.questions.wishes import Wish, wish

#: The part of the time for what makes a wish possible at all; what is left is for what makes it cost nothing.
POSSIBLE = 0.5


def with_changes(
    outcome: Outcome,
    asked: Wish,
    why: Why,
    *,
    costs: Mapping[str, float] | None,
    limits: Limits,
    stop: threading.Event,
) -> Why:
    """Return an answer to a wish with the cheapest changes of numbers that would give another answer.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    asked : Wish
        About it.
    why : Why
        What came of the wish.
    costs : mapping of str to float, optional
        What a unit costs; see ``sequencer.questions.repairs``.
    limits : Limits
        For all of it.
    stop : threading.Event
        Ends the search soon after it is set.

    Returns
    -------
    Why
        Of a wish that costs nothing, or of which nothing is known, the answer as it is. If a plan that is as good in
        every term has the wish after all, the wish is a free choice.
    """
    if why.tier not in {Tier.CANNOT, Tier.COULD}:
        return why
    possible = None
    if why.tier is Tier.CANNOT:
        half = replace(limits, seconds=limits.seconds * POSSIBLE)
        possible = _cheapest(asked, costs, posed(outcome, asked.text), half, stop)
        if not possible.found:
            return replace(why, possible=possible)
        limits = half
    compatible = _cheapest(asked, costs, posed(outcome, asked.text, as_good=True), limits, stop)
    if why.tier is Tier.COULD and compatible.found and not compatible.found[0].changes:
        return free(outcome, asked, asked.problem.cells(compatible.found[0].choices))
    return replace(why, possible=possible, compatible=compatible)


def _cheapest(
    asked: Wish, costs: Mapping[str, float] | None, pose: Pose, limits: Limits, stop: threading.Event
) -> Repairs:
    return repairs(asked.instance, costs, most=1, pose=pose, kept=asked.kept, limits=limits, stop=stop)


def posed(outcome: Outcome, text: str, *, as_good: bool = False) -> Callable[[Instance], tuple[Problem, Caps]]:
    """Return what a wish asks of an instance in which numbers are turned.

    Parameters
    ----------
    outcome : Outcome
        With a plan, to which ``earlier`` and the like refer however numbers are turned.
    text : str
        The wish.
    as_good : bool
        Whether every term of the objective must also be no worse than in the plan.
    """
    choices = outcome.choices or {}
    held = [(level.term, level.achieved) for level in outcome.levels if level.achieved is not None]

    def pose(instance: Instance) -> tuple[Problem, Caps]:
        problem = compile_instance(instance)
        told = wish(text, instance, problem, problem.cells(choices))
        caps = [(told.problem.terms[term], most) for term, most in held if as_good]
        return told.problem, caps

    return pose

"""All that can be said about an answer: what stands before each date, what each rests on, and what came of wishes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sequencer.errors import UsageError
from sequencer.explain.conditions import Condition, conditions
from sequencer.explain.conflicts import Conflict, Scope, conflicts
from sequencer.explain.deciders import Decider, deciders
from sequencer.explain.locally import Local, locally
from sequencer.outcome import Limits, Outcome, Status
from sequencer.questions.why import Why, why_not

SECONDS = 10.0  # for each wish, and for conflicts


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What is said about an answer.

    Attributes
    ----------
    outcome : Outcome
    limits : Limits
        Of each wish, and of all conflicts together.
    conflicts : tuple of Conflict
        Why there is no plan; empty where there is one, or none was found in time.
    local : tuple of Local
        Of each package asked about: what stands against its coming earlier while all others stay.
    conditions : tuple of Condition
        What must be true for each date to hold, the nearest to falling first.
    deciders : tuple of Decider
        The scores with a range that would close the date of the plan, or open an earlier month.
    why : tuple of Why
        One for each wish, in order.
    """

    outcome: Outcome
    limits: Limits
    conflicts: tuple[Conflict, ...] = ()
    local: tuple[Local, ...] = ()
    conditions: tuple[Condition, ...] = ()
    deciders: tuple[Decider, ...] = ()
    why: tuple[Why, ...] = ()


def explain(
    outcome: Outcome,
    wishes: Sequence[str] = (),
    *,
    packages: Sequence[str] | None = None,
    limits: Limits | None = None,
    stop: threading.Event | None = None,
) -> Explanation:
    """Explain an answer.

    Parameters
    ----------
    outcome : Outcome
        Of ``solve``.
    wishes : sequence of str, optional
        What is asked about, such as ``"aileu/policing=2028-03"``; see ``sequencer.questions.wishes`` for the forms.
    packages : sequence of str, optional
        Whose dates are explained at once; default: all.
    limits : Limits, optional
        Of each wish, and of all conflicts together. Default: ten seconds.
    stop : threading.Event, optional
        Ends searches soon after it is set; wishes that are left then are unknown.

    Raises
    ------
    UsageError
        If a wish is not understood, or a package is unknown; nothing has been searched for then.
    """
    limits, stop = limits or Limits(seconds=SECONDS), stop or threading.Event()
    problem, instance = outcome.problem, outcome.instance
    unknown = [name for name in packages or () if name not in problem.paths]
    if unknown:
        raise UsageError(f"there is no package {', '.join(map(repr, unknown))}")
    if outcome.choices is None:
        found: tuple[Conflict, ...] = ()
        if outcome.status is Status.INFEASIBLE:
            found = conflicts(problem, Scope.all_of(instance), limits, stop)
        return Explanation(outcome=outcome, limits=limits, conflicts=found)
    cells = problem.cells(outcome.choices)
    return Explanation(
        outcome=outcome,
        limits=limits,
        local=locally(problem, cells, outcome.caps(), packages=packages),
        conditions=conditions(instance, problem, cells, outcome.uses),
        deciders=deciders(instance, problem, cells),
        why=tuple(why_not(outcome, text, limits=replace(limits), stop=stop) for text in wishes),
    )

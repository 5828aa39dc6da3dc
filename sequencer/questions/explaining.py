"""All that can be said about an answer: what stands before each date, what each rests on, and what came of wishes."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sequencer.errors import UsageError
from sequencer.outcome import Limits, Outcome, Status
from sequencer.questions.binding import binding as what_binds
from sequencer.questions.repairs import Repairs
from sequencer.questions.repairs import repairs as what_repairs
from sequencer.questions.why import Why, answered
from sequencer.questions.wishes import wish
from sequencer.questions.worth import Binding
from sequencer.reasons.conditions import Condition, conditions
from sequencer.reasons.conflicts import Conflict, Scope, conflicts
from sequencer.reasons.deciders import Decider, deciders
from sequencer.reasons.locally import Local, locally

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
        Why there is no plan; empty where there is one, or that there is none was not proven in time.
    local : tuple of Local
        Of each package asked about: what stands against its coming earlier while all others stay.
    conditions : tuple of Condition
        What must be true for each date to hold, the nearest to falling first.
    deciders : tuple of Decider
        The scores with a range that would close the date of the plan, or open an earlier month.
    why : tuple of Why
        One for each wish, in order.
    binding : Binding or None
        What more of each number would bring; None where it was not asked, or there is no plan.
    repairs : Repairs or None
        What would have to change for a plan to exist, or is known to be enough where it is not proven that there is
        none; None where there is a plan.
    """

    outcome: Outcome
    limits: Limits
    conflicts: tuple[Conflict, ...] = ()
    local: tuple[Local, ...] = ()
    conditions: tuple[Condition, ...] = ()
    deciders: tuple[Decider, ...] = ()
    why: tuple[Why, ...] = ()
    binding: Binding | None = None
    repairs: Repairs | None = None


def explain(
    outcome: Outcome,
    wishes: Sequence[str] = (),
    *,
    packages: Sequence[str] | None = None,
    binding: bool = False,
    costs: Mapping[str, float] | None = None,
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
    binding : bool
        Whether to ask what more of each number would bring to each level, which takes a few times as long as a solve.
    costs : mapping of str to float, optional
        What repairs cost by unit or address; see ``sequencer.questions.repairs``.
    limits : Limits, optional
        Of each wish, of all conflicts together, of repairs, and of each level of what binds. Default: ten seconds.
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
        is_proven = outcome.status is Status.INFEASIBLE
        found = conflicts(problem, Scope.all_of(instance), limits, stop) if is_proven else ()
        mended = what_repairs(instance, costs, limits=limits, stop=stop)
        return Explanation(outcome=outcome, limits=limits, conflicts=found, repairs=mended)
    cells = problem.cells(outcome.choices)
    asked = [wish(text, instance, problem, cells) for text in wishes]  # all are understood before one is searched for
    return Explanation(
        outcome=outcome,
        limits=limits,
        local=locally(problem, cells, outcome.caps(), packages=packages),
        conditions=conditions(instance, problem, cells, outcome.uses),
        deciders=deciders(instance, problem, cells),
        why=tuple(answered(outcome, one, limits, stop) for one in asked),
        binding=what_binds(outcome, limits=limits, stop=stop) if binding else None,
    )

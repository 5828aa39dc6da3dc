"""All that can be said about an answer: what stands before each date, what each rests on, and what came of wishes."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sequencer.errors import UsageError
from sequencer.outcome import Limits, Outcome, Status
from sequencer.problem import Cell, Problem
from sequencer.questions.binding import binding as what_binds
from sequencer.questions.changing import with_changes
from sequencer.questions.deciding import proofs as prove_deciders
from sequencer.questions.repairs import Repairs
from sequencer.questions.repairs import repairs as what_repairs
from sequencer.questions.trying.ways import ways
from sequencer.questions.why import Why, answered
from sequencer.questions.wishes import wish
from sequencer.questions.worth import Binding
from sequencer.reasons.conditions import Condition, conditions
from sequencer.reasons.conflicts import Conflict, Scope, conflicts
from sequencer.reasons.deciders import Decider, Proven, deciders
from sequencer.reasons.local.locally import Local, locally

SECONDS = 10.0  # for each wish, and for conflicts
HOLDERS = 3  # packages that hold the exit, of which it is proven why they do not come earlier


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
    earlier : tuple of Why
        Of packages whose dates were asked about, else of those that hold the last exit: whether any plan has them
        earlier, all others free to move. The latter together in the time of one wish, as many as that lets be asked.
    conditions : tuple of Condition
        What must be true for each date to hold, the nearest to falling first.
    deciders : tuple of Decider
        The scores with a range that would close the date of the plan, or open an earlier month.
    proofs : tuple of Proven
        What solving again proved of the first of these: whether either end of the range moves the plan as a whole.
    why : tuple of Why
        One for each wish, in order, with what would have to change for it to be possible, and to cost nothing.
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
    earlier: tuple[Why, ...] = ()
    conditions: tuple[Condition, ...] = ()
    deciders: tuple[Decider, ...] = ()
    proofs: tuple[Proven, ...] = ()
    why: tuple[Why, ...] = ()
    binding: Binding | None = None
    repairs: Repairs | None = None


def explain(
    outcome: Outcome,
    wishes: Sequence[str] = (),
    *,
    packages: Sequence[str] | None = None,
    binding: bool = False,
    proofs: int = 0,
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
        Whose dates are explained; default: all at once, and those that hold the last exit with all others free to move.
    binding : bool
        Whether to ask what more of each number would bring to each level, which takes a few times as long as a solve.
    proofs : int
        Of how many scores, those that decide most first, to prove whether they move the plan: up to two solves each.
    costs : mapping of str to float, optional
        What repairs cost by unit or address; see ``sequencer.questions.repairs``.
    limits : Limits, optional
        Of each wish, of what would have to change for it, and of each solve that proves who decides; of all conflicts
        together, of repairs, and of each level of what binds. Default: ten seconds.
    stop : threading.Event, optional
        Ends searches soon after it is set; wishes that are left then are unknown.

    Raises
    ------
    UsageError
        If a wish or a cost is not understood, or a package is unknown; nothing has been searched for then.
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
    ways(instance, costs or {})  # what is said of costs is understood before anything is searched for
    cells = problem.cells(outcome.choices)
    asked = [wish(text, instance, problem, cells) for text in wishes]  # all are understood before one is searched for
    scores = deciders(instance, problem, cells)
    return Explanation(
        outcome=outcome,
        limits=limits,
        local=locally(problem, cells, outcome.caps(), packages=packages),
        earlier=_earlier(outcome, packages, limits, stop),
        conditions=conditions(instance, problem, cells, outcome.uses),
        deciders=scores,
        proofs=prove_deciders(outcome, scores[:proofs], limits, stop),
        why=tuple(
            with_changes(outcome, one, answered(outcome, one, limits, stop), costs=costs, limits=limits, stop=stop)
            for one in asked
        ),
        binding=what_binds(outcome, limits=limits, stop=stop) if binding else None,
    )


def _earlier(
    outcome: Outcome, packages: Sequence[str] | None, limits: Limits, stop: threading.Event
) -> tuple[Why, ...]:
    """Return what came of packages' coming earlier: those asked about, or as many as hold the exit and time allows."""
    problem = outcome.problem
    cells = problem.cells(outcome.choices or {})
    names = _holders(problem, cells) if packages is None else packages
    found: list[Why] = []
    began = time.monotonic()
    for name in (name for name in names if cells[name].transfer > problem.as_of):
        seconds = limits.seconds
        if packages is None and not limits.deterministic:
            seconds -= time.monotonic() - began
        if seconds <= 0 or stop.is_set():
            break
        asked = wish(f"{name} earlier", outcome.instance, problem, cells)
        found.append(answered(outcome, asked, replace(limits, seconds=seconds), stop))
    return tuple(found)


def _holders(problem: Problem, cells: Mapping[str, Cell]) -> list[str]:
    """Return the packages that exit last, at most so many as anybody would read."""
    exits = {
        name: int(table[cells[name].option, problem.paths[name].column(cells[name].transfer)])
        for name, table in problem.terms["exit"].tables.items()
    }
    return [name for name, month in exits.items() if month == max(exits.values())][:HOLDERS]

"""Rules that can be switched off: which of them suffice for a contradiction (a core).

Every rule stands under a literal of its own, which does nothing else; CP-SAT is asked whether all can hold, and if not,
says which literals it needed for that. Dates, "has come by" and intervals are definitions and stand under none. A core
is a hint: whoever uses it proves it again (solvers have returned wrong ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from ortools.sat.python import cp_model

from sequencer.cpsat.over_dates import OverDates
from sequencer.cpsat.solver import ready, solve
from sequencer.engine.run import Stoppable
from sequencer.engine.tables import Masks
from sequencer.outcome import Limits
from sequencer.problem import Problem, Rule, Window


class _Under:
    """A model in which every constraint is enforced by a literal only; variables are as they are."""

    def __init__(self, model: cp_model.CpModel, literal: cp_model.IntVar) -> None:
        self._model = model
        self._literal = literal

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the model has
        found = getattr(self._model, name)
        if not name.startswith("add"):
            return found

        def add(*arguments: object) -> cp_model.Constraint:
            constraint: cp_model.Constraint = found(*arguments)
            return constraint.only_enforce_if(self._literal)

        return add


class Guarded(OverDates):
    """The formulation over dates with a literal for each rule that is posted."""

    def __init__(self, problem: Problem, masks: Masks) -> None:
        super().__init__(problem, masks)
        self._whole = self.model

    def post_under(self, rule: Rule) -> cp_model.IntVar:
        """Add a rule and return the literal that switches it on."""
        literal = self._whole.new_bool_var("")
        if isinstance(rule, Window):
            self._packages[rule.package].keep_open(~rule.closed, literal)
            return literal
        self.model = cast("cp_model.CpModel", _Under(self._whole, literal))  # it has all that rules use of one
        self.post(rule)
        self.model = self._whole
        return literal


def core(
    problem: Problem,
    masks: Masks,
    rules: Sequence[Rule],
    always: Sequence[Rule] = (),
    *,
    limits: Limits,
    stop: Stoppable,
) -> tuple[int, ...] | None:
    """Return positions of rules that are said to contradict each other; None if no contradiction is found in time.

    Parameters
    ----------
    problem : Problem
        Its paths; its own rules are left out.
    masks : mapping of str to bool array, shape (K, T)
        The cells that are open whatever rules are switched off.
    rules : sequence of Rule
        Those that may be switched off.
    always : sequence of Rule
        Those that may not: they are told plainly, which searches that prove something about amounts need.
    """
    told = Guarded(problem, masks)
    literals = []
    for rule in rules:
        if stop.is_set():
            return None
        literals.append(told.post_under(rule))
    for rule in always:
        told.post(rule)
    told.model.add_assumptions(literals)
    solver = ready(limits, limits.seconds, presolve=True, light=False)
    if solve(solver, told.model, stop, None) != cp_model.INFEASIBLE:
        return None
    of_literal = {literal.index: position for position, literal in enumerate(literals)}
    return tuple(of_literal[index] for index in solver.sufficient_assumptions_for_infeasibility())

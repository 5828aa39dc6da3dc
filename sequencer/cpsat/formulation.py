"""What the two formulations have in common: what can be asked of them, and small things both need."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from ortools.sat.python import cp_model

from sequencer.engine.posting import Posting
from sequencer.problem import Cell, Demand, Link, Path, Term
from sequencer.vocabulary import Event

#: Variables and their coefficients; the sum they stand for.
Terms: TypeAlias = list[tuple[cp_model.IntVar, int]]

#: What can stand in a constraint.
Expr: TypeAlias = cp_model.LinearExpr | int

#: The cells of a package with the literal that says each is chosen.
Literals: TypeAlias = Sequence[tuple[Cell, cp_model.IntVar]]

#: A finished search, or one that has just found something.
Solution: TypeAlias = cp_model.CpSolver | cp_model.CpSolverSolutionCallback


class Formulation(Posting):
    """A problem told to CP-SAT: made with the open cells, then given rules, caps, an objective and a hint."""

    model: cp_model.CpModel

    @abstractmethod
    def literals(self, name: str) -> Literals:
        """Return every open cell of a package and its literal."""

    @abstractmethod
    def come_by(self, name: str, event: Event, month: int) -> Expr:
        """Return 1 if an event of a package comes in a month or earlier, else 0."""

    @abstractmethod
    def sums(self, demands: Sequence[Demand], buckets: Sequence[range]) -> Sequence[Expr]:
        """Return what some demands come to in each bucket."""

    @abstractmethod
    def minimise_latest(self, term: Term, floor: int | None = None) -> None:
        """Make a maximum the objective; ``floor`` is what it is known to reach at least."""

    @abstractmethod
    def hint(self, cells: Mapping[str, Cell]) -> None:
        """Begin the search from a schedule."""

    @abstractmethod
    def chosen(self, solution: Solution) -> dict[str, Cell]:
        """Return the schedule that was found."""


def weighted(terms: Terms) -> cp_model.LinearExpr:
    """Return the linear expression of some terms."""
    return cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [value for _, value in terms])


def total(term: Term, paths: Mapping[str, Path], literals: Callable[[str], Literals]) -> tuple[Terms, int]:
    """Return a sum over the chosen cells and its unit, the greatest number that divides every entry.

    It is written over cells, where the relaxation sees each cell's own cost, and divided by its unit, which keeps the
    numbers small enough to be exact.
    """
    entries = [
        (var, value)
        for name, table in term.tables.items()
        for cell, var in literals(name)
        if (value := int(table[cell.option, paths[name].column(cell.transfer)]))
    ]
    unit = math.gcd(*(value for _, value in entries)) or 1
    return [(var, value // unit) for var, value in entries], unit


def latest(model: cp_model.CpModel, term: Term, floor: int | None) -> cp_model.IntVar:
    """Return a variable for the value of a maximum that is known to reach ``floor`` at least."""
    entries = [int(value) for table in term.tables.values() for value in (table.min(), table.max())]
    least = min([0, *entries]) if floor is None else floor
    return model.new_int_var(least, max([least, 0, *entries]), "latest")


def forbid_pairs(
    rule: Link, model: cp_model.CpModel, paths: Mapping[str, Path], literals: Callable[[str], Literals]
) -> None:
    """Forbid the pairs of cells that break a link; used where both events may have happened already, which drops it."""
    for first, one in literals(rule.before):
        for second, other in literals(rule.after):
            start = paths[rule.before].date(first, rule.before_event)
            lag = paths[rule.after].date(second, rule.after_event) - start
            short = rule.minimum is not None and lag < rule.minimum
            long = rule.maximum is not None and lag > rule.maximum
            if (short or long) and not (start < rule.as_of and start + lag < rule.as_of):
                model.add_bool_or(~one, ~other)

"""An instance with one number turned, and the plans it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.engine.run import Caps
from sequencer.errors import Disagreement, UsageError
from sequencer.instance.changes import but
from sequencer.instance.instance import Instance
from sequencer.instance.levers import Lever
from sequencer.problem import Cell, Problem
from sequencer.solving.solver import recheck


@dataclass(frozen=True)
class Turned:
    """An instance in which numbers are turned so that rules are easier to keep.

    Attributes
    ----------
    instance : Instance
    """

    instance: Instance

    @cached_property
    def problem(self) -> Problem:
        """Compiled from it."""
        return compile_instance(self.instance)

    @classmethod
    def by(cls, instance: Instance, units: Mapping[str, int], levers: Mapping[str, Lever]) -> Turned | None:
        """Return an instance with each of some numbers turned by so many units of the value shown.

        None if that cannot be: a number that says nothing has no next value, others end at the least or greatest that
        makes sense, and some would contradict other facts.
        """
        try:
            return cls(but(instance, [(name, f"{levers[name].relax * count:+d}") for name, count in units.items()]))
        except UsageError:  # what is not possible is worth nothing, and not asked about
            return None

    def keeps(self, cells: Mapping[str, Cell], caps: Caps) -> bool:
        """Return whether a timetable is a plan here, and terms are within what they may reach."""
        if any(self.problem.value(term, cells) > most for term, most in caps):
            return False
        return not any(self.problem.breaches(cells, allot(self.problem, cells)))

    def recheck(self, cells: Mapping[str, Cell], caps: Caps) -> None:
        """Raise ``Disagreement`` if rules, caps or the audit object to a plan."""
        recheck(self.instance, self.problem, cells, allot(self.problem, cells))
        over = [f"{term.name} exceeds {most}" for term, most in caps if self.problem.value(term, cells) > most]
        if over:
            raise Disagreement("a plan of a changed instance does not keep its caps:\n" + "\n".join(over))

    def saved(self, base: Problem, term: str) -> int:
        """Return what a timetable that is open here can at most save in a term because its entries are smaller."""
        saved, own = [0], self.problem.terms[term].tables
        for name, table in base.terms[term].tables.items():
            less = table - own[name] if name in own else table  # one that needs nothing any more has no entries
            saved.append(int(less[self.problem.open_cells(name)].max(initial=0)))
        return max(saved) if base.terms[term].maximum else sum(saved)

    def changed(self, base: Problem, terms: Iterable[str]) -> frozenset[str]:
        """Return the packages for which one of some terms counts other values than in another problem."""
        return frozenset(
            name
            for term in terms
            for name, table in base.terms[term].tables.items()
            if not np.array_equal(table, self.problem.terms[term].tables.get(name, ()))
        )

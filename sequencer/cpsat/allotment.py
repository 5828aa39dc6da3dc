"""Who pays what: for a timetable that is settled, what each line of money pays in each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr
from sequencer.cpsat.money import Payments, keep, payments, rise, share, used
from sequencer.cpsat.solver import small
from sequencer.errors import SequencerError
from sequencer.problem import Bridge, Cell, Problem, Schedule
from sequencer.timetable import Uses

#: Of the solver's repeatable units, roughly seconds; what is asked here is small.
MOST = 60.0


def allot(problem: Problem, cells: Mapping[str, Cell]) -> Uses:
    """Return what each line pays in each year; empty where there is no money rule.

    If the needs can be paid for within all rules, they are. If not, lines pay as much as they may: no use grows or
    falls more than is inevitable, and as little as possible remains unpaid. Of all ways, one in which lines named first
    pay more is taken.

    Raises
    ------
    SequencerError
        If that cannot be settled in reasonable time.
    """
    bridge = problem.bridge
    if bridge is None:
        return {}
    return _Allotment(bridge, Schedule(problem.calendar, problem.paths, cells)).uses()


class _Allotment:
    """The whole-unit payments of one settled timetable, as a small model."""

    def __init__(self, bridge: Bridge, schedule: Schedule) -> None:
        self._bridge = bridge
        self._model = cp_model.CpModel()
        needs = bridge.needs(schedule)
        wanted = [
            [sum(needs[name][b] for name in names) for b in range(len(bridge.buckets))]
            for names in bridge.kinds.values()
        ]
        paid = payments(self._model, bridge, wanted)
        self._uses = used(bridge, paid)
        keep(self._model, bridge, self._uses, bridge.capacities(schedule))
        share(self._model, bridge, self._uses, [sum(column) for column in zip(*wanted, strict=True)])
        self._aims = [self._excess(), self._unpaid(wanted, paid), self._order()]

    def uses(self) -> Uses:
        """Return the best uses, aim after aim."""
        for aim in self._aims:
            self._model.minimize(aim)
            solver = small(MOST)
            status = solver.solve(self._model)
            told = status == cp_model.FEASIBLE and aim is self._aims[-1]  # any order will do
            if status != cp_model.OPTIMAL and not told:
                message = "what each line of money pays could not be settled in time"
                raise SequencerError(message)
            self._model.add(aim <= solver.value(aim))
        return {
            line.name: tuple(solver.value(use) for use in row)
            for line, row in zip(self._bridge.lines, self._uses, strict=True)
        }

    def _excess(self) -> Expr:
        """Return by how much steps exceed what they may, in all."""
        found: list[Expr] = []
        for line, use in zip(self._bridge.lines, self._uses, strict=True):
            for step in line.steps:
                change = rise(step, use)
                for limit, way in ((step.growth, change), (step.fall, -change)):
                    if limit is not None:
                        over = self._model.new_int_var(0, LARGEST, "")
                        self._model.add(over >= way - limit)
                        found.append(over)
        return sum(found)

    def _unpaid(self, wanted: Sequence[Sequence[int]], paid: Payments) -> Expr:
        """Return what is left unpaid, in all."""
        found: list[Expr] = []
        for needs, rows in zip(wanted, paid, strict=True):
            for b, need in enumerate(needs):
                missing = self._model.new_int_var(0, need, "")
                self._model.add(sum(row[b] for row in rows.values()) + missing == need)
                found.append(missing)
        return sum(found)

    def _order(self) -> Expr:
        """Return a sum that is smaller the more the lines named first pay."""
        return sum(j * use for j, row in enumerate(self._uses) for use in row)


LARGEST = 2**53  # of a sum of money

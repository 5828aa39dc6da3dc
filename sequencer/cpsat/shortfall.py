"""What money is short of: for a timetable that is settled, the cheapest additions with which all of it can be paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr
from sequencer.cpsat.money import keep, payments, rise, used
from sequencer.cpsat.solver import small
from sequencer.problem import Bridge, Cell, Problem, Schedule

#: Of the solver's repeatable units, roughly seconds.
MOST = 10.0

#: Where steps of an addition count: a line and a year, a line and one of its steps, or a share.
Spot = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Addition:
    """A number of the money rule that may grow.

    Attributes
    ----------
    spots : tuple of (str, int, int)
        ``amount``, line and year; ``growth`` or ``fall``, line and step; ``share``, share and 0.
    step : int
        By how much the number grows with each step.
    most, cost : int
        Steps there are, and what one costs.
    """

    spots: tuple[Spot, ...]
    step: int
    most: int
    cost: int


def shortfall(problem: Problem, cells: Mapping[str, Cell], additions: Sequence[Addition]) -> list[int] | None:
    """Return by how many steps each number must grow for a timetable to be paid, the cheapest way found.

    None if it cannot be paid so, or that is not known in reasonable time.
    """
    rule = problem.bridge
    if rule is None:
        return [0] * len(additions)
    model = cp_model.CpModel()
    steps = [model.new_int_var(0, addition.most, "") for addition in additions]
    more: dict[Spot, Expr] = {}
    for addition, var in zip(additions, steps, strict=True):
        for spot in addition.spots:
            more[spot] = more.get(spot, 0) + addition.step * var
    _pay(model, rule, Schedule(problem.calendar, problem.paths, cells), more)
    model.minimize(sum(addition.cost * var for addition, var in zip(additions, steps, strict=True)))
    solver = small(MOST)
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    return [solver.value(var) for var in steps]


def _pay(model: cp_model.CpModel, rule: Bridge, schedule: Schedule, more: Mapping[Spot, Expr]) -> None:
    """Post the rule of money for settled needs, its numbers grown."""
    needs = rule.needs(schedule)
    years = range(len(rule.buckets))
    wanted = [[sum(needs[name][b] for name in names) for b in years] for names in rule.kinds.values()]
    paid = payments(model, rule, wanted)
    for amounts, rows in zip(wanted, paid, strict=True):
        for b, amount in enumerate(amounts):
            model.add(sum(row[b] for row in rows.values()) == amount)
    uses, there = used(rule, paid), rule.capacities(schedule)
    held: list[list[Expr]] = []
    for j, line in enumerate(rule.lines):
        met = [c is None or schedule.date(*c) <= rule.buckets[b].start for b, c in enumerate(line.conditions)]
        held.append([there[j][b] + (more.get(("amount", j, b), 0) if met[b] else 0) for b in years])
        for s, step in enumerate(line.steps):
            change = rise(step, uses[j])
            if step.growth is not None:
                model.add(change <= step.growth + more.get(("growth", j, s), 0))
            if step.fall is not None:
                model.add(-change <= step.fall + more.get(("fall", j, s), 0))
    keep(model, rule, uses, held)
    for i, share in enumerate(rule.shares):
        for b in years:
            total = sum(amounts[b] for amounts in wanted)
            most = (share.thousandths + more.get(("share", i, 0), 0)) * total
            model.add(1000 * sum(uses[j][b] for j in share.lines) <= most)

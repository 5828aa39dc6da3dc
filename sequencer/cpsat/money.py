"""The donor bridge told to CP-SAT: what each line pays in each year for each kind of package, in whole units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr, Formulation
from sequencer.problem import Bridge, Step


def post_bridge(told: Formulation, rule: Bridge) -> None:
    """Every need is paid for, and no line pays what it may not."""
    needs = {
        kind: told.sums([demand for name in names for demand in rule.demands_of[name]], rule.buckets)
        for kind, names in rule.kinds.items()
    }
    there = [
        [
            amount * (1 if condition is None else told.come_by(*condition, months.start)) + revenue
            for amount, condition, months, revenue in zip(
                line.amounts, line.conditions, rule.buckets, told.sums(line.revenue, rule.buckets), strict=True
            )
        ]
        for line in rule.lines
    ]
    paid = payments(told.model, rule, [rule.most(names) for names in rule.kinds.values()])
    for kind, rows in zip(needs, paid, strict=True):
        for b, need in enumerate(needs[kind]):
            told.model.add(sum(row[b] for row in rows.values()) == need)
    uses = used(rule, paid)
    keep(told.model, rule, uses, there)
    totals = [sum(need[b] for need in needs.values()) for b in range(len(rule.buckets))]
    share(told.model, rule, uses, totals)
    for line, use in zip(rule.lines, uses, strict=True):
        for step in line.steps:
            change = rise(step, use)
            if step.growth is not None:
                told.model.add(change <= step.growth)
            if step.fall is not None:
                told.model.add(change >= -step.fall)


#: For each kind of package: by line, what the line pays for it in each year.
Payments: TypeAlias = Sequence[Mapping[int, Sequence[cp_model.IntVar]]]


def payments(model: cp_model.CpModel, rule: Bridge, most: Sequence[Sequence[int]]) -> Payments:
    """Return variables for what lines pay; ``most`` is the most that each kind can need in each year."""
    return [
        {line: [model.new_int_var(0, need, "") for need in needs] for line in sorted(kind)}
        for kind, needs in zip(rule.kinds, most, strict=True)
    ]


def used(rule: Bridge, paid: Payments) -> list[list[Expr]]:
    """Return what each line pays in each year."""
    return [
        [sum(rows[j][b] for rows in paid if j in rows) for b in range(len(rule.buckets))]
        for j in range(len(rule.lines))
    ]


def keep(
    model: cp_model.CpModel, rule: Bridge, uses: Sequence[Sequence[Expr]], there: Sequence[Sequence[Expr]]
) -> None:
    """No line pays more than it has (S1), or has kept (S3)."""
    for line, use, row in zip(rule.lines, uses, there, strict=True):
        sums = zip(accumulate(use), accumulate(row), strict=True)
        for b, (pays, has, (spent, held)) in enumerate(zip(use, row, sums, strict=True)):
            model.add(spent <= held if b < line.carried else pays <= has)


def share(model: cp_model.CpModel, rule: Bridge, uses: Sequence[Sequence[Expr]], totals: Sequence[Expr]) -> None:
    """No donor pays more than its share of a year (S4)."""
    for donor in rule.shares:
        for b, total in enumerate(totals):
            model.add(1000 * sum(uses[j][b] for j in donor.lines) <= donor.thousandths * total)


def rise(step: Step, use: Sequence[Expr]) -> Expr:
    """Return by how much the use of a line rises in a step; negative where it falls (S5)."""
    after: Expr = 0 if step.after is None else use[step.after]
    return after - (step.base if step.before is None else use[step.before])

"""Problems without some parts of their rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import assert_never

from sequencer.problem import Bridge, Gate, Link, Problem, Reserve, Rule, Supply, Width, Window
from sequencer.reasons.parts import Part, parts_of_rule


def without(problem: Problem, lifted: Collection[Part]) -> Problem:
    """Return a problem in which some parts are lifted: bounds are taken away, amounts made to suffice for all.

    Parameters
    ----------
    problem : Problem
        That of which the parts are.
    lifted : collection of Part
    """
    of_rule: dict[int, set[tuple[str | int, ...]]] = {}
    for part in lifted:
        of_rule.setdefault(part.position, set()).add(part.at)
    rules = [rule if i not in of_rule else _without(i, rule, of_rule[i]) for i, rule in enumerate(problem.rules)]
    return replace(problem, rules=tuple(rule for rule in rules if rule is not None))


def _without(position: int, rule: Rule, at: set[tuple[str | int, ...]]) -> Rule | None:
    if all(part.at in at for part in parts_of_rule(position, rule)):
        return None
    match rule:
        case Window() | Width() | Gate():
            return rule
        case Link():
            return replace(rule, minimum=None) if ("L1",) in at else replace(rule, maximum=None)
        case Supply():
            most = rule.most(rule.demands_of)
            held = (max(most[b], amount) if ("bucket", b) in at else amount for b, amount in enumerate(rule.capacity))
            return replace(rule, capacity=tuple(held))
        case Reserve():
            all_ = [sum(demands[0].amounts[m] for demands in rule.demands_of.values()) for m in range(len(rule.people))]
            force = (max(all_[m], people) if ("month", m) in at else people for m, people in enumerate(rule.people))
            return replace(rule, people=tuple(force))
        case Bridge():
            return _without_money(rule, at)
        case _:
            assert_never(rule)


def _without_money(rule: Bridge, at: set[tuple[str | int, ...]]) -> Bridge:
    """Return the money rule with ample amounts; what waits for an event in vain is lost, however much it is."""
    years = range(len(rule.buckets))
    most = sum(rule.most(rule.demands_of)) + sum(amount for line in rule.lines for amount in line.amounts)
    lines = []
    for j, line in enumerate(rule.lines):
        is_free = [("amount", j, b) in at for b in years]
        steps = (
            replace(
                step,
                growth=None if ("growth", j, s) in at else step.growth,
                fall=None if ("fall", j, s) in at else step.fall,
            )
            for s, step in enumerate(line.steps)
        )
        lines.append(
            replace(
                line,
                amounts=tuple(most if free else amount for free, amount in zip(is_free, line.amounts, strict=True)),
                conditions=tuple(None if ("condition", j, b) in at else line.conditions[b] for b in years),
                steps=tuple(step for step in steps if step.growth is not None or step.fall is not None),
            )
        )
    shares = tuple(share for i, share in enumerate(rule.shares) if ("share", i) not in at)
    unserved = rule.kinds.get(frozenset(), ()) if ("unserved",) in at else ()
    demands = tuple(demand for demand in rule.demands if demand.package not in unserved)
    return replace(rule, lines=tuple(lines), shares=shares, demands=demands)

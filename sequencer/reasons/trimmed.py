"""Problems without the packages that only windows bind: these take any open month, whatever the others do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sequencer.engine.run import Caps
from sequencer.engine.tables import open_masks
from sequencer.problem import Bridge, Gate, Link, Problem, Reserve, Supply, Width, Window


def is_closed(problem: Problem, caps: Caps) -> bool:
    """Return whether a package has no open cell, or a maximum that counts none, and so is 0, must be below it."""
    hollow = any(term.maximum and not term.tables and most < 0 for term, most in caps)
    return hollow or not all(mask.any() for mask in open_masks(problem, caps).values())


def named(problem: Problem, caps: Caps) -> tuple[Problem, Caps]:
    """Return problem and caps without the packages that only windows bind; each of these has an open month.

    A cap on a maximum is a window for each package; one on a sum binds them all.
    """
    if not all(term.maximum for term, _ in caps):
        return problem, caps
    names: set[str] = set()
    for rule in problem.rules:
        match rule:
            case Link() | Width():
                names.update(rule.about)
            case Gate():
                names.update(rule.before, rule.waiting)
            case Supply() | Reserve():
                names.update(rule.demands_of)
            case Bridge():
                names.update(_about_money(rule))
            case Window():
                pass
    paths = {name: path for name, path in problem.paths.items() if name in names}
    kept = tuple(rule for rule in problem.rules if not isinstance(rule, Window) or rule.package in names)
    most = []
    for term, cap in caps:
        tables = {name: table for name, table in term.tables.items() if name in names}
        most.append((replace(term, tables=tables), cap))
    return replace(problem, paths=paths, rules=kept), most


def _about_money(rule: Bridge) -> Sequence[str]:
    earners = (demand.package for line in rule.lines for demand in line.revenue)
    waited = (condition[0] for line in rule.lines for condition in line.conditions if condition is not None)
    return [*rule.demands_of, *earners, *waited]

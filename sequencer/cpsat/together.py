"""Widths and gates told to CP-SAT by what has come by each month."""

from __future__ import annotations

from sequencer.cpsat.formulation import Expr, Formulation
from sequencer.problem import Gate, Width
from sequencer.vocabulary import Event


def post_width(told: Formulation, rule: Width, last: int) -> None:
    """Once one of the events to come has come, all must have ``width`` months later; none is after ``last``."""
    for month in range(rule.as_of, last):
        begun = told.model.new_bool_var("")
        for name, event in rule.members:
            told.model.add(told.come_by(name, event, month) - told.come_by(name, event, rule.as_of - 1) <= begun)
            told.model.add(begun <= told.come_by(name, event, month + rule.width))


def post_gate(told: Formulation, rule: Gate) -> None:
    """Whoever has transferred in the phase by a month waited for what must have come ``minimum`` months before it.

    Packages that are not waited for themselves share a literal for each month that says that the gate is open.
    """
    before = set(rule.before)
    alone = sorted(rule.waiting & before)
    others = sorted(rule.waiting - before)
    for month in rule.months:
        come = {name: told.come_by(name, rule.event, month - rule.minimum) for name in rule.before}
        if others:
            opened = told.model.new_bool_var("")
            for open_ in come.values():
                told.model.add(opened <= open_)
        for name in others:
            told.model.add(_passed(told, rule, name, month) <= opened)
        for name in alone:
            passed = _passed(told, rule, name, month)
            for other, open_ in come.items():
                if other != name:
                    told.model.add(passed <= open_)


def _passed(told: Formulation, rule: Gate, name: str, month: int) -> Expr:
    """Return 1 if a package transfers in the phase, in a month or earlier."""
    return told.come_by(name, Event.TRANSFER, month) - told.come_by(name, Event.TRANSFER, rule.months.start - 1)

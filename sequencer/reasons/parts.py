"""What can be lifted by itself: the parts of rules.

A part is the least of a rule that a planner can speak of: a window of a package, one bound of a link, one bucket of a
pool, one month of a reserve, the money of one line in one year. Lifting it lets more timetables through and never fewer
(models/problem.md, proposition 19), so that every statement about what is needed for a contradiction
is a statement about parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from sequencer.problem import Bridge, Gate, Link, Problem, Reserve, Rule, Supply, Width, Window
from sequencer.vocabulary import Origin

#: Windows that hold by definition: what the months of a plan and a stage that is under way leave possible.
DEFINED = frozenset({"P1", "W10"})

#: Windows that protect people, beside thresholds and holds, which only scores can meet.
PROTECTING = frozenset({"W2", "W3"})


class Side(StrEnum):
    """What may be done about a part: nothing; nothing unless the planner says that it is negotiable; something."""

    DEFINITION = "definition"
    PROTECTION = "protection"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Part:
    """The least of a rule that can be lifted by itself; parts are equal when they are the same part of the same rule.

    Attributes
    ----------
    position : int
        Of the rule among the rules of the problem.
    at : tuple of str or int
        Which part of it: ``("L1",)``, ``("bucket", 3)``, ``("amount", line, year)``; empty for the whole rule.
    id : str
        Of what it states, in ``models/problem.md``.
    side : Side
    packages : tuple of str
        Those it binds; empty where these are all that draw on something.
    month : int or None
        The first month it is about; None where it is about all.
    origins : tuple of Origin
        The rows it rests on.
    """

    position: int
    at: tuple[str | int, ...]
    id: str = field(compare=False)
    side: Side = field(compare=False)
    packages: tuple[str, ...] = field(compare=False)
    month: int | None = field(compare=False)
    origins: tuple[Origin, ...] = field(compare=False)


def parts_of(problem: Problem) -> tuple[Part, ...]:
    """Return the parts of every rule, in the order of the rules."""
    return tuple(part for position, rule in enumerate(problem.rules) for part in parts_of_rule(position, rule))


def parts_of_rule(position: int, rule: Rule) -> Iterator[Part]:  # noqa: C901 - one case for each kind
    """Yield the parts of the rule at a position."""
    match rule:
        case Window():
            yield Part(position, (), rule.id, _side(rule), (rule.package,), None, _rows(rule))
        case Link():
            bounds = {"L1": rule.minimum, "L2": rule.maximum}
            for id_ in (id_ for id_, bound in bounds.items() if bound is not None):
                yield Part(position, (id_,), id_, Side.RULE, rule.about, None, rule.origins)
        case Width():
            yield Part(position, (), "L3", Side.RULE, rule.about, None, rule.origins)
        case Gate():
            about = tuple(dict.fromkeys([*rule.before, *sorted(rule.waiting)]))
            yield Part(position, (), "L4", Side.RULE, about, rule.months.start, rule.origins)
        case Supply():
            for b, months in enumerate(rule.buckets):
                if b >= rule.ended:
                    yield Part(position, ("bucket", b), "S1", Side.RULE, (), months.start, rule.origins[b])
        case Reserve():
            for month in rule.binding:
                yield Part(position, ("month", month), "R1", Side.RULE, (), month, rule.origins[month])
        case Bridge():
            yield from _of_money(position, rule)
        case _:
            assert_never(rule)


def _side(window: Window) -> Side:
    if window.id in DEFINED:
        return Side.DEFINITION
    return Side.PROTECTION if window.id in PROTECTING else Side.RULE


def _rows(window: Window) -> tuple[Origin, ...]:
    measured = () if window.measure is None else window.measure.origins
    return tuple(dict.fromkeys((*window.origins, *measured)))


def _of_money(position: int, rule: Bridge) -> Iterator[Part]:
    for j, line in enumerate(rule.lines):
        for b, months in enumerate(rule.buckets):
            rows = line.origins[b]
            yield Part(position, ("amount", j, b), "S1", Side.RULE, (), months.start, rows)
            condition = line.conditions[b]
            if condition is not None:
                yield Part(position, ("condition", j, b), "S6", Side.RULE, condition[:1], months.start, rows)
        for s, step in enumerate(line.steps):
            year = step.after if step.after is not None else step.before
            month = rule.buckets[year or 0].start
            for way, limit in (("growth", step.growth), ("fall", step.fall)):
                if limit is not None:
                    yield Part(position, (way, j, s), "S5", Side.RULE, (), month, step.origins)
    for i, share in enumerate(rule.shares):
        yield Part(position, ("share", i), "S4", Side.RULE, (), None, (share.origin,))
    for kind, names in rule.kinds.items():
        if not kind:
            yield Part(position, ("unserved",), "S2", Side.RULE, names, None, ())

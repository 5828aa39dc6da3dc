"""What a changed problem says otherwise: cells, needs, and rules about several packages."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sequencer.engine.tables import Masks
from sequencer.problem import Bridge, Demand, Gate, Link, Problem, Reserve, Rule, Supply, Term, Width, Window
from sequencer.reasons.parts import DEFINED

Table: TypeAlias = NDArray[np.int64]


def wide(problem: Problem) -> Masks:
    """Return the cells that what holds by definition leaves: others are opened by no number."""
    masks = {name: np.ones(path.shape, np.bool_) for name, path in problem.paths.items()}
    for name, windows in problem.windows.items():
        for window in windows:
            if window.id in DEFINED:
                masks[name] &= ~window.closed
    return masks


def masks_of(problem: Problem, caps: Sequence[tuple[Term, int]], names: Collection[str]) -> Masks:
    """Return the cells of some packages that no window closes and that keep every cap on a maximum."""
    masks = {name: problem.open_cells(name) for name in names}
    for term, most in caps:
        if term.maximum:
            for name in names:
                if name in term.tables:
                    masks[name] &= term.tables[name] <= most
    return masks


def changed(before: Problem, after: Problem, term: str, name: str) -> tuple[Table, Table] | None:
    """Return the entries of a package in a term, before and after, where they differ; one left out has none."""
    was = before.terms[term].tables.get(name)
    if was is None:
        return None
    now = after.terms[term].tables.get(name) if term in after.terms else None
    now = np.zeros_like(was) if now is None else now
    return None if np.array_equal(was, now) else (was, now)


def need_of(demand: Demand) -> tuple[object, ...]:
    """Return what a demand asks for, without the words."""
    return demand.begin, demand.end, demand.months, demand.option, demand.amounts


def by_key(rules: Sequence[Rule]) -> dict[Hashable, int]:
    """Return the positions of rules about several packages, by what they are about, those about the same in order."""
    found: dict[Hashable, int] = {}
    for position, rule in enumerate(rules):
        match rule:
            case Window():
                continue
            case Supply():
                key: tuple[Hashable, ...] = ("supply", rule.resource, rule.name)
            case Link():
                key = ("link", rule.before, rule.before_event, rule.after, rule.after_event)
            case Width():
                key = ("width", rule.members)
            case Gate():
                key = ("gate", rule.phase, rule.event, tuple(rule.before))
            case Reserve():
                key = ("reserve", rule.scope)
            case Bridge():
                key = ("money",)
        count = 0
        while (*key, count) in found:
            count += 1
        found[*key, count] = position
    return found


def same(one: Rule, other: Rule | None) -> bool:
    """Return whether two rules of a kind say the same, whatever rows they come from."""
    match one, other:
        case Link(), Link():
            return (one.minimum, one.maximum) == (other.minimum, other.maximum)
        case Width(), Width():
            return one.width == other.width
        case Gate(), Gate():
            return one.minimum == other.minimum and one.waiting == other.waiting
        case Reserve(), Reserve():
            return (one.people, one.k, drawn_of(one)) == (other.people, other.k, drawn_of(other))
        case Bridge(), Bridge():
            return one is other
        case _:
            return False


def drawn_of(rule: Reserve) -> list[tuple[object, ...]]:
    """Return what the demands of a reserve ask for, without the words."""
    return [(demand.package, *need_of(demand)) for demand in rule.demands]

"""What a problem asks of some packages alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from sequencer.problem import Bridge, Gate, Link, Problem, Reserve, Rule, Supply, Width, Window
from sequencer.reasons.parts import Part


@dataclass(frozen=True, slots=True)
class Apart:
    """What a problem asks of blocks of packages, each as if the others were not there.

    Whatever timetable the whole problem admits is admitted here: needs of other blocks are left out, and so is any rule
    that others could help to keep. A contradiction found here is one of the whole.

    Attributes
    ----------
    problem : Problem
        With a rule of the whole once for each block that it binds.
    blocks, positions : tuple of int, one for each rule
        The block it is about, and where it stands among the rules of the whole.
    """

    problem: Problem
    blocks: tuple[int, ...]
    positions: tuple[int, ...]

    def whole(self, part: Part) -> Part:
        """Return a part as one of the whole problem."""
        return replace(part, position=self.positions[part.position])


def apart(problem: Problem, blocks: Sequence[Collection[str]], rules: Collection[int] | None = None) -> Apart:
    """Return what a problem asks of each of some blocks of packages alone.

    Parameters
    ----------
    problem : Problem
    blocks : sequence of collection of str
        Packages; no package is in two of them.
    rules : collection of int, optional
        The positions of the rules that are looked at; default: all.
    """
    looked = [(i, rule) for i, rule in enumerate(problem.rules) if rules is None or i in rules]
    found = [
        (b, i, alone)
        for b, names in enumerate(map(frozenset, blocks))
        for i, rule in looked
        if (alone := _alone(rule, names)) is not None
    ]
    everyone = {name for names in blocks for name in names}
    paths = {name: path for name, path in problem.paths.items() if name in everyone}
    kept = replace(problem, paths=paths, rules=tuple(rule for _, _, rule in found))
    return Apart(kept, tuple(b for b, _, _ in found), tuple(i for _, i, _ in found))


def _alone(rule: Rule, names: frozenset[str]) -> Rule | None:  # noqa: PLR0911 - one case for each kind
    match rule:
        case Window():
            return rule if rule.package in names else None
        case Link():
            return rule if names.issuperset(rule.about) else None
        case Width():
            members = tuple(member for member in rule.members if member[0] in names)
            return replace(rule, members=members) if len(members) > 1 else None
        case Gate():
            before = tuple(name for name in rule.before if name in names)
            waiting = rule.waiting & names
            return replace(rule, before=before, waiting=waiting) if before and waiting else None
        case Supply():
            pool = replace(rule, demands=tuple(demand for demand in rule.demands if demand.package in names))
            return (
                pool
                if any(most > held for most, held in zip(pool.most(pool.demands_of), pool.capacity, strict=True))
                else None
            )
        case Reserve():
            reserve = replace(rule, demands=tuple(demand for demand in rule.demands if demand.package in names))
            return reserve if reserve.binding else None
        case Bridge():
            return _money_alone(rule, names)
        case _:
            assert_never(rule)


def _money_alone(rule: Bridge, names: frozenset[str]) -> Bridge | None:
    """Return the money rule if it is about these packages alone: what others earn or need may help to keep it."""
    earners = {demand.package for line in rule.lines for demand in line.revenue}
    waited = {condition[0] for line in rule.lines for condition in line.conditions if condition is not None}
    is_all = set(rule.demands_of) | earners | waited <= names
    return rule if is_all else None

"""A few rules that cannot hold together, found by trying halves of them [1]_.

References
----------
.. [1] U. Junker, "QUICKXPLAIN: Preferred explanations and relaxations for over-constrained problems", AAAI 2004.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from sequencer.cpsat import search
from sequencer.cpsat.over_cells import OverCells
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Status
from sequencer.problem import Bridge, Gate, Link, Problem, Reserve, Rule, Supply, Width, Window

#: Rules that are kept or lifted together.
Group: TypeAlias = Sequence[Rule]

PATIENCE = 3.0  # times as long as the first proof took, for each of those that follow
LEAST = 0.5  # seconds for one of them


@dataclass
class Shrinker:
    """Searches for contradictions within a limit on the time of all its searches together.

    A search that runs out of time counts as "can hold". So the rules that are returned always contradict each other,
    but then some may be needless, and ``unsure`` is set.
    """

    problem: Problem
    limits: Limits
    stop: threading.Event
    spent: float = 0.0
    first: float | None = None
    unsure: bool = False

    def shrink(self, settled: Group, groups: Sequence[Group]) -> list[Group] | None:
        """Return the fewest groups found that contradict each other under what is settled; None if none was proven."""
        if not groups or not self._clash([*settled, *_flat(groups)]):
            return None
        return self._shrink([*settled], added=True, groups=groups)

    def confirm(self, settled: Group, groups: Sequence[Group]) -> None:
        """Ask the other formulation, too, whether rules contradict each other.

        Raises
        ------
        Disagreement
            If it finds a plan that keeps them all.
        """
        rest = replace(self.limits, seconds=max(LEAST, self.limits.seconds - self.spent))
        only = _only(self.problem, [*settled, *_flat(groups)])
        run = search.run(only, None, [], None, limits=rest, stop=self.stop, formulation=OverCells)
        if run.cells is not None:
            message = "promises said to contradict each other can be kept together"
            raise Disagreement(message)

    def _shrink(self, base: list[Rule], *, added: bool, groups: Sequence[Group]) -> list[Group]:
        if added and self._clash(base):
            return []
        if len(groups) == 1:
            return [*groups]
        half = len(groups) // 2
        first, second = groups[:half], groups[half:]
        needed = self._shrink([*base, *_flat(first)], added=True, groups=second)
        return [*self._shrink([*base, *_flat(needed)], added=bool(needed), groups=first), *needed]

    def _clash(self, rules: Group) -> bool:
        left = self.limits.seconds - self.spent
        if left <= 0 or self.stop.is_set():
            self.unsure = True
            return False
        seconds = left if self.first is None else min(left, max(LEAST, PATIENCE * self.first))
        run = search.run(
            _only(self.problem, rules), None, [], None, limits=replace(self.limits, seconds=seconds), stop=self.stop
        )
        self.spent += run.spent
        self.first = run.spent if self.first is None else self.first
        self.unsure |= run.status is Status.UNKNOWN
        return run.status is Status.INFEASIBLE


def _only(problem: Problem, rules: Group) -> Problem:
    """Return the problem with some rules, and the packages that rules about several packages name.

    Any other package has a month that its own rules leave open, whatever the rest do.
    """
    named = {name for rule in rules for name in _named(rule)}
    paths = {name: path for name, path in problem.paths.items() if name in named}
    kept = tuple(rule for rule in rules if not isinstance(rule, Window) or rule.package in named)
    return replace(problem, paths=paths, rules=kept)


def _named(rule: Rule) -> Iterator[str]:
    """Yield the packages that a rule about several packages names."""
    match rule:
        case Link() | Width():
            yield from rule.about
        case Gate():
            yield from rule.waiting
            yield from rule.before
        case Supply() | Reserve():
            yield from rule.demands_of
        case Bridge():
            yield from rule.demands_of
            for line in rule.lines:
                yield from (demand.package for demand in line.revenue)
                yield from (condition[0] for condition in line.conditions if condition is not None)
        case Window():
            pass


def grouped(rules: Group, key: Callable[[Rule], str | None]) -> list[Group]:
    """Return rules in groups of one key, those without a key left out."""
    groups: dict[str, list[Rule]] = {}
    for rule in rules:
        word = key(rule)
        if word is not None:
            groups.setdefault(word, []).append(rule)
    return list(groups.values())


def _flat(groups: Sequence[Group]) -> list[Rule]:
    return [rule for group in groups for rule in group]

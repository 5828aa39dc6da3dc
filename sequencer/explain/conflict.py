"""Why there is no plan: the promises that close every month of a package, or a few that cannot hold together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import assert_never

import numpy as np

from sequencer.audit import RULES, audit
from sequencer.cpsat import search
from sequencer.errors import Disagreement
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.problem import Bridge, Gate, Link, Problem, Reserve, Rule, Supply, Width, Window
from sequencer.timetable import Choice
from sequencer.vocabulary import Origin

#: Rules about one package alone; what they close is closed whatever the others do.
PACKAGE_RULES = frozenset(rule for rule in RULES if rule[0] in "PW")

TOGETHER = "these promises cannot all be kept together; without any one of them this contradiction is gone:"

SECONDS = 20.0  # for the search of a contradiction, after infeasibility is proven


def closed_packages(instance: Instance, problem: Problem) -> tuple[str, ...]:
    """Return, for each package that has no open month, a line that says so and lines for promises that close them all.

    None of these promises is needless.

    Raises
    ------
    Disagreement
        If the audit finds nothing against one of its months.
    """
    found: list[str] = []
    for name, path in problem.paths.items():
        if problem.open_cells(name).any():
            continue
        alone = _alone(instance, name)
        for option, month in product(path.options, path.months):
            if not any(f.rule in PACKAGE_RULES for f in audit(alone, {name: Choice(option.name, month)})):
                raise Disagreement(f"{name}: rules close every month, the audit allows {option.name} in month {month}")
        cover = _cover(problem, name)
        said = [_nearest(window, cover, problem) for window in cover]
        found += [f"{name} has no month left:", *(f"- {text}{_rows(origins)}" for text, origins in said)]
    return tuple(found)


def _alone(instance: Instance, name: str) -> Instance:
    """Return the instance with one package only, and nothing that it shares with others."""
    needs = tuple(fact for fact in instance.needs if fact.package == name)
    return replace(
        instance,
        packages=(instance.package[name],),
        needs=needs,
        links=(),
        widths=(),
        gates=(),
        budget=(),
        pledges=(),
        reserves=(),
        published=(),
    )


def _cover(problem: Problem, name: str) -> list[Window]:
    """Return windows of a package that close every cell, none of which is needless; those that close most first."""
    kept = sorted(problem.windows[name], key=lambda window: -int(window.closed.sum()))
    for window in reversed(kept.copy()):
        others = [other for other in kept if other is not window]
        if others and np.logical_or.reduce([other.closed for other in others]).all():
            kept = others
    return kept


def together(problem: Problem, limits: Limits, stop: threading.Event) -> tuple[str, ...]:
    """Return sentences naming a few promises that cannot hold together, by QuickXplain [1]_.

    A search that runs out of time counts as "can hold", so the promises named always contradict each other, but then
    some may be needless. Taking one away cures this contradiction only.

    References
    ----------
    .. [1] U. Junker, "QUICKXPLAIN: Preferred explanations and relaxations for over-constrained problems", AAAI 2004.
    """
    groups = _groups(problem)
    settled = [rule for rule in problem.rules if _group(rule) is None]
    each = replace(limits, seconds=min(limits.seconds, SECONDS) / (4 + len(groups).bit_length() * 4))

    def clash(rules: Sequence[Rule]) -> bool:
        tried = replace(problem, rules=tuple(rules))
        return search.run(tried, None, [], None, limits=each, stop=stop).status is Status.INFEASIBLE

    def shrink(base: list[Rule], added: bool, groups: list[list[Rule]]) -> list[list[Rule]]:
        if added and clash(base):
            return []
        if len(groups) == 1:
            return groups
        half = len(groups) // 2
        first, second = groups[:half], groups[half:]
        needed = shrink([*base, *_flat(first)], True, second)
        return [*shrink([*base, *_flat(needed)], bool(needed), first), *needed]

    if not groups or not clash([*settled, *_flat(groups)]):
        return ("every package has open months on its own, but no choice of months keeps all promises together",)
    found = shrink(settled, True, groups)
    return (TOGETHER, *(f"- {_say(group, problem)}" for group in found))


def _groups(problem: Problem) -> list[list[Rule]]:
    """Return the rules a planner could change, those of one row or pool together."""
    groups: dict[str, list[Rule]] = {}
    for rule in problem.rules:
        key = _group(rule)
        if key is not None:
            groups.setdefault(key, []).append(rule)
    return list(groups.values())


def _group(rule: Rule) -> str | None:
    """Return what a rule belongs to; None for what holds by definition."""
    match rule:
        case Window(id="P1"):
            return None
        case Window():
            return f"{rule.id} {rule.origins[0].place if rule.origins else rule.package}"
        case Link() | Width() | Gate():
            return f"link {' '.join(origin.place for origin in rule.origins)}"
        case Supply():
            return f"supply {rule.name}"
        case Bridge():
            return "money"
        case Reserve():
            return f"reserve {rule.scope}"
        case _:
            assert_never(rule)


def _flat(groups: Sequence[Sequence[Rule]]) -> list[Rule]:
    return [rule for group in groups for rule in group]


def _say(group: Sequence[Rule], problem: Problem) -> str:
    """Say the promise of a group by its first rule, and how many more there are."""
    rule = group[0]
    match rule:
        case Window():
            text, origins = _nearest(rule, problem.windows[rule.package], problem)
            text = f"{rule.package}: {text}"
        case Link() | Width() | Gate():
            text, origins = rule.describe(problem.calendar), rule.origins
        case Supply() | Reserve():
            text = rule.describe(problem.calendar)
            origins = tuple(dict.fromkeys(origin for bucket in rule.origins for origin in bucket))
        case Bridge():
            text, origins = rule.describe(problem.calendar), rule.rows
        case _:
            assert_never(rule)
    more = f" (and {len(group) - 1} more like it)" if len(group) > 1 else ""
    return f"{text}{more}{_rows(origins)}"


def _nearest(window: Window, all_windows: Sequence[Window], problem: Problem) -> tuple[str, tuple[Origin, ...]]:
    """Say a window by the cell nearest to being open among those that least else closes."""
    mask = window.closed
    for others in (all_windows, problem.windows[window.package]):
        closed = [other.closed for other in others if other is not window]
        alone = mask & ~np.logical_or.reduce(closed) if closed else mask
        mask = alone if alone.any() else mask
    return window.nearest(mask, problem.calendar)


def _rows(origins: Sequence[Origin]) -> str:
    return f" [{' | '.join(map(str, origins))}]" if origins else ""

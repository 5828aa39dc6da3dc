"""Why there is no plan: the promises that close every month of a package, or a few that cannot hold together."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, product
from typing import assert_never

import numpy as np

from sequencer.audit import RULES, audit
from sequencer.cpsat import search
from sequencer.cpsat.allotment import allot
from sequencer.errors import Disagreement
from sequencer.explain.quickxplain import Shrinker, grouped
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits
from sequencer.problem import Bridge, Cell, Gate, Link, Problem, Reserve, Rule, Schedule, Supply, Term, Width, Window
from sequencer.timetable import Choice
from sequencer.vocabulary import Origin

#: Rules about one package alone; what they close is closed whatever the others do.
PACKAGE_RULES = frozenset(rule for rule in RULES if rule[0] in "PW")

TOGETHER = "these promises cannot all be kept within the months of the plan, {span}; {sure}:"
SURE = "without any one of them this contradiction is gone"
UNSURE = "time was too short to say whether all of them are needed for this contradiction"

SECONDS = 20.0  # for the search of a contradiction, after infeasibility is proven


def closed_packages(instance: Instance, problem: Problem, limits: Limits, stop: threading.Event) -> tuple[str, ...]:
    """Return, for each package that has no open month, a line that says so and lines for promises that close them all.

    None of these promises is needless. The audit is asked about each of their months, so only the first package is sure
    to be looked at; those for which no time is left are counted.

    Raises
    ------
    Disagreement
        If the audit finds nothing against one of its months.
    """
    found: list[str] = []
    closed = [name for name in problem.paths if not problem.open_cells(name).any()]
    began, seconds = time.monotonic(), math.inf if limits.deterministic else limits.seconds
    for position, name in enumerate(closed):
        if position and (stop.is_set() or time.monotonic() - began > seconds):
            found.append(f"and {len(closed) - position} more packages, which there was no time to look at")
            break
        path, alone = problem.paths[name], _alone(instance, name)
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
    """Return sentences naming a few promises that cannot hold together.

    They are looked for kind by kind first, and then row by row among the kinds found. Promises that are named always
    contradict each other; where time runs out, some may be needless. Taking one away cures this contradiction only.
    """
    shrinker = Shrinker(problem, replace(limits, seconds=min(limits.seconds, SECONDS)), stop)
    settled = [rule for rule in problem.rules if _group(rule) is None]
    kinds = shrinker.shrink(settled, grouped(problem.rules, _kind))
    if kinds is None:
        return ("every package has open months on its own, but no choice of months keeps all promises together",)
    rows = [group for kind in kinds for group in grouped(kind, _group)]
    found = shrinker.shrink(settled, rows) or kinds
    shrinker.confirm(settled, found)
    span = problem.calendar.span(0, problem.horizon - 1)
    said = TOGETHER.format(span=span, sure=UNSURE if shrinker.unsure else SURE)
    example = _unpaid(problem, [*settled, *(rule for group in found for rule in group)], shrinker.limits, stop)
    return (said, *(f"- {_say(group, problem)}" for group in found), *example)


def _unpaid(problem: Problem, rules: Sequence[Rule], limits: Limits, stop: threading.Event) -> tuple[str, ...]:
    """Say what could not be paid in the timetable that needs least money of those that keep the other rules."""
    bridge = problem.bridge
    if bridge is None or bridge not in rules:
        return ()
    tables = {}
    for name, path in problem.paths.items():
        needs = [[sum(bridge.need(name, path, Cell(k, m))) for m in path.months] for k in range(len(path.options))]
        tables[name] = np.array(needs, dtype=np.int64)
    least = Term("money", bridge.unit, maximum=False, tables=tables)
    others = replace(problem, rules=tuple(rule for rule in rules if rule is not bridge))
    run = search.run(others, least, [], None, limits=limits, stop=stop)
    if run.cells is None:
        return ()
    paid = Schedule(problem.calendar, problem.paths, run.cells, allot(problem, run.cells))
    return tuple(f"  for example {breach}" for breach in islice(bridge.breaches(paid), 1))


def _kind(rule: Rule) -> str | None:
    """Return what kind of promise a rule is; None for what holds by definition."""
    group = _group(rule)
    return None if group is None else group.split()[0] if isinstance(rule, Window) else type(rule).__name__


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

"""Why there is no plan: the promises that close every month of a package, or a few that cannot hold together."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

import numpy as np

from sequencer.audit import RULES, audit
from sequencer.cpsat import search
from sequencer.cpsat.allotment import allot
from sequencer.errors import Disagreement
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits
from sequencer.phrases import Phrasebook
from sequencer.problem import Bridge, Cell, Problem, Reserve, Rule, Schedule, Supply, Term, Window
from sequencer.reasons.conflicts import Conflict, conflicts
from sequencer.reasons.parts import DEFINED, Part
from sequencer.reasons.promises import Promises
from sequencer.reasons.scope import Scope
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


def together(instance: Instance, problem: Problem, limits: Limits, stop: threading.Event) -> tuple[str, ...]:
    """Return sentences naming a few promises that cannot hold together.

    Promises that are named always contradict each other; where time runs out, some may be needless. Taking one away
    cures this contradiction only.
    """
    most = replace(limits, seconds=min(limits.seconds, SECONDS))
    for found in conflicts(problem, Scope.all_of(instance), most, stop, most=1):
        span = problem.calendar.span(0, problem.horizon - 1)
        said = TOGETHER.format(span=span, sure=SURE if found.sure else UNSURE)
        return (said, *_lines(found, problem), *_unpaid(problem, found.parts, most, stop))
    return ("every package has open months on its own, but no choice of months keeps all promises together",)


def _lines(found: Conflict, problem: Problem) -> Iterator[str]:
    promises = Promises(problem, Phrasebook.of("en"))
    for parts in promises.together(found.parts):
        origins = dict.fromkeys(origin for part in parts for origin in part.origins)
        yield f"- {promises.line(parts)}{_rows(tuple(origins) or _all_rows(problem.rules[parts[0].position]))}"


def _all_rows(rule: Rule) -> tuple[Origin, ...]:
    """Return the rows of a rule about amounts: where nothing is said of a month, it is they that end or begin late."""
    if isinstance(rule, Bridge):
        return rule.rows
    buckets = rule.origins if isinstance(rule, Supply | Reserve) else ()
    return tuple(dict.fromkeys(origin for bucket in buckets for origin in bucket))


def _unpaid(problem: Problem, parts: Sequence[Part], limits: Limits, stop: threading.Event) -> tuple[str, ...]:
    """Say what could not be paid in the timetable that needs least money of those that keep the other rules."""
    bridge, rules = problem.bridge, [problem.rules[position] for position in sorted({p.position for p in parts})]
    if bridge is None or bridge not in rules:
        return ()
    rules += [rule for rule in problem.rules if isinstance(rule, Window) and rule.id in DEFINED]
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

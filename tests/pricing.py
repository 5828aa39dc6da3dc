"""Random questions small enough that every plan can be tried, as linear programs, with the objective of every plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
from engines import open_timetables
from money_oracle import MoneyOracle
from oracles import Plan, every_plan
from strategies import draw_instance
from test_optima import PROMISES, without

from sequencer import Instance
from sequencer.binaries.program import Program, tell
from sequencer.compile import compile_instance
from sequencer.months import Calendar
from sequencer.problem import Cell, Demand, Link, Path, PathOption, Problem, Rule, Supply, Term
from sequencer.vocabulary import Event, Origin

HERE = Origin("test.csv", 2)

FEW = 3000  # timetables of open cells


@dataclass(frozen=True, eq=False)
class Question:
    """A program, and each of its plans with its objective."""

    program: Program
    plans: list[tuple[dict[str, Cell], int]]


def questions(seeds: Iterable[int]) -> Iterator[Question]:
    """Yield a question for each random instance that has a plan; some have a cap on another sum."""
    for drawn in seeds:
        random = Random(drawn)  # noqa: S311 - tests
        taken = [table for table in PROMISES if random.random() < 0.3]
        instance = without(draw_instance(drawn), *taken)
        if open_timetables(instance) > FEW:
            continue
        question = _question(instance, random)
        if question is not None:
            yield question


def _question(instance: Instance, random: Random) -> Question | None:
    problem = compile_instance(instance)
    return _asked(problem, list(every_plan(problem, MoneyOracle(instance))), random)


def _asked(problem: Problem, found: list[Plan], random: Random) -> Question | None:
    """Return the question for the least value of a sum, with a cap on another or not; None without a plan."""
    plans = [dict(zip(problem.paths, plan, strict=True)) for plan in found]
    sums = [term for term in problem.terms.values() if not term.maximum and term.tables]
    if not plans or not sums:
        return None
    term, caps = random.choice(sums), []
    if random.random() < 0.5 and len(sums) > 1:
        other = random.choice([one for one in sums if one is not term])
        caps = [(other, sorted(problem.value(other, plan) for plan in plans)[len(plans) // 2])]
    plans = [plan for plan in plans if all(problem.value(capped, plan) <= most for capped, most in caps)]
    program = tell(problem, term, caps)
    assert program is not None
    told = [(plan, (problem.value(term, plan) - program.least) // program.unit) for plan in plans]
    return Question(program, told)


def tangles(seeds: Iterable[int], *, forest: bool) -> Iterator[Question]:
    """Yield questions about places whose packages hang together by many links.

    Parameters
    ----------
    forest : bool
        Nothing but windows and minimum lags without a cycle; otherwise also cycles, maxima, events before the plan, and
        supplies of one place and of all.
    """
    for drawn in seeds:
        random = Random(drawn)  # noqa: S311 - tests
        names = ["a/0", "a/1", "a/2", "b/0"] if forest or random.random() < 0.5 else ["a/0", "a/1", "a/2"]
        months = range(0 if forest else random.choice([-1, 0]), 3)
        paths = {name: Path(name, tuple(_option(random, k) for k in range(2)), months) for name in names}
        rules: list[Rule] = [_link(random, one, other, forest=forest) for one, other in _ends(random, names, forest)]
        if not forest:
            rules += [_supply(random, names[:2]), _supply(random, names)]
        tables = {name: np.array([[random.randint(0, 9) for _ in months] for _ in range(2)]) for name in names}
        terms = {"cost": Term("cost", "money", maximum=False, tables=tables)}
        problem = Problem(calendar=Calendar(2030, 1), horizon=12, paths=paths, rules=tuple(rules), terms=terms)
        question = _asked(problem, list(every_plan(problem)), random)
        if question is not None:
            yield question


def _option(random: Random, k: int) -> PathOption:
    return PathOption(f"option {k}", random.randint(0, 2), 0, random.randint(0, 2), random.randint(0, 3), 0)


def _ends(random: Random, names: list[str], forest: bool) -> list[tuple[str, str]]:
    """Return which packages are linked: each of a place to one before it, or any two of a place."""
    if forest:
        return [(names[random.randrange(p)], names[p]) for p in (1, 2)]
    return [(one, other) for one in names[:3] for other in names[:3] if one != other and random.random() < 0.5]


def _link(random: Random, one: str, other: str, *, forest: bool) -> Link:
    if random.random() < 0.5:
        one, other = other, one
    events = [Event.TRANSFER, Event.ADVISORY_START, Event.EXIT] if forest else list(Event)
    low = random.randint(-3, 1) if forest or random.random() < 0.8 else None
    high = None if forest or random.random() < 0.5 else random.randint(2, 4)
    return Link(one, random.choice(events), other, random.choice(events), low, high)


def _supply(random: Random, names: list[str]) -> Supply:
    """Return a pool by month for the months from transfer to exit of some packages."""
    demands = tuple(
        Demand(name, Event.TRANSFER, Event.EXIT, None, (random.randint(1, 3),) * 12, "", HERE) for name in names
    )
    months = tuple(range(month, month + 1) for month in range(12))
    return Supply(
        resource="teams",
        unit="teams",
        owner="mission",
        buckets=months,
        labels=tuple(str(month.start) for month in months),
        demands=demands,
        pool="",
        capacity=(random.randint(3, 6),) * 12,
        origins=((),) * 12,
    )

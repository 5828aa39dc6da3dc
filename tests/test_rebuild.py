"""Ruin and recreate: what it offers is a plan, its board knows every rule but money, and its cuts keep every plan."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import cache
from random import Random

import numpy as np
import pytest
from micro import CASES, Micro
from money_oracle import MoneyOracle
from numpy.typing import NDArray
from oracles import every_plan
from pricing import Question, questions, tangles

from sequencer.binaries.program import Program, tell
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.milp import linear
from sequencer.problem import Bridge, Cell, Problem, Schedule, Term
from sequencer.rebuild.admit import admits
from sequencer.rebuild.board import Cut, cut_off, lay
from sequencer.rebuild.layout import Layout
from sequencer.rebuild.money import Money
from sequencer.rebuild.search import Rebuilder
from sequencer.rebuild.state import NEVER as NOT_COUNTED
from sequencer.rebuild.tries import Lead

Ints = NDArray[np.int64]

NEVER = threading.Event()


@cache
def drawn() -> tuple[Question, ...]:
    """Return random questions: instances in which everything may occur, and places full of links."""
    return (*questions(range(40)), *tangles(range(10), forest=False))


def fits(layout: Layout, chosen: Ints, cuts: tuple[Cut, ...] = ()) -> bool:
    """Return whether a schedule breaks no row, no condition between two dates and no reserve of a board."""
    board, room = cut_off(*lay(layout), cuts)
    takes, pairs, relapses = board.takes, board.pairs, board.relapses
    needs: list[list[int]] = [[] for _ in relapses.people]
    for j in chosen:
        for e in range(takes.at[j], takes.at[j + 1]):
            room[takes.row[e] : takes.stop[e]] -= takes.need[e]
        room[len(room) - len(cuts) :] -= takes.cut[j]
        for e in range(relapses.at[j], relapses.at[j + 1]):
            needs[relapses.slot[e]].append(int(relapses.need[e]))
    largest = (sum(sorted(needs[s], reverse=True)[: relapses.most[s]]) for s in range(len(needs)))
    answered = all(need <= people for need, people in zip(largest, relapses.people, strict=True))
    apart = True
    for p, j in enumerate(chosen):
        for i in range(pairs.at[p], pairs.at[p + 1]):
            q = pairs.other[i]
            here = pairs.dates[pairs.dates_at[pairs.event[i]] + j - board.cells[p]]
            there = pairs.dates[pairs.there[i] + chosen[q] - board.cells[q]]
            counted = NOT_COUNTED not in {here, there}
            apart &= not counted or pairs.low[i] <= here - there <= pairs.high[i]
    return bool((room >= 0).all()) and answered and bool(apart)


def schedules(program: Program, random: Random, count: int) -> Iterator[dict[str, Cell]]:
    """Yield random schedules of open cells."""
    for _ in range(count):
        yield {name: random.choice(package.cells) for name, package in program.told.packages.items()}


def kept(program: Program, cells: Mapping[str, Cell]) -> bool:
    """Return whether a schedule breaks no rule but those of money, and no cap."""
    problem = program.problem
    schedule = Schedule(problem.calendar, problem.paths, cells, {})
    caps = all(problem.value(term, cells) <= most for term, most in program.caps)
    return caps and not any(any(rule.breaches(schedule)) for rule in problem.rules if not isinstance(rule, Bridge))


def test_a_board_knows_every_rule_but_money() -> None:
    answers = {True: 0, False: 0}
    for seed, question in enumerate(drawn()):
        program = question.program
        layout = Layout.of(program, sorted(program.problem.paths))
        plans = [plan for plan, _ in question.plans[:30]]
        for cells in [*plans, *schedules(program, Random(seed), 60)]:  # noqa: S311 - tests
            found = fits(layout, layout.chosen(cells))
            assert found == kept(program, cells), (seed, cells)
            answers[found] += 1
    assert min(answers.values()) > 300, answers


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_board_knows_each_rule_alone(case: Micro) -> None:
    """The instances that show each rule and each turn of it, schedule by schedule."""
    problem = compile_instance(case.instance)
    program = asked(problem)
    layout = Layout.of(program, sorted(problem.paths))
    for cells in schedules(program, Random(1), 80):  # noqa: S311 - tests
        assert fits(layout, layout.chosen(cells)) == kept(program, cells), cells


def asked(problem: Problem) -> Program:
    """Return the question for a plan of least cost in which every cell costs the same."""
    tables = {name: np.zeros(path.shape, np.int64) for name, path in problem.paths.items()}
    program = tell(problem, Term("nothing", "", maximum=False, tables=tables), [])
    assert program is not None
    return program


def test_what_is_offered_is_a_plan_and_better_each_time() -> None:
    best = 0
    for seed, question in enumerate(drawn()):
        program, offered = question.program, list[dict[str, Cell]]()
        rebuilder = Rebuilder(program, seed, lambda cells, offered=offered: offered.append(dict(cells)))  # type: ignore[misc]
        for _ in range(3):
            rebuilder.work()
        objectives = {tuple(sorted(plan.items())): objective for plan, objective in question.plans}
        values = [objectives[tuple(sorted(cells.items()))] for cells in offered]  # KeyError: it is no plan
        assert values == sorted(set(values), reverse=True)
        best += bool(values) and values[-1] == min(objectives.values())
    assert best > 0.8 * len(drawn())


def test_it_goes_on_from_a_plan_and_with_other_cells() -> None:
    """A plan that is adopted stays, also where the search goes on with fewer cells that hold it."""
    for seed, question in enumerate(drawn()[:10]):
        program, offered = question.program, list[dict[str, Cell]]()
        rebuilder = Rebuilder(program, seed, lambda cells, offered=offered: offered.append(dict(cells)))  # type: ignore[misc]
        plan, objective = max(question.plans, key=lambda entry: entry[1])
        rebuilder.adopt(plan)
        relaxed = linear.relax(program.arrays, 10.0, NEVER)
        assert relaxed is not None
        near = Random(seed).choices([True, False], k=len(program.arrays.cost))  # noqa: S311 - tests
        lead = Lead(relaxed.prices, np.ones(len(program.problem.paths)), np.array(near))
        rebuilder.told(lead, fresh=False)
        rebuilder.work()
        objectives = {tuple(sorted(cells.items())): value for cells, value in question.plans}
        assert all(objectives[tuple(sorted(cells.items()))] < objective for cells in offered)
        assert rebuilder.plan is not None
        assert objectives[tuple(sorted(rebuilder.plan.items()))] <= objective


def funded() -> Iterator[tuple[Question, Layout, Money]]:
    """Yield the questions with money, and the instances that show each rule of it alone."""
    shown = []
    for case in CASES:
        problem = compile_instance(case.instance)
        if problem.bridge is not None:
            plans = every_plan(problem, MoneyOracle(case.instance))
            shown.append(Question(asked(problem), [(dict(zip(problem.paths, plan, strict=True)), 0) for plan in plans]))
    for question in (*drawn(), *shown):
        layout = Layout.of(question.program, sorted(question.program.problem.paths))
        money = Money(layout)
        if len(money.rows):
            yield question, layout, money


def test_cuts_of_money_keep_every_plan() -> None:
    """Whatever the prices they come from, negative ones only for rows that are met exactly."""
    cuts = cutting = 0
    for seed, (question, layout, money) in enumerate(funded()):
        random, equal = np.random.default_rng(seed), question.program.arrays.equalities[money.rows]
        plans = [layout.chosen(plan) for plan, _ in question.plans]
        others = [layout.chosen(cells) for cells in schedules(question.program, Random(seed), 30)]  # noqa: S311
        for _ in range(20):
            prices = random.normal(0.2, 1, len(money.rows)) * random.choice([0, 1], len(money.rows))
            cut = money.cut(np.where(equal, prices, np.maximum(prices, 0)))
            assert all(int(cut.need[chosen].sum()) <= cut.side for chosen in plans)
            cuts += 1
            cutting += any(int(cut.need[chosen].sum()) > cut.side for chosen in others)
    assert cuts > 300
    assert cutting


def test_what_cannot_be_paid_in_fractions_is_cut_off_and_plans_are_not() -> None:
    missed = 0
    for seed, (question, layout, money) in enumerate(funded()):
        for plan, _ in question.plans[:30]:
            assert money.missing(layout.chosen(plan)) is None
        for cells in schedules(question.program, Random(seed), 30):  # noqa: S311 - tests
            chosen, problem = layout.chosen(cells), question.program.problem
            cut = money.missing(chosen)
            if cut is not None:
                missed += 1
                assert int(cut.need[chosen].sum()) > cut.side
                assert all(int(cut.need[layout.chosen(plan)].sum()) <= cut.side for plan, _ in question.plans)
                uses = allot(problem, cells)
                schedule = Schedule(problem.calendar, problem.paths, cells, uses)
                assert problem.bridge is not None
                assert any(problem.bridge.breaches(schedule))
                assert not fits(layout, chosen, (cut,))
    assert missed > 30


def test_a_schedule_is_admitted_if_and_only_if_it_is_a_plan() -> None:
    for seed, question in enumerate(drawn()):
        program = question.program
        plans = {tuple(sorted(plan.items())) for plan, _ in question.plans}
        known = [plan for plan, _ in question.plans[:10]]
        for cells in [*known, *schedules(program, Random(seed), 20)]:  # noqa: S311 - tests
            assert admits(program, cells) == (tuple(sorted(cells.items())) in plans)


def test_what_breaks_a_cut_by_a_little_never_stands_before_a_plan() -> None:
    """A cut found later may be broken for a time; plans that cost more are still found and offered."""
    compared = 0
    for seed, question in enumerate(drawn()):
        offered: list[dict[str, Cell]] = []
        rebuilder = Rebuilder(question.program, seed, lambda cells, offered=offered: offered.append(dict(cells)))  # type: ignore[misc]
        objectives = {tuple(sorted(plan.items())): objective for plan, objective in question.plans}
        cost = question.program.arrays.cost[rebuilder._layout.var]
        cheapest = np.minimum.reduceat(cost, rebuilder._layout.starts[:-1])
        dearer = cost > np.repeat(cheapest, np.diff(rebuilder._layout.starts))
        if not dearer.any():
            continue
        need = np.where(dearer, 0, 1000)  # in truth no cut: it asks for a package or two in a dearer cell
        rebuilder._cuts = [Cut(need, 1000 * (len(cheapest) - 1) - 1)]
        rebuilder._cut_off()
        rebuilder._put(rebuilder._chosen, is_plan=False)
        for _ in range(3):
            rebuilder.work()
        taken = [question.program.vector(cells)[rebuilder._layout.var] for cells in offered]
        assert all(int(need @ each) <= 1000 * (len(cheapest) - 1) - 1 for each in taken)
        assert all(tuple(sorted(cells.items())) in objectives for cells in offered)
        compared += bool(offered)
    assert compared > 10

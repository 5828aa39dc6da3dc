"""What is said to hold a package at its month is broken one month earlier, and nothing that is broken goes unsaid."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from hypothesis import HealthCheck, assume, given, seed, settings
from money_oracle import MoneyOracle
from oracles import cells_of, every_plan
from strategies import instances

from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.instance.instance import Instance
from sequencer.problem import Cell, Problem, Schedule
from sequencer.reasons.local.tight import tight


@seed(7)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances())
def test_tight_is_what_one_month_earlier_alone_would_break(instance: Instance) -> None:
    problem = compile_instance(instance)
    assume(len(cells_of(problem)) <= 3)
    plan = next(every_plan(problem, MoneyOracle(instance)), None)
    assume(plan is not None)
    assert plan is not None
    cells = dict(zip(problem.paths, plan, strict=True))
    said: dict[str, set[str]] = {name: set() for name in cells}
    for held in tight(problem, cells):
        said[held.package].add(held.rule)
    for name, cell in cells.items():
        earlier = Cell(cell.option, cell.transfer - 1)
        if cell.transfer < problem.as_of:
            assert said[name] == {"W7"}
        elif earlier.transfer not in problem.paths[name].months:
            assert said[name] == {"P1"}
        else:
            moved = Schedule(problem.calendar, problem.paths, {**cells, name: earlier})
            broken = {
                breach.rule for rule in problem.rules if rule is not problem.bridge for breach in rule.breaches(moved)
            }
            assert said[name] == (broken or unpaid(problem, moved))


def unpaid(problem: Problem, moved: Schedule) -> set[str]:
    """Return the first money rule that a schedule cannot keep, if there is one."""
    if problem.bridge is None:
        return set()
    paid = replace(moved, uses=allot(problem, moved.cells))
    return {breach.rule for breach in islice(problem.bridge.breaches(paid), 1)}


@seed(8)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances())
def test_where_no_promise_holds_a_package_the_objective_says_what_it_may_not_exceed(instance: Instance) -> None:
    problem = compile_instance(instance)
    plan = next(every_plan(problem, MoneyOracle(instance)), None)
    assume(plan is not None)
    assert plan is not None
    cells = dict(zip(problem.paths, plan, strict=True))
    now = problem.values(cells)
    caps = [("exit", now["exit"] + 1), ("cost", now["cost"])]
    for held in tight(problem, cells, caps):
        if held.rule not in problem.terms:
            continue
        cell = cells[held.package]
        then = problem.values({**cells, held.package: Cell(cell.option, cell.transfer - 1)})
        first = next((term, then[term] - most) for term, most in caps if then[term] > most)
        assert held.rule == first[0]
        assert f"by {first[1]} " in held.text

"""All readings of the problem agree: on every micro instance which plans there are, on random ones which is best."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cache

import minizinc
import pytest
from engines import ASKS_MINIZINC
from micro import CASES, Micro
from milp_rows import admitted_by_milp
from money_oracle import MoneyOracle
from oracles import Plan, admitted_by_cpsat, cells_of, every_plan

from sequencer import Instance
from sequencer.audit import RULES, audit
from sequencer.compile import compile_instance
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.problem import Cell, Problem, Schedule
from sequencer.timetable import Uses

TRIED = 5000  # ways to pay for one timetable
SPREAD = CASES[::6]  # that MiniZinc is asked about every day


@cache
def admitted(instance: Instance) -> frozenset[Plan]:
    """Return every timetable that breaches no rule, by enumeration."""
    return frozenset(every_plan(compile_instance(instance), MoneyOracle(instance)))


def timetables(problem: Problem) -> Iterator[dict[str, Cell]]:
    """Yield every timetable of open and closed cells."""
    for plan in itertools.product(*cells_of(problem)):
        yield dict(zip(problem.paths, plan, strict=True))


def totals(problem: Problem, cells: Mapping[str, Cell]) -> list[int]:
    """Return what all packages together cost in each year."""
    assert problem.bridge is not None
    return problem.bridge.totals(Schedule(problem.calendar, problem.paths, cells))


def ways_to_pay(problem: Problem, cells: Mapping[str, Cell]) -> Iterator[Uses]:
    """Yield ways to divide what a timetable costs among the lines of money, whatever they hold."""
    if problem.bridge is None:
        yield {}
        return
    lines = [line.name for line in problem.bridge.lines]
    years = [list(parts(total, len(lines))) for total in totals(problem, cells)]
    for paid in itertools.islice(itertools.product(*years), TRIED):
        yield dict(zip(lines, zip(*paid, strict=True), strict=True))


def parts(total: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to write a total as a sum of so many parts."""
    if count == 1:
        yield (total,)
        return
    for part in range(total + 1):
        yield from ((part, *rest) for rest in parts(total - part, count - 1))


def breached_alone(problem: Problem, rule: str) -> bool:
    """Return whether some timetable breaches one rule and no other."""
    one_cell = rule[0] in "PW"
    for cells in timetables(problem):
        schedule = Schedule(problem.calendar, problem.paths, cells)
        windows = {breach.rule for own in problem.windows.values() for w in own for breach in w.breaches(schedule)}
        if windows != ({rule} if one_cell else set()):
            continue
        if any({b.rule for b in problem.breaches(cells, uses)} == {rule} for uses in ways_to_pay(problem, cells)):
            return True
    return False


def named(instance: Instance) -> set[tuple[tuple[str, str, int], ...]]:
    """Return the plans of an instance, with packages and options by name."""
    problem = compile_instance(instance)
    plans = (problem.choices(dict(zip(problem.paths, plan, strict=True))) for plan in admitted(instance))
    return {tuple(sorted((name, c.option, c.transfer) for name, c in choices.items())) for choices in plans}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_a_micro_instance_shows_is_not_without_effect(case: Micro) -> None:
    """There is a plan; each rule named is all that keeps some timetable from being one; plans differ without it."""
    assert admitted(case.instance)
    assert named(case.instance) != named(case.without)
    problem = compile_instance(case.instance)
    for rule in case.bites:
        assert breached_alone(problem, rule), rule


def test_every_rule_bites_in_a_micro_instance() -> None:
    assert {rule for case in CASES for rule in case.bites} == set(RULES)


@pytest.mark.parametrize("formulation", [OverCells, OverDates])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_cpsat_admits_the_plans_of_enumeration(case: Micro, formulation: type[OverCells | OverDates]) -> None:
    plans = admitted(case.instance)
    assert admitted_by_cpsat(compile_instance(case.instance), formulation, most=len(plans)) == plans


@pytest.mark.parametrize("case", CASES, ids=str)
def test_audit_accepts_the_plans_of_enumeration(case: Micro) -> None:
    """Of every timetable of open and closed cells, with payments that keep all promises or else with any at all."""
    problem, money = compile_instance(case.instance), MoneyOracle(case.instance)
    for cells in timetables(problem):
        choices = problem.choices(cells)
        uses = money.uses(choices)
        if uses is None:
            uses = next(ways_to_pay(problem, cells))
        findings = {finding.rule for finding in audit(case.instance, choices, uses)}
        assert findings == {breach.rule for breach in problem.breaches(cells, uses)}, choices
        assert (not findings) == (tuple(cells.values()) in admitted(case.instance)), choices


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rows_of_the_milp_admit_the_plans_of_enumeration(case: Micro) -> None:
    assert admitted_by_milp(compile_instance(case.instance)) == admitted(case.instance)


@ASKS_MINIZINC
@pytest.mark.parametrize("case", SPREAD, ids=str)
def test_minizinc_admits_the_plans_of_enumeration(case: Micro) -> None:
    assert minizinc.admitted(case.instance) == admitted(case.instance)


@ASKS_MINIZINC
@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if case not in SPREAD], ids=str)
def test_minizinc_admits_the_plans_of_enumeration_of_all_others(case: Micro) -> None:
    assert minizinc.admitted(case.instance) == admitted(case.instance)

"""Money counted in a smaller unit pays for the same, and where shares are of whole units, for more."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping

import pytest
from changing import scaled
from engines import open_timetables
from micro import CASES
from money_oracle import MoneyOracle
from oracles import every_plan
from valued import drawn

from sequencer import Instance
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.problem import Bridge, Cell, Problem, Schedule

EVERYDAY, MANY = range(100), range(5000, 7000)
FEW = 40  # open timetables, each of which is paid for


def unpaid(problem: Problem) -> list[dict[str, Cell]]:
    """Return the timetables that break nothing but perhaps the rules about money."""
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, Bridge))
    free = dataclasses.replace(problem, rules=rules)
    return [dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(free)]


def payable(problem: Problem, cells: Mapping[str, Cell]) -> bool:
    """Return whether the program finds payments for a timetable."""
    assert problem.bridge is not None
    return not any(problem.bridge.breaches(Schedule(problem.calendar, problem.paths, cells, allot(problem, cells))))


def compare_scaled(instance: Instance, factor: int) -> Counter[str]:
    """Compare timetables of an instance with those where money is counted in a unit so many times smaller.

    What was paid, times the factor, pays for the same cells: S1 to S7 are linear in payments, needs, amounts, limits of
    growth and fall, bases and revenue, without a constant. So no plan is lost. If no donor has a greatest share and no
    line a limit of growth or fall, none is won either: payments after, divided by the factor, are an allocation in
    fractions before, and then there is one in whole units (models/problem.md, proposition 3). Cost is multiplied, every
    other term stays.
    """
    before, after, money = compile_instance(instance), compile_instance(scaled(instance, factor)), MoneyOracle(instance)
    limits: list[int | None] = [donor.max_share for donor in instance.donors]
    limits += [limit for row in instance.budget for limit in (row.max_growth, row.max_fall)]
    limits += [limit for row in instance.pledges for limit in (row.max_growth, row.max_fall)]
    plain = set(limits) <= {None}
    found: Counter[str] = Counter()
    for cells in unpaid(before):
        old, new = money.uses(before.choices(cells)) is not None, payable(after, cells)
        assert new or not old, cells
        assert new == old or not plain, cells
        found["won" if new != old else "kept" if old else "unpaid"] += 1
        values = before.values(cells)
        assert after.values(cells) == {**values, "cost": factor * values["cost"]}
    return found


def count_in_a_smaller_unit(seeds: Iterable[int]) -> None:
    found: Counter[str] = Counter()
    for told, instance in drawn(seeds):
        if instance.funded and open_timetables(instance) <= FEW:
            try:
                found += compare_scaled(instance, 3)
            except AssertionError as error:
                raise AssertionError(f"{told}: {error}") from error
    assert min(found["kept"], found["unpaid"]) > found.total() / 10, found


def test_money_in_a_smaller_unit_pays_for_the_same() -> None:
    count_in_a_smaller_unit(EVERYDAY)


@pytest.mark.slow
def test_money_in_a_smaller_unit_pays_for_the_same_in_many_draws() -> None:
    count_in_a_smaller_unit(MANY)


def test_shares_of_a_smaller_unit_pay_for_more() -> None:
    """Of three donors none may give more than 40 % of 7: 2 each, which is 6. Of 35 it is 14 each."""
    (case,) = (case for case in CASES if case.name == "shares of donors are of whole units")
    found = compare_scaled(case.instance, 5)
    assert found["won"] > 0
    assert found["unpaid"] == 0

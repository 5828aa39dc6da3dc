"""Prices as explanations: what they are paid for, in the unit of the resource."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from pricing import tangles
from test_auto import LIMITS, NEVER

from sequencer import read
from sequencer.auto import sums
from sequencer.auto.engine import Auto
from sequencer.binaries.program import tell
from sequencer.compile import compile_instance
from sequencer.places.certificate import Certificate
from sequencer.places.worth import worth
from sequencer.problem import Problem, Supply


def finer(problem: Problem) -> Problem:
    """Return a problem whose supplies are counted in sevenths of their units."""
    rules = [rule if not isinstance(rule, Supply) else _finer(rule) for rule in problem.rules]
    return dataclasses.replace(problem, rules=tuple(rules))


def _finer(rule: Supply) -> Supply:
    demands = [dataclasses.replace(need, amounts=tuple(7 * n for n in need.amounts)) for need in rule.demands]
    return dataclasses.replace(rule, demands=tuple(demands), capacity=tuple(7 * held for held in rule.capacity))


def test_a_price_is_per_unit_of_the_resource_also_where_a_row_was_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of supplies in sevenths of their units are the same, and a seventh is a seventh of the price."""
    monkeypatch.setattr(sums, "SMALL", 0)
    compared = 0
    for question in tangles(range(16), forest=False):
        program = question.program
        run = Auto().run(program.problem, program.term, program.caps, None, limits=LIMITS, stop=NEVER)
        told = tell(finer(program.problem), program.term, program.caps)
        assert run.certificate is not None
        assert told is not None
        prices = worth(told, run.certificate)
        assert [price.price for price in prices] == [pytest.approx(price.price / 7, 1e-5) for price in run.prices]
        compared += len(prices)
    assert compared > 3


def about(instance: Path, name: str) -> set[tuple[str, str, str]]:
    """Return what, when and unit of a price on each row whose name begins with a text."""
    problem = compile_instance(read(instance))
    program = tell(problem, problem.terms["early_transfer"], [])
    assert program is not None
    rows = {(row, at): 1 for at, row in enumerate(program.names) if row.startswith(name)}
    told = Certificate(term="early_transfer", caps=(), parts=1, prices=rows, bound=0)
    return {(price.what, price.when, price.unit) for price in worth(program, told)}


def test_prices_of_money_and_reserves_name_line_donor_and_force(top: Path) -> None:
    tiny = top / "instances" / "tiny"
    share = about(tiny / "bridge-share", "S4")
    assert share
    assert all(what.endswith(", its share") and "per thousandth of " in unit for what, _, unit in share)
    carried = about(tiny / "bridge-carry-over", "S3")
    assert carried
    assert all(what.endswith(", with what was kept") and when.startswith("FY") for what, when, _ in carried)
    assert about(tiny / "bridge-share", "S2") == set()  # that every need is paid is no amount of its own
    reserve = about(tiny / "reserve", "R1")
    assert reserve
    assert {unit for _, _, unit in reserve} <= {
        "weighted months per person",
        "weighted months per package fragile at once",
    }
    assert about(tiny / "link-width", "L3") == set()

"""Money: an answer says who pays, a timetable is judged by the best that can be paid, and sums stay exact."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from sequencer import Choice, InstanceError, Status, check, read, solve
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.problem import Cell


def tiny(top: Path, name: str) -> Path:
    return top / "instances" / "tiny" / name


@pytest.mark.parametrize(
    "name",
    [
        "bridge-carry-over",
        "bridge-condition",
        "bridge-earmark",
        "bridge-growth",
        "bridge-revenue",
        "bridge-share",
        "bridge-taper",
    ],
)
def test_an_answer_says_what_every_line_pays_and_all_is_paid(top: Path, name: str) -> None:
    instance = read(tiny(top, name))
    outcome = solve(instance, haste=False)
    assert outcome.uses is not None
    assert list(outcome.uses) == list(instance.money_lines)
    bridge, cells = outcome.problem.bridge, outcome.problem.cells(outcome.choices or {})
    assert bridge is not None
    needs = [
        sum(column)
        for column in zip(*(bridge.need(p, outcome.problem.paths[p], cells[p]) for p in bridge.demands_of), strict=True)
    ]
    assert [sum(column) for column in zip(*outcome.uses.values(), strict=True)] == needs
    assert sum(needs) > 0


def test_without_a_money_rule_nobody_pays(worked: Path) -> None:
    assert solve(read(worked), haste=False).uses is None


def test_the_same_timetable_is_always_paid_in_the_same_way(top: Path) -> None:
    outcome = solve(read(tiny(top, "bridge-share")), haste=False)
    cells = outcome.problem.cells(outcome.choices or {})
    assert all(allot(outcome.problem, cells) == outcome.uses for _ in range(3))


def test_ctrl_c_is_still_heard_after_money_was_settled(top: Path) -> None:
    """In a process of its own, since it would end with the signal if the solver had left it deadly."""
    asked = f"""
import signal
from sequencer import Choice, check, read
instance = read({str(tiny(top, "bridge-share"))!r})
check(instance, {{name: Choice("none", 6) for name in instance.package}})
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("heard")
"""
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.stdout, done.stderr) == ("heard\n", "")


def test_what_cannot_be_paid_is_told_by_year(top: Path) -> None:
    """Seven in one year cannot be paid by three donors of whom none may pay more than 40 %, in whole units."""
    instance = read(tiny(top, "bridge-share"))
    alone = dataclasses.replace(instance, packages=(instance.package["arden/policing"],))
    breaches = check(alone, {"arden/policing": Choice("none", 0)})
    assert [(breach.rule, breach.amount) for breach in breaches] == [("S2", 1)]
    assert "north may pay no more than 40 % of a year" in breaches[0].text
    assert "donors.csv row 2" in str(breaches[0])
    assert solve(alone, haste=False).status is Status.INFEASIBLE
    assert check(instance, {package.name: Choice("none", 6) for package in instance.packages}) == ()


def test_a_plan_with_money_is_not_judged_without_uses(top: Path) -> None:
    problem = compile_instance(read(tiny(top, "bridge-share")))
    cells = {name: Cell(0, path.months[0]) for name, path in problem.paths.items()}
    with pytest.raises(ValueError, match="what each line pays"):
        list(problem.breaches(cells))


def test_sums_that_could_not_be_exact_are_refused(top: Path) -> None:
    instance = read(tiny(top, "bridge-share")).but({"plan.months": 600, "packages.*.recurrent_cost": 10**12})
    with pytest.raises(InstanceError, match="state money in thousands"):
        solve(instance)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bridge-growth", "more than the year before"),
        ("bridge-taper", "less in the year after"),
        ("bridge-condition", "waits for the exit of arden/policing"),
    ],
)
def test_what_holds_a_line_that_has_money_left_is_named(top: Path, name: str, said: str) -> None:
    problem = compile_instance(read(tiny(top, name)))
    texts = []
    for months in product(*(path.months[::3] for path in problem.paths.values())):
        cells = {package: Cell(0, month) for package, month in zip(problem.paths, months, strict=True)}
        texts += [breach.text for breach in problem.breaches(cells, allot(problem, cells)) if breach.rule == "S2"]
    assert any(said in text for text in texts)


def test_a_contradiction_about_money_gives_a_year_and_what_lacks(top: Path) -> None:
    notes = solve(read(top / "instances" / "infeasible" / "money-gap")).notes
    assert "for example money in FY" in notes[-1]
    assert "without a line that could pay" in notes[-1]

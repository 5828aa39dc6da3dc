"""A plan in scenarios: shares are those of checking each by itself, and a shifted plan is the earliest there is."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from worlds import timetable, world

from sequencer import Choice, Instance, Limits, UsageError, check, read, solve
from sequencer.answers.stressed import show
from sequencer.compile import compile_instance
from sequencer.problem import Bridge, Cell, Problem, Reserve, Schedule, Supply
from sequencer.scenarios import Scenario, Stress, stress
from sequencer.scenarios import held as holding
from sequencer.scenarios.blame import AS_IT_IS, TOGETHER
from sequencer.scenarios.shares import between, least, mean, quantile, tail
from sequencer.scenarios.shift import shift
from sequencer.vocabulary import Event

EXAMPLE = Path(__file__).parents[1] / "instances" / "tiny" / "worked-example"


@pytest.mark.parametrize("seed", range(40))
def test_shares_are_those_of_checking_each_scenario_by_itself(seed: int) -> None:
    drawn = world(seed, 5)
    if drawn is None:
        return
    instance, scenarios = drawn
    choices = timetable(instance, seed)
    found = stress(instance, choices, scenarios)
    alone = [check(each.instance(instance), choices) for each in scenarios]
    assert [tuple(broken.breach for broken in held.broken) for held in found.held] == alone
    for row in found.packages.itertuples():
        failed = sum(any(b.rule[0] in "PWL" and row.package in b.about for b in breaches) for breaches in alone)
        assert row.scenarios == failed
        assert row.holds == pytest.approx(1 - failed / 5)
    assert found.breaches["expected_breaches"].sum() == pytest.approx(sum(map(len, alone)) / 5)
    assert list(found.scenarios["holds"]) == [not breaches for breaches in alone]


@pytest.mark.parametrize("seed", range(40))
def test_supplies_hold_where_their_rule_does(seed: int) -> None:
    drawn = world(seed, 4)
    if drawn is None:
        return
    instance, scenarios = drawn
    choices = timetable(instance, seed)
    found = stress(instance, choices, scenarios)
    broken: dict[tuple[str, str], set[int]] = {}
    for scenario in scenarios:
        problem = compile_instance(scenario.instance(instance))
        schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices))
        for rule in problem.rules:
            if isinstance(rule, Supply | Reserve):
                key = (rule.resource, rule.pool) if isinstance(rule, Supply) else ("reserve", rule.scope)
                broken.setdefault(key, set()).update([scenario.number] if list(rule.breaches(schedule)) else [])
    assert {(row.resource, row.pool): row.holds for row in found.supplies.itertuples()} == {
        key: pytest.approx(1 - len(numbers) / 4) for key, numbers in broken.items()
    }


@pytest.mark.parametrize("seed", range(40))
def test_what_is_blamed_restores_the_promise_alone(seed: int) -> None:
    drawn = world(seed, 4)
    if drawn is None:
        return
    instance, scenarios = drawn
    choices = timetable(instance, seed)

    def texts(scenario: Scenario, *without: object) -> set[tuple[str, tuple[str, ...], int]]:
        kept = Scenario(scenario.number, tuple(s for s in scenario.shocks if s not in without))
        return {(b.rule, b.about, b.month) for b in check(kept.instance(instance), choices)}

    for held in stress(instance, choices, scenarios).held:
        assert held.first == min((each.month for each in held.broken), default=None)
        for why in held.causes:
            key = why.breach.rule, why.breach.about, why.breach.month
            assert (key in texts(held.scenario, *held.scenario.shocks)) or not why.before
            twins = sum((b.breach.rule, b.breach.about, b.breach.month) == key for b in held.broken)
            if twins > 1:
                continue  # two promises that look alike from here
            assert why.before == (key in texts(held.scenario, *held.scenario.shocks))
            enough = {shock for shock in held.scenario.shocks if key not in texts(held.scenario, shock)}
            assert set(why.alone) == (set() if why.before else enough)


SCORE, GROWTH = "readiness.arden/policing.capability", "readiness.arden/policing.capability.growth"


@pytest.mark.parametrize(
    ("score", "growth", "transfer", "said"),
    [
        # 50 points in month 0, 2 more each month, 60 needed from two months before the transfer: 64 for month 9
        (45, 1.9, 9, [f"given {SCORE}"]),  # 58.3; without the lower score 63.3, without the slower growth 59
        (48, 1.6, 9, [f"given {SCORE}", f"given {GROWTH}"]),  # 59.2; without either more than 61
        (45, 1, 9, [TOGETHER]),  # 52; without the lower score 57, without the slower growth 59
        (45, 1, 6, [AS_IT_IS]),
    ],
)
def test_causes_are_told_apart(score: float, growth: float, transfer: int, said: list[str]) -> None:
    instance = read(EXAMPLE)
    plan = {
        "arden/policing": Choice("none", transfer),
        "arden/clinics": Choice("none", 10),
        "belmont/policing": Choice("none", 7),
    }
    (held,) = stress(instance, plan, [Scenario.of(1, {SCORE: score, GROWTH: growth})]).held
    assert [list(why.names) for why in held.causes if why.breach.rule == "W1"] == [said]


def dated(problem: Problem, cells: Mapping[str, Cell]) -> bool:
    """Return whether all rules about dates hold."""
    schedule = Schedule(problem.calendar, problem.paths, cells)
    dates = (rule for rule in problem.rules if not isinstance(rule, Supply | Reserve | Bridge))
    return not any(breach for rule in dates for breach in rule.breaches(schedule))


def earliest(problem: Problem, planned: Mapping[str, Cell]) -> dict[str, int] | None:
    """Return the earliest transfers of all timetables that come no earlier and keep the rules about dates."""
    months = [
        [Cell(cell.option, month) for month in problem.paths[name].months if month >= cell.transfer]
        for name, cell in planned.items()
    ]
    kept = [plan for plan in itertools.product(*months) if dated(problem, dict(zip(planned, plan, strict=True)))]
    if not kept:
        return None
    return {name: min(plan[i].transfer for plan in kept) for i, name in enumerate(planned)}


@pytest.mark.parametrize("seed", range(80))
def test_a_plan_shifted_right_is_the_earliest_that_keeps_its_dates(seed: int) -> None:
    drawn = world(seed, 1)
    if drawn is None:
        return
    problem, random = compile_instance(drawn[1][0].instance(drawn[0])), Random(seed)  # noqa: S311 - tests
    cells = {
        name: Cell(random.randrange(len(path.options)), random.choice(path.months[: max(1, len(path.months) // 2)]))
        for name, path in problem.paths.items()
    }
    found = shift(problem, cells)
    expected = earliest(problem, cells)
    assert (found.cells is None) == (expected is None)
    assert (found.stuck is None) == (expected is not None)
    if found.cells is not None:
        assert {name: cell.transfer for name, cell in found.cells.items()} == expected
        assert {name: cell.option for name, cell in found.cells.items()} == {n: c.option for n, c in cells.items()}


@pytest.mark.parametrize("name", ["link-gate", "link-gate that ends", "window-calendar"])
def test_a_plan_shifted_right_is_the_earliest_by_each_kind_of_rule(name: str) -> None:
    instance = read(EXAMPLE.parent / name.removesuffix(" that ends"))
    if name.endswith(" that ends"):  # so that it can be waited out as well as opened
        first, second = instance.phases
        last = replace(second, name="afterwards", start=second.start + 2)
        instance = replace(instance, phases=(first, replace(second, end=second.start + 1), last))
    problem = compile_instance(instance)
    random, moved, stuck = Random(name), 0, 0  # noqa: S311 - tests
    for _ in range(40):
        cells = {n: Cell(0, random.choice(path.months)) for n, path in problem.paths.items()}
        found, expected = shift(problem, cells), earliest(problem, cells)
        assert (None if found.cells is None else {n: cell.transfer for n, cell in found.cells.items()}) == expected
        stuck += expected is None
        moved += found.cells is not None and found.cells != cells
    assert min(moved, stuck) > 3


def test_a_line_has_what_is_left_of_earlier_years() -> None:
    instance = read(EXAMPLE.parent / "bridge-carry-over")
    given = [Scenario.of(1, {}), Scenario.of(2, {"pledge.north": 15}), Scenario.of(3, {"pledge.north": 0})]
    found = stress(instance, plan_of(instance), given)
    planned = found.base.uses["north"]
    assert planned[0] < 30  # of which the rest pays the next year, beyond the 36 pledged for it
    assert planned[1] > 36
    lacking = [{year: short for (_, year), short in held.short.items()} for held in found.held]
    assert lacking == [{}, {0: planned[0] - 15, 1: planned[1] - 15}, {0: planned[0], 1: planned[1]}]
    lines = found.money.query("line == 'north'")
    assert lines["holds"].tolist() == [pytest.approx(1 / 3)] * 2
    assert lines["expected_short"].tolist() == [pytest.approx((2 * use - 15) / 3) for use in planned]


def worked(scenarios: list[Scenario]) -> Stress:
    instance = read(EXAMPLE)
    return stress(instance, plan_of(instance), scenarios)


def plan_of(instance: Instance) -> Mapping[str, Choice]:
    """Return a plan with the earliest exit."""
    outcome = solve(instance, objective=["exit"], limits=Limits(seconds=20, workers=1), haste=False)
    assert outcome.choices is not None
    return outcome.choices


def test_scenarios_that_do_not_end_within_the_plan_are_counted_apart() -> None:
    instance = read(EXAMPLE)
    row = instance.readiness[0]
    hopeless = {f"readiness.{row.package}.{row.criterion}": 0, f"readiness.{row.package}.{row.criterion}.growth": 0}
    calm = [Scenario.of(i, {}) for i in (1, 2, 3)]
    found = worked([*calm, Scenario.of(4, hopeless)])
    assert found.outside == 1
    assert [found.exit(share) for share in (0.5, 0.75, 0.8, 0.95)] == [found.planned, found.planned, None, None]
    assert list(found.s_curve["share"]) == [0.75]
    assert list(found.exits["exit"].isna()) == [False, True, True]
    assert found.scenarios["stuck"].tolist()[3] == row.package
    assert found.held[3].exit is None


def test_an_executor_changes_nothing() -> None:
    drawn = world(14, 6)
    assert drawn is not None
    instance, scenarios = drawn
    choices = timetable(instance, 14)
    with ThreadPoolExecutor(2) as executor:
        beside = stress(instance, choices, scenarios, executor=executor)
    assert beside.held == stress(instance, choices, scenarios).held


def test_when_interrupted_what_was_tried_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = world(14, 6)
    assert drawn is not None
    instance, scenarios = drawn
    choices = timetable(instance, 14)
    whole, tried, real, stop = stress(instance, choices, scenarios), list[int](), holding.hold, threading.Event()

    def hold(*given: Any) -> holding.Held:  # noqa: ANN401
        tried.append(given[-1].number)
        if len(tried) == 2:
            stop.set()
        return real(*given)

    monkeypatch.setattr(holding, "hold", hold)
    monkeypatch.setattr(holding, "listening", lambda: nullcontext(stop))
    found = stress(instance, choices, scenarios)
    assert (found.held, found.waiting) == (whole.held[:2], 4)
    show(found)
    assert "Interrupted: 4 scenarios not tried" in capsys.readouterr().out


def test_scenarios_need_numbers_of_their_own() -> None:
    for given in ([], [Scenario.of(1, {}), Scenario.of(1, {})]):
        with pytest.raises(UsageError, match="at least one scenario is needed, each with a number of its own"):
            worked(given)


def test_quantiles_and_tails_pass_over_no_scenario() -> None:
    values = [3, 1, None, 2, 5]
    assert [quantile(values, share) for share in (0.2, 0.4, 0.5, 0.8, 0.81)] == [1, 2, 3, 5, None]
    assert [least(0.07, 100), least(0.8, 10), least(1, 3)] == [7, 8, 3]  # 0.07 * 100 is more than 7 in floating point
    assert (tail(values, 0.2), mean(values)) == (None, None)
    assert [tail([4, 1, 2, 3], share) for share in (0.25, 0.5, 0.375, 1)] == [4.0, 3.5, pytest.approx(11 / 3), 2.5]
    assert quantile([], 0.5) is None
    assert tail([], 0.5) is None
    for share in (0, 1.2):
        with pytest.raises(UsageError, match="a share of scenarios"):
            quantile([1], share)
        with pytest.raises(UsageError, match="a share of scenarios"):
            tail([1], share)


def test_the_chance_lies_where_wilson_says() -> None:
    assert between(0, 0) is None
    for count, low, high in ((8, 0.4902, 0.9433), (0, 0.0, 0.2775), (10, 0.7225, 1.0)):
        assert np.array(between(count, 10)) == pytest.approx(np.array([low, high]), abs=1e-4)


def test_a_closure_is_broken_in_the_month_of_the_event_it_forbids(timor: Path) -> None:
    instance = read(timor)
    choices = plan_of(instance)
    found = stress(instance, choices, [Scenario.of(1, {"calendar.elections of 2012.shift": "+3"})])
    (held,) = found.held
    assert held.first is not None
    assert {each.breach.rule for each in held.broken} == {"W4"}
    exits = {name: found.base.problem.paths[name].date(found.base.cells[name], Event.EXIT) for name in choices}
    assert held.first == min(exits[name] for name in held.dates)
    assert found.firsts == {"given calendar.elections of 2012.shift": 1}


def test_the_s_curve_is_drawn_from_its_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys  # noqa: PLC0415

    found = worked([Scenario.of(1, {})])
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UsageError, match=r"pip install 'sequencer\[plots\]'"):
        found.plot_s_curve()
    monkeypatch.undo()
    pytest.importorskip("matplotlib")
    (line,) = found.plot_s_curve().get_lines()
    assert np.asarray(line.get_ydata()).tolist() == [100.0]

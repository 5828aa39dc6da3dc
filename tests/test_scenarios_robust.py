"""Instances on the safe side, plans with a common beginning, and plans side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from engines import open_timetables
from money_oracle import MoneyOracle
from oracles import every_plan
from worlds import timetable, uncertainty, world

from sequencer import Choice, Instance, Limits, Status, UsageError, check, read, solve
from sequencer.compile import compile_instance
from sequencer.compile.series import ThreatLevels
from sequencer.problem import Cell, Problem, Window
from sequencer.scenarios import Scenario, Uncertainty, compare_plans, draw, secured, staged
from sequencer.scenarios.money import years
from sequencer.scenarios.shares import least, tail
from sequencer.scenarios.shift import shift
from sequencer.scenarios.staged import StagedLevel

EXAMPLE = Path(__file__).parents[1] / "instances" / "tiny" / "worked-example"
LIMITS = Limits(seconds=60, workers=1, deterministic=True)
MANY = 20


def made(seed: int, alpha: float) -> tuple[Instance, list[Instance], Instance] | None:
    """Return an instance, what it is in many scenarios, and the instance secured against them."""
    drawn = world(seed, 1)
    if drawn is None:
        return None
    instance = drawn[0]
    scenarios = draw(instance, uncertainty(instance), MANY, seed)
    return instance, [each.instance(instance) for each in scenarios], secured(instance, scenarios, alpha)


@pytest.mark.parametrize("alpha", [0.5, 0.8, 1.0])
@pytest.mark.parametrize("seed", range(20))
def test_each_number_secured_holds_in_so_many_scenarios(seed: int, alpha: float) -> None:
    found = made(seed, alpha)
    if found is None:
        return
    instance, worlds, safe = found
    needed, months = least(alpha, MANY), np.arange(instance.plan.months)
    for position, row in enumerate(safe.readiness):
        lines = [each.readiness[position] for each in worlds]
        assert sum(row.score <= line.score and row.growth <= line.growth for line in lines) >= needed
    for line in {row.line for row in instance.counted_pledges}:
        given = [given_by(each, line) for each in (safe, *worlds)]
        for year, amount in given[0].items():
            assert sum(other.get(year, 0) >= amount for other in given[1:]) >= needed
    for place in instance.threat_of:
        level = ThreatLevels(safe).at(place, months)
        others = np.array([ThreatLevels(each).at(place, months) for each in worlds])
        assert ((others <= level).sum(axis=0) >= needed).all()
    for position, event in enumerate(safe.calendar_events):
        rows = [each.calendar_events[position] for each in worlds]
        for month in range(-24, instance.plan.months + 24):
            if not event.start <= month <= event.end:
                assert sum(not row.start <= month <= row.end for row in rows) >= needed


def given_by(instance: Instance, line: str) -> dict[int, int]:
    return {each.year: each.amount for each in years(instance, [r for r in instance.counted_pledges if r.line == line])}


def readiness(problem: Problem) -> dict[tuple[str, str, str], Window]:
    """Return the readiness windows of a problem, by what they are about."""
    windows = (rule for rule in problem.rules if isinstance(rule, Window) and rule.id == "W1")
    return {(rule.package, rule.clause.subject, str(rule.clause.event)): rule for rule in windows}


def test_a_date_of_the_secured_instance_holds_by_each_criterion_in_so_many_scenarios() -> None:
    told = 0
    for seed in range(40):
        found = made(seed, 0.8)
        if found is None:
            continue
        safe, *others = (readiness(compile_instance(each)) for each in (found[2], *found[1]))
        for name, window in {name: window for each in (safe, *others) for name, window in each.items()}.items():
            unclosed = np.zeros(window.over.shape, dtype=bool)  # a window that closes nothing may be left out
            closed, *elsewhere = (each[name].closed if name in each else unclosed for each in (safe, *others))
            missed = np.array(elsewhere, dtype=np.int64).sum(axis=0)[~closed]
            assert (missed <= MANY - least(0.8, MANY)).all()
            told += int((missed > 0).sum())
    assert told > 15


def test_a_secured_score_is_the_order_statistic() -> None:
    instance, address = read(EXAMPLE), "readiness.arden/policing.capability"
    given = [Scenario.of(i, {address: 40 + i}) for i in range(1, 11)]
    assert [secured(instance, given, alpha).readiness[0].score for alpha in (0.1, 0.75, 0.9, 1)] == [
        50_000, 43_000, 42_000, 41_000
    ]  # fmt: skip
    drawn = draw(instance, Uncertainty(spread=6), 10, 1)
    scores = sorted(each.instance(instance).readiness[0].score for each in drawn)
    assert secured(instance, drawn, 0.8).readiness[0].score == scores[2]


def test_numbers_without_a_safe_side_are_not_secured() -> None:
    instance = read(EXAMPLE)
    with pytest.raises(UsageError, match=r"plan\.hold cannot be secured"):
        secured(instance, [Scenario.of(1, {"plan.hold": 1})], 0.8)
    with pytest.raises(UsageError, match="at least one scenario"):
        secured(instance, [], 0.8)
    with pytest.raises(UsageError, match="a share of scenarios"):
        secured(instance, [Scenario.of(1, {})], 0)


def begins(problem: Problem, name: str, cell: Cell) -> int:
    """Return the month in which something is first done, counted by hand."""
    option = problem.paths[name].options[cell.option]
    before = option.joint + (option.proving + option.support if option.support else 0)
    return cell.transfer - before


def expected(instance: Instance, scenarios: tuple[Scenario, ...], until: int, share: float, term: str) -> float | None:
    """Return the least mean of the largest values of a term, over all plans that begin alike; None without any."""
    by_beginning: list[dict[frozenset[tuple[str, Cell]], int]] = []
    for world_ in (instance, *(each.instance(instance) for each in scenarios)):
        problem = compile_instance(world_)
        best: dict[frozenset[tuple[str, Cell]], int] = {}
        for plan in every_plan(problem, MoneyOracle(world_)):
            cells = dict(zip(problem.paths, plan, strict=True))
            begun = frozenset((name, cell) for name, cell in cells.items() if begins(problem, name, cell) < until)
            value = problem.value(problem.terms[term], cells)
            best[begun] = min(best.get(begun, value), value)
        by_beginning.append(best)
    common = set.intersection(*(set(best) for best in by_beginning))
    found = [tail([best[begun] for best in by_beginning], share) for begun in common]
    return min((value for value in found if value is not None), default=None)


def tiny(count: int) -> Iterator[tuple[int, Instance, tuple[Scenario, ...]]]:
    """Yield worlds in which all plans can be tried."""
    for seed in range(count):
        drawn = world(seed, 2)
        if drawn is None:
            continue
        instance, scenarios = drawn
        sizes = [open_timetables(each) for each in (instance, *(each.instance(instance) for each in scenarios))]
        if min(sizes) > 1 and max(sizes) <= 300:
            yield seed, instance, scenarios


def test_a_common_beginning_is_the_best_of_all() -> None:
    counts: dict[Status, int] = {}
    for seed, instance, scenarios in tiny(150):
        random = Random(seed)  # noqa: S311 - tests
        until, share = random.randrange(1, instance.plan.months), random.choice([1.0, 0.5, 0.4])
        term = random.choice(["exit", "early_transfer"])
        found = staged(instance, scenarios, share=share, until=until, objective=[term], limits=LIMITS)
        wanted = expected(instance, scenarios, until, share, term)
        counts[found.status] = counts.get(found.status, 0) + 1
        assert found.status is (Status.INFEASIBLE if wanted is None else Status.OPTIMAL)
        if wanted is None:
            assert (found.choices, found.plans, found.begun) == (None, None, None)
            assert found.frame.empty
            continue
        (level,) = found.levels
        assert isinstance(level, StagedLevel)
        assert level.proven
        assert level.value == pytest.approx(wanted)
        assert level.bound == pytest.approx(wanted)
        agree(found.instance, scenarios, found.plans or (), found.begun or {}, until)
    assert min(counts[Status.OPTIMAL], counts[Status.INFEASIBLE]) > 3


def agree(
    instance: Instance,
    scenarios: tuple[Scenario, ...],
    plans: tuple[Mapping[str, Choice], ...],
    begun: Mapping[str, Choice],
    until: int,
) -> None:
    """Say that plans keep their promises, and begin what is begun before a month alike and nothing else."""
    for world_, plan in zip((instance, *(each.instance(instance) for each in scenarios)), plans, strict=True):
        assert check(world_, plan) == ()
        problem = compile_instance(world_)
        cells = problem.cells(plan)
        assert {name: plan[name] for name, cell in cells.items() if begins(problem, name, cell) < until} == begun


def test_a_common_beginning_needs_a_phase_or_a_month() -> None:
    instance = read(EXAMPLE)
    calm = [Scenario.of(1, {})]
    with pytest.raises(UsageError, match="has no phases"):
        staged(replace(instance, phases=()), calm)
    with pytest.raises(UsageError, match="terms without tolerance"):
        staged(instance, [], until=3)
    with pytest.raises(UsageError, match="a share of scenarios"):
        staged(instance, calm, until=3, share=0)
    with pytest.raises(UsageError, match="must leave the options, stages and months"):
        staged(instance, [Scenario.of(1, {"functions.policing.mentored": "+1"})], until=3)


def test_terms_come_in_order() -> None:
    instance = read(EXAMPLE)
    given = [Scenario.of(1, {}), Scenario.of(2, {"readiness.arden/policing.capability": 46})]
    found = staged(instance, given, until=3, limits=LIMITS)
    assert found.status is Status.OPTIMAL
    assert [level.term for level in found.levels] == ["exit", "early_transfer"]
    assert list(found.frame["scenario"]) == [0, 1, 2]
    for level in found.levels:
        assert level.value == pytest.approx(found.frame[level.term].mean())
    alone = solve(instance, objective=["exit"], limits=LIMITS, haste=False)
    assert found.frame["exit"].min() >= (alone.levels[0].value or 0)


def test_no_later_plan_ends_earlier_when_it_is_shifted() -> None:
    compared = 0
    for seed in range(100):
        drawn = world(seed, 3)
        if drawn is None:
            continue
        instance, random = drawn[0], Random(seed)  # noqa: S311 - tests
        early = compile_instance(instance).cells(timetable(instance, seed))
        for scenario in drawn[1]:
            problem = compile_instance(scenario.instance(instance))
            late = {
                name: cell._replace(
                    transfer=random.choice([m for m in problem.paths[name].months if m >= cell.transfer])
                )
                for name, cell in early.items()
            }
            one, other = shift(problem, early).cells, shift(problem, late).cells
            if other is not None:
                compared += 1
                assert one is not None
                assert all(one[name].transfer <= other[name].transfer for name in one)
    assert compared > 50


def test_plans_are_compared_on_the_same_scenarios() -> None:
    instance = read(EXAMPLE)
    spread = Uncertainty(spread=8, growth=0.3)
    safe = secured(instance, draw(instance, spread, 40, 1), 0.9)
    plans = {}
    for name, each in (("nominal", instance), ("robust", safe)):
        outcome = solve(each, objective=["exit", "early_transfer"], limits=LIMITS, haste=False)
        assert outcome.choices is not None
        plans[name] = outcome.choices
    found = compare_plans(instance, plans, draw(instance, spread, 40, 2), share=0.1).set_index("plan")
    nominal, robust = found.loc["nominal"], found.loc["robust"]
    assert nominal["breaks_now"] == 0
    assert robust["planned_exit"] >= nominal["planned_exit"]
    assert robust["dates_hold"] > nominal["dates_hold"]
    assert robust["worst_date"] >= 0.8
    assert robust["expected_breaches"] < nominal["expected_breaches"]
    with pytest.raises(UsageError, match="at least one plan"):
        compare_plans(instance, {}, [Scenario.of(1, {})])


def test_delays_beyond_the_plan_are_not_averaged() -> None:
    instance, address = read(EXAMPLE), "readiness.arden/policing.capability"
    plan = {
        "arden/policing": Choice("intensive", 4),
        "arden/clinics": Choice("none", 9),
        "belmont/policing": Choice("none", 7),
    }
    calm, hopeless = Scenario.of(1, {}), Scenario.of(2, {address: 0, f"{address}.growth": 0})
    (row,) = compare_plans(instance, {"plan": plan}, [calm]).to_dict("records")
    assert (row["outside"], row["mean_delay"], row["tail_delay"]) == (0, 0.0, 0.0)
    (row,) = compare_plans(instance, {"plan": plan}, [calm, hopeless]).to_dict("records")
    assert (row["outside"], row["mean_delay"], row["tail_delay"], row["P95"]) == (1, None, None, None)

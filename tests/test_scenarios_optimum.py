"""Plans made anew: only what is proven is counted, and a package is critical if no later month will do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from here import Here
from worlds import timetable, world

from sequencer import Choice, Instance, Limits, Status, UsageError, check, read
from sequencer.compile import compile_instance
from sequencer.instance.facts import Goal
from sequencer.outcome import Level
from sequencer.problem import Problem, Term
from sequencer.scenarios import Optimum, Scenario, reoptimise
from sequencer.scenarios.slack import critical
from sequencer.sensitivity import Answer, Run, Sweep
from sequencer.timetable import Choices

EXAMPLE = Path(__file__).parents[1] / "instances" / "tiny" / "worked-example"
LIMITS = Limits(seconds=60, workers=1, deterministic=True)
ARDEN = "readiness.arden/policing.capability"


def test_scenarios_without_a_plan_are_counted_apart() -> None:
    instance = read(EXAMPLE)
    given = [Scenario.of(1, {}), Scenario.of(2, {ARDEN: 46}), Scenario.of(7, {ARDEN: 0, f"{ARDEN}.growth": 0})]
    found = reoptimise(instance, given, objective=["exit", "early_transfer"], limits=LIMITS, executor=Here())
    assert list(found.frame["status"]) == ["OPTIMAL", "OPTIMAL", "OPTIMAL", "INFEASIBLE"]
    assert list(found.frame["scenario"]) == [0, 1, 2, 7]
    assert ARDEN not in found.frame
    row = found.terms.set_index("term").loc["exit"]
    assert (row["proven"], row["infeasible"], row["unproven"]) == (2, 1, 0)
    exits = found.proven("exit")
    assert exits[0] == row["as_it_is"] == row["least"] == row["P50"]
    assert exits[1] == row["most"] == row["P80"] == row["P95"]
    assert [each.number for each in found.feasible] == [1, 2]
    assert set(found.critical["runs"]) == {2}
    with pytest.raises(UsageError, match="'cost' was not minimised; there are: exit, early_transfer"):
        found.proven("cost")


def level(term: str, value: int | None, bound: int | None) -> Level:
    return Level(term=term, unit="", value=value, bound=bound, tolerance=0, achieved=value, proof=None)


def test_what_is_not_proven_enters_no_quantile() -> None:
    instance = read(EXAMPLE)
    choices = {"arden/policing": Choice("none", 9), "arden/clinics": Choice("none", 10)}
    choices |= {"belmont/policing": Choice("none", 7)}

    def run(number: int, status: Status, *levels: Level, plan: Choices | None = choices) -> Run:
        answer = Answer(status=status, levels=levels, values=None, choices=plan, exits={}, notes=(), seconds=None)
        return Run(number, {}, answer)

    runs = (
        run(1, Status.OPTIMAL, level("exit", 12, 12), level("early_transfer", 30, 30)),
        run(2, Status.FEASIBLE, level("exit", 13, 13), level("early_transfer", 99, 31)),
        run(3, Status.FEASIBLE, level("exit", 20, 10), level("early_transfer", 98, 98)),
        run(4, Status.INFEASIBLE, plan=None),
        run(5, Status.UNKNOWN, level("exit", None, 9), plan=None),
        Run(6, {}, None, lost=True),
        Run(7, {}, None, lost=True),
        Run(8, {}, None),
    )
    goals = (Goal(term="exit"), Goal(term="early_transfer"))
    scenarios = tuple(Scenario(number, ()) for number in range(1, 9))
    found = Optimum(scenarios, Sweep(instance, goals, replace(runs[0], number=0), runs))
    assert (found.proven("exit"), found.proven("early_transfer")) == ([12, 13], [30])
    counted = found.terms[["proven", "infeasible", "unproven", "lost", "waiting"]].to_numpy().tolist()
    assert counted == [[2, 1, 2, 2, 1], [1, 1, 3, 2, 1]]
    assert list(found.terms["most"]) == [13, 30]
    assert set(found.critical["runs"]) == {2}


def slackless(instance: Instance, problem: Problem, choices: Choices, term: Term) -> set[str]:
    """Return the packages for which no later month keeps every promise and the term."""
    most, found = problem.value(term, problem.cells(choices)), set()
    for name, choice in choices.items():
        later = [month for month in problem.paths[name].months if month > choice.transfer]
        moved = [{**choices, name: replace(choice, transfer=month)} for month in later]
        if choice.transfer >= problem.as_of and not any(
            problem.value(term, problem.cells(plan)) <= most and not check(instance, plan) for plan in moved
        ):
            found.add(name)
    return found


def test_a_package_is_critical_if_no_later_month_will_do() -> None:
    seen = slack = 0
    for seed in range(45):
        drawn = world(seed, 1)
        if drawn is None:
            continue
        choices = timetable(drawn[0], seed)
        problem = compile_instance(drawn[0])
        if check(drawn[0], choices) or "exit" not in problem.terms:
            continue
        for term in ("exit", "early_transfer"):
            found = set(critical(problem, problem.cells(choices), problem.terms[term]))
            assert found == slackless(drawn[0], problem, choices, problem.terms[term])
            seen, slack = seen + len(found), slack + len(choices) - len(found)
    assert min(seen, slack) > 10


def test_a_gate_takes_slack_away() -> None:
    instance = read(EXAMPLE.parent / "link-gate")
    problem = compile_instance(instance)
    term, found, plans = problem.terms["early_transfer"], set(), 0
    free = Term("free", "", maximum=False, tables={})  # nothing but rules holds anything
    for seed in range(40):
        choices = timetable(instance, seed)
        if not check(instance, choices):
            plans += 1
            mine = set(critical(problem, problem.cells(choices), free))
            assert mine == slackless(instance, problem, choices, free)
            found |= mine
            assert set(critical(problem, problem.cells(choices), term)) == set(choices)  # later is always worse
    assert plans > 5


def test_at_least_one_scenario_is_needed() -> None:
    with pytest.raises(UsageError, match="at least one scenario"):
        reoptimise(read(EXAMPLE), [], limits=LIMITS)

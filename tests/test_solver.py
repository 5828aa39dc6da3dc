"""Answers: what is said when a plan is best, unproven, impossible, out of time or interrupted."""

from __future__ import annotations

import dataclasses
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from oracles import every_plan

from sequencer import Choice, Disagreement, InstanceError, Limits, Status, UsageError, check, read, solve
from sequencer.cpsat import search
from sequencer.engine.run import Run
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.problem import Problem, Term
from sequencer.reasons import conflict
from sequencer.solving import solver as solver_module
from sequencer.solving.levels import Levels, Progress


@pytest.fixture(scope="module")
def example() -> Instance:
    return read(Path(__file__).parent.parent / "instances" / "tiny" / "worked-example")


def test_the_worked_example_gives_the_timetable_of_the_statement(example: Instance) -> None:
    """models/problem.md, section 9, works it out by hand."""
    outcome = solve(example)
    assert outcome.status is Status.OPTIMAL
    assert outcome.choices == {
        "arden/policing": Choice("intensive", 4),
        "belmont/policing": Choice("none", 7),
        "arden/clinics": Choice("none", 9),
    }
    assert outcome.values == {"exit": 12, "departure": 11, "risk": 118_000_000, "early_transfer": 31, "cost": 595}
    assert [(level.term, level.value, level.bound, level.gap) for level in outcome.levels] == [
        ("exit", 12, 12, 0.0),
        ("risk", 118_000_000, 118_000_000, 0.0),
        ("early_transfer", 31, 31, 0.0),
    ]


def test_frames_have_the_promised_columns(example: Instance) -> None:
    outcome = solve(example)
    assert list(outcome.timetable["transfer"]) == ["2030-05", "2030-08", "2030-10"]
    assert list(outcome.timetable.columns) == [
        "package",
        "place",
        "function",
        "institution",
        "receiver",
        "option",
        "phase",
        "support_start",
        "joint_start",
        "transfer",
        "exit",
    ]
    assert list(outcome.supplies.columns) == ["resource", "bucket", "source", "need", "capacity"]
    assert outcome.supplies["need"].tolist() == [0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0]
    assert list(outcome.tight.columns) == [
        "package",
        "transfer",
        "rule",
        "reason",
        "rows",
        "confidence",
        "source",
        "note",
    ]


def test_a_later_level_may_use_the_tolerance_of_an_earlier_one(example: Instance) -> None:
    """With two months of tolerance the later level decides, and the exit achieved says what that took."""
    outcome = solve(example, objective=[Goal(term="exit", tolerance=2), "cost"])
    assert outcome.levels[0].value == 12
    assert outcome.levels[0].achieved is not None
    assert 12 <= outcome.levels[0].achieved <= 14
    assert outcome.levels[1].value is not None
    assert outcome.levels[1].value <= 595


CHEAPEST = 52_106  # of all with the best exit and then the best early_transfer


@pytest.mark.slow
def test_among_equally_good_plans_the_cheapest_is_chosen(timor: Path) -> None:
    """Here support that buys nothing costs; the plan is as cheap as the cheapest with cost as the last term."""
    plain = solve(read(timor), objective=["exit", "early_transfer"], haste=False)
    assert plain.values is not None
    assert plain.values["cost"] == CHEAPEST
    assert [level.term for level in plain.levels] == ["exit", "early_transfer"]


@pytest.mark.slow
def test_the_cheapest_of_equally_good_plans_is_proven(timor: Path) -> None:
    priced = solve(read(timor), objective=["exit", "early_transfer", "cost"], haste=False)
    assert priced.levels[-1].bound == priced.levels[-1].value == CHEAPEST


def test_among_ties_the_plan_nearest_to_an_earlier_one_is_chosen(top: Path) -> None:
    instance = read(top / "instances" / "tiny" / "supply-teams")
    best = solve(instance, objective=["exit"])
    assert best.choices is not None
    problem = best.problem
    ties = [
        problem.choices(dict(zip(problem.paths, plan, strict=True)))
        for plan in every_plan(problem)
        if all(
            problem.values(dict(zip(problem.paths, plan, strict=True)))[term] == best.values[term]  # type: ignore[index]
            for term in ("exit", "cost")
        )
    ]
    assert len(ties) > 1
    for tie in ties[:5]:
        assert solve(instance, objective=["exit"], near=tie).choices == tie


def test_a_term_that_counts_nothing_is_no_achievement(top: Path) -> None:
    instance = dataclasses.replace(read(top / "instances" / "tiny" / "supply-teams"), criteria=())
    assert "risk says nothing here" in solve(instance, objective=["exit", "risk"]).notes[0]


def test_a_term_that_counts_nothing_does_not_hide_what_clashes(top: Path) -> None:
    """Its remark once took the place of the contradiction."""
    instance = dataclasses.replace(read(top / "instances" / "tiny" / "supply-teams"), criteria=())
    notes = solve(instance.but({"capacity.*": 0}), objective=["exit", "risk"]).notes
    assert notes[0].startswith("these promises cannot all be kept within")
    assert "risk says nothing here" in notes[-1]


def test_memory_that_runs_out_costs_only_what_was_not_found_yet(
    example: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = search.run

    def greedy(problem: Problem, term: Term | None, *args: Any, **kwargs: Any) -> Run:  # noqa: ANN401
        if term is not None and term.name == "risk":
            raise MemoryError
        return honest(problem, term, *args, **kwargs)

    monkeypatch.setattr(search, "run", greedy)
    outcome = solve(example)
    assert outcome.status is Status.FEASIBLE
    assert (outcome.levels[0].value, outcome.levels[1].bound) == (12, None)
    assert "memory ran out" in outcome.notes[0]


def test_an_infeasible_instance_says_what_closes_every_month(example: Instance) -> None:
    outcome = solve(example.but({"packages.belmont/policing.latest": "2030-07"}))
    assert outcome.status is Status.INFEASIBLE
    assert (outcome.choices, outcome.values) == (None, None)
    assert [(level.value, level.bound, level.gap, level.proof) for level in outcome.levels] == [(None,) * 4] * 3
    assert outcome.notes[0].startswith("belmont/policing has no month left")
    assert "not after 2030-07" in outcome.notes[1]
    with pytest.raises(ValueError, match="no plan was found"):
        _ = outcome.timetable


def test_rules_that_only_clash_together_are_infeasible_too(example: Instance) -> None:
    outcome = solve(example.but({"links.*.minimum": 8}))
    assert outcome.status is Status.INFEASIBLE
    assert outcome.notes[0].startswith("these promises cannot all be kept within")
    assert [note.split(" [")[0] for note in outcome.notes[1:]] == [
        (
            "- Policing, arden: readiness in capability must reach 60 points for the transfer; "
            "that leaves transfers from May 2030 to December 2030"
        ),
        "- The transfer of clinics, arden must come at least 8 months after the transfer of policing, arden",
    ]


def test_a_contradiction_names_only_promises_that_are_needed_for_it(example: Instance) -> None:
    """Lifting any one of the promises named makes the problem feasible again, or at least this contradiction goes."""
    changed = example.but({"links.*.minimum": 8})
    lifted = changed.but({"links.*.minimum": 3}), changed.but({"criteria.arden/policing.capability.transfer": 40})
    assert all(solve(instance, objective=["exit"]).status is Status.OPTIMAL for instance in lifted)


def test_infeasible_is_proven_a_second_time_with_other_settings(
    example: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A solver that wrongly reports infeasible is caught by the second search."""
    honest, lies = search.run, []

    def liar(problem: Problem, term: Term | None, *args: object, **kwargs: object) -> Run:
        if term is not None:
            lies.append(term.name)
            return Run(Status.INFEASIBLE, None, None, spent=0.0)
        return honest(problem, term, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "run", liar)
    monkeypatch.setattr(Levels, "at_bound", lambda *_: None)
    with pytest.raises(Disagreement, match="second search"):
        solve(example)
    assert lies == ["exit"]


def test_a_window_that_the_audit_does_not_share_is_caught(example: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflict, "audit", lambda *_: ())
    with pytest.raises(Disagreement, match="rules close every month"):
        solve(example.but({"packages.belmont/policing.latest": "2030-07"}))


def test_infeasible_that_cannot_be_confirmed_is_unknown(example: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([Status.INFEASIBLE, Status.UNKNOWN, Status.UNKNOWN])
    monkeypatch.setattr(search, "run", lambda *_, **__: Run(next(answers), None, None, spent=0.0))
    monkeypatch.setattr(Levels, "at_bound", lambda *_: None)
    outcome = solve(example)
    assert outcome.status is Status.UNKNOWN
    assert "could not confirm" in outcome.notes[0]


def test_a_plan_that_the_audit_rejects_never_leaves(example: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver_module, "price", lambda *_: {"exit": 0})
    with pytest.raises(Disagreement, match="two prices"):
        solve(example)


def test_without_time_nothing_is_claimed(timor: Path) -> None:
    outcome = solve(read(timor), limits=Limits(seconds=1e-6, deterministic=True))
    assert outcome.status is Status.UNKNOWN
    assert outcome.choices is None
    assert all(level.value is None and level.bound is None for level in outcome.levels)


def test_a_level_that_runs_out_of_time_keeps_the_plan_of_the_level_before(timor: Path) -> None:
    """A limit between the levels once ended in an IndexError; what is known is told, and the rest is None."""
    instance, planned = read(timor), 0
    for seconds in (0.02, 0.04, 0.1, 0.3):  # none, some or all of the time is gone with the first level
        outcome = solve(instance, limits=Limits(seconds=seconds, deterministic=True))
        if outcome.choices is not None:
            planned += 1
            assert outcome.status in {Status.FEASIBLE, Status.OPTIMAL}
            assert all(level.value is not None for level in outcome.levels)
            assert check(instance, outcome.choices) == ()
    assert planned


def test_progress_reports_values_and_bounds_that_close(timor: Path) -> None:
    seen: list[Progress] = []
    outcome = solve(read(timor), objective=["exit"], progress=seen.append, haste=False)
    assert seen
    values = [report.value for report in seen if report.value is not None]
    assert values == sorted(values, reverse=True)
    assert values[-1] == outcome.levels[0].value
    assert all(report.bound is None or report.bound <= values[-1] for report in seen)


def test_ctrl_c_keeps_the_best_plan_so_far(timor: Path) -> None:
    """Ctrl-C after the first plan of the last level: the plan is kept, checked and marked."""
    pressed = threading.Event()

    def press(report: Progress) -> None:
        if report.term == "early_transfer" and report.value is not None and not pressed.is_set():
            pressed.set()
            os.kill(os.getpid(), signal.SIGINT)

    began = time.monotonic()
    outcome = solve(read(timor), progress=press, limits=Limits(seconds=300))
    assert pressed.is_set()
    assert outcome.interrupted
    assert outcome.choices is not None
    assert outcome.status in {Status.FEASIBLE, Status.OPTIMAL}
    assert check(outcome.instance, outcome.choices) == ()
    assert time.monotonic() - began < 200  # it did not wait for the limit


@pytest.mark.parametrize(
    ("objective", "message"),
    [
        (["speed"], "no objective 'speed'"),
        ([], "at least one"),
        (["exit", "exit"], "each term once"),
        ([Goal(term="exit", tolerance=-1)], "must not be negative"),
    ],
)
def test_an_objective_that_makes_no_sense_is_refused(
    example: Instance, objective: list[str | Goal], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        solve(example, objective=objective)


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"seconds": float("inf")}, {"workers": -1}, {"seed": -1}])
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        Limits(**wrong)  # type: ignore[arg-type]


def test_check_lists_every_broken_promise(example: Instance) -> None:
    plan = {
        "arden/policing": Choice("none", 4),
        "belmont/policing": Choice("none", 7),
        "arden/clinics": Choice("none", 6),
    }
    breaches = check(example, plan)
    assert [breach.rule for breach in breaches] == ["W1", "L1", "S1"]
    assert breaches[0].amount == 6000  # 54 points in month 2, where 60 are needed
    assert breaches[1].amount == 1  # two months after policing instead of three
    assert set(breaches[2].about) == {"belmont/policing", "arden/clinics"}


def test_check_refuses_a_timetable_about_something_else(example: Instance) -> None:
    plan = {
        "arden/policing": Choice("heavy", 4),
        "belmont/policing": Choice("none", 99),
        "elsewhere/x": Choice("none", 1),
    }
    with pytest.raises(InstanceError) as error:
        check(example, plan)
    assert len(error.value.faults) == 4  # an option, a month, a missing and an unknown package

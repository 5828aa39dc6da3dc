"""Planning again: what has happened stays, what is under way goes on, the rest moves, and the diff says why."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from strategies import draw_instance

from sequencer import Instance, InstanceError, Limits, Replan, Status, UsageError, check, explain, read, replan, solve
from sequencer.answers.replanned import notes
from sequencer.replanning.moves import Kind, Move
from sequencer.replanning.replanning import CHANGE
from sequencer.replanning.settling import Standing
from sequencer.solving.levels import Progress
from sequencer.timetable import Choice

ARDEN, CLINICS, BELMONT = "arden/policing", "arden/clinics", "belmont/policing"
#: The best plan of the worked example: 2030-05, 2030-08 and 2030-10 (models/problem.md, section 9).
BEST = {ARDEN: Choice("intensive", 4), BELMONT: Choice("none", 7), CLINICS: Choice("none", 9)}
LIMITS = Limits(workers=1, seconds=60)


@pytest.fixture
def instance(worked: Path) -> Instance:
    """Return the worked example."""
    return read(worked)


def again(instance: Instance, as_of: str, actuals: str = "", folder: Path | None = None, **asked: object) -> Replan:
    """Plan the worked example again, with rows of what happened."""
    file = None
    if folder is not None:
        file = folder / "actuals.csv"
        file.write_text(f"package,transfer,option,stage,since\n{actuals}\n", encoding="utf-8")
    return replan(instance, BEST, as_of, file, limits=LIMITS, engine="cpsat", **asked)  # type: ignore[arg-type]


def transfers(found: Replan) -> Mapping[str, int]:
    """Return the new transfer of each package."""
    assert found.outcome.choices is not None
    return {name: choice.transfer for name, choice in found.outcome.choices.items()}


def move(found: Replan, package: str) -> Move:
    """Return a package in both plans."""
    return next(each for each in found.diff if each.package == package)


@pytest.mark.parametrize(
    ("as_of", "standing"),
    [
        ("2030-01", "open open open"),
        ("2030-02", "under way open open"),
        ("2030-06", "happened open open"),
        ("2030-07", "happened under way open"),
        ("2030-11", "happened happened happened"),
    ],
)
def test_where_nothing_is_otherwise_the_plan_stays(instance: Instance, as_of: str, standing: str) -> None:
    found = again(instance, as_of)
    assert found.outcome.status is Status.OPTIMAL
    assert found.outcome.choices == BEST
    assert (found.moved, found.months, found.phases, found.broken) == ((), 0, 0, ())
    assert " ".join(found.standing[name].standing for name in (ARDEN, BELMONT, CLINICS)) == standing
    assert found.outcome.values is not None
    assert found.outcome.values["change"] == 0


def test_a_relapse_begins_anew_and_what_waits_for_it_moves(instance: Instance, tmp_path: Path) -> None:
    """From 2030-06 without support arden can transfer in months 7 and 11; in 7 it shares the team with nobody else."""
    found = again(instance, "2030-06", f"{ARDEN},,,international,", tmp_path)
    assert found.outcome.status is Status.OPTIMAL
    assert transfers(found) == {ARDEN: 7, BELMONT: 9, CLINICS: 11}
    assert found.outcome.values is not None
    assert found.months == found.outcome.values["change"] == 3 + 2 + 2
    assert [reason.kind for reason in move(found, ARDEN).reasons] == [Kind.RECORDED]
    assert move(found, ARDEN).reasons[0].text == "it begins anew, as actuals.csv row 2 says"
    clinics = move(found, CLINICS)
    assert {(reason.kind, reason.rule) for reason in clinics.reasons} == {(Kind.ALONE, "L1"), (Kind.ALONE, "S1")}
    assert "links.arden/policing.transfer--arden/clinics.transfer.minimum" in clinics.reasons[0].levers


def test_a_past_that_broke_a_rule_is_accepted(instance: Instance, tmp_path: Path) -> None:
    """The threat in belmont forbids a transfer before 2030-08; it took place in 2030-06 all the same."""
    assert "W2" in {breach.rule for breach in check(instance, BEST | {BELMONT: Choice("none", 5)})}
    found = again(instance, "2030-07", f"{BELMONT},2030-06,,,", tmp_path)
    assert found.outcome.status is Status.OPTIMAL
    assert transfers(found) == {ARDEN: 4, BELMONT: 5, CLINICS: 7}
    assert move(found, BELMONT).reasons[0].text == "it was handed over in 2030-06, as actuals.csv row 2 says"
    assert move(found, BELMONT).settled.standing is Standing.HAPPENED


def test_a_slip_is_counted_and_does_not_count_against_the_most_that_may_move(
    instance: Instance, tmp_path: Path
) -> None:
    slip = f"{ARDEN},2030-06,,,"
    found = again(instance, "2030-08", slip, tmp_path, most_change=0)
    assert found.outcome.status is Status.OPTIMAL
    assert transfers(found)[ARDEN] == 5
    assert [each.package for each in found.moved] == [ARDEN]
    assert found.months == 1


def test_a_package_under_way_may_be_in_another_stage_than_planned(instance: Instance, tmp_path: Path) -> None:
    found = again(instance, "2030-08", f"{BELMONT},,,joint,2030-08", tmp_path)
    assert transfers(found)[BELMONT] == 8
    assert found.standing[BELMONT].standing is Standing.UNDER_WAY
    assert (
        move(found, BELMONT).reasons[0].text
        == "it is under way, to be handed over in 2030-09, as actuals.csv row 2 says"
    )


def test_a_relapse_to_the_mentored_stage_begins_it_again(instance: Instance, tmp_path: Path) -> None:
    found = again(instance, "2030-08", f"{ARDEN},,,mentored,2030-06", tmp_path)
    assert transfers(found)[ARDEN] == 5
    assert found.standing[ARDEN].standing is Standing.HAPPENED


def test_a_published_month_that_would_break_a_promise_is_told_with_its_lever(instance: Instance) -> None:
    changed = instance.but({"capacity.mentor_team.pool@2030-10..2030-10": 0})
    found = again(changed, "2030-06")
    clinics = move(found, CLINICS)
    assert clinics.months > 0
    assert {(reason.kind, reason.rule) for reason in clinics.reasons} == {(Kind.BROKEN, "S1")}
    assert clinics.reasons[0].levers == ("capacity.mentor_team.pool@2030-10..2030-10",)
    assert [breach.rule for breach in found.broken] == ["S1"]


def test_a_move_for_the_objective_alone_is_called_unproven(instance: Instance) -> None:
    found = replan(
        instance, BEST | {CLINICS: Choice("none", 11)}, "2030-06", objective=["exit"], limits=LIMITS, engine="cpsat"
    )
    assert move(found, CLINICS).after.transfer == 9
    (reason,) = move(found, CLINICS).reasons
    assert (reason.kind, reason.rule) == (Kind.ALONE, "exit")


def test_the_most_that_may_move_is_kept_or_the_answer_is_that_it_cannot_be(instance: Instance, tmp_path: Path) -> None:
    relapse = f"{ARDEN},,,international,"
    enough = again(instance, "2030-06", relapse, tmp_path, most_change=7)
    assert enough.outcome.status is Status.OPTIMAL
    less = again(instance, "2030-06", relapse, tmp_path, most_change=6)
    assert less.outcome.status is Status.INFEASIBLE
    assert less.diff == ()


def test_the_objective_has_change_after_its_first_term_unless_it_is_said_otherwise(instance: Instance) -> None:
    terms = [level.term for level in again(instance, "2030-06").outcome.levels]
    assert terms == ["exit", "change", "risk", "early_transfer"]
    asked = again(instance, "2030-06", objective=["change", "exit"])
    assert [level.term for level in asked.outcome.levels] == ["change", "exit"]


def test_what_the_instance_says_has_happened_comes_before_the_published_plan(folder: Path) -> None:
    file = folder / "packages.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    row = next(row for row in rows if row.startswith("belmont,policing"))
    lines = [f"{header},fixed", *(f"{each},{'2030-06' if each == row else ''}" for each in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = again(read(folder), "2030-07")
    assert transfers(found)[BELMONT] == 5
    assert found.standing[BELMONT].source.startswith("packages.csv row")
    assert BELMONT not in found.assumed
    assert ARDEN in found.assumed


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2031-03", "a month of the plan, 2030-01 to 2031-02, not 2031-03"),
        ("2029-12", "a month of the plan"),
        ("soon", "as-of needs a month, YYYY-MM"),
    ],
)
def test_a_month_that_is_none_of_the_plan_is_refused(instance: Instance, as_of: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        again(instance, as_of)


def test_a_negative_most_is_refused(instance: Instance) -> None:
    with pytest.raises(UsageError, match="0 or more, not -1"):
        again(instance, "2030-06", most_change=-1)


def test_as_of_in_the_plan_is_read_and_no_earlier_one_can_be_asked_for(folder: Path) -> None:
    plan = folder / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("months = 14", 'months = 14\nas_of = "2030-06"'), "utf-8")
    begun = read(folder)
    assert begun.plan.as_of == 5
    rules = {breach.rule for breach in check(begun, BEST)}
    assert rules == {"P1"}  # nothing says that arden was handed over
    assert transfers(again(begun, "2030-06")) == {name: choice.transfer for name, choice in BEST.items()}
    with pytest.raises(UsageError, match="all before 2030-06 has happened"):
        again(begun, "2030-05")
    plan.write_text(plan.read_text(encoding="utf-8").replace("2030-06", "2031-03"), "utf-8")
    with pytest.raises(Exception, match="column as_of: found 2031-03; needed: a month of the plan, 2030-01 to 2031-02"):
        read(folder)


def money(top: Path, folder: Path, rows: str) -> Replan:
    """Plan the tiny example of carry-over again in its second year: 30 in 2030, 36 in 2031, 2 a month for each."""
    file = folder / "actuals.csv"
    file.write_text(f"package,transfer,stage\n{rows}\n", encoding="utf-8")
    published = {name: Choice("none", 7) for name in (ARDEN, BELMONT)}
    instance = read(top / "instances" / "tiny" / "bridge-carry-over")
    return replan(instance, published, "2031-02", file, limits=LIMITS, engine="cpsat")


def test_what_is_left_of_a_year_that_is_over_can_still_be_spent(top: Path, tmp_path: Path) -> None:
    """Arden took 24 of the 30; 6 + 36 pay its 24 of 2031, and 18 for belmont: the 9 months from month 15 on."""
    found = money(top, tmp_path, f"{ARDEN},2030-01,\n{BELMONT},,international")
    assert transfers(found) == {ARDEN: 0, BELMONT: 15}


def test_a_year_that_is_over_and_was_not_paid_for_is_named(top: Path, tmp_path: Path) -> None:
    found = money(top, tmp_path, f"{ARDEN},2030-01,\n{BELMONT},2030-01,")
    assert found.outcome.status is Status.INFEASIBLE
    (said,) = notes(found)
    assert said.startswith("of years that are over, their money is not enough as the files say it: ")
    assert "FY2030" in said


def test_the_answer_can_be_asked_why(instance: Instance, tmp_path: Path) -> None:
    found = again(instance, "2030-06", f"{BELMONT},2030-04,,,", tmp_path)
    told = explain(found.outcome, [f"{ARDEN} earlier", f"{CLINICS} earlier"], limits=Limits(workers=1, seconds=10))
    assert [why.tier.value for why in told.why] == ["cannot", "cannot"]


def test_a_plan_stays_possible_as_it_is_followed() -> None:
    """Whatever rules there are, what was a plan is one in every month of it, if nothing is otherwise."""
    compared = 0
    for seed in range(60):
        instance, random = draw_instance(seed), Random(seed)  # noqa: S311 - tests
        first = solve(instance, objective=["early_transfer"], limits=LIMITS, haste=False, engine="cpsat", ties=False)
        if first.choices is None:
            continue
        as_of = random.randint(instance.plan.as_of, instance.plan.months - 1)
        found = replan(instance, first.choices, as_of, objective=[CHANGE], limits=LIMITS, engine="cpsat")
        told = f"draw_instance({seed}), {as_of}"
        assert found.outcome.status is Status.OPTIMAL, told
        assert (found.months, found.broken) == (0, ()), told
        compared += 1
    assert compared > 20


def staged(folder: Path, since: str) -> Instance:
    """Return the worked example with belmont in its proving stage since a month before the plan began."""
    file = folder / "packages.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    lines = [f"{row},proving,{since}" if row.startswith("belmont,policing") else f"{row},," for row in rows]
    file.write_text("\n".join([f"{header},current_stage,since", *lines]) + "\n", encoding="utf-8")
    return read(folder)


def test_a_stage_that_has_ended_as_published_is_no_more_than_that(folder: Path) -> None:
    """Proving since 2029-12 means a transfer in 2030-02, which was published, too."""
    begun = staged(folder, "2029-12")
    published = BEST | {BELMONT: Choice("none", 1)}
    found = replan(begun, published, "2030-04", limits=LIMITS, engine="cpsat")
    assert found.standing[BELMONT].standing is Standing.HAPPENED
    assert found.outcome.status is Status.OPTIMAL


def test_a_stage_that_has_ended_otherwise_than_published_is_refused(folder: Path) -> None:
    begun = staged(folder, "2029-12")
    with pytest.raises(
        InstanceError, match=r"proving since 2029-12, from which the transfer follows in 2030-02; needed"
    ):
        replan(begun, BEST, "2030-04", limits=LIMITS, engine="cpsat")


def test_ctrl_c_keeps_the_best_plan_and_its_diff(timor: Path) -> None:
    instance = read(timor)
    first = solve(instance, objective=["exit"], limits=LIMITS, haste=False, engine="cpsat", ties=False)
    assert first.choices is not None
    pressed = threading.Event()

    def press(report: Progress) -> None:
        if report.term == "risk" and report.value is not None and not pressed.is_set():
            pressed.set()
            os.kill(os.getpid(), signal.SIGINT)

    found = replan(instance, first.choices, "2010-04", objective=["exit", "risk"], progress=press)
    assert found.outcome.interrupted
    assert found.outcome.choices is not None
    assert len(found.diff) == len(instance.packages)
    assert check(found.outcome.instance, found.outcome.choices) == ()


def test_choices_must_be_those_of_the_instance(instance: Instance) -> None:
    wrong = {ARDEN: Choice("light", 4), "arden/schools": Choice("none", 3)}
    with pytest.raises(InstanceError) as caught:
        replan(instance, wrong, "2030-06")
    assert [fault.found for fault in caught.value.faults] == [
        "'light' for arden/policing",
        "no choice for arden/clinics",
        "no choice for belmont/policing",
        "unknown: arden/schools",
    ]


def test_a_published_month_outside_the_plan_is_told_as_that(instance: Instance) -> None:
    found = replan(instance, BEST | {CLINICS: Choice("none", 20)}, "2030-06", limits=LIMITS, engine="cpsat")
    (reason,) = move(found, CLINICS).reasons
    assert (reason.kind, reason.text) == (Kind.BROKEN, "its published month lies outside the plan")


def test_months_that_are_over_are_not_among_the_supplies(instance: Instance) -> None:
    buckets = again(instance, "2030-06").outcome.supplies["bucket"].tolist()
    assert (buckets[0], buckets[-1], len(buckets)) == ("2030-06", "2031-02", 9)


def test_of_equally_good_plans_the_nearest_is_shown_not_the_cheapest(instance: Instance) -> None:
    """With belmont after the clinics the exit is the same, but the mission holds belmont two months longer."""
    published = BEST | {CLINICS: Choice("none", 7), BELMONT: Choice("none", 9)}
    kept = replan(instance, published, "2030-01", objective=["exit"], limits=LIMITS, engine="cpsat")
    assert kept.outcome.choices == published
    cheapest = solve(instance, objective=["exit"], near=published, limits=LIMITS, haste=False, engine="cpsat")
    assert cheapest.choices == BEST

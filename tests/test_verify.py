"""The second proof: what it confirms, what it cannot confirm, and what it catches."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from strategies import draw_instance

from sequencer import Disagreement, Limits, Status, read, solve
from sequencer.cli import main
from sequencer.compile import compile_instance
from sequencer.cpsat.engine import CpSat
from sequencer.engine.run import Run
from sequencer.instance.instance import Instance
from sequencer.milp.engine import Milp
from sequencer.solving.levels import Levels
from sequencer.solving.verify import prove_again

CLAIMS = [("exit", 12), ("risk", 118_000_000), ("early_transfer", 31)]
IMPOSSIBLE = {"links.*.minimum": 8}


@pytest.fixture(scope="module")
def example(worked: Path) -> Instance:
    return read(worked)


def levels_of(instance: Instance, found: list[tuple[int, int | None]]) -> Levels:
    """Return levels that have found what is given, whether that is so or not."""
    problem = compile_instance(instance)
    goals = [(problem.terms[name], 0) for name, _ in CLAIMS]
    return Levels(problem, CpSat(), goals, Limits(seconds=20, workers=1), None, threading.Event(), found=found)


@pytest.mark.parametrize("engine", ["cpsat", "milp"])
def test_every_level_is_proven_a_second_time_by_another_way(example: Instance, engine: str) -> None:
    outcome = solve(example, engine=engine, verify=True, haste=False)
    assert outcome.status is Status.OPTIMAL
    assert outcome.verified is not None
    assert [(claim.term, claim.value, claim.confirmed) for claim in outcome.verified] == [(*c, True) for c in CLAIMS]
    other = {"cpsat": "HiGHS over cells", "milp": "CP-SAT over cells"}[engine]
    assert [claim.by for claim in outcome.verified] == ["CP-SAT over cells", other, other]


@pytest.mark.parametrize("engine", ["cpsat", "milp"])
def test_that_there_is_no_plan_is_proven_a_second_time(example: Instance, engine: str) -> None:
    outcome = solve(example.but(IMPOSSIBLE), engine=engine, verify=True)
    assert outcome.status is Status.INFEASIBLE
    assert outcome.verified is not None
    other = {"cpsat": "HiGHS over cells", "milp": "CP-SAT over cells"}[engine]
    assert [(claim.term, claim.confirmed, claim.by) for claim in outcome.verified] == [(None, True, other)]


def test_what_the_open_months_alone_rule_out_is_said_to_be_that(example: Instance) -> None:
    outcome = solve(example.but({"packages.belmont/policing.latest": "2030-07"}), verify=True)
    assert outcome.verified is not None
    assert [(claim.confirmed, claim.by) for claim in outcome.verified] == [
        (True, "its months: a package has none left")
    ]


def test_a_repeatable_solve_is_verified_by_the_other_formulation(example: Instance) -> None:
    outcome = solve(example, limits=Limits(deterministic=True, seconds=20), verify=True, haste=False)
    assert outcome.verified is not None
    assert [claim.by for claim in outcome.verified] == ["CP-SAT over cells", "CP-SAT over dates", "CP-SAT over dates"]
    assert all(claim.confirmed for claim in outcome.verified)


@pytest.mark.parametrize(
    ("found", "what"),
    [
        ([(13, 13), (118_000_000, 90_000_000)], "a plan with exit below 13"),
        ([(12, 12), (140_000_000, 140_000_000)], "a plan with risk below 140000000"),
        ([(12, 12), (118_000_000, 118_000_000), (33, 33)], "a plan with early_transfer below 33"),
    ],
)
def test_a_false_claim_is_caught(example: Instance, found: list[tuple[int, int | None]], what: str) -> None:
    with pytest.raises(Disagreement, match=what):
        prove_again(levels_of(example, found), Status.FEASIBLE)


def test_a_false_infeasible_is_caught(example: Instance) -> None:
    with pytest.raises(Disagreement, match="HiGHS over cells finds a plan"):
        prove_again(levels_of(example, []), Status.INFEASIBLE)


def test_a_term_that_counts_nothing_claims_nothing(example: Instance) -> None:
    """The mission owns a resource that nobody needs: the departure is 0, and no plan could be below it."""
    teams = next(row for row in example.resources if row.owner == "mission")
    unused = replace(teams, name="helicopter")
    hosted = replace(example, resources=(replace(teams, owner="host"), unused))
    for engine in ("cpsat", "milp"):
        outcome = solve(hosted, objective=["exit", "departure"], engine=engine, verify=True, haste=False)
        assert outcome.status is Status.OPTIMAL
        assert outcome.verified is not None
        assert [(claim.term, claim.confirmed) for claim in outcome.verified] == [("exit", True)]


def test_only_what_is_claimed_is_proven_again(example: Instance) -> None:
    claims = prove_again(levels_of(example, [(12, 12), (140_000_000, 100_000_000)]), Status.FEASIBLE)
    assert [(claim.term, claim.confirmed) for claim in claims] == [("exit", True)]
    assert prove_again(levels_of(example, []), Status.UNKNOWN) == ()


def test_a_proof_that_does_not_end_confirms_nothing(example: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = Run(Status.UNKNOWN, None, None, 0.0)

    def others(*_: object, **__: object) -> Iterator[tuple[str, Run]]:
        yield "one way", unknown
        yield "another", unknown

    monkeypatch.setattr(Milp, "run", lambda *_, **__: unknown)
    monkeypatch.setattr(CpSat, "others", others)
    claims = prove_again(levels_of(example, [(12, 12), (118_000_000, 118_000_000)]), Status.FEASIBLE)
    assert [(claim.term, claim.confirmed, claim.by) for claim in claims] == [
        ("exit", False, "one way and another"),
        ("risk", False, "HiGHS over cells and one way and another"),
    ]


def test_numbers_too_large_for_floating_point_leave_the_other_formulation(example: Instance) -> None:
    large = example.but({"packages.arden/policing.holding_cost": 999_999_999_989})
    outcome = solve(large, objective=["cost"], verify=True, haste=False)
    assert outcome.verified is not None
    assert [claim.confirmed for claim in outcome.verified] == [True]
    assert outcome.verified[0].by == "CP-SAT over dates"


def test_the_answer_says_what_was_confirmed(worked: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ["solve", str(worked), "--verify", "--quiet", "--no-haste"]
    assert main([*asked, "--out", str(tmp_path / "plan")]) == 0
    said = capsys.readouterr().out
    assert "Second proof: exit cannot be better than 2031-01, confirmed by CP-SAT over cells" in said
    verified = json.loads((tmp_path / "plan" / "outcome.json").read_text(encoding="utf-8"))["verified"]
    assert verified["confirmed"] is True
    assert [(claim["term"], claim["value"], claim["confirmed"]) for claim in verified["claims"]] == [
        (*claim, True) for claim in CLAIMS
    ]
    assert main(["solve", str(worked), "--json", "--quiet", "--no-haste"]) == 0
    assert json.loads(capsys.readouterr().out)["verified"] is None


def verify_all(seeds: range) -> Counter[Status]:
    """Verify the answers to draws of these seeds; each claim is confirmed."""
    statuses: Counter[Status] = Counter()
    for seed in seeds:
        instance = draw_instance(seed)
        outcome = solve(instance, limits=Limits(workers=1, seconds=60), verify=True, haste=False)
        assert outcome.status in {Status.OPTIMAL, Status.INFEASIBLE}, seed
        assert outcome.verified, seed
        assert all(claim.confirmed for claim in outcome.verified), seed
        statuses[outcome.status] += 1
    return statuses


def test_answers_to_drawn_instances_are_confirmed() -> None:
    assert set(verify_all(range(40))) == {Status.OPTIMAL, Status.INFEASIBLE}


@pytest.mark.slow
def test_answers_to_many_drawn_instances_are_confirmed() -> None:
    assert set(verify_all(range(100, 700))) == {Status.OPTIMAL, Status.INFEASIBLE}


def test_verifying_takes_no_longer_than_the_solve_may(example: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each way of asking may take adds up to the limit at most, with what is left over passed on."""
    allowed: list[float] = []

    def others(*_: object, limits: Limits, **__: object) -> Iterator[tuple[str, Run]]:
        allowed.append(limits.seconds)
        yield "a way", Run(Status.UNKNOWN, None, None, limits.seconds)

    monkeypatch.setattr(CpSat, "others", others)
    levels = levels_of(example, [(12, 12), (118_000_000, 118_000_000)])
    levels.limits = replace(levels.limits, deterministic=True)
    prove_again(levels, Status.FEASIBLE)
    assert sum(allowed) <= levels.limits.seconds

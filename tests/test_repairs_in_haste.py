"""Costs of repairs, too little time for them, and that they repeat."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest
from repairing import EVERYDAY, INFEASIBLE, LIMITS, TOP, as_changes, is_right, repaired, without_plan

from sequencer import Limits, UsageError, read
from sequencer.answers.explained.repairs import repairs_lines
from sequencer.cpsat import search
from sequencer.engine.run import Run
from sequencer.outcome import Status
from sequencer.phrases import Phrasebook
from sequencer.questions.repairs import repairs


def test_costs_are_the_planners() -> None:
    instance = read(TOP / "instances" / "infeasible" / "readiness-too-slow")
    dear = repairs(instance, {"month": 3}, most=1, limits=LIMITS).found[0]
    assert as_changes(dear) == {"readiness.arden/policing.capability": "+4"}
    both = repairs(instance, {"month": 3, "readiness.*": 50, "plan.mandate_end": 2}, most=1, limits=LIMITS)
    assert as_changes(both.found[0]) == {"plan.mandate_end": "+4"}
    assert both.found[0].cost == 8
    assert both.parameters == {"plan.mandate_end": 2}


@pytest.mark.parametrize("costs", [{"month": 0}, {"month": -1}, {"teams": 1}, {"readiness.nobody": 1}])
def test_costs_that_make_no_sense_are_refused(costs: Mapping[str, float]) -> None:
    with pytest.raises(UsageError, match="cost"):
        repairs(read(INFEASIBLE[0]), costs)


def test_with_a_plan_nothing_has_to_change() -> None:
    instance = read(TOP / "instances" / "infeasible" / "chain-too-long").but({"plan.months": "+12"})
    found = repairs(instance, limits=LIMITS)
    assert [repair.changes for repair in found.found] == [()]
    assert found.complete
    lines = list(repairs_lines(found, instance, Phrasebook.of("en")))
    assert lines[0] == "A plan exists with no change at all."


@pytest.mark.parametrize("seed", [seed for seed in EVERYDAY if seed % 4 == 0])
@pytest.mark.parametrize("seconds", [0.001, 0.05])
def test_with_too_little_time_nothing_wrong_is_claimed(seed: int, seconds: float) -> None:
    instance = without_plan(seed)
    if instance is None:
        return
    found, full = repairs(instance, most=2, limits=Limits(seconds=seconds, workers=1)), repaired(seed)
    for repair in found.found:
        is_right(instance, repair)
    if found.found and found.found[0].cheapest and full.sure:
        assert found.found[0].cost == full.found[0].cost
    if found.uncured:
        assert full.uncured
        assert not full.found


def test_who_is_stopped_claims_nothing() -> None:
    stop = threading.Event()
    stop.set()
    instance = read(INFEASIBLE[0])
    found = repairs(instance, stop=stop)
    assert not found.sure
    assert not found.complete
    assert (found.found, found.uncured) == ((), ())
    lines = list(repairs_lines(found, instance, Phrasebook.of("en")))
    assert lines == ["No change that makes a plan possible was found in time; that does not mean that there is none."]


def test_who_knows_nothing_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "run", lambda *_, **__: Run(Status.UNKNOWN, None, None, 0.1))
    found = repairs(read(INFEASIBLE[0]), limits=Limits(seconds=1, workers=1))
    assert not found.found
    assert not found.sure


def test_the_same_question_has_the_same_answer() -> None:
    limits = Limits(seconds=5, deterministic=True)
    instance = read(TOP / "instances" / "infeasible" / "gate-without-key")
    first, second = repairs(instance, limits=limits), repairs(instance, limits=limits)
    assert first.found == second.found
    assert first.sure

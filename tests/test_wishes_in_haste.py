"""Wishes where time is short: nothing is claimed too soon."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

import pytest
from conflicting import search_for
from wishing import (
    LIMITS,
    Wished,
    claims_nothing_wrong,
    plans,
    small,
    tolerant,
)

from sequencer import Limits, Status, UsageError, read, solve
from sequencer.cpsat import search
from sequencer.engine.run import Run
from sequencer.questions.why import Tier, why_not


@pytest.mark.parametrize("count", [0, 2, 5, 12])
def test_where_time_runs_out_nothing_wrong_is_claimed(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tiers: Counter[Tier] = Counter()
    for outcome, asked, every in small():
        with monkeypatch.context() as patch:
            patch.setattr(search, "run", search_for(count, Run(Status.UNKNOWN, None, None, 0.0)))
            why = why_not(outcome, asked.text, limits=LIMITS)
        claims_nothing_wrong(outcome, asked, why, every)
        tiers[why.tier] += 1
    assert tiers[Tier.UNKNOWN] or count > 1


@pytest.mark.parametrize("seconds", [1e-4, 0.01, 0.03])
@pytest.mark.parametrize("deterministic", [False, True])
def test_in_little_time_nothing_wrong_is_claimed(seconds: float, deterministic: bool) -> None:
    for outcome, asked, every in small()[::2]:
        limits = Limits(seconds=seconds, workers=1, deterministic=deterministic)
        claims_nothing_wrong(outcome, asked, why_not(outcome, asked.text, limits=limits), every)


def test_after_a_stop_nothing_is_claimed() -> None:
    """But what needs no search: that the plan has the wish, or that a package has no such month."""
    stop = threading.Event()
    stop.set()
    for outcome, asked, every in small():
        why = why_not(outcome, asked.text, limits=LIMITS, stop=stop)
        claims_nothing_wrong(outcome, asked, why, every)
        assert why.tier in {Tier.UNKNOWN, Tier.CANNOT} or not why.moved


def test_deterministic_answers_are_the_same_each_time() -> None:
    limits = Limits(seconds=5, deterministic=True)
    for outcome, asked, _ in small()[::4]:
        one, other = (why_not(outcome, asked.text, limits=limits) for _ in range(2))
        assert (one.tier, one.prices, one.choices, one.conflicts) == (
            other.tier,
            other.prices,
            other.choices,
            other.conflicts,
        )


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.01, 0.1, 1.0])
def test_little_time_is_no_error_where_much_is_to_be_searched(timor: Path, seconds: float) -> None:
    outcome = solve(read(timor), limits=LIMITS, haste=False)
    for text in ("exit by 2012-03", "aileu earlier", *(f"{name} earlier" for name in list(outcome.choices or {})[:4])):
        try:
            why = why_not(outcome, text, limits=Limits(seconds=seconds, workers=1))
        except UsageError:
            continue
        assert why.proven or why.tier in {Tier.COULD, Tier.UNKNOWN}


@pytest.mark.parametrize("count", [0, 1, 2, 4, 6, 9, 13])
def test_that_nothing_as_good_has_the_wish_is_not_claimed_too_soon(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best exit with the wish is later; that one within the tolerance is as good takes a search of its own."""
    outcome = tolerant()
    asked = Wished("arden/clinics=2030-04", outcome.instance, lambda dates, _: dates["arden/clinics"] == 3)
    monkeypatch.setattr(search, "run", search_for(count, Run(Status.UNKNOWN, None, None, 0.0)))
    why = why_not(outcome, asked.text, limits=LIMITS)
    claims_nothing_wrong(outcome, asked, why, plans(outcome.instance))

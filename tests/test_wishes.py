"""Wishes, against trying all plans: whether they can be had, and at what price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from micro.case import BASE, read_tables
from wishing import (
    LIMITS,
    TINY,
    agree,
    drawn,
    given,
    goals_of,
    is_attained,
    plans,
    small,
    told,
    tolerant,
    wished,
)

from sequencer import Choice, Limits, Status, UsageError, read, solve
from sequencer.engine.run import Run
from sequencer.questions import near
from sequencer.questions.trying.anyhow import any_plan_or_none
from sequencer.questions.why import Tier, _refuted, why_not
from sequencer.questions.wishes import wish

EVERYDAY, MANY = range(50), range(1000, 1500)


def ask_draws(
    seeds: Iterable[int], each: int, tolerances: Sequence[int] = (0, 0, 0, 2), engine: str = "cpsat"
) -> Counter[str]:
    """Ask some wishes about each of some random instances, and compare the answers; return how many there were."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        found = drawn(seed, tolerances)
        if found is None:
            answers["left out"] += 1
            continue
        outcome, every, random = replace(found[0], engine=engine), *found[1:]
        now = {name: choice.transfer for name, choice in (outcome.choices or {}).items()}
        for asked in random.sample(wishes := list(wished(outcome.instance, now, random)), min(each, len(wishes))):
            why = why_not(outcome, asked.text, limits=LIMITS)
            try:
                agree(outcome, asked, why, every if asked.instance is outcome.instance else plans(asked.instance))
            except AssertionError as error:
                told = f"draw_instance({seed}), {goals_of(outcome)}, {asked.text}"
                raise AssertionError(f"{told}: {why.tier}, {why.prices}: {error}") from error
            answers[why.tier.value] += 1
    return answers


def tell(answers: Counter[str], request: pytest.FixtureRequest, least: float = 0.05) -> None:
    """Tell at the end of the run how many draws were of use: each answer must come often."""
    said = ", ".join(f"{count} {answer}" for answer, count in sorted(answers.items()))
    request.node.user_properties.append(("draws", said))
    assert min(answers[tier] for tier in (Tier.CANNOT, Tier.COULD, Tier.FREE)) > least * sum(answers.values()), said


def test_a_wish_is_answered_as_by_trying_all_plans(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(EVERYDAY, 4), request)


def test_what_every_term_tolerates_is_free(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(range(60, 90), 4, (1, 2, 3)), request)


def test_any_plan_that_is_as_good_is_looked_for_in_large_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small instances are sent that way, too, with nothing found beside the plan."""
    answers: Counter[Status] = Counter()

    def counted(*told: Any) -> Run:  # noqa: ANN401 - passed on
        run = any_plan_or_none(*told)
        answers[run.status] += 1
        return run

    monkeypatch.setattr(near, "is_small", lambda *_: False)
    monkeypatch.setattr(near, "_beside", lambda *_: near.Nearby(None, 0.0))
    monkeypatch.setattr(near, "any_plan_or_none", counted)
    ask_draws(range(24), 3, engine="auto")
    ask_about_any_plan(range(40), engine="auto")
    assert answers[Status.INFEASIBLE] > 5, answers
    assert answers[Status.FEASIBLE] + answers[Status.OPTIMAL] > 3, answers


@pytest.mark.slow
def test_wishes_are_answered_as_by_trying_all_plans_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(MANY, 10), request)


@pytest.mark.slow
def test_what_every_term_tolerates_is_free_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(range(600), 10, (1, 2, 3)), request)


def ask_about_any_plan(seeds: Iterable[int], engine: str = "cpsat") -> Counter[str]:
    """Ask about plans that are not best: what is no worse is free, and no price is proven."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        found = drawn(seed)
        if found is None:
            answers["left out"] += 1
            continue
        best_known, every, random = found
        ordered = sorted(every, key=lambda plan: [plan.values[level.term] for level in best_known.levels])
        outcome = replace(given(best_known, plan := random.choice(ordered[:4])), engine=engine)
        worth = [plan.values[level.term] for level in outcome.levels]
        for asked in random.sample(
            wishes := list(wished(outcome.instance, plan.transfers, random)), min(3, len(wishes))
        ):
            plans_there = every if asked.instance is outcome.instance else plans(asked.instance)
            having = [other for other in plans_there if asked.has(other.transfers, other.values)]
            why = why_not(outcome, asked.text, limits=LIMITS)
            told = f"draw_instance({seed}), {plan}, {asked.text}: {why.tier}, {why.prices}"
            good = any([other.values[level.term] for level in outcome.levels] <= worth for other in having)
            assert why.tier is (Tier.CANNOT if not having else Tier.FREE if good else Tier.COULD), told
            assert why.proven, told
            if having:
                is_attained(outcome, asked, why, having)
            assert not any(price.proven for price in why.prices) or why.tier is Tier.FREE, told
            answers[why.tier.value] += 1
    return answers


def test_a_wish_about_any_plan_is_free_where_it_makes_it_no_worse(request: pytest.FixtureRequest) -> None:
    tell(ask_about_any_plan(EVERYDAY), request, 0.02)


@pytest.mark.slow
def test_a_wish_about_any_plan_is_free_where_it_makes_it_no_worse_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_about_any_plan(MANY), request, 0.02)


def test_a_plan_that_has_the_wish_stays_as_it_is() -> None:
    """Even where another would be as good and cheaper, or better; and nothing is searched."""
    outcome = told()
    assert outcome.choices is not None
    plan = {**outcome.choices, "arden/clinics": Choice("none", 2)}
    values = outcome.problem.values(outcome.problem.cells(plan))
    levels = tuple(replace(level, value=values[level.term], achieved=values[level.term]) for level in outcome.levels)
    later = replace(outcome, choices=plan, values=values, levels=levels)
    why = why_not(later, "arden/clinics=2030-03", limits=Limits(seconds=1e-6))
    assert (why.tier, why.proven, why.moved, why.choices) == (Tier.FREE, True, {}, plan)
    assert all(price.before == price.after for price in why.prices)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["auto", "milp"])
def test_wishes_are_answered_by_every_engine(engine: str) -> None:
    for outcome, asked, every in small():
        agree(outcome, asked, why_not(replace(outcome, engine=engine), asked.text, limits=LIMITS), every)


@pytest.mark.slow
@pytest.mark.parametrize("folder", TINY, ids=lambda path: path.name)
def test_a_wish_for_a_month_is_a_date_fixed(folder: Path) -> None:
    """The best plan with the wish is the best plan of an instance in which the transfer is fixed."""
    instance = read(folder)
    outcome, random = solve(instance, limits=LIMITS, haste=False), Random(folder.name)  # noqa: S311 - tests
    assert outcome.choices is not None
    for name, choice in outcome.choices.items():
        month = max(0, choice.transfer + random.choice([-2, -1, 1, 4]))
        label = instance.calendar.label(month)
        if instance.package[name].fixed is not None or month >= instance.plan.months:
            continue
        why = why_not(outcome, f"{name}={label}", limits=LIMITS)
        try:
            fixed = instance.but({f"packages.{name}.fixed": label})
        except UsageError:
            assert why.tier is Tier.CANNOT
            continue
        expected = solve(fixed, limits=LIMITS, haste=False)
        assert (expected.status is Status.INFEASIBLE) == (why.tier is Tier.CANNOT)
        if why.prices and all(price.proven for price in why.prices):
            assert [price.after for price in why.prices] == [level.value for level in expected.levels]


def test_a_plan_that_is_better_first_is_free_whatever_follows() -> None:
    """Where the plan given is not proven best: it transfers in the month published, which is far from the best exit."""
    tables = {
        "packages": "place,function | arden,policing",
        "published": "place,function,transfer | arden,policing,2030-06",
    }
    outcome = solve(read_tables({**BASE, **tables}), objective=["exit", "change"], limits=LIMITS, haste=False)
    known = plans(outcome.instance)
    (late,) = [plan for plan in known if plan.values["change"] == 0]
    why = why_not(given(outcome, late), "arden/policing earlier", limits=LIMITS)
    assert (why.tier, why.proven) == (Tier.FREE, True)
    assert [(price.before, price.after) for price in why.prices] == [(8, 4), (0, 4)]


def test_within_its_tolerance_a_term_is_no_price() -> None:
    """The best exit with the wish is later, and even later ones would be allowed; one that the plan allows suffices."""
    outcome = tolerant()
    assert [(level.value, level.achieved) for level in outcome.levels] == [(4, 6), (3, 3)]
    free = why_not(outcome, "arden/clinics=2030-04", limits=LIMITS)
    assert (free.tier, [price.after for price in free.prices], free.moved) == (Tier.FREE, [6, 3], {"arden/clinics": 3})
    late = why_not(outcome, "arden/clinics=2030-06", limits=LIMITS)
    assert (late.tier, late.proven) == (Tier.COULD, True)
    assert [(price.before, price.bound, price.proven) for price in late.prices] == [(6, 7, False), (3, 0, True)]


def test_a_bound_refutes_only_what_it_is_about() -> None:
    """Proven with an earlier term held lower than the plan given allows, it says nothing of all that are as good."""
    (level, *_) = tolerant().levels
    levels = [replace(level, value=value, achieved=value, tolerance=2) for value in (10, 5, 7)]
    outcome = replace(tolerant(), levels=tuple(levels))
    assert _refuted(outcome, [(11, 11), (5, 5), (8, 8)])
    assert _refuted(outcome, [(13, 13), (2, 2), (9, 9)])
    assert not _refuted(outcome, [(11, 11), (2, 2), (9, 9)])
    assert not _refuted(outcome, [(11, 11), (5, 5), (7, 7)])
    assert not _refuted(outcome, [(11, None), (5, None)])


def test_plans_that_are_as_good_may_exceed_a_later_term_where_the_wish_allows_more() -> None:
    """Then no plan under what every term may be is no proof that none is as good."""
    tables = {
        "packages": "place,function,handover_cost | arden,policing,3",
        "donors": "donor,max_share | bank,50 | fund,",
        "pledges": "donor,pledge,from,to,amount | bank,one,,,9 | fund,,,,9",
    }
    outcome = solve(read_tables({**BASE, **tables}), objective=["exit", "cost"], limits=LIMITS, haste=False)
    assert outcome.choices is not None
    cells = outcome.problem.cells(outcome.choices)
    texts = ("arden/policing<=2030-06", "without donor bank")
    date, donor = (wish(text, outcome.instance, outcome.problem, cells) for text in texts)
    assert near.is_least(outcome, date)
    assert not near.is_least(outcome, donor)
    first, last = outcome.levels
    assert near.is_least(replace(outcome, levels=(first,)), donor)
    assert not near.is_least(replace(outcome, levels=(replace(first, bound=0), last)), date)
    assert near.is_least(replace(outcome, levels=(first, replace(last, bound=0))), date)

"""What would have to change for a wish: against trying all plans of instances in which numbers are turned."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from micro.case import BASE, read_tables
from repairing import changed, cheaper
from wishing import LIMITS, Wished, drawn, given, plans, tolerant, wished

from sequencer import Instance, Limits, Outcome, UsageError, explain, read, solve
from sequencer.answers.explained.wishes import why as why_lines
from sequencer.instance.contradictions import contradictions
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.questions.changing import with_changes
from sequencer.questions.repairs import Repairs
from sequencer.questions.trying import trials
from sequencer.questions.why import Tier, Why, answered
from sequencer.questions.wishes import wish

EVERYDAY, MANY = range(20), range(1000, 1080)
ENOUGH = Limits(seconds=4, workers=1)
UNMOVED = 4.0  # the cost of changes that are tried where it is said that none works


def asked(outcome: Outcome, text: str, limits: Limits = ENOUGH, costs: Mapping[str, float] | None = None) -> Why:
    told = wish(text, outcome.instance, outcome.problem, outcome.problem.cells(outcome.choices or {}))
    stop = threading.Event()
    why = answered(outcome, told, LIMITS, stop)
    return with_changes(outcome, told, why, costs=costs, limits=limits, stop=stop)


def has(outcome: Outcome, one: Wished, instance: Instance, *, as_good: bool) -> bool:
    """Return whether an instance has a plan with the wish, and if asked no term worse than it is now."""
    assert outcome.values is not None
    now = {level.term: outcome.values[level.term] for level in outcome.levels}
    return any(
        one.has(plan.transfers, plan.values) and not (as_good and any(plan.values[t] > most for t, most in now.items()))
        for plan in plans(instance)
    )


def judge(outcome: Outcome, one: Wished, found: Repairs, most: int, *, as_good: bool) -> None:
    """Check by trying that changes work, that nothing of them is needless, and that no cheaper ones work."""
    for repair in found.found:
        assert repair.changes
        assert not repair.accepts_risk
        assert has(outcome, one, changed(one.instance, repair), as_good=as_good)
        if repair.minimal:
            fewer = (changed(one.instance, repair, change.address) for change in repair.changes)
            assert not any(has(outcome, one, instance, as_good=as_good) for instance in fewer)
    cost = UNMOVED if found.complete and not found.found else 0.0
    if found.found and found.found[0].cheapest:
        cost = found.found[0].cost
    for instance in itertools.islice(cheaper(one.instance, cost), most):
        assert not has(outcome, one, instance, as_good=as_good), instance.changes


def ask_draws(seeds: Iterable[int], each: int, most: int) -> Counter[str]:
    """Ask what would have to change for wishes about random instances; return how many answers there were."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        found = drawn(seed)
        if found is None or contradictions(found[0].instance):  # which no folder may say
            continue
        outcome, _, random = found
        now = {name: choice.transfer for name, choice in (outcome.choices or {}).items()}
        every = [one for one in wished(outcome.instance, now, random) if not one.has(now, outcome.values or {})]
        for one in random.sample(every, min(each, len(every))):
            if one.instance is not outcome.instance:
                continue  # whose rows differ from those that are turned
            why = asked(outcome, one.text)
            try:
                assert (why.possible is not None) == (why.tier is Tier.CANNOT)
                for kind, said, as_good in (("possible", why.possible, False), ("fits", why.compatible, True)):
                    if said is not None:
                        judge(outcome, one, said, most, as_good=as_good)
                        sure = said.found and said.found[0].cheapest
                        answers[f"{kind}: {'cheapest' if sure else 'found' if said.found else 'none'}"] += 1
            except AssertionError as error:
                raise AssertionError(f"draw_instance({seed}), {one.text}: {why.tier}: {error}") from error
    return answers


def tell(answers: Counter[str], request: pytest.FixtureRequest) -> None:
    said = ", ".join(f"{count} {answer}" for answer, count in sorted(answers.items()))
    request.node.user_properties.append(("draws", said))
    assert min(answers["possible: cheapest"], answers["fits: cheapest"]) > 3, said


@pytest.mark.slow
def test_changes_work_and_nothing_less_or_cheaper_does(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(EVERYDAY, 2, 60), request)


@pytest.mark.slow
def test_changes_work_and_nothing_less_or_cheaper_does_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(MANY, 3, 300), request)


def test_of_large_instances_changes_work_and_none_claims_more_than_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, as where ruin and recreate is asked first; a term that is held is then a row that it keeps."""
    monkeypatch.setattr(trials, "LARGE", -1)
    answers = ask_draws(range(12), 2, 20)
    assert sum(count for answer, count in answers.items() if not answer.endswith("none")) > 3, answers


# --- What is known by thinking ---------------------------------------------------------------------------------------


@cache
def teams(earliest: str = "") -> Outcome:
    """Return the answer to two packages that need one team each in the month of transfer, of which there is one."""
    dates = f"{earliest},2030-05"
    tables = {
        "packages": f"place,function,earliest,latest | arden,policing,{dates} | arden,clinics,{dates}",
        "functions": "function,joint_months,mentored_months,advisory_months | policing,0,1,0 | clinics,0,1,0",
        "resources": "resource,per,bucket | team,all,month",
        "capacity": "resource,from,to,amount | team,,,1",
        "needs": "packages,resource,event,months,amount | policing,team,transfer,1,1 | clinics,team,transfer,1,1",
    }
    instance = read_tables({**BASE, **tables})
    return solve(instance, objective=["early_transfer"], limits=LIMITS, haste=False, engine="cpsat")


def test_what_is_lacking_is_said_with_its_months_and_at_no_price_if_it_is_the_same() -> None:
    why = asked(teams(), "arden by 2030-01")
    assert why.tier is Tier.CANNOT
    assert why.possible is not None
    assert why.compatible is not None
    (repair,) = why.possible.found
    assert [(change.address, change.change) for change in repair.changes] == [("capacity.team@2030-01..2030-01", "+1")]
    assert (repair.minimal, repair.cheapest) == (True, True)
    assert why.compatible.found[0].changes == repair.changes
    lines = list(why_lines(why, teams(), Phrasebook.of("en")))
    assert lines[-1] == (
        "With 1 more team in January 2030 it would fit, with all that the plan aims at as good as now; this is what "
        "would have to change in the data, not advice."
    )
    assert not [line for line in lines if "could be had;" in line]


def later(outcome: Outcome) -> tuple[str, str]:
    """Return the package that comes first, and the other."""
    first, second = sorted((choice.transfer, name) for name, choice in (outcome.choices or {}).items())
    return first[1], second[1]


def test_what_costs_something_fits_if_the_other_may_make_up_for_it() -> None:
    """In May instead of April the sum would be larger by one, unless the other could come a month earlier."""
    outcome = teams("2030-03")
    early, late = later(outcome)
    why = asked(outcome, f"{late}=2030-05")
    assert (why.tier, why.possible) == (Tier.COULD, None)
    assert why.compatible is not None
    (repair,) = why.compatible.found
    assert [(change.address, change.change) for change in repair.changes] == [(f"packages.{early}.earliest", "-1")]
    assert (repair.minimal, repair.cheapest) == (True, True)


def test_what_nothing_makes_up_for_is_said_to_cost_something_in_any_case() -> None:
    """Nothing comes before the plan, so that the sum is larger whatever there is of teams."""
    outcome = teams()
    why = asked(outcome, f"{later(outcome)[1]}=2030-03")
    assert (why.tier, why.possible) == (Tier.COULD, None)
    assert why.compatible is not None
    assert (why.compatible.found, why.compatible.complete) == ((), True)
    book = Phrasebook.of("en")
    assert book.say("why.fits_never") in list(why_lines(why, outcome, book))


def test_costs_are_the_planners() -> None:
    dear = asked(teams(), "arden by 2030-01", costs={"capacity.team*": 50}).possible
    assert dear is not None
    assert dear.found[0].cost == 50
    with pytest.raises(UsageError, match="cost"):
        explain(teams(), ["arden by 2030-01"], costs={"tems": 1})


def test_what_nothing_makes_possible_is_said_to_be_so() -> None:
    why = asked(teams(), "arden/policing=2035-01")
    assert why.possible is not None
    assert (why.possible.found, why.possible.complete, why.compatible) == ((), True, None)
    for language in LANGUAGES:
        book = Phrasebook.of(language)
        assert book.say("why.possible_never") in list(why_lines(why, teams(), book))


def test_a_donor_who_is_wished_away_is_not_asked_for_more() -> None:
    tables = {
        "packages": "place,function,earliest,latest,handover_cost | arden,policing,2030-02,2030-05,3",
        "donors": "donor | bank | fund",
        "pledges": "donor,pledge,from,to,amount | bank,one,,,2 | fund,,,,2",
    }
    outcome = solve(read_tables({**BASE, **tables}), limits=LIMITS, haste=False, engine="cpsat")
    why = asked(outcome, "without donor bank")
    assert why.tier is Tier.CANNOT
    assert why.possible is not None
    (repair,) = why.possible.found
    assert [(change.address, change.change) for change in repair.changes] == [("pledge.fund@FY2030..", "+1")]


def test_no_change_at_all_means_that_the_wish_is_free() -> None:
    """If what came of the wish was not proven, and a plan that is as good turns up, nothing would have to change."""
    outcome = tolerant()
    told = wish(
        "arden/clinics=2030-02", outcome.instance, outcome.problem, outcome.problem.cells(outcome.choices or {})
    )
    why = answered(outcome, told, LIMITS, threading.Event())
    assert why.tier is Tier.FREE
    unproven = replace(why, tier=Tier.COULD, proven=False)
    again = with_changes(outcome, told, unproven, costs=None, limits=ENOUGH, stop=threading.Event())
    assert (again.tier, again.proven) == (Tier.FREE, True)


def test_of_any_plan_terms_are_held_where_that_plan_has_them() -> None:
    outcome = teams()
    worst = max(plans(outcome.instance), key=lambda plan: plan.values["early_transfer"])
    why = asked(given(outcome, worst), "arden by 2030-02")
    assert why.tier is Tier.FREE


def test_who_is_stopped_claims_nothing() -> None:
    outcome, stop = teams(), threading.Event()
    told = wish("arden by 2030-01", outcome.instance, outcome.problem, outcome.problem.cells(outcome.choices or {}))
    why = answered(outcome, told, LIMITS, stop)
    stop.set()
    again = with_changes(outcome, told, why, costs=None, limits=ENOUGH, stop=stop)
    assert again.possible is not None
    assert (again.possible.found, again.possible.complete) == ((), False)
    for language in LANGUAGES:
        book = Phrasebook.of(language)
        assert list(why_lines(again, outcome, book))[-1] == book.say("why.possible_unknown")


def test_every_answer_of_the_worked_example_is_said_in_every_language(worked: Path) -> None:
    outcome = solve(read(worked), haste=False)
    explained = explain(outcome, ["arden/policing earlier", "exit by 2030-06"])
    for language in LANGUAGES:
        lines = [line for why in explained.why for line in why_lines(why, outcome, Phrasebook.of(language))]
        assert not [line for line in lines if "{" in line or ".." in line]

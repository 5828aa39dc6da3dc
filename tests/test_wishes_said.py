"""What can be wished, how it is said, and what came before the plan."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from wishing import (
    LIMITS,
    told,
)

from sequencer import Outcome, Status, UsageError, read, solve
from sequencer.questions.why import Tier, why_not
from sequencer.questions.wishes import wish


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("arden/policing=2030-03", Tier.COULD),
        (" arden/policing  <=  2030-02 ", Tier.FREE),
        ("arden/policing>=2030-06", Tier.COULD),
        ("arden/policing>=2030-07", Tier.CANNOT),
        ("arden/policing earlier", Tier.CANNOT),
        ("arden by 2030-01", Tier.CANNOT),
        ("clinics by 2030-01", Tier.FREE),
        ("new town/health care=2030-05", Tier.COULD),
        ("new town/health care  earlier", Tier.CANNOT),
        ("new town by 2030-01", Tier.FREE),
        ("health care by 2030-01", Tier.FREE),
        ("arden/policing before arden/clinics", Tier.COULD),
        ("arden before belmont", Tier.COULD),
        ("policing before clinics", Tier.COULD),
        ("new town/health care before belmont/policing", Tier.FREE),
        ("exit by 2030-05", Tier.FREE),
        ("exit by 2030-04", Tier.CANNOT),
        ("arden/policing=1999-12", Tier.CANNOT),
    ],
)
def test_every_form_is_understood(text: str, tier: Tier) -> None:
    assert why_not(nothing_more(), text, limits=LIMITS).tier is tier


@cache
def nothing_more() -> Outcome:
    """Return the answer to packages with no promise but that their paths fit."""
    return told()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is not understood; a wish is like 'aileu/policing=2028-03'"),
        ("arden/policing", "is not understood"),
        ("arden/policing<2030-03", "is not understood"),
        ("arden/policing=2030-3", "is not understood"),
        ("arden/policing=soon", "is not understood"),
        ("arden/policing=2030-13", "'2030-13' is no month: write YYYY-MM"),
        ("arden by 2030-00", "'2030-00' is no month: write YYYY-MM"),
        ("ardn/policing=2030-03", "there is no package 'ardn/policing'; nearest: arden/policing"),
        ("arden=2030-03", "there is no package 'arden'; nearest: arden/clinics, arden/policing"),
        ("arden earlier", "there is no package 'arden'"),
        ("ardn by 2030-03", "there is no package, place, function or term 'ardn'; nearest: arden"),
        ("exits by 2030-03", "there is no package, place, function or term 'exits'; nearest: exit"),
        ("departure by 2030-03", "there is no departure here: no package needs what the mission owns"),
        ("arden before belmnt", "there is no package, place or function 'belmnt'; nearest: belmont"),
        ("arden before policing", "'arden' and 'policing' are not alike: two packages, two places or two functions"),
        ("arden before arden/policing", "are not alike"),
        ("arden before arden", "'arden' and 'arden' have no counterparts"),
        ("clinics before health care", "have no counterparts: nothing would come before anything"),
        ("without donor japan", "there is no donor 'japan' with a pledge"),
        ("without japan", "is not understood"),
    ],
)
def test_what_is_not_understood_is_said_in_one_message(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        why_not(nothing_more(), text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_a_plan_there_is_nothing_to_ask_about(top: Path) -> None:
    outcome = solve(read(top / "instances" / "infeasible" / "money-gap"), haste=False)
    with pytest.raises(ValueError, match="no plan was found: the status is INFEASIBLE"):
        why_not(outcome, "arden/policing earlier")


PAST = "place,function,fixed | arden,policing,2029-10 | arden,clinics,2029-12 | belmont,policing,"


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("arden/policing before arden/clinics", Tier.FREE),
        ("arden/clinics before arden/policing", Tier.CANNOT),
        ("clinics before policing", Tier.CANNOT),
        ("arden/clinics before belmont/policing", Tier.FREE),
        ("belmont/policing before arden/clinics", Tier.CANNOT),
        ("arden/clinics earlier", Tier.CANNOT),
        ("arden/clinics=2029-12", Tier.FREE),
        ("arden/clinics>=2030-01", Tier.CANNOT),
        ("arden by 2029-12", Tier.FREE),
        ("arden by 2029-11", Tier.CANNOT),
        ("policing by 2030-02", Tier.FREE),
    ],
)
def test_what_came_before_the_plan_cannot_be_wished_otherwise(text: str, tier: Tier) -> None:
    """Also which of two packages came first, though a link between two dates before the plan is dropped."""
    why = why_not(told(packages=PAST), text, limits=LIMITS)
    assert (why.tier, why.proven) == (tier, True)
    assert all(conflict.sure and conflict.parts for conflict in why.conflicts)
    assert bool(why.conflicts) == (tier is Tier.CANNOT)


def test_a_donor_who_leaves_pays_nothing() -> None:
    pledges = "donor,pledge,from,to,amount | bank,one,,,2 | bank,two,,,2 | fund,,,,{}"
    packages = "place,function,earliest,latest,handover_cost | arden,policing,2030-02,2030-05,3"
    asked = {}
    for amount in (2, 3):
        outcome = told(packages=packages, donors="donor | bank | fund", pledges=pledges.format(amount))
        asked[amount] = why_not(outcome, "without donor bank", limits=LIMITS)
    assert [why.tier for why in asked.values()] == [Tier.CANNOT, Tier.FREE]
    (conflict,) = asked[2].conflicts
    assert "amount" in {part.at[0] for part in conflict.parts if part.at}
    assert wish("without donor bank", outcome.instance, outcome.problem, {}).problem.bridge is not None


def test_what_a_donor_asked_for_ends_with_the_donor() -> None:
    """It gave 2 last year, may give 1 less in the next, and half of a year at most: none of it binds without it."""
    packages = "place,function,earliest,latest,handover_cost | arden,policing,2030-02,2030-05,3"
    outcome = told(
        packages=packages,
        plan="months = 24",
        donors="donor,max_share | bank,50 | fund,",
        pledges="donor,pledge,from,to,amount,max_fall,base | bank,one,,,9,1,2 | fund,,,,3,,",
    )
    amounts_alone = outcome.instance.but({"pledge.bank/one@FY2030..": 0})
    assert solve(amounts_alone, limits=LIMITS, haste=False, engine="cpsat").status is Status.INFEASIBLE
    why = why_not(outcome, "without donor bank", limits=LIMITS)
    assert (why.tier, why.proven) == (Tier.FREE, True)
    assert why.problem.bridge is not None
    assert {line.name: set(line.amounts) for line in why.problem.bridge.lines} == {"bank/one": {0}, "fund": {3}}

"""What a page tells to whom: no word of threat, forces, reserves or assessors leaves the mission."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import replace

import pytest
from micro import read_tables
from pages import Read

from sequencer import solve
from sequencer.instance.instance import Instance
from sequencer.instance.levers import TABLES as LEVERS
from sequencer.instance.levers import addresses
from sequencer.outcome import Limits, Outcome, Status
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.pictures.command import briefly
from sequencer.pictures.discretion import OPEN_TABLES, READINESS_TABLES, Discretion
from sequencer.pictures.page import page
from sequencer.pictures.scene import Audience
from sequencer.pictures.summed.binds import alone
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation, explain

#: A mission whose secrets have names that stand nowhere else.
TABLES = {
    "plan": "months = 30 | hold = 1",
    "places": "place,region,population | arden,north,2000 | belmont,north,1000 | caswell,south,",
    "functions": "function,joint_months,mentored_months,advisory_months | policing,1,2,1",
    "packages": "place,function,institution,recurrent_cost | arden,policing,police,5 | belmont,policing,police,5"
    " | caswell,policing,police,5",
    "criteria": "packages,criterion,event,threshold | policing,zzcriterion,transfer,60",
    "readiness": "packages,criterion,score,low,assessor,growth,confidence,source,note"
    " | */policing,zzcriterion,50,45,zzassessor,1,guessed by zzguesser,zzsource,zznote",
    "threat": "places,from,to,level,confidence | arden;belmont,,2030-04,4,told by zzspy"
    " | arden;belmont,2030-05,,2,told by zzspy | caswell,,,3,told by zzspy",
    "limits": "packages,event,limit,trend | policing,transfer,3,1",
    "resources": "resource,bucket,unit,owner | zztroops,month,people,mission | mentors,month,team,mission",
    "capacity": "resource,amount | mentors,2",
    "guarantees": "force,role,resource,owner,home,covers,response_hours,people"
    " | zzguard,presence,zztroops,mission,arden,*,6,40 | zzreaction,reserve,,mission,caswell,*,24,60",
    "needs": "packages,stages,event,threat,resource,amount | */policing,mentored,,2,zztroops,30"
    " | */policing,mentored,,3,zztroops,45 | */policing,mentored,,,mentors,1 | */policing,,relapse,,,30",
    "reserve": "scope,k | country,1",
    "calendar": "name,from,to,yearly,resource,capacity_factor | zzrotation,2031-06,2031-06,,zztroops,0.5",
    "budget": "fiscal_year,amount | 2030,400 | 2031,400 | 2032,400",
}
#: No mission would say these to others.
SECRET = re.compile(r"zz\w*", re.IGNORECASE)
#: What each variant cannot do: its plan fails for a reason that is secret.
FAILING = {
    "forces": {"guarantees.zzguard.people": "=5"},
    "reserve": {"guarantees.zzreaction.people": "=5"},
    "scores": {"readiness.*.growth": "=0"},
    "threat": {"threat.*": "=5"},
}


def secrets(text: str) -> set[str]:
    """Return every secret name in a text."""
    return {name.lower() for name in SECRET.findall(text)}


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Return the mission, with numbers changed that only it may see, and one that all may."""
    changes = {"threat.caswell": "-1", "guarantees.zzguard@2030-01..": "+1", "budget.host@FY2030": "+1"}
    return read_tables(TABLES).but(changes)


@pytest.fixture(scope="module")
def asked(instance: Instance) -> Explanation:
    """Return all that can be said of its plan."""
    return explain(solve(instance), binding=True, limits=Limits(seconds=5))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNERS])
def test_nothing_secret_stands_in_the_page_of_others(asked: Explanation, audience: Audience, language: str) -> None:
    assert asked.outcome.status is Status.OPTIMAL
    open_ = {"zzcriterion"} if audience is Audience.PARTNERS else set()
    assert secrets(page(asked, audience, language)) == open_
    said = Read(page(asked, audience, language)).text.split(".", 1)[1]  # after the sentence that names what is left out
    body = re.sub(r"Edition for.*?assessed\.|Édition pour.*?évalué\.", "", said)
    assert not re.search(r"threat|menace|reserve|réserve|relapse could|troop", body, re.IGNORECASE)


def test_the_mission_is_told_all_of_it(asked: Explanation) -> None:
    told = secrets(page(asked, Audience.MISSION))
    assert {"zzassessor", "zzcriterion", "zzguard", "zzreaction", "zztroops", "zzguesser", "zzspy"} <= told
    text = Read(page(asked, Audience.MISSION)).text
    assert "threat in arden" in text
    assert "guarantees.zzguard" in text  # the change made for this run


@pytest.mark.parametrize("kind", FAILING)
def test_nor_does_what_makes_a_plan_impossible(kind: str) -> None:
    changed = read_tables(TABLES).but(_meant(read_tables(TABLES), FAILING[kind]))
    outcome = solve(changed)
    assert outcome.status is Status.INFEASIBLE
    found = briefly(outcome, Limits(seconds=2), threading.Event())
    assert found.conflicts
    public, mission = (page(found, audience) for audience in (Audience.PUBLIC, Audience.MISSION))
    assert secrets(public) == set()
    assert "this edition leaves out" in public or "in the edition for the mission" in public
    assert "this edition leaves out" not in mission
    word = {"forces": "zztroops", "reserve": "reserve for", "scores": "zzcriterion", "threat": "the threat in"}[kind]
    assert word in mission.lower()


def test_nor_does_what_stands_against_one_move() -> None:
    tables = TABLES | {
        "options": "packages,option,support_months,support_cost | policing,quick,0,0 | policing,slow,2,1",
        "gains": "packages,option,criterion,gain | policing,slow,zzcriterion,20",
    }
    outcome = solve(read_tables(tables).but({"threat.caswell": "-1"}), haste=False)
    assert outcome.status is Status.OPTIMAL
    local = explain(outcome, limits=Limits(seconds=1)).local
    # Made to look as if nothing stood first: what stands against other options and behind must not come through.
    free = [replace(one, first=()) for one in local if one.transfer > 0]
    for audience, is_secret in ((Audience.MISSION, True), (Audience.PARTNERS, False), (Audience.PUBLIC, False)):
        told = Told(Explanation(outcome=outcome, limits=Limits()), audience, Phrasebook.of("en"))
        said = " ".join(alone(told, one) for one in free)
        assert bool(secrets(said) & {"zztroops", "zzcriterion"}) is is_secret
        said = " ".join(alone(told, one) for one in local)
        assert ("zztroops" in said.lower() or "threat" in said) is is_secret


def _meant(instance: Instance, changes: Mapping[str, str]) -> dict[str, str]:
    """Return changes by the addresses that there are: those of forces end in their months."""
    known = addresses(instance)
    spelt = {
        "guarantees.zzguard.people": "guarantees.zzguard@",
        "guarantees.zzreaction.people": "guarantees.zzreaction@",
    }
    found: dict[str, str] = {}
    for address, value in changes.items():
        start = spelt.get(address)
        names = [address] if start is None else [name for name in known if name.startswith(start)]
        found |= dict.fromkeys(names, value)
    return found


def test_every_kind_of_number_is_open_to_somebody_or_meant_to_be_hidden() -> None:
    hidden = set(LEVERS) - OPEN_TABLES - READINESS_TABLES
    assert hidden == {"threat", "limits", "guarantees", "reserves", "relapse"}


def test_numbers_are_told_by_what_they_are_about(instance: Instance) -> None:
    outcome = solve(instance, haste=False)
    public, partners, mission = (_seen(outcome, audience) for audience in Audience)
    assert {"capacity.mentors@2030-01..", "budget.host@FY2031", "plan.hold"} <= public
    assert "readiness.arden/policing.zzcriterion" in partners - public
    assert {"threat.caswell@2030-01..", "guarantees.zzguard@2030-01..", "reserves.country"} <= mission - partners
    assert not [address for address in partners if "zztroops" in address or "threat" in address]
    assert mission == set(addresses(instance))


def _seen(outcome: Outcome, audience: Audience) -> set[str]:
    seen = Discretion(outcome.instance, outcome.problem, audience)
    return {address for address in addresses(outcome.instance) if seen.address(address)}

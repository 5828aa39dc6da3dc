"""What is told to whom: no word of threat, forces, reserves or assessors leaves the mission, whatever is written."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from micro import read_tables
from pages import Read

from sequencer import read, solve
from sequencer.answers.discretion import ELSE, OPEN_TABLES, READINESS_TABLES, Audience, Discretion, forces
from sequencer.answers.explained.binding import binding
from sequencer.exports import FORMATS, Shown
from sequencer.instance.instance import Instance
from sequencer.instance.levers import TABLES as LEVERS
from sequencer.instance.levers import addresses
from sequencer.outcome import Limits, Outcome, Status
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.pictures.briefs.command import READERS, brief
from sequencer.pictures.command import briefly
from sequencer.pictures.page import SECTIONS, page
from sequencer.pictures.studies.kinds import Bar, Heat, Known, State, Tornado
from sequencer.pictures.summed.binds import alone
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation, explain
from sequencer.reasons.local.tight import Tight

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
    "resources": "resource,bucket,unit,owner | zztroops,month,people,mission | mentors,month,team,mission"
    " | zzpolice,month,Police Officers,mission",
    "capacity": "resource,amount | mentors,2 | zzpolice,25",
    "guarantees": "force,role,resource,owner,home,covers,response_hours,people"
    " | zzguard,presence,zztroops,mission,arden,*,6,40 | zzreaction,reserve,,mission,caswell,*,24,60",
    "needs": "packages,stages,event,threat,resource,amount | */policing,mentored,,2,zztroops,30"
    " | */policing,mentored,,3,zztroops,45 | */policing,mentored,,,mentors,1"
    " | */policing,mentored,,,zzpolice,20 | */policing,,relapse,,,30",
    "reserve": "scope,k | country,1",
    "calendar": "name,from,to,yearly,resource,capacity_factor | zzrotation,2031-06,2031-06,,zztroops,0.5"
    " | zzleave,2031-08,2031-08,,zzpolice,0.8",
    "budget": "fiscal_year,amount | 2030,400 | 2031,400 | 2032,400",
    "donors": "donor | north",
    "pledges": "donor,from,to,amount,status | north,2030-01,2030-12,50,confirmed",
}
#: No mission would say these to others.
SECRET = re.compile(r"zz[a-z]{3,}", re.IGNORECASE)
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
    return explain(solve(instance), binding=True, limits=Limits(seconds=2))


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


#: What is written; PNG and PDF are made of the SVG.
WRITTEN = [name for name in FORMATS if name not in {"png", "pdf"}]


def _made(format_: str, told: Told, frame: pd.DataFrame | None) -> str:
    """Return all that a format writes, what is compressed unpacked."""
    made = FORMATS[format_].make(Shown(told.outcome, told.audience, told.book.language, frame))
    files = [made] if isinstance(made, bytes) else list(made.values())
    if format_ == "xlsx":
        with zipfile.ZipFile(io.BytesIO(files[0])) as book:
            files = [book.read(name) for name in book.namelist()]
    return " ".join(file.decode().replace("\r\n ", "") for file in files)  # calendars fold long lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", list(Audience))
def test_nothing_secret_stands_in_any_export_or_image(asked: Explanation, audience: Audience, language: str) -> None:
    told = Told(asked, audience, Phrasebook.of(language))
    assert asked.binding is not None
    frame = binding(asked.outcome.instance, asked.binding, language)
    found = {"tight": secrets(_made("xlsx", told, None))}
    found |= {name: secrets(_made(name, told, frame)) for name in WRITTEN}
    if audience is Audience.MISSION:
        people = {"zztroops", "zzpolice"}
        assert all(people <= found[name] for name in ("svg", "project", "ganttproject", "csv", "xlsx"))
        assert {"zzguesser", "zzspy", "zzcriterion", "zznote"} <= found["tight"]
    else:
        open_ = {"zzcriterion"} if audience is Audience.PARTNERS else set()
        assert not {name: those - open_ for name, those in found.items() if those - open_}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", READERS)
def test_briefs_are_for_the_public_but_that_on_forces(asked: Explanation, reader: str, language: str) -> None:
    donor = "north" if reader == "donor" else None
    made = brief(asked.outcome, reader, donor_name=donor, language=language, limits=Limits(seconds=2))
    if reader == "force":
        assert {"zzguard", "zzreaction", "zztroops", "zzpolice"} <= secrets(made)
        assert Phrasebook.of(language).say("briefs.force.only") in Read(made).text
    else:
        assert secrets(made) == set()
        assert "arden" in made.lower() or reader == "donor"


def test_others_are_told_why_not_earlier_as_far_as_they_may_read_it(asked: Explanation) -> None:
    for audience in Audience:
        whys = _whys(Told(asked, audience, Phrasebook.of("en")))
        assert all(whys.values())
        assert (
            secrets(str(whys))
            == {
                Audience.PUBLIC: set(),
                Audience.PARTNERS: {"zzcriterion"},
                Audience.MISSION: {"zzcriterion", "zztroops", "zzguard", "zzpolice"},
            }[audience]
        )
    told = Told(replace(asked, local=()), Audience.PUBLIC, Phrasebook.of("en"))  # as beside an answer
    assert not any(_whys(told).values())
    assert "<p></p>" not in page(told.explanation, Audience.PUBLIC)


def test_studies_name_no_number_that_may_not_be_read(asked: Explanation) -> None:
    known = Known(State.PROVEN, 5, 5)
    factors = [
        "capacity.mentors",
        "guarantees.zzguard",
        "needs.*.zzpolice*",
        "readiness.*",
        "threat.caswell",
        "zzunknown",
    ]
    bars = tuple(Bar(factor, ("1", "2"), (known, known)) for factor in factors)
    across = [Heat("zz.csv", name, "", ("1",), ("",), {"exit": known}, {"exit": ((known,),)}) for name in factors]
    shown = {Audience.PUBLIC: 1, Audience.PARTNERS: 2, Audience.MISSION: len(factors)}
    for audience, count in shown.items():
        told = Told(asked, audience, Phrasebook.of("en"), (Tornado("zz.csv", "exit", known, bars), *across))
        tornado, heats = (SECTIONS[name](told) or {} for name in ("tornado", "heat"))
        assert len(tornado["charts"][0]["bars"]) == len(heats["charts"]) == count
        text = page(asked, audience, studies=told.studies)
        assert (f"{len(factors) - count} more are told" in text) is (count < len(factors))
        assert ("zzunknown" in text) is (audience is Audience.MISSION)
        assert bool(secrets(text) - {"zzcriterion"}) is (audience is Audience.MISSION)


def _whys(told: Told) -> dict[str, str]:
    groups = (SECTIONS["gantt"](told) or {})["groups"]
    return {lane["told"]: lane["why"] for _, _, lanes in groups for lane in lanes}


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
    assert not [
        each for each in partners if any(word in each for word in ("zztroops", "zzpolice", "zzleave", "threat"))
    ]
    assert mission == set(addresses(instance))


def _seen(outcome: Outcome, audience: Audience) -> set[str]:
    seen = _discretion(outcome, audience)
    return {address for address in addresses(outcome.instance) if seen.address(address)}


@pytest.mark.parametrize(
    ("row", "is_force"),
    [
        ("presence,month,people,mission", True),
        ("un_police,month,officers,mission", True),
        ("liaison,month,Military Observers,mission", True),
        ("troops,month,,mission", True),
        ("mentors,month,teams,mission", False),
        ("trainers,month,,mission", False),
        ("staff,month,people,successor", False),
        ("army,month,soldiers,host", False),
    ],
)
def test_people_whom_the_mission_has_are_forces(row: str, is_force: bool) -> None:
    tables = {name: TABLES[name] for name in ("plan", "places", "functions", "packages")}
    instance = read_tables(tables | {"resources": f"resource,bucket,unit,owner | {row}"})
    assert forces(instance) == ({row.partition(",")[0]} if is_force else set())


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("historical/timor-leste-2009", {"presence", "un_police"}),
        ("national/halvara", {"force", "monitors", "presence"}),
        ("historical/afghanistan-inteqal-2011", set()),
    ],
)
def test_forces_of_shipped_instances_are_known(name: str, hidden: set[str], top: Path) -> None:
    assert forces(read(top / "instances" / name)) == hidden


def test_what_holds_a_package_is_told_by_the_promise_itself(asked: Explanation) -> None:
    outcome = asked.outcome
    assert {held.rule for held in outcome.held} == {"S1", "W1"}
    for audience, rules in ((Audience.PUBLIC, set()), (Audience.PARTNERS, {"W1"}), (Audience.MISSION, {"S1", "W1"})):
        seen = _discretion(outcome, audience)
        assert {held.rule for held in outcome.held if seen.tight(held)} == rules
    unknown = Tight("arden/policing", "X9", "a kind that nobody has classified", ())
    known = [audience for audience in Audience if _discretion(outcome, audience).tight(unknown)]
    assert known == [Audience.MISSION]


def test_words_of_confidence_that_may_name_somebody_are_counted_only(asked: Explanation) -> None:
    counts = {"synthetic": 3, "said by Major Example": 2, "said by the chief": 1, "not said": 4}
    assert _discretion(asked.outcome, Audience.MISSION).evidence(counts) == counts
    told = {"synthetic": 3, ELSE: 3, "not said": 4}
    assert _discretion(asked.outcome, Audience.PUBLIC).evidence(counts) == told


def _discretion(outcome: Outcome, audience: Audience) -> Discretion:
    return Discretion(outcome.instance, outcome.problem, audience)

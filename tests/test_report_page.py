"""The page of a report: put together as HTML must be, whatever the plan and whatever the planner's words."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from micro import read_tables
from pages import Read, faults

from sequencer import explain, read, solve
from sequencer.answers.discretion import Audience
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Outcome, Status
from sequencer.phrases import LANGUAGES
from sequencer.pictures.command import briefly
from sequencer.pictures.page import page
from sequencer.questions.explaining import Explanation

LIMITS = Limits(seconds=5)
TINY = ("reserve", "bridge-condition", "bridge-share", "supply-sources", "under-way", "mandate-departure", "link-gate")
HOSTILE = "<script>alert(1)"
LONG = "very_" * 39 + "long"


def brief(instance: Instance) -> Explanation:
    """Return what is told where nothing is asked."""
    return briefly(solve(instance, haste=False), LIMITS, threading.Event())


@pytest.mark.parametrize("name", TINY)
def test_pages_are_put_together_as_they_must_be(top: Path, name: str) -> None:
    found = brief(read(top / "instances" / "tiny" / name))
    for language in LANGUAGES:
        for audience in Audience:
            assert faults(page(found, audience, language)) == []


def test_a_reader_of_pages_sees_faults() -> None:
    assert faults("<p>a<b>c</p>") == ["</p> closes ['b']", "<p> is never closed", "<b> is never closed"]
    assert faults('<i id="a"></i><i id="a" aria-labelledby="b"></i>') == ["id a stands 2 times", "nothing has the id b"]
    assert faults("<table><tr><td></td></tr><tr></tr></table>") == ["table 0 has rows of {0, 1} cells"]
    assert faults('<p onclick="x"></p>') == ["<p> has onclick"]


def test_a_page_with_all_that_can_be_asked_is_in_order(worked: Path) -> None:
    found = explain(solve(read(worked)), binding=True, limits=LIMITS)
    for language in LANGUAGES:
        made = page(found, Audience.MISSION, language)
        assert faults(made) == []
        assert "svg" in Read(made).tags
    english = Read(page(found)).headings
    for title in ("When", "What holds the dates", "What would help most", "The price of haste", "What was not tested"):
        assert title in english


def test_words_of_planners_stay_words() -> None:
    tables = {
        "plan": f'title = "{HOSTILE}</script>" | months = 20',
        "places": f"place,population,community | =1+1,10,{HOSTILE} | {LONG},20,@x",
        "functions": "function,mentored_months,confidence | policing,2,<em>guess",
        "packages": f"place,function | =1+1,policing | {LONG},policing",
        "resources": f"resource,bucket,unit,owner | {HOSTILE}x,month,<i>,host",
        "capacity": f"resource,amount | {HOSTILE}x,1",
        "needs": f"packages,stages,resource,amount | */policing,mentored,{HOSTILE}x,1",
        "calendar": "name,functions,events,from,to | <u>law,policing,transfer,2030-01,2030-04",
    }
    found = brief(read_tables(tables))
    assert found.outcome.status is Status.OPTIMAL
    for audience in Audience:
        made = page(found, audience)
        assert faults(made) == []
        assert not {"i", "u"} & Read(made).tags  # <b> is the page's own
        assert made.count("<script>") == 1
        assert HOSTILE in Read(made).text


@pytest.mark.parametrize("months", [1, 150])
def test_plans_of_one_package_and_of_any_length(months: int) -> None:
    tables = {
        "plan": f"months = {months}",
        "places": "place | aileu",
        "functions": "function,mentored_months,advisory_months | policing,0,0",
        "packages": "place,function | aileu,policing",
    }
    instance = read_tables(tables)
    found = brief(instance)
    assert found.outcome.status is Status.OPTIMAL
    made = page(found)
    assert faults(made) == []
    assert "1 function passes into local hands, in January 2030." in Read(made).text
    assert not {"communities-title", "decisions-title"} & set(Read(made).ids)  # nobody counted, nothing to decide


def test_without_a_plan_the_page_says_why_and_what_would_help(top: Path) -> None:
    found = brief(read(top / "instances" / "infeasible" / "too-few-donors"))
    assert found.outcome.status is Status.INFEASIBLE
    read_ = Read(page(found))
    assert faults(page(found)) == []
    assert "No timetable keeps every promise: this is proven." in read_.text
    assert {"Why there is no plan", "What would make a plan possible"} <= set(read_.headings)
    assert "A plan exists with" in read_.text
    assert not {"When", "The price of haste"} & set(read_.headings)


def test_unknown_is_said_as_unknown(worked: Path) -> None:
    known = solve(read(worked), haste=False)
    unknown = Outcome(
        status=Status.UNKNOWN,
        instance=known.instance,
        problem=known.problem,
        choices=None,
        levels=(),
        values=None,
        engine="auto",
        seconds=1.0,
        interrupted=True,
    )
    text = Read(page(briefly(unknown, LIMITS, threading.Event()))).text
    assert "Neither a timetable nor a proof that there is none was found" in text
    assert "The search was interrupted" in text
    assert "No timetable keeps" not in text

"""What a report says: dates, how sure, what holds them, decisions and communities; nothing that is not known."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from micro import read_tables
from pages import Read

from sequencer import explain, read, solve
from sequencer.answers.discretion import Audience
from sequencer.compile import compile_instance
from sequencer.outcome import Limits, Outcome, Reproof, Status
from sequencer.phrases import Phrasebook
from sequencer.pictures.command import briefly
from sequencer.pictures.page import page
from sequencer.pictures.sections.binding import _stairs
from sequencer.pictures.sections.decisions import decisions
from sequencer.pictures.summed.binds import binds, helps
from sequencer.pictures.summed.block import Block
from sequencer.pictures.summed.rests import rests, untested
from sequencer.pictures.summed.sure import haste, sure
from sequencer.pictures.summed.when import when
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation


@pytest.fixture(scope="module")
def answer(worked: Path) -> Outcome:
    """Return the answer of the worked example."""
    return solve(read(worked))


def told(outcome: Outcome, audience: Audience = Audience.MISSION, language: str = "en") -> Told:
    """Return what a section is told of an answer where nothing more was asked."""
    found = briefly(outcome, Limits(seconds=5), threading.Event())
    return Told(found, audience, Phrasebook.of(language))


def lines(block: Block | None) -> list[str]:
    """Return all lines of a block."""
    return [] if block is None else list(_flat(block.pieces))


def _flat(pieces: Iterable[str | tuple[str, ...]]) -> Iterable[str]:
    for piece in pieces:
        yield from [piece] if isinstance(piece, str) else piece


def test_when_is_told_by_month_and_by_year(answer: Outcome) -> None:
    # Transfers in May, August and October 2030; the last exit in January 2031, month 12 of the plan.
    assert lines(when(told(answer))) == [
        "3 functions pass into local hands, the first in May 2030, the last in October 2030.",
        "From January 2031 on, all of them work without help.",
        "Half-way there, in July 2030, 1 of 3 are in local hands.",
    ]
    table = getattr(when(told(answer)), "table", None)
    assert table is not None
    assert table.rows == (("2030", "3 of 3"),)
    assert lines(when(told(answer, language="fr")))[1] == "À partir de janvier 2031, toutes s'exercent sans aide."


def test_what_is_proven_is_said_so_and_what_is_not_is_not(answer: Outcome) -> None:
    said = lines(sure(told(answer)))
    assert said[0].endswith("this is proven.")
    assert said[1] == "The last exit: January 2031. Proven: nothing better exists."
    first, risk, last = answer.levels
    assert risk.value is not None
    levels = (
        replace(first, bound=10),
        replace(risk, bound=risk.value - 1_000_000, achieved=risk.value + 1000, tolerance=2000),
        replace(last, bound=None, proof=None),
    )
    open_ = replace(answer, status=Status.FEASIBLE, levels=levels, interrupted=True, verified=())
    assert lines(sure(told(open_))) == [
        "This timetable keeps every promise. It is not proven that it is the best: a better one may exist.",
        "The search was interrupted: with more time a better answer might have been found.",
        (
            "The last exit: January 2031. Not proven: it could come earlier by 2 months at most, as nothing before"
            " November 2030 is possible."
        ),
        (
            "The risk: 118 000 people x level x points. Not proven: it could be better by 1 000 people x level x points"
            " at most, as nothing below 117 000 people x level x points is possible, unless what stands above"
            " gets worse. In this plan it is 118 001 people x level x points: 2 people x level x points more was"
            " allowed, for the sake of what comes next."
        ),
        (
            "The sum of weighted transfer months: 31 weighted months. Not proven: by how much it could be better is not"
            " known."
        ),
        "Nothing is called proven, so nothing was proven a second time.",
    ]
    numeric = replace(answer, levels=tuple(replace(level, proof="numeric") for level in answer.levels))
    assert "as far as calculation with decimals can be trusted" in lines(sure(told(numeric)))[1]


def test_a_second_proof_is_told_where_it_was_asked(answer: Outcome) -> None:
    claims = [Reproof(term="exit", value=12, confirmed=sure_, by="x") for sure_ in (True, False)]
    said = lines(sure(told(replace(answer, verified=tuple(claims)))))
    assert said[-1] == "Of 2 things called proven, 1 were proven a second time; for the rest, time ran out."
    assert lines(sure(told(replace(answer, verified=(claims[0],)))))[-1].startswith("All that is called proven was")
    assert any("--verify" in line for line in lines(untested(told(answer))))
    assert not any("--verify" in line for line in lines(untested(told(replace(answer, verified=())))))


def test_what_is_tight_is_never_called_binding(answer: Outcome) -> None:
    said = lines(binds(told(answer)))
    assert said[0].startswith("There is no slack in the timetable shown")
    assert "That does not mean that more of it would make the plan better." in said[0]
    assert said[1:4] == [
        "the beginning of the plan, or a stage that is under way: 1 function",
        "staff, means and money, as much as there is: 1 function",
        "threat: 1 function",
    ]
    assert said[4] == "The last exit, in January 2031, is that of clinics, arden."
    assert "1 mentor team is all there is in September 2030" in said[5]
    public = lines(binds(told(answer, Audience.PUBLIC)))
    assert "threat: 1 function" not in public
    assert "1 more is told in the edition for the mission, or for partners, only." in public


def test_what_would_help_is_never_guessed(answer: Outcome) -> None:
    said = lines(helps(told(answer)))
    assert len(said) == 1
    assert "was not computed. sequencer report --binding computes it" in said[0]


def test_what_binds_is_told_with_its_steps_where_it_was_asked(answer: Outcome) -> None:
    found = explain(answer, binding=True, limits=Limits(seconds=10))
    known = Told(found, Audience.PUBLIC, Phrasebook.of("en"))
    assert lines(helps(known))[0] == (
        "With the capacity of mentor team.pool, 2030-01.. higher by 1 unit, the last exit would come 2 months earlier,"
        " proven."
    )
    assert not any("growth of the score" in line for line in lines(helps(known)))  # readiness is not for the public
    mission = Told(found, Audience.MISSION, Phrasebook.of("en"))
    assert any("growth of the score" in line for line in lines(helps(mission)))
    text = Read(page(found)).text
    assert "2 months (proven)" in text
    assert "What would improve the last exit" in text


def test_stairs_end_where_nothing_more_is_known() -> None:
    assert "".join(_stairs([0, 6, 12])) == "M0 26.0L0.0 26.0L18.0 26.0L18.0 14.0L36.0 14.0L36.0 2.0L54.0 2.0"
    assert "".join(_stairs([3, None, None])) == "M0 26.0L0.0 2.0L18.0 2.0"


def test_haste_has_its_price(answer: Outcome) -> None:
    # The plan ends with 14 months: an exit 3 or 6 months later is one in month 14 both times.
    assert lines(haste(told(answer))) == [
        (
            "With its exit in January 2031 this plan has the risk at 118 000 people x level x points and the cost at"
            " 595 money."
        ),
        (
            "If the exit came 2 months later, by March 2031: the risk would be 64.4 % less, 42 000 people x level x"
            " points; the cost would be 27.6 % more, 759 money."
        ),
    ]
    assert lines(haste(told(replace(answer, haste=())))) == ["What a later exit would bring was not computed."]
    now, later, _ = answer.haste
    none = replace(answer, haste=(now, replace(later, achieved=None, risk=None, cost=None)))
    assert lines(haste(told(none)))[1].endswith("no plan was found in the time left.")


def test_inputs_are_counted_by_how_sure_they_are(answer: Outcome, timor: Path) -> None:
    instance = read(timor)
    problem = compile_instance(instance)
    outcome = replace(answer, instance=instance, problem=problem, status=Status.UNKNOWN, choices=None)
    found = Explanation(outcome=outcome, limits=Limits())
    known, mission = (Told(found, each, Phrasebook.of("en")) for each in (Audience.PUBLIC, Audience.MISSION))
    assert lines(rests(known))[:3] == [
        "218 of 238 inputs are synthetic",
        "15 of 238 inputs are partly verified",
        "4 of 238 inputs are verified",
    ]
    assert "1 of 238 inputs is called something else" in lines(rests(known))  # its word might name somebody
    assert "1 of 238 inputs is general knowledge, unverified" in lines(rests(mission))
    assert any("(robustness) was not tested" in line for line in lines(untested(told(answer))))


def test_changes_for_a_run_and_past_slips_are_told() -> None:
    tables = {
        "plan": 'months = 20 | as_of = "2030-06"',
        "places": "place | aileu | lautem",
        "functions": "function,mentored_months | policing,1",
        "packages": "place,function,fixed,latest | aileu,policing,2030-04, | lautem,policing,,2031-05",
        "published": "place,function,transfer | aileu,policing,2030-02 | lautem,policing,2030-08",
    }
    outcome = solve(read_tables(tables).but({"packages.lautem/policing.latest": "2031-04"}))
    assert outcome.status is Status.OPTIMAL
    said = lines(untested(told(outcome, Audience.PUBLIC)))
    assert "1 function handed over before came 2 months after the published month (below zero: before it)." in said
    assert said[-2:] == [
        "1 number was changed for this answer, not in the files:",
        "packages.lautem/policing.latest: 2031-05 -> 2031-04",
    ]
    assert lines(when(told(outcome)))[:2] == [
        "1 function passes into local hands, in June 2030.",
        "1 function is in local hands already.",
    ]


def test_decisions_are_told_with_the_latest_date_that_does() -> None:
    tables = {
        "plan": "months = 40 | announced_pledges = true",
        "places": "place,population,community | aileu,100,hill | lautem,,coast",
        "functions": "function,mentored_months | policing,2",
        "packages": "place,function,recurrent_cost,earliest | aileu,policing,10,2030-09 | lautem,policing,10,2031-03",
        "options": "packages,option,support_months,support_cost | aileu/policing,help,3,0",
        "budget": "fiscal_year,amount | 2030,30 | 2031,250 | 2032,240 | 2033,200",
        "pledges": "donor,pledge,from,to,amount,status | japan,fund,2030-01,2030-12,40,announced",
        "donors": "donor | japan",
        "calendar": "name,functions,events,from,to | police_law,policing,transfer,2030-01,2030-04",
    }
    outcome = solve(read_tables(tables))
    assert outcome.status is Status.OPTIMAL
    found = decisions(told(outcome, Audience.PUBLIC))
    assert found is not None
    rows = {row[1]: row for row in found["table"].rows}
    months = [row[0] for row in found["table"].rows]
    assert months == [
        *["January 2030"] * 2,
        "June 2030",
        "September 2030",
        *(f"January {y}" for y in (2031, 2032, 2033)),
    ]
    law = rows["Police law must be over, so that it keeps no date closed; planned for May 2030"]
    assert law == ("September 2030", law[1], "policing, aileu")  # it passes in September, the first month free of it
    assert rows["Support begins (help)"] == ("June 2030", "Support begins (help)", "policing, aileu")
    assert any(what.startswith("The budget of the host country for the fiscal year 2031") for what in rows)
    announced = "What japan/fund only announced for the fiscal year 2030 must be confirmed"
    assert any(what.startswith(announced) for what in rows)
    text = Read(page(told(outcome).explanation, Audience.PUBLIC)).text
    assert "coast: 1 function lies in a place without a population and is not counted in people-months." in text
    assert "hill" in text


def test_nothing_is_said_of_what_was_not_looked_for(answer: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sequencer.pictures.sections.conditions.LARGE", 2)
    bare = Explanation(outcome=answer, limits=Limits())
    text = Read(page(bare)).text
    assert "finding what must be true takes a while; sequencer report does." in text
    assert "Laws, budgets and pledges are left out" not in text  # its own limit is not reached

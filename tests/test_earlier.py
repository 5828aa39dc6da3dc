"""Why not earlier, in sentences: what they say is so, and they say it in every language whatever things are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alone import drawn
from crowded import Crowd
from micro import read_tables
from test_phrases import HOSTILE, UNSAID

from sequencer import Limits, explain, read, solve
from sequencer.phrases import LANGUAGES, Phrasebook
from sequencer.problem import Cell, Problem, Supply
from sequencer.reasons.local.around import Around
from sequencer.reasons.local.earlier import Answer, answer
from sequencer.reasons.local.locally import Enough, Local, enough, locally
from sequencer.reasons.local.obstacles import Closed

ENGLISH, FRENCH = Phrasebook.of("en"), Phrasebook.of("fr")
OTHERS = {"en": "with all others where they are", "fr": "tout le reste demeurant en place, "}


@pytest.fixture(scope="module")
def answers(worked: Path) -> dict[str, tuple[Answer, Answer]]:
    """Return what is said of each package of the worked example in English and in French."""
    outcome = solve(read(worked), limits=Limits(workers=1), haste=False)
    assert outcome.choices is not None
    problem, caps = outcome.problem, [(level.term, level.achieved or 0) for level in outcome.levels]
    found = locally(problem, problem.cells(outcome.choices), caps)
    return {local.package: (answer(local, problem, ENGLISH), answer(local, problem, FRENCH)) for local in found}


def test_the_worked_example_in_english(answers: dict[str, tuple[Answer, Answer]]) -> None:
    clinics = answers["arden/clinics"][0]
    assert clinics.first == (
        "With all others where they are, clinics, arden cannot pass before October 2030: 1 mentor team is all there is"
        " in September 2030, taken by policing, belmont (1), and it would need 1."
    )
    assert clinics.behind == (
        "Behind that, before August 2030: its transfer must come at least 3 months after the transfer of policing,"
        " arden (May 2030)."
    )
    assert clinics.suffices == (
        "With 1 mentor team more in September 2030, no promise would stand against September 2030, all others staying;"
        " this is said of one move alone, not of the plan as a whole."
    )
    belmont = answers["belmont/policing"][0]
    assert belmont.first == (
        "Policing, belmont cannot pass before August 2030: the threat in belmont is at level 4 in May 2030, and no more"
        " than 3 is allowed from 2 months before its transfer on."
    )
    assert belmont.behind.startswith("With all others where they are, behind that, before July 2030: 1 mentor team")


def test_the_worked_example_in_french(answers: dict[str, tuple[Answer, Answer]]) -> None:
    clinics = answers["arden/clinics"][1]
    assert clinics.first == (
        "Tout le reste demeurant en place, pour clinics, arden, le transfert ne peut avoir lieu avant octobre 2030 : en"
        " septembre 2030, il n'y a que 1 mentor team, qui sert déjà à policing, belmont (1), et il en faudrait 1."
    )
    assert clinics.behind == (
        "Derrière cela, avant août 2030 : son transfert doit venir au moins 3 mois après le transfert prévu en mai 2030"
        " pour policing, arden."
    )


def told(crowds: range, called: str = "") -> Iterator[tuple[Problem, Local, Phrasebook, Answer]]:
    """Yield what is said of every package of crowded plans in every language."""
    for seed in crowds:
        crowd = Crowd(seed, called)
        now = crowd.problem.values(crowd.plan)
        caps = [("cost", now["cost"]), ("exit", now["exit"]), ("early_transfer", now["early_transfer"])]
        for local in locally(crowd.problem, crowd.plan, caps):
            for language in LANGUAGES:
                book = Phrasebook.of(language)
                yield crowd.problem, local, book, answer(local, crowd.problem, book)


def test_everything_can_be_said_and_others_are_mentioned_once() -> None:
    for _, local, book, said in told(range(200, 230)):
        text = str(said)
        assert not UNSAID.search(text), text
        assert "{" not in text
        assert "  " not in text
        rests = any(not isinstance(obstacle, Closed) for obstacle in local.first)
        assert (rests and local.behind is not None) <= text.lower().count(OTHERS[book.language]) <= 1, text


def test_sentences_need_no_stretches_of_other_options() -> None:
    for seed in range(230, 240):
        crowd = Crowd(seed)
        whole, short = (locally(crowd.problem, crowd.plan, every_option=every) for every in (True, False))
        assert [answer(local, crowd.problem, ENGLISH) for local in whole] == [
            answer(local, crowd.problem, ENGLISH) for local in short
        ]


@pytest.mark.parametrize("called", HOSTILE)
def test_names_come_as_they_are(called: str) -> None:
    shown = called.replace("_", " ")
    for _, local, book, said in told(range(300, 303), called):
        assert book.package(local.package).lower() in str(said).lower()
        assert str(said).lower().count(shown.lower()) >= 2


#: A plan that has begun: nothing but the past stands against b, and against c only b.
BEGUN = {
    "plan": 'months = 24 | as_of = "2030-07"',
    "places": "place | b | c",
    "functions": "function,joint_months,mentored_months,advisory_months | f,1,2,1",
    "packages": "place,function,current_stage,since | b,f,joint,2030-06 | c,f,,",
    "resources": "resource,bucket,unit,owner | team,month,teams,mission",
    "capacity": "resource,source,from,to,amount | team,pool,,,1",
    "needs": "packages,stages,event,resource,amount | */*,mentored,,team,1",
}


def test_months_that_are_over_are_not_told_of() -> None:
    outcome = solve(read_tables(BEGUN), limits=Limits(workers=1), haste=False, engine="cpsat")
    assert outcome.choices is not None
    assert {name: choice.transfer for name, choice in outcome.choices.items()} == {"b/f": 6, "c/f": 8}
    at_once, waits = locally(outcome.problem, outcome.problem.cells(outcome.choices))
    assert str(answer(at_once, outcome.problem, ENGLISH)) == (
        "F, b passes in July 2030, the first month still to be planned: all before it has happened."
    )
    assert waits.behind is not None
    assert (waits.behind.reach, waits.ways[0].stretches[-1].first) == (7, 6)
    assert "2030" in str(answer(waits, outcome.problem, FRENCH))


def test_what_has_happened_or_begins_the_plan_is_not_asked_to_come_earlier() -> None:
    limits = Limits(workers=1)
    outcome = solve(read_tables(BEGUN), limits=limits, haste=False, engine="cpsat")
    assert len(explain(outcome, packages=["c/f"], limits=limits).earlier) == 1
    assert explain(outcome, packages=["b/f"], limits=limits).earlier == ()


def opened(problem: Problem, found: Enough) -> Problem:
    """Return a problem in which there is so much more."""
    if isinstance(found.promise, Supply):
        buckets = zip(found.promise.buckets, found.promise.capacity, strict=True)
        more = tuple(has + found.amount * (months.start in found.months) for months, has in buckets)
        changed: Supply = replace(found.promise, capacity=more)
        return replace(problem, rules=tuple(changed if rule is found.promise else rule for rule in problem.rules))
    people = tuple(has + found.amount * (month in found.months) for month, has in enumerate(found.promise.people))
    larger = replace(found.promise, people=people)
    return replace(problem, rules=tuple(larger if rule is found.promise else rule for rule in problem.rules))


def test_what_is_said_to_be_enough_is_and_one_less_is_not() -> None:
    kinds = set()
    for _, problem, plan in drawn(range(100), range(400, 430)):
        for local in locally(problem, plan, money=False):
            found = enough(local)
            if found is None:
                continue
            kinds.add(type(found.promise))
            cell = Cell(plan[local.package].option, local.transfer - 1)
            assert Around(opened(problem, found), plan).against(local.package, cell) == ()
            less = replace(found, amount=found.amount - 1)
            assert len(Around(opened(problem, less), plan).against(local.package, cell)) == 1
    assert len(kinds) == 2

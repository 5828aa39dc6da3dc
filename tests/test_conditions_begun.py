"""Conditions of plans that have begun: what has happened needs nothing more, and what is over is asked for no more."""

from __future__ import annotations

from micro import read_tables

from sequencer import Instance, Limits, solve
from sequencer.answers.conditions.sentences import sentence
from sequencer.compile import compile_instance
from sequencer.engine.tables import open_masks
from sequencer.phrases import Phrasebook
from sequencer.problem import Supply
from sequencer.reasons.conditions import Condition, Kind, conditions
from sequencer.reasons.looks import tightness
from sequencer.reasons.parts import parts_of

#: The package a has been handed over, of which vans of the year still tell; b goes on, and c is to come.
BEGUN = {
    "plan": 'months = 36 | as_of = "2030-07"',
    "places": "place,population,region | a,10,r | b,10,r | c,10,r",
    "functions": "function,joint_months,mentored_months,advisory_months | f,1,2,3",
    "packages": "place,function,fixed,current_stage,since | a,f,2030-04,, | b,f,,joint,2030-06 | c,f,,,",
    "resources": "resource,bucket,unit,owner | team,month,teams,mission | van,fiscal_year,vans,mission",
    "capacity": "resource,source,from,to,amount | team,pool,,,1 | van,pool,,,3",
    "needs": "packages,stages,event,resource,amount | */*,mentored,,team,1 | */*,,transfer,van,1 | */*,,relapse,,10",
    "guarantees": "force,role,covers,people | qrf,reserve,*,24",
    "reserve": "scope,k | country,2",
    "budget": "source,fiscal_year,amount | host,,50",
}


def found(instance: Instance) -> tuple[Condition, ...]:
    """Return the conditions of the best plan."""
    outcome = solve(instance, limits=Limits(workers=1), haste=False, engine="cpsat")
    assert outcome.choices is not None
    return conditions(instance, outcome.problem, outcome.problem.cells(outcome.choices), outcome.uses)


def test_packages_handed_over_are_not_named() -> None:
    named = {condition.kind: condition.packages for condition in found(read_tables(BEGUN))}
    assert {Kind.SUPPLY, Kind.RESERVE} <= named.keys()
    assert all(names and "a/f" not in names for names in named.values()), named


def test_what_only_packages_handed_over_need_is_said_of_them() -> None:
    alone = {
        "packages": "place,function,fixed,option | a,f,2030-06,none | b,f,2032-01,",
        "capacity": "resource,source,from,to,amount | team,pool,,2031-01,1 | team,pool,2031-02,,2 | van,pool,,,3",
        "guarantees": "",
        "reserve": "",
    }
    instance = read_tables(BEGUN | alone)
    (condition,) = (each for each in found(instance) if each.about == "team" and each.first < 12)
    assert condition.packages == ()
    for language, words in (("en", "What was handed over already"), ("fr", "Ce qui a déjà été transféré")):
        assert sentence(condition, instance.calendar, Phrasebook.of(language)).startswith(words)


#: The team was overdrawn in 2030-04 and 2030-05, which is no matter any more.
OVERDRAWN = BEGUN | {
    "capacity": "resource,source,from,to,amount | team,pool,,2030-06,0 | team,pool,2030-07,,2 | van,pool,,,3",
    "calendar": "name,from,to,resource,capacity_factor | rain,2030-03,2030-12,team,0.5",
}


def test_a_factor_is_asked_for_months_to_come() -> None:
    (condition,) = (each for each in found(read_tables(OVERDRAWN)) if each.kind is Kind.FACTOR)
    assert (condition.first, condition.needed, condition.expected, condition.packages) == (6, 500, 500, ("b/f",))


def test_what_has_ended_is_no_part_of_a_rule_and_makes_nothing_scarce() -> None:
    problem = compile_instance(read_tables(OVERDRAWN | {"calendar": ""}))
    position, team = next((i, r) for i, r in enumerate(problem.rules) if isinstance(r, Supply) and r.resource == "team")
    assert {part.month for part in parts_of(problem) if part.position == position} == set(range(6, 36))
    assert tightness(problem, position, open_masks(problem, [])) == 4 / sum(team.capacity[6:]) == 4 / 60

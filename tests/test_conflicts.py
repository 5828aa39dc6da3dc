"""Conflicts, against trying all timetables: what is named cannot be kept, and nothing of it is needless."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pytest
from changing import enlarged
from conflicting import (
    FEW,
    INFEASIBLE,
    LIMITS,
    NEVER,
    beyond,
    holds_alone,
    is_conflict,
    ways,
)
from lifted import Truth, broken, spots
from micro.case import BASE, read_tables
from rewriting import rename, shift
from strategies import draw_instance

from sequencer import Instance, read
from sequencer.compile import compile_instance
from sequencer.cpsat import guarded
from sequencer.engine.run import Caps
from sequencer.problem import Gate, Link, Problem, Width, Window
from sequencer.reasons import conflicts as narrowed
from sequencer.reasons.apart import apart
from sequencer.reasons.conflicts import MOST, Scope, conflicts
from sequencer.reasons.parts import parts_of

EVERYDAY, MANY = range(40), range(1000, 2500)


def agree(problem: Problem, scopes: Sequence[Scope], always: Caps = ()) -> str:
    """Compare conflicts with what enumeration finds; return what came of it."""
    if ways(problem) > FEW:
        return "left out"
    truth, every = Truth.of(problem, always), spots(parts_of(problem))
    found = conflicts(problem, scopes, LIMITS, NEVER, always=always)
    assert bool(found) == (not truth.holds(every))
    if not found:
        return "none"
    named = [part for conflict in found for part in conflict.parts]
    assert len({*named}) == len(named)
    assert len(found) == MOST or any(c.settled for c in found) or truth.holds(every - spots(named))
    for conflict in found:
        assert conflict.sure
        assert conflict.confirmed
        assert is_conflict(problem, scopes, conflict, always)
        assert not truth.holds(spots(conflict.parts) if not conflict.settled else frozenset())
        assert conflict.settled or {*conflict.parts} <= {part for group in conflict.groups for part in group}
    first, dates = (
        found[0],
        {i for i, rule in enumerate(problem.rules) if isinstance(rule, Window | Link | Width | Gate)},
    )
    shared = {part.position for part in first.parts} - dates
    if not truth.holds(frozenset(spot for spot in every if spot[0] in dates)):
        assert not shared  # dates that contradict each other need no resource to be said
    elif len(shared) > 1:
        closed = [name for name, block in scopes[0].blocks.items() if not holds_alone(problem, block, always)]
        assert first.scope in closed or not closed
        assert all(truth.holds(frozenset(s for s in every if s[0] in {*dates, i})) for i in shared) or closed
    return "settled" if found[0].settled else "one" if len(found) == 1 else "several"


def agree_on_draws(seeds: Iterable[int]) -> Counter[str]:
    answers: Counter[str] = Counter()
    for seed in seeds:
        instance = draw_instance(seed)
        problem = compile_instance(instance)
        try:
            answers[agree(problem, Scope.all_of(instance))] += 1
        except AssertionError as error:
            raise AssertionError(f"draw_instance({seed}): {error}") from error
    return answers


def tell(answers: Counter[str], request: pytest.FixtureRequest) -> None:
    """Tell at the end of the run how many draws were of use."""
    total = sum(answers.values())
    said = ", ".join(f"{count} {answer}" for answer, count in sorted(answers.items()))
    request.node.user_properties.append(("draws", f"{total} drawn; conflicts: {said}"))
    assert answers["left out"] < total / 3, said
    assert answers["one"] + answers["several"] > total / 10, said


def test_conflicts_are_minimal_share_nothing_and_leave_none(request: pytest.FixtureRequest) -> None:
    tell(agree_on_draws(EVERYDAY), request)


@pytest.mark.parametrize("is_wrong", [False, True])
def test_what_the_solver_needed_is_no_more_than_a_hint(
    is_wrong: bool, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """As where there are many parts: it is told which rules the solver needed, rightly or wrongly."""
    random = Random(5)  # noqa: S311 - tests

    def wrong(*told: Any, **_: object) -> tuple[int, ...]:  # noqa: ANN401 - problem, masks, rules, …
        return tuple(i for i in range(len(told[2])) if random.random() < 0.5)

    monkeypatch.setattr(narrowed, "MANY", 0)
    if is_wrong:
        monkeypatch.setattr(guarded, "core", wrong)
    tell(agree_on_draws(range(40, 56)), request)


@pytest.mark.slow
def test_conflicts_are_minimal_share_nothing_and_leave_none_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(agree_on_draws(MANY), request)


def reasons_on_draws(seeds: Iterable[int]) -> Counter[str]:
    """Ask for the reasons of optima of random instances."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        random, instance = Random(seed), draw_instance(seed)  # noqa: S311 - tests
        problem = compile_instance(instance)
        if ways(problem) > FEW or not Truth.of(problem).holds(spots(parts_of(problem))):
            answers["left out"] += 1
            continue
        name = random.choice([name for name, term in problem.terms.items() if term.tables])
        try:
            answers[agree(problem, Scope.all_of(instance), beyond(problem, name))] += 1
        except AssertionError as error:
            raise AssertionError(f"draw_instance({seed}), {name}: {error}") from error
    assert not answers["none"]
    return answers


def test_reasons_for_optima_are_conflicts(request: pytest.FixtureRequest) -> None:
    answers = reasons_on_draws(EVERYDAY)
    request.node.user_properties.append(("draws", str(dict(answers))))
    assert answers["one"] + answers["several"] > len(EVERYDAY) / 10


@pytest.mark.slow
def test_reasons_for_optima_are_conflicts_in_many_draws(request: pytest.FixtureRequest) -> None:
    answers = reasons_on_draws(MANY)
    request.node.user_properties.append(("draws", str(dict(answers))))
    assert answers["one"] + answers["several"] > len(MANY) / 10


@pytest.mark.parametrize("folder", INFEASIBLE, ids=lambda path: path.name)
def test_every_instance_without_a_plan_has_a_conflict(folder: Path) -> None:
    instance = read(folder)
    problem, scopes = compile_instance(instance), Scope.all_of(instance)
    found = conflicts(problem, scopes, LIMITS, NEVER)
    assert found
    assert all(conflict.sure and conflict.confirmed and conflict.parts for conflict in found)
    if ways(problem) <= FEW:
        assert all(is_conflict(problem, scopes, conflict, ()) for conflict in found)
    for conflict in found:
        for cells in conflict.witnesses:
            side = apart(problem, [cells])
            against = {(side.positions[position], at) for position, at in broken(side.problem, cells)}
            assert len(against & spots(conflict.parts)) <= 1


#: A conflict in words that do not depend on where its rules stand.
Said: TypeAlias = tuple[str, list[tuple[str, tuple[str | int, ...], frozenset[str]]], bool]


def said(instance: Instance, names: Mapping[str, str] | None = None) -> list[Said]:
    """Return the conflicts of an instance, with new names."""

    def new(name: str) -> str:
        return "/".join((names or {}).get(part, part) for part in name.split("/"))

    found = conflicts(compile_instance(instance), Scope.all_of(instance), LIMITS, NEVER)
    return [
        (new(c.scope), [(part.id, part.at, frozenset(map(new, part.packages))) for part in c.parts], c.sure)
        for c in found
    ]


@pytest.mark.parametrize("folder", INFEASIBLE, ids=lambda path: path.name)
def test_conflicts_do_not_depend_on_names_dates_and_others(folder: Path, tmp_path: Path) -> None:
    """With rows in their order, all has another name or comes later, or a place is added that shares nothing."""
    before, instance = said(read(folder)), read(folder)
    assert said(enlarged(instance)) == before
    later = Path(shutil.copytree(folder, tmp_path / "later"))
    shift(later, 7)
    assert said(read(later)) == before
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    assert said(instance, rename(other)) == said(read(other))


def test_scopes_are_places_then_regions_then_all() -> None:
    """A level is left out where it would say what the one before said."""
    places = "place,region | arden,north | belmont,north | caswell,"
    three = "place,function | arden,policing | belmont,policing | caswell,policing"
    scopes = Scope.all_of(read_tables({**BASE, "places": places, "packages": three}))
    assert [[*scope.blocks] for scope in scopes] == [["arden", "belmont", "caswell"], ["north", ""], [""]]
    scopes = Scope.all_of(read_tables({**BASE, "places": places, "packages": "place,function | arden,policing"}))
    assert [dict(scope.blocks) for scope in scopes] == [{"arden": ("arden/policing",)}]


@pytest.mark.parametrize("packages", ["place,function", "place,function,earliest"])
def test_what_holds_by_definition_is_named_where_nothing_else_could_help(packages: str) -> None:
    """A plan too short for its paths: no promise is said to be needed for that."""
    rows = (
        "arden,policing | arden,clinics" if packages.endswith("function") else "arden,policing,2030-02 | arden,clinics,"
    )
    instance = read_tables({**BASE, "plan": "months = 3", "packages": f"{packages} | {rows}"})
    (conflict,) = conflicts(compile_instance(instance), Scope.all_of(instance), LIMITS, NEVER)
    assert conflict.settled
    assert conflict.sure
    assert conflict.confirmed
    assert conflict.scope == "arden"
    assert [(part.id, part.packages) for part in conflict.parts] == [("P1", ("arden/policing",))] * 2
    assert len(conflict.witnesses) == 2


def test_a_term_below_what_any_month_gives_needs_no_promise() -> None:
    instance = read_tables({**BASE, "packages": "place,function | belmont,clinics | arden,policing"})
    problem, scopes = compile_instance(instance), Scope.all_of(instance)
    for term, most, scope in (("exit", 2, "arden"), ("early_transfer", -1, "")):
        (conflict,) = conflicts(problem, scopes, LIMITS, NEVER, always=[(problem.terms[term], most)])
        assert (conflict.scope, conflict.parts, conflict.settled, conflict.sure) == (scope, (), True, True)
    hollow = replace(problem.terms["exit"], tables={})
    assert [c.parts for c in conflicts(problem, scopes, LIMITS, NEVER, always=[(hollow, -1)])] == [()]
    assert conflicts(problem, scopes, LIMITS, NEVER, always=[(hollow, 0)]) == ()


HEAD = "place,function,earliest,latest,handover_cost,revenue,revenue_to"

PLEDGES = "donor,pledge,amount,earmark,condition,condition_event"


def asked_of_money(packages: str, pledges: str) -> list[tuple[str | int, ...]]:
    """Return what is named of the only conflict of an instance with money, which is right."""
    tables = {"packages": f"{HEAD} | {packages}", "donors": "donor | bank", "pledges": f"{PLEDGES} | {pledges}"}
    instance = read_tables({**BASE, **tables})
    problem, scopes = compile_instance(instance), Scope.all_of(instance)
    (conflict,) = conflicts(problem, scopes, LIMITS, NEVER)
    assert conflict.sure
    assert conflict.confirmed
    assert is_conflict(problem, scopes, conflict, ())
    return [(part.id, *part.packages, *part.at) for part in conflict.parts]


def test_what_no_line_may_pay_for_is_named_alone() -> None:
    assert asked_of_money("arden,policing,,,1,, | arden,clinics,,,1,,", "bank,,9,clinics,,") == [
        ("S2", "arden/policing", "unserved")
    ]


def test_packages_that_cost_nothing_may_earn_or_be_waited_for() -> None:
    late = "arden,clinics,2030-06,,0"
    assert asked_of_money(f"arden,policing,,,4,, | {late},1,bank", "bank,,0,,,") == [
        ("W5", "arden/clinics"),
        ("S1", "amount", 0, 0),
    ]
    assert asked_of_money(f"arden,policing,,,4,, | {late},,", "bank,,9,,arden/clinics,exit") == [
        ("S6", "arden/clinics", "condition", 0, 0)
    ]

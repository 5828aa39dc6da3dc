"""Conflicts, against trying all timetables: what is named cannot be kept, and nothing of it is needless."""

from __future__ import annotations

import itertools
import math
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import numpy as np
import pytest
from changing import enlarged
from lifted import DEFINED, Spot, Truth, broken, spots
from micro import CASES, Micro
from micro.case import BASE, read_tables
from numpy.typing import NDArray
from rewriting import rename, shift
from strategies import draw_instance

from sequencer import Instance, Limits, Status, read
from sequencer.compile import compile_instance
from sequencer.cpsat import guarded, search
from sequencer.engine.run import Caps, Run
from sequencer.errors import Disagreement
from sequencer.explain import conflicts as narrowed
from sequencer.explain.apart import apart
from sequencer.explain.conflicts import MOST, Conflict, Scope, coarse, conflicts
from sequencer.explain.parts import Part, Side, parts_of
from sequencer.explain.shrink import Minimal, minimal
from sequencer.explain.system import System
from sequencer.outcome import SEED
from sequencer.problem import Cell, Gate, Link, Problem, Width, Window

NEVER = threading.Event()
LIMITS = Limits(seconds=60, workers=1)
INFEASIBLE = sorted(
    path.parent for path in (Path(__file__).parent.parent / "instances" / "infeasible").glob("*/plan.toml")
)
FEW = 3000  # timetables that are tried
EVERYDAY, MANY = range(40), range(1000, 2500)


def system_of(problem: Problem, always: Caps = (), limits: Limits = LIMITS) -> System:
    return System(problem, limits, NEVER, always=always)


def by_id(part: Part) -> Hashable:
    return part.id


# --- What enumeration knows -------------------------------------------------------------------------------------------


def beyond(problem: Problem, name: str) -> Caps:
    """Return the cap on a term that no plan keeps, but the best plans nearly do: for the reason for the optimum."""
    term = problem.terms[name]
    plans = Truth.of(problem).keeping(spots(parts_of(problem)))
    return [(term, min(problem.value(term, cells) for cells in plans) - 1)]


def is_minimal(truth: Truth, parts: Collection[Part]) -> bool:
    """Return whether parts contradict each other, and none of them is needless."""
    said = spots(parts)
    return not truth.holds(said) and all(truth.holds(said - {spot}) for spot in said)


def every_mus(truth: Truth, groups: Sequence[frozenset[Spot]]) -> set[frozenset[int]]:
    """Return all minimal sets of groups that cannot hold together, by trying all subsets, small ones first."""
    found: set[frozenset[int]] = set()
    for chosen in subsets(len(groups)):
        if not any(mus <= chosen for mus in found) and not truth.holds(union(groups, chosen)):
            found.add(chosen)
    return found


def every_mcs(truth: Truth, groups: Sequence[frozenset[Spot]]) -> set[frozenset[int]]:
    """Return all minimal sets of groups without which the others can hold together."""
    every, found = frozenset(range(len(groups))), set[frozenset[int]]()
    for chosen in subsets(len(groups)):
        if not any(mcs <= chosen for mcs in found) and truth.holds(union(groups, every - chosen)):
            found.add(chosen)
    return found


def hitting(sets: Iterable[frozenset[int]], size: int) -> set[frozenset[int]]:
    """Return the minimal sets that share a member with each of some sets."""
    given, found = list(sets), set[frozenset[int]]()
    for chosen in subsets(size):
        if not any(hit <= chosen for hit in found) and all(chosen & one for one in given):
            found.add(chosen)
    return found


def subsets(size: int) -> Iterator[frozenset[int]]:
    for count in range(size + 1):
        yield from map(frozenset, itertools.combinations(range(size), count))


def union(groups: Sequence[frozenset[Spot]], chosen: Iterable[int]) -> frozenset[Spot]:
    return frozenset().union(*(groups[i] for i in chosen))


# --- Minimal sets -----------------------------------------------------------------------------------------------------


def is_right(problem: Problem, always: Caps, found: Minimal) -> None:
    """Check a minimal set against all timetables, and its witnesses one by one."""
    truth = Truth.of(problem, always)
    assert found.sure
    assert found.confirmed
    if all(part.side is Side.DEFINITION for part in found.parts):  # then nothing else could have been named
        assert not truth.holds(frozenset())
        truth = Truth.of(problem, always, defined=False)
    assert is_minimal(truth, found.parts)
    assert {*found.parts} <= frozenset().union(*found.groups)
    assert all({*found.parts} & group for group in found.groups)
    assert len(found.witnesses) == len(found.parts)
    for part, witness in zip(found.parts, found.witnesses, strict=True):
        assert keeps_others(truth, witness.cells, found.parts, part)


def keeps_others(truth: Truth, cells: Mapping[str, Cell], parts: Collection[Part], part: Part) -> bool:
    """Return whether a timetable keeps some parts but one, and caps that are always there."""
    others = spots(parts) - spots([part])
    alone = truth.only(cells)
    return alone.holds(others) and not alone.holds(others | spots([part]))


TERMS = ("exit", "early_transfer", "cost")


@pytest.mark.parametrize("case", CASES[::5], ids=str)
def test_the_reason_for_an_optimum_is_one_of_the_minimal_sets(case: Micro) -> None:
    """Of groups of parts, all minimal sets and all minimal corrections are found by trying, each hitting the others."""
    reason_for(case, TERMS[CASES.index(case) % 3])


@pytest.mark.slow
@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_reason_for_every_optimum_is_one_of_the_minimal_sets(case: Micro, term: str) -> None:
    reason_for(case, term)


def reason_for(case: Micro, term: str) -> None:
    problem = compile_instance(case.instance)
    always = beyond(problem, term)
    truth = Truth.of(problem, always)
    groups: dict[Hashable, frozenset[Spot]] = {}
    for part in parts_of(problem):
        if part.side is not Side.DEFINITION:
            groups[by_id(part)] = groups.get(by_id(part), frozenset()) | spots([part])
    sets, corrections = (every(truth, list(groups.values())) for every in (every_mus, every_mcs))
    assert sets == hitting(corrections, len(groups))
    assert corrections == (hitting(sets, len(groups)) if frozenset() not in sets else set())
    found = minimal(system_of(problem, always), [by_id])
    assert found is not None
    is_right(problem, always, found)
    names = {by_id(part) for group in found.groups for part in group if part.side is not Side.DEFINITION}
    assert frozenset(list(groups).index(name) for name in names) in sets


@pytest.mark.parametrize("case", CASES[::9], ids=str)
def test_caps_are_parts_like_others(case: Micro) -> None:
    """They are named beside the promises that they contradict; of two that no plan keeps at least one."""
    problem = compile_instance(case.instance)
    caps = [*beyond(problem, "exit"), *beyond(problem, "early_transfer")]
    system, begin = System(problem, LIMITS, NEVER, caps=caps), len(problem.rules)
    truth = Truth.of(problem)
    for i, (cells, against) in enumerate(truth.tried):
        over = {(begin + j, ()) for j, (term, most) in enumerate(caps) if problem.value(term, cells) > most}
        truth.tried[i] = cells, against | over
    found = minimal(system, [coarse(problem)])
    assert found is not None
    assert found.sure
    assert found.confirmed
    assert is_minimal(truth, found.parts)
    assert any(system.held(part) for part in found.parts)
    for part, witness in zip(found.parts, found.witnesses, strict=True):
        assert keeps_others(truth, witness.cells, found.parts, part)


def test_parts_that_hold_together_are_no_conflict() -> None:
    for case in CASES[::10]:
        problem = compile_instance(case.instance)
        assert minimal(system_of(problem), [by_id]) is None
        assert conflicts(problem, Scope.all_of(case.instance), LIMITS, NEVER) == ()
        assert (
            conflicts(problem, Scope.all_of(case.instance), LIMITS, NEVER, always=[(problem.terms["exit"], 99)]) == ()
        )


# --- Conflicts of places, regions and the country ---------------------------------------------------------------------


def alone(problem: Problem, names: Collection[str], always: Caps) -> tuple[Truth, Mapping[Spot, Spot], bool]:
    """Return what some packages can keep alone, where their parts stand, and whether they are all there are.

    Sums are asked of all together only.
    """
    side, is_all = apart(problem, [names]), len(names) == len(problem.paths)
    place = {(part.position, part.at): (side.positions[part.position], part.at) for part in parts_of(side.problem)}
    own = [(term, most) for term, most in always if is_all or term.maximum]
    caps = [(replace(term, tables={n: term.tables[n] for n in names if n in term.tables}), most) for term, most in own]
    return Truth.of(side.problem, caps), {whole: here for here, whole in place.items()}, is_all


def is_conflict(problem: Problem, scopes: Sequence[Scope], conflict: Conflict, always: Caps) -> bool:
    """Return whether what is named cannot be kept within the scope that is named, and nothing of it is needless."""
    for scope in scopes:
        if conflict.scope not in scope.blocks:
            continue
        truth, here, _ = alone(problem, scope.blocks[conflict.scope], always)
        parts = [here[part.position, part.at] for part in conflict.parts if (part.position, part.at) in here]
        said = frozenset(parts)
        if len(said) < len(conflict.parts) or truth.holds(said):
            continue
        if conflict.sure and not conflict.settled:
            assert all(truth.holds(said - {spot}) for spot in said)
            assert len(conflict.witnesses) == len(said)
            for spot, cells in zip(parts, conflict.witnesses, strict=True):
                assert truth.only(cells).holds(said - {spot})
                assert not truth.only(cells).holds(said)
        return True
    return False


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


def holds_alone(problem: Problem, names: Collection[str], always: Caps) -> bool:
    truth, here, _ = alone(problem, names, always)
    return truth.holds(frozenset(here.values()))


def ways(problem: Problem) -> int:
    """Return how many timetables keep what holds by definition."""
    return math.prod(
        int((~np.logical_or.reduce([np.zeros(path.shape, dtype=bool), *defined(problem, name)])).sum())
        for name, path in problem.paths.items()
    )


def defined(problem: Problem, name: str) -> list[NDArray[np.bool_]]:
    return [window.closed for window in problem.windows[name] if window.id in DEFINED]


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
    tell(agree_on_draws(range(40, 60)), request)


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


# --- The instances without a plan, said otherwise ---------------------------------------------------------------------


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


# --- What holds by definition -----------------------------------------------------------------------------------------


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


# --- Money ------------------------------------------------------------------------------------------------------------

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


# --- Too little time, and searches that are wrong ---------------------------------------------------------------------


@cache
def infeasible(count: int) -> tuple[tuple[int, Problem, tuple[Scope, ...]], ...]:
    """Return small random instances without a plan in which every package has an open month."""
    drawn = ((seed, draw_instance(seed)) for seed in range(count))
    compiled = [(seed, compile_instance(instance), Scope.all_of(instance)) for seed, instance in drawn]
    return tuple(
        entry
        for entry in compiled
        if all(entry[1].open_cells(name).any() for name in entry[1].paths)
        and ways(entry[1]) <= FEW
        and not Truth.of(entry[1]).holds(spots(parts_of(entry[1])))
    )


def search_for(count: int, then: Run) -> Callable[..., Run]:
    """Return a search that answers so many times, and after that always the same."""
    left, real = [count], search.run

    def run(*arguments: Any, **words: Any) -> Run:  # noqa: ANN401 - whatever the search is told
        left[0] -= 1
        return real(*arguments, **words) if left[0] >= 0 else then

    return run


@pytest.mark.parametrize("count", [1, 3, 6, 11])
def test_where_time_runs_out_nothing_wrong_is_claimed(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named contradicts itself in its scope; that nothing of it is needless is said only where it is so."""
    found, nothing = 0, Run(Status.UNKNOWN, None, None, 0.0)
    for seed, problem, scopes in infeasible(90):
        with monkeypatch.context() as patch:
            patch.setattr(search, "run", search_for(count, nothing))
            for conflict in conflicts(problem, scopes, LIMITS, NEVER):
                assert is_conflict(problem, scopes, conflict, ()), f"draw_instance({seed})"
                found += 1
    assert found


def test_a_second_proof_that_does_not_end_confirms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = search.run, 0

    def run(*arguments: Any, formulation: Any = None, **words: Any) -> Run:  # noqa: ANN401
        if formulation is not None:
            return Run(Status.UNKNOWN, None, None, 0.0)
        return real(*arguments, **words)

    monkeypatch.setattr(search, "run", run)
    for _, problem, scopes in infeasible(90):
        for conflict in conflicts(problem, scopes, LIMITS, NEVER):
            is_seen = all(isinstance(problem.rules[part.position], Window) for part in conflict.parts)
            assert conflict.confirmed == is_seen  # that a package has no open month needs no search
            assert conflict.sure
            seen += not is_seen
    assert seen


def test_of_two_places_none_is_named_before_it_is_known_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither place can keep its promises alone, and time runs out before that is known of any of them."""
    links = "before,after,minimum | arden/policing,arden/clinics,9 | belmont/policing,belmont/clinics,9"
    packages = "place,function | arden,policing | arden,clinics | belmont,policing | belmont,clinics"
    instance = read_tables({**BASE, "packages": packages, "links": links})
    problem, scopes = compile_instance(instance), Scope.all_of(instance)
    assert [conflict.scope for conflict in conflicts(problem, scopes, LIMITS, NEVER)] == ["arden", "belmont"]
    monkeypatch.setattr(search, "run", search_for(1, Run(Status.UNKNOWN, None, None, 0.0)))
    assert all(not conflict.scope for conflict in conflicts(problem, scopes, LIMITS, NEVER))


@pytest.mark.parametrize("seconds", [1e-6, 1e-3, 0.01, 0.1])
@pytest.mark.parametrize("deterministic", [False, True])
def test_little_time_is_no_error(seconds: float, deterministic: bool) -> None:
    limits = Limits(seconds=seconds, workers=1, deterministic=deterministic)
    for folder in INFEASIBLE[::2]:
        instance = read(folder)
        problem, scopes = compile_instance(instance), Scope.all_of(instance)
        for conflict in conflicts(problem, scopes, limits, NEVER):
            again = [part for part in conflict.parts if part.side is not Side.DEFINITION]
            assert system_of(problem).clash(again)


def test_nothing_is_said_after_a_stop() -> None:
    stop = threading.Event()
    stop.set()
    for folder in INFEASIBLE:
        instance = read(folder)
        assert conflicts(compile_instance(instance), Scope.all_of(instance), LIMITS, stop) == ()


def test_deterministic_conflicts_are_the_same_each_time() -> None:
    limits = Limits(seconds=5, deterministic=True)
    for folder in INFEASIBLE[::3]:
        instance = read(folder)
        problem, scopes = compile_instance(instance), Scope.all_of(instance)
        one, other = (conflicts(problem, scopes, limits, NEVER) for _ in range(2))
        assert one == other


@pytest.mark.parametrize("share", [0.05, 0.3, 1.0])
def test_a_search_that_is_wrong_is_found_out(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says now and then that parts contradict each other that do not; the second, told otherwise, is right."""
    real, random, caught = search.run, Random(3), 0  # noqa: S311 - tests

    def lies(*arguments: Any, formulation: Any = None, **words: Any) -> Run:  # noqa: ANN401
        if formulation is None and random.random() < share:
            return Run(Status.INFEASIBLE, None, None, 0.0)
        return real(*arguments, formulation=formulation, **words)

    monkeypatch.setattr(search, "run", lies)
    for seed in range(25):
        instance = draw_instance(seed)
        problem = compile_instance(instance)
        if ways(problem) > FEW:
            continue
        scopes = Scope.all_of(instance)
        try:
            found = conflicts(problem, scopes, LIMITS, NEVER)
        except Disagreement:
            caught += 1
            continue
        assert all(is_conflict(problem, scopes, conflict, ()) for conflict in found if conflict.confirmed)
    assert caught


def test_the_largest_seed_is_allowed() -> None:
    instance = read(INFEASIBLE[0])
    limits = Limits(seconds=20, workers=1, seed=SEED)
    assert conflicts(compile_instance(instance), Scope.all_of(instance), limits, NEVER)

"""Minimal sets of parts that cannot hold together: one of all that trying finds, and none of it needless."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Sequence

import pytest
from conflicting import (
    LIMITS,
    NEVER,
    beyond,
    is_minimal,
    keeps_others,
    system_of,
)
from lifted import Spot, Truth, spots
from micro import CASES, Micro

from sequencer.compile import compile_instance
from sequencer.engine.run import Caps
from sequencer.problem import Problem
from sequencer.reasons.conflicts import Scope, coarse, conflicts
from sequencer.reasons.parts import Part, Side, parts_of
from sequencer.reasons.shrink import Minimal, minimal
from sequencer.reasons.system import System


def by_id(part: Part) -> Hashable:
    return part.id


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

"""What conflicts of small instances must be, by trying all timetables; and searches that end too soon."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from lifted import DEFINED, Spot, Truth, spots
from numpy.typing import NDArray
from strategies import draw_instance

from sequencer import Limits
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.engine.run import Caps, Run
from sequencer.problem import Cell, Problem
from sequencer.reasons.apart import apart
from sequencer.reasons.conflicts import Conflict, Scope
from sequencer.reasons.parts import Part, parts_of
from sequencer.reasons.system import System

NEVER = threading.Event()

LIMITS = Limits(seconds=60, workers=1)

INFEASIBLE = sorted(
    path.parent for path in (Path(__file__).parent.parent / "instances" / "infeasible").glob("*/plan.toml")
)

FEW = 3000  # timetables that are tried


def system_of(problem: Problem, always: Caps = (), limits: Limits = LIMITS) -> System:
    return System(problem, limits, NEVER, always=always)


def beyond(problem: Problem, name: str) -> Caps:
    """Return the cap on a term that no plan keeps, but the best plans nearly do: for the reason for the optimum."""
    term = problem.terms[name]
    plans = Truth.of(problem).keeping(spots(parts_of(problem)))
    return [(term, min(problem.value(term, cells) for cells in plans) - 1)]


def is_minimal(truth: Truth, parts: Collection[Part]) -> bool:
    """Return whether parts contradict each other, and none of them is needless."""
    said = spots(parts)
    return not truth.holds(said) and all(truth.holds(said - {spot}) for spot in said)


def keeps_others(truth: Truth, cells: Mapping[str, Cell], parts: Collection[Part], part: Part) -> bool:
    """Return whether a timetable keeps some parts but one, and caps that are always there."""
    others = spots(parts) - spots([part])
    alone = truth.only(cells)
    return alone.holds(others) and not alone.holds(others | spots([part]))


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

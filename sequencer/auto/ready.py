"""Kernels made ready before the clock starts: compiled once after installing, loaded in a moment after that.

Nothing can be found while the finder is compiled, and nothing can end a compilation: within a limit of a few seconds
there would be no plan, and after it no answer. So that time is not the search's. Each kernel is called with next to
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sequencer.auto.maxima import bred
from sequencer.auto.sums import is_small
from sequencer.engine.run import Stoppable
from sequencer.problem import Cell, Problem, Term


def make_ready(problem: Problem, terms: Sequence[Term], stop: Stoppable) -> None:
    """Let whatever a solve of these terms will call be compiled; where CP-SAT alone comes first, nothing is.

    Parameters
    ----------
    problem : Problem
    terms : sequence of Term
    stop : Stoppable
        Looked at between kernels: nothing ends the compilation of one, which takes ten seconds at most.
    """
    steps: list[Callable[[], None]] = []
    if any(term.maximum and bred(problem, term, []) for term in terms):
        steps += [_breeding]
    if not is_small(problem, []):
        steps += [_rebuilding, _pricing]
    for step in steps:
        if not stop.is_set():
            step()


def _rebuilding() -> None:
    from sequencer.rebuild import kernel  # noqa: PLC0415 - takes time to load
    from sequencer.rebuild.state import Board, Pairs, Relapses, State, Takes  # noqa: PLC0415

    ints, floats, square = np.zeros(2, np.int64), np.zeros(2), np.zeros((2, 2), np.int64)
    takes, pairs, relapses = Takes(ints, ints, ints, ints, square), Pairs(*[ints] * 9), Relapses(*[ints] * 5)
    board = Board(ints, floats, ints, takes, pairs, relapses, *[ints] * 4)
    state = State(ints, ints, square, ints, floats, floats, *[ints] * 5)
    kernel.improve(board, state, ints, 0.0, floats, 1.0, 0, 1, 0)
    kernel.put(takes, relapses, state, 0, 0)


def _pricing() -> None:
    from sequencer.places import kernel  # noqa: PLC0415
    from sequencer.places.kernel import Forest  # noqa: PLC0415

    ints, none, floats = np.zeros(2, np.int64), np.zeros(0, np.int64), np.zeros(1)
    forest = Forest(ints, ints, none, none, ints, none, none)
    kernel.priced(ints, none, none, floats, floats, floats)
    kernel.all_through(forest, *[floats] * 6)
    kernel.soft_upward(forest, floats, 1.0, *[floats] * 4)
    kernel.soft_downward(forest, *[floats] * 4)
    kernel.shared_out(ints, none, none, floats, floats)


def _breeding() -> None:
    from sequencer.schedules.bounds import lower_bound  # noqa: PLC0415
    from sequencer.schedules.population import Population  # noqa: PLC0415
    from sequencer.schedules.tasks import Reading, Tasks  # noqa: PLC0415

    none, at = np.zeros(0, np.int64), np.zeros(2, np.int64)
    one, month = np.zeros((1, 1), np.int64), np.zeros((1, 1, 2), np.int64)
    tasks = Tasks(
        following=month,
        preceding=month,
        tail=one,
        arc_from=none,
        arc_to=none,
        lag=np.zeros((0, 1, 1), np.int64),
        into=none,
        into_at=at,
        out=none,
        out_at=at,
        piece_at=at,
        row=none,
        first=none,
        last=none,
        amount=none,
        capacity=np.zeros((0, 1), np.int64),
        taken=np.zeros((1, 1, 0), np.int64),
        limit=none,
    )
    lower_bound(tasks, 0, 0)
    population = Population.of(Reading(("",), tasks, regular=True, whole=True), 0, 0)
    if population is not None:  # there is one
        population.add({"": Cell(0, 0)})
        population.breed(1)

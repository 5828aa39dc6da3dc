"""What prices prove of changed instances, whatever prices they are, against trying all plans there."""

from __future__ import annotations

import itertools
import math
import threading
from collections import Counter
from collections.abc import Iterable
from random import Random

import numpy as np
import pytest
from engines import open_timetables
from turned_plans import drawn, levers, plans, turned, value
from valued import SMALL

from sequencer import Limits, Outcome
from sequencer.binaries.program import Program, tell
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.places.divide import divide
from sequencer.places.prices import Pricer
from sequencer.problem import Cell
from sequencer.questions.bounds.bounds import Bounds
from sequencer.questions.bounds.pricing import priced
from sequencer.questions.bounds.weights import Key, keys
from sequencer.questions.levels.asking import Asking
from sequencer.questions.levels.mosts import OWN, Mosts, farthest
from sequencer.reasons import lifting
from sequencer.reasons.parts import Side, parts_of

ASKED = 12  # numbers of each level


def sums(outcome: Outcome) -> Iterable[tuple[int, Program]]:
    """Yield the position of each level that is a sum, and its program."""
    problem = outcome.problem
    for position, level in enumerate(outcome.levels):
        term = problem.terms[level.term]
        caps = [(problem.terms[one.term], (one.value or 0) + one.tolerance) for one in outcome.levels[:position]]
        program = None if term.maximum or not term.tables else tell(problem, term, caps)
        if program is not None:
            yield position, program


def any_prices(program: Program, random: Random) -> dict[Key, tuple[float, int]]:
    """Return prices at random: any prove something."""
    size = 10 ** random.randint(-2, 2)
    drawn_prices = [random.choice([0.0, random.random() * size]) for _ in program.names]
    told = zip(keys(program.names), drawn_prices, program.units.tolist(), strict=True)
    return {key: (price * program.unit, unit) for key, price, unit in told}


def best_prices(outcome: Outcome, program: Program) -> Bounds | None:
    cells = outcome.problem.cells(outcome.choices or {})
    return priced(outcome.problem, program.term, program.caps, cells, None, seconds=60, stop=threading.Event())


def never_too_high(outcome: Outcome, position: int, bounds: Bounds, random: Random) -> Counter[str]:
    """Check bounds and the cells near them in instances with numbers turned."""
    said, known, level = Counter[str](), levers(outcome.instance), outcome.levels[position]
    for address in random.sample(sorted(known), min(ASKED, len(known))):
        lever, units = known[address], random.choice([1, 3])
        changed = turned(outcome.instance, lever, units) if farthest(lever, units) == units else None
        if changed is None or open_timetables(changed) > SMALL:
            continue
        problem = compile_instance(changed)
        states = [bounds.state(problem)]
        if (lever.attribute, lever.field) in OWN:
            fact = getattr(outcome.instance, lever.attribute)[lever.position]
            states.append(bounds.state(problem, {fact.name if lever.attribute == "packages" else fact.package}))
        every = plans(changed)
        best = value(every, outcome, level.term)
        for state in states:
            least = bounds.least(state)
            assert least is not None
            assert least <= best, (address, units, least, best)
            assert state is not None
            near = bounds.near(state, best)
            caps = {one.term: (one.value or 0) + one.tolerance for one in outcome.levels[:position]}
            for plan in every:
                within = all(plan.values[name] <= most for name, most in caps.items())
                if within and plan.values[level.term] == best:
                    cells = problem.cells(plan.choices)
                    assert all(near[n][c.option, problem.paths[n].column(c.transfer)] for n, c in cells.items()), (
                        address
                    )
        said["changed"] += best < (level.value or 0)
        said[lever.attribute] += 1
    return said


def lifts(outcome: Outcome, position: int, bounds: Bounds, random: Random) -> int:
    """Check the bound of problems with some parts lifted."""
    problem, level = outcome.problem, outcome.levels[position]
    free = [part for part in parts_of(problem) if part.side is not Side.DEFINITION]
    lifted = lifting.without(problem, random.sample(free, min(len(free), random.choice([1, 3, 9]))))
    open_cells = [
        [Cell(int(k), path.months[int(t)]) for k, t in np.argwhere(lifted.open_cells(name))]
        for name, path in lifted.paths.items()
    ]
    if math.prod(map(len, open_cells)) > SMALL:
        return 0
    every = (dict(zip(lifted.paths, plan, strict=True)) for plan in itertools.product(*open_cells))
    found = [cells for cells in every if not any(lifted.breaches(cells, allot(lifted, cells)))]
    caps = [(problem.terms[one.term], (one.value or 0) + one.tolerance) for one in outcome.levels[:position]]
    values = [
        problem.value(problem.terms[level.term], cells)
        for cells in found
        if all(problem.value(term, cells) <= most for term, most in caps)
    ]
    least = bounds.least(bounds.state(lifted))
    assert least is not None
    assert least <= min(values)
    return 1


def compare(seeds: Iterable[int]) -> Counter[str]:
    """Check bounds by the best prices and by any others in random instances."""
    said = Counter[str]()
    for seed in seeds:
        found = drawn(seed)
        for position, program in sums(found[0]) if found is not None else ():
            assert found is not None
            outcome, random = found
            told = (outcome.problem, program.term, [(term.name, most) for term, most in program.caps])
            try:
                for bounds in (best_prices(outcome, program), Bounds(*told, any_prices(program, random))):
                    if bounds is not None:
                        said += never_too_high(outcome, position, bounds, random)
                        said["lifted"] += sum(lifts(outcome, position, bounds, random) for _ in range(4))
            except AssertionError as error:
                raise AssertionError(f"draw_instance({seed}), {program.term.name}: {error}") from error
    return said


KINDS = ("changed", "lifted", "capacity", "readiness", "gains", "links", "packages")


@pytest.mark.slow
def test_bounds_of_changed_instances_are_never_too_high(request: pytest.FixtureRequest) -> None:
    said = compare(range(26))
    request.node.user_properties.append(("draws", str(dict(said))))
    assert all(said[kind] for kind in KINDS), said


@pytest.mark.slow
def test_bounds_of_changed_instances_are_never_too_high_in_many_draws() -> None:
    said = compare(range(1000, 1500))
    assert all(said[kind] for kind in (*KINDS, "pledges", "budget", "guarantees", "widths", "gates")), said


def test_with_nothing_changed_prices_prove_what_the_pricer_says() -> None:
    compared = 0
    for seed in range(40):
        found = drawn(seed)
        for _, program in sums(found[0]) if found is not None else ():
            assert found is not None
            prices = any_prices(program, found[1])
            pricer = Pricer(program, divide(program))
            proven = program.value(pricer.prove(np.array([price / program.unit for price, _ in prices.values()])).least)
            told = (found[0].problem, program.term, [(term.name, most) for term, most in program.caps])
            bounds = Bounds(*told, prices)
            least = bounds.least(bounds.base)
            assert least is not None
            assert abs(least - proven) <= max(1, program.unit), (seed, program.term.name)
            compared += 1
    assert compared > 5


def test_numbers_of_several_packages_are_judged_as_if_each_were_turned_alone() -> None:
    """What is found with many turned at once is what each of them alone shows, or weaker where it is one of a group."""
    compared = 0
    for seed in range(40):
        found = drawn(seed)
        for position, _ in sums(found[0]) if found is not None else ():
            assert found is not None
            asking = Asking(found[0], position, Limits(seconds=60, workers=1), threading.Event())
            known = {name: lever for name, lever in levers(found[0].instance).items() if farthest(lever, 1)}
            mosts = Mosts(asking, known)
            mosts.look(known, 3)
            for address in found[1].sample(sorted(known), min(ASKED, len(known))):
                changed = turned(found[0].instance, known[address], 1)
                most = mosts.of(address, 1)
                if changed is None or most is None:
                    continue
                alone = asking.most(compile_instance(changed))
                assert alone is not None
                assert most >= alone or most == mosts.of(address, 2)
                own = (known[address].attribute, known[address].field) in OWN
                assert not own or most <= max(alone, mosts.without or 0), (seed, address)
                compared += 1
    assert compared > 30

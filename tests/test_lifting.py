"""What is left of a problem without some parts of its rules: no plan is lost, and nothing that is kept is unheeded."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from random import Random
from typing import Any

import pytest
from engines import open_timetables
from lifted import broken, broken_of, spots, timetables
from micro import CASES, Micro
from money_oracle import MoneyOracle
from oracles import cells_of, every_plan
from purse import Purse
from strategies import draw_instance
from valued import SMALL

from sequencer import Instance, Limits
from sequencer.compile import compile_instance
from sequencer.problem import Bridge, Cell, Problem, Rule, Schedule
from sequencer.reasons.apart import apart
from sequencer.reasons.lifting import without
from sequencer.reasons.parts import Part, parts_of
from sequencer.reasons.system import System

EVERYDAY, MANY = range(50), range(1000, 2000)
TRIED = 12  # timetables of each random instance


def some(problem: Problem, random: Random, count: int) -> Iterator[dict[str, Cell]]:
    """Yield random timetables of open and closed cells, the packages' own windows kept more often than not."""
    every = cells_of(problem)
    open_ = [
        [cell for cell in cells if problem.open_cells(name)[cell.option, problem.paths[name].column(cell.transfer)]]
        for name, cells in zip(problem.paths, every, strict=True)
    ]
    for _ in range(count):
        is_open = random.random() < 0.7
        plan = [random.choice(o if is_open and o else e) for o, e in zip(open_, every, strict=True)]
        yield dict(zip(problem.paths, plan, strict=True))


def lifts(parts: Sequence[Part], random: Random) -> Iterator[list[Part]]:
    """Yield sets of parts: each alone, all but each, all, and one at random."""
    for part in parts:
        yield [part]
        yield [other for other in parts if other != part]
    yield [*parts]
    yield [part for part in parts if random.random() < 0.5]


def lift_rule_by_rule(problem: Problem, plans: Sequence[Mapping[str, Cell]], random: Random) -> None:
    """Check of each rule that without some of its parts a timetable breaks what it broke before, but these."""
    for rule in problem.rules:
        alone = replace(problem, rules=(rule,))
        for lifted in lifts(parts_of(alone), random):
            left, gone = without(alone, lifted), spots(lifted)
            for cells in plans:
                if isinstance(rule, Bridge):
                    assert Purse(left).pays(cells) == Purse(alone).pays(cells, gone), lifted
                    continue
                schedule = Schedule(problem.calendar, problem.paths, cells)
                expected = broken(alone, cells) - gone
                assert broken(left, cells) == expected, (rule, lifted)
                assert any(left.breaches(cells)) == bool(expected)
                assert {at for _, at in expected} <= set(broken_of(rule, schedule))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_without_some_parts_is_broken_by_the_others(case: Micro) -> None:
    random = Random(case.name)  # noqa: S311 - tests
    problem = compile_instance(case.instance)
    every = list(timetables(problem))
    lift_rule_by_rule(problem, random.sample(every, min(len(every), 4 if problem.bridge else 12)), random)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_without_some_parts_is_broken_by_the_others_in_every_timetable(case: Micro) -> None:
    random = Random(case.name)  # noqa: S311 - tests
    problem = compile_instance(case.instance)
    every = list(timetables(problem))
    lift_rule_by_rule(problem, random.sample(every, min(len(every), 150)) if problem.bridge else every, random)


def lift(seeds: Iterable[int]) -> Counter[str]:
    """Lift parts of random instances; return how many timetables kept what was left, and how many did not."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        random, instance = Random(seed), draw_instance(seed)  # noqa: S311 - tests
        problem, money = compile_instance(instance), MoneyOracle(instance)
        parts, purse = parts_of(problem), Purse(problem)
        assert len({*parts}) == len(parts)
        for cells in some(problem, random, TRIED):
            against = broken(problem, cells)
            assert against <= spots(parts)
            assert purse.pays(cells) == (money.uses(problem.choices(cells)) is not None)
            needless = [part for part in parts if (part.position, part.at) in against or random.random() < 0.3]
            for lifted in (needless, random.sample(needless, len(needless) // 2), parts):
                left, gone = without(problem, lifted), spots(lifted)
                keeps = not any(replace(left, rules=unpaid(left)).breaches(cells))
                assert keeps == (against <= gone), f"draw_instance({seed})"
                pays = Purse(left).pays(cells)
                assert pays == purse.pays(cells, gone), f"draw_instance({seed})"
                assert pays or not purse.pays(cells), f"draw_instance({seed})"
                answers["kept" if keeps and pays else "broken"] += 1
            assert keeps
            assert pays  # where all is lifted
    return answers


def unpaid(problem: Problem) -> tuple[Rule, ...]:
    """Return the rules but that about money."""
    return tuple(rule for rule in problem.rules if not isinstance(rule, Bridge))


def tell(answers: Counter[str], request: pytest.FixtureRequest) -> None:
    """Tell at the end of the run how many draws were of use: both answers must come often."""
    compared = sum(answers.values())
    said = ", ".join(f"{count / compared:.0%} {answer}" for answer, count in sorted(answers.items()))
    request.node.user_properties.append(("draws", f"{compared} compared, {said}"))
    assert min(answers.values()) > compared / 10, said


def test_a_timetable_is_a_plan_once_what_it_breaks_is_lifted(request: pytest.FixtureRequest) -> None:
    """And only then; whether it can be paid for is worked out by a program of its own, with rows left out."""
    tell(lift(EVERYDAY), request)


@pytest.mark.slow
def test_a_timetable_is_a_plan_once_what_it_breaks_is_lifted_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(lift(MANY), request)


def test_the_parts_of_money_are_lifted_together(request: pytest.FixtureRequest) -> None:
    """Whatever else is lifted beside it, a part lets more timetables be paid for, never fewer."""
    answers: Counter[str] = Counter()
    for seed in range(90):
        random, instance = Random(seed), draw_instance(seed)  # noqa: S311 - tests
        problem = compile_instance(instance)
        parts = [part for part in parts_of(problem) if problem.bridge is problem.rules[part.position]]
        for cells in some(problem, random, 3 if parts else 0):
            shuffled = random.sample(parts, len(parts))
            paid = [Purse(without(problem, shuffled[:count])).pays(cells) for count in range(len(parts) + 1)]
            assert paid == sorted(paid), f"draw_instance({seed})"
            assert paid[-1]
            answers["soon" if paid[0] else "late"] += 1
    tell(answers, request)


#: What a planner could do about money, and the parts that are then lifted; steps of all years together.
MEANS: Mapping[str, tuple[Mapping[str, Any], frozenset[str]]] = {
    "as much as anybody wants": ({"amount": 999}, frozenset({"amount"})),
    "whatever has happened": ({"condition": None}, frozenset({"condition"})),
    "growth as fast as it may be": ({"max_growth": None}, frozenset({"growth"})),
    "fall as fast as it may be": ({"max_fall": None}, frozenset({"fall"})),
}


def mean(seeds: Iterable[int]) -> Counter[str]:
    """Compare lines of money without some parts with instances in which their rows say so."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        random, instance = Random(seed), draw_instance(seed)  # noqa: S311 - tests
        problem = compile_instance(instance)
        if problem.bridge is None or not problem.bridge.lines:
            continue
        j, line = random.choice([*enumerate(problem.bridge.lines)])
        for fields, kinds in MEANS.values():
            said = relieved(instance, line.name, fields)
            lifted = [
                part
                for part in parts_of(problem)
                if part.at and part.at[0] in kinds and part.at[1] == j and (part.at[0] != "amount" or part.origins)
            ]
            left, money = without(problem, lifted), MoneyOracle(said)
            for cells in some(problem, random, 4):
                pays = Purse(left).pays(cells)
                assert pays == (money.uses(problem.choices(cells)) is not None), f"draw_instance({seed}), {fields}"
                answers["kept" if pays else "broken"] += 1
    return answers


def relieved(instance: Instance, line: str, fields: Mapping[str, Any]) -> Instance:
    """Return the instance with other numbers in all rows of a line."""

    def rows(given: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            replace(row, **{name: value for name, value in fields.items() if hasattr(row, name)})
            if row.line == line
            else row
            for row in given
        )

    return replace(instance, budget=rows(instance.budget), pledges=rows(instance.pledges))


def test_to_lift_a_part_of_money_is_to_take_its_number_away(request: pytest.FixtureRequest) -> None:
    """The amount is ample where what it waits for has happened, and no more; a lifted condition leaves the amount."""
    tell(mean(range(60)), request)


@pytest.mark.slow
def test_to_lift_a_part_of_money_is_to_take_its_number_away_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(mean(MANY), request)


def partition(names: Iterable[str], random: Random) -> list[list[str]]:
    """Return some names in up to three blocks; now and then one is in none."""
    blocks: list[list[str]] = [[] for _ in range(random.randint(1, 3))]
    for name in names:
        if random.random() < 0.9:
            random.choice(blocks).append(name)
    return [block for block in blocks if block]


def stand_apart(seeds: Iterable[int]) -> Counter[str]:
    """Check on random instances that blocks alone are asked for no more than together."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        random, instance = Random(seed), draw_instance(seed)  # noqa: S311 - tests
        problem, money = compile_instance(instance), MoneyOracle(instance)
        blocks = partition(problem.paths, random)
        side = apart(problem, blocks)
        assert list(side.problem.paths) == [name for name in problem.paths if any(name in block for block in blocks)]
        where = {(part.position, part.at): side.whole(part) for part in parts_of(side.problem)}
        assert {*where.values()} <= {*parts_of(problem)}
        plans: list[dict[str, Cell]] = []
        if open_timetables(instance) <= SMALL:
            plans = [dict(zip(problem.paths, plan, strict=True)) for plan in islice(every_plan(problem, money), 20)]
        for cells in [*plans, *some(problem, random, TRIED)]:
            alone = {name: cells[name] for name in side.problem.paths}
            here = {where[spot] for spot in broken(side.problem, alone)}
            assert spots(here) <= broken(problem, cells), f"draw_instance({seed}), {blocks}"
            if any(isinstance(rule, Bridge) for rule in side.problem.rules):
                assert Purse(side.problem).pays(alone) or not Purse(problem).pays(cells), f"draw_instance({seed})"
            answers["kept" if not here else "broken"] += 1
            assert cells not in plans or not here
    return answers


def test_blocks_apart_keep_what_all_keep_together(request: pytest.FixtureRequest) -> None:
    tell(stand_apart(EVERYDAY), request)


@pytest.mark.slow
def test_blocks_apart_keep_what_all_keep_together_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(stand_apart(MANY), request)


def test_each_block_is_asked_for_what_binds_it_alone() -> None:
    """The rules of a block name no other, and all packages in one block are asked for everything."""
    for seed in EVERYDAY:
        random, problem = Random(seed), compile_instance(draw_instance(seed))  # noqa: S311 - tests
        blocks = partition(problem.paths, random)
        side = apart(problem, blocks)
        for rule, b in zip(side.problem.rules, side.blocks, strict=True):
            alone = replace(side.problem, rules=(rule,), paths={n: problem.paths[n] for n in blocks[b]})
            for cells in some(replace(alone, rules=()), random, 1):
                list(broken_of(rule, Schedule(problem.calendar, alone.paths, cells)))  # KeyError for any other name
        whole = apart(problem, [[*problem.paths]])
        seen = {spot for cells in some(problem, random, TRIED) for spot in broken(problem, cells)}
        assert seen <= spots(whole.whole(part) for part in parts_of(whole.problem))


def test_a_system_knows_what_a_timetable_breaks() -> None:
    """Caps on terms among it, which are parts of their own."""
    for seed in EVERYDAY:
        random, problem = Random(seed), compile_instance(draw_instance(seed))  # noqa: S311 - tests
        caps = [(term, random.randint(0, 20)) for term in problem.terms.values()]
        system = System(problem, Limits(), threading.Event(), caps=caps)
        begin = len(problem.rules)
        assert [system.held(part) for part in system.parts[-len(caps) :]] == [(term.name, most) for term, most in caps]
        for cells in some(problem, random, TRIED):
            over = {(begin + i, ()) for i, (term, most) in enumerate(caps) if problem.value(term, cells) > most}
            assert spots(system.broken(cells)) == broken(problem, cells) | over, f"draw_instance({seed})"

"""What is said to stand against a package is what its moving alone would break, in every month, with every option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import TypeAlias, get_args

import pytest
from alone import Broken, broken, drawn, earlier, flat, late_plan
from folder_oracle import Draw
from rewriting import rename, shift, shuffle

from sequencer import InstanceError, read
from sequencer.compile import compile_instance
from sequencer.problem import Cell, Problem, Schedule
from sequencer.reasons.local.around import Around
from sequencer.reasons.local.obstacles import Apart, Begins, Closed, Obstacle, Short, Spread, Unanswered, Unopened
from sequencer.timetable import Choice, Choices

#: Draws of instances, and around a plan.
EVERYDAY, MANY = (range(300), range(25)), (range(10_000, 14_000), range(1000, 2000))

#: By package, option and month.
Everything: TypeAlias = dict[tuple[str, str, int], Counter[tuple[object, ...]]]


def agree(seeds: Iterable[int], crowds: Iterable[int]) -> Counter[type[Obstacle]]:
    """Compare every earlier cell of drawn plans with its breaches; return how often there was each kind of obstacle."""
    kinds: Counter[type[Obstacle]] = Counter()
    for how, problem, plan in drawn(seeds, crowds):
        around = Around(problem, plan)
        for name, cell, moved in earlier(problem, plan):
            obstacles = around.against(name, cell)
            kinds.update(map(type, obstacles))
            said = Counter(entry for obstacle in obstacles for entry in flat(obstacle))
            assert said == broken(problem, moved), f"{how}: {name} at {cell}"
    return kinds


def test_what_stands_against_an_earlier_month_is_what_would_be_broken_there() -> None:
    assert set(agree(*EVERYDAY)) == set(get_args(Obstacle)) - {Begins}


@pytest.mark.slow
def test_what_stands_against_an_earlier_month_is_what_would_be_broken_there_in_many_draws() -> None:
    agree(*MANY)


def test_obstacles_name_the_packages_that_are_in_the_way() -> None:
    seen = set()
    for how, problem, plan in drawn(range(100), range(50, 75)):
        around = Around(problem, plan)
        for name, cell, moved in earlier(problem, plan):
            for obstacle in around.against(name, cell):
                assert not isinstance(obstacle, Begins)
                first = next(obstacle.promise.breaches(moved))
                assert first.origins == obstacle.origins, f"{how}: {name} at {cell}: {obstacle}"
                if not isinstance(obstacle, Closed):
                    seen.add(type(obstacle))
                    assert named(obstacle, name) == about(obstacle, moved), f"{how}: {name} at {cell}: {obstacle}"
                    told(obstacle, name, moved)
    assert seen == set(get_args(Obstacle)) - {Begins, Closed}


def named(obstacle: Obstacle, name: str) -> set[str]:
    """Return the packages that a record names first, that which moves included."""
    match obstacle:
        case Apart():
            return {obstacle.before.package, obstacle.after.package}
        case Spread():
            return {obstacle.first.package, obstacle.last.package}
        case Unopened():
            return {package for wait in obstacle.waits for package in (wait.package, wait.awaited.package)}
        case Short() | Unanswered():
            return {name, *(user.package for user in obstacle.users)}
        case _:
            raise AssertionError(obstacle)


def about(obstacle: Obstacle, moved: Schedule) -> set[str]:
    """Return the packages that the first breach of the promise names, or all breaches of a gate."""
    assert not isinstance(obstacle, Begins)
    breaches = list(obstacle.promise.breaches(moved))
    return {name for breach in (breaches if isinstance(obstacle, Unopened) else breaches[:1]) for name in breach.about}


def told(obstacle: Obstacle, name: str, moved: Schedule) -> None:
    """Check the dates and amounts that a record tells beside how far a promise is broken."""
    match obstacle:
        case Apart() | Spread():
            pair = (obstacle.before, obstacle.after) if isinstance(obstacle, Apart) else (obstacle.first, obstacle.last)
            assert all(moved.date(dated.package, dated.event) == dated.month for dated in pair)
        case Unopened():
            assert all(name == (wait.awaited.package if obstacle.holds_up else wait.package) for wait in obstacle.waits)
            dates = [(wait.awaited.package, wait.awaited.event, wait.awaited.month) for wait in obstacle.waits]
            assert all(moved.date(package, event) == month for package, event, month in dates)
        case Short(promise=supply):
            needs = {package: need[obstacle.buckets[0]] for package, need in supply.needs(moved).items()}
            assert needs.pop(name) == obstacle.need
            assert {user.package: user.amount for user in obstacle.users} == {p: n for p, n in needs.items() if n}
            assert obstacle.capacity + obstacle.lacking[0] == obstacle.used + obstacle.need
            assert list(obstacle.users) == sorted(obstacle.users, key=lambda user: (-user.amount, user.package))
        case Unanswered(promise=reserve):
            worst = reserve.worst(reserve.needs(moved)[obstacle.months[0]])
            assert {(user.amount, user.package) for user in obstacle.users} | {(obstacle.need, name)} == set(worst)
            assert obstacle.people + obstacle.lacking[0] == sum(need for need, _ in worst)
        case _:
            raise AssertionError(obstacle)


def everything(problem: Problem, choices: Choices, names: Mapping[str, str]) -> Everything:
    """Return what stands against every earlier cell, with new names for everything that has one."""

    def named(package: str) -> str:
        return "/".join(names.get(part, part) for part in package.split("/"))

    plan = problem.cells(choices)
    around = Around(problem, plan)
    found: Everything = {}
    for name, cell, _ in earlier(problem, plan):
        option = problem.paths[name].options[cell.option].name
        key = (named(name), names.get(option, option), cell.transfer)
        found[key] = Counter(
            (*entry, frozenset(named(other) for other in said)) for entry, said in entries(around, name, cell)
        )
    return found


def entries(around: Around, name: str, cell: Cell) -> Iterator[tuple[Broken, set[str]]]:
    for obstacle in around.against(name, cell):
        said = set() if isinstance(obstacle, Closed | Unanswered | Spread) else named(obstacle, name)  # ties by name
        yield from ((entry, said) for entry in flat(obstacle))


def test_what_stands_is_the_same_when_all_is_named_and_dated_otherwise(tmp_path: Path) -> None:
    compared = 0
    for seed in range(60):
        random, path = Random(seed), tmp_path / str(seed)  # noqa: S311 - tests
        Draw(seed).write(path)
        try:
            instance = read(path)
        except InstanceError:
            continue
        problem = compile_instance(instance)
        plan = late_plan(instance, problem)
        if plan is None:
            continue
        shift(path, random.randint(-20, 20))
        names = rename(path)
        shuffle(path, random)
        again = compile_instance(read(path))
        choices = problem.choices(plan)
        renamed = {
            "/".join(names.get(part, part) for part in name.split("/")): Choice(
                names.get(choice.option, choice.option), choice.transfer
            )
            for name, choice in choices.items()
        }
        assert everything(again, renamed, {}) == everything(problem, choices, names), seed
        compared += 1
    assert compared > 10

"""What must follow for the answer when the question is changed: said otherwise, relieved, scaled, split or enlarged."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random

import pytest
from changing import RELIEFS, enlarged, relieved, split_in_time, split_in_two
from engines import open_timetables
from folder_oracle import Draw
from micro import CASES, Micro
from micro.case import BASE, write
from money_oracle import MoneyOracle
from rewriting import rename, shift, shuffle
from valued import SMALL, Plans, drawn, plans, renamed

from sequencer import Choice, Instance, InstanceError, Limits, Outcome, read, solve
from sequencer.compile import compile_instance

TINY = sorted(path.parent for path in (Path(__file__).parent.parent / "instances" / "tiny").glob("*/plan.toml"))
EVERYDAY, MANY = range(60), range(5000, 7000)
SUMS = {"risk", "early_transfer", "cost", "change"}  # the other terms are maxima


def answer(folder: Path, engine: str = "cpsat") -> Outcome:
    """Return the answer to a folder."""
    return solve(read(folder), limits=Limits(workers=1), haste=False, engine=engine)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_micro_instance_said_otherwise_has_the_same_plans(case: Micro, tmp_path: Path) -> None:
    write({**BASE, **case.tables}, tmp_path)
    shift(tmp_path, 7)
    names = rename(tmp_path)
    shuffle(tmp_path, Random(5))  # noqa: S311 - tests
    assert plans(read(tmp_path)) == renamed(plans(case.instance), names)


def said_otherwise(seeds: Iterable[int], folder: Path) -> None:
    """Compare random folders with the same said otherwise: both are refused, or both have the same plans."""
    compared = 0
    for seed in seeds:
        random = Random(seed)  # noqa: S311 - tests
        path = folder / str(seed)
        Draw(seed).write(path)
        try:
            instance = read(path)
        except InstanceError:
            instance = None
        shift(path, random.randint(-20, 20))
        names = rename(path)
        shuffle(path, random)
        if instance is None:
            with pytest.raises(InstanceError):
                read(path)
        elif open_timetables(instance) <= SMALL:
            assert plans(read(path)) == renamed(plans(instance), names), f"folder {path} of seed {seed}"
            compared += 1
    assert compared > len(list(seeds)) / 3


def test_a_folder_said_otherwise_has_the_same_plans(tmp_path: Path) -> None:
    said_otherwise(EVERYDAY, tmp_path)


@pytest.mark.slow
def test_many_folders_said_otherwise_have_the_same_plans(tmp_path: Path) -> None:
    said_otherwise(MANY, tmp_path)


@pytest.mark.parametrize("months", [-5, 12])
@pytest.mark.parametrize("tiny", TINY, ids=lambda path: path.name)
def test_the_timetable_moves_with_the_plan(tiny: Path, months: int, tmp_path: Path) -> None:
    """All dates moved by some months, the same packages transfer as many months later, at the same values."""
    moved = Path(shutil.copytree(tiny, tmp_path / tiny.name))
    shift(moved, months)
    before, after = answer(tiny), answer(moved)
    assert [(level.term, level.value) for level in after.levels] == [(lv.term, lv.value) for lv in before.levels]
    assert after.status is before.status
    assert dates(after) == dates(before, months)


def dates(outcome: Outcome, later: int = 0) -> dict[str, str]:
    """Return the date of each transfer, so many months later."""
    assert outcome.choices is not None
    calendar = outcome.instance.calendar
    return {name: calendar.label(choice.transfer + later) for name, choice in outcome.choices.items()}


@pytest.mark.parametrize("tiny", TINY, ids=lambda path: path.name)
def test_names_and_the_order_of_rows_do_not_matter(tiny: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(tiny, tmp_path / tiny.name))
    names = rename(other)
    shuffle(other, Random(7))  # noqa: S311 - tests
    before, after = answer(tiny), answer(other)
    assert {*names.values()}.isdisjoint(names)
    assert [(level.term, level.value) for level in after.levels] == [(lv.term, lv.value) for lv in before.levels]
    assert after.status is before.status


def keep_their_plans(seeds: Iterable[int]) -> None:
    """Relieve one promise after the other: every plan remains one, so no value of a first level can be worse."""
    kinds: Counter[str] = Counter()
    for told, instance in drawn(seeds):
        before = list(plans(instance))
        for name, other in relieved(instance, Random(len(before))) if before else ():  # noqa: S311 - tests
            problem, money = compile_instance(other), MoneyOracle(other)
            for plan in before:
                choices = dict(plan)
                uses = money.uses(choices)
                assert uses is not None, f"{told}: {name} relieved, {choices} cannot be paid for"
                broken = list(problem.breaches(problem.cells(choices), uses))
                assert not broken, f"{told}: {name} relieved, {broken[0]}"
            kinds[name] += 1
    assert kinds.keys() == {*RELIEFS, "the mandate"}


def test_what_is_relieved_takes_no_plan_away() -> None:
    keep_their_plans(range(120))


@pytest.mark.slow
def test_what_is_relieved_takes_no_plan_away_in_many_draws() -> None:
    keep_their_plans(MANY)


@pytest.mark.parametrize("tiny", TINY, ids=lambda path: path.name)
def test_what_is_relieved_makes_no_first_level_worse(tiny: Path) -> None:
    """As told by the solver, for some promises of each instance; a lower threshold lowers risk, too."""
    instance, random = read(tiny), Random(len(tiny.name))  # noqa: S311 - tests
    first = instance.plan.objective[:1]
    (before,) = solve(instance, objective=first, haste=False, limits=Limits(workers=1)).levels
    assert before.value is not None
    others = list(relieved(instance, random))
    for name, other in random.sample(others, min(3, len(others))):
        (after,) = solve(other, objective=first, haste=False, limits=Limits(workers=1)).levels
        assert after.value is not None, name
        assert after.value <= before.value, name


def same_plans(change: Callable[[Instance], Instance], seeds: Iterable[int]) -> None:
    """Compare the plans of random instances before and after a change that says the same."""
    feasible = 0
    for told, instance in drawn(seeds):
        before = plans(instance)
        assert plans(change(instance)) == before, told
        feasible += bool(before)
    assert feasible > len(list(seeds)) / 8


def cut(instance: Instance) -> Instance:
    return split_in_time(instance, Random(len(instance.threat)))  # noqa: S311 - tests


@pytest.mark.parametrize("change", [cut, split_in_two])
def test_what_is_split_says_the_same(change: Callable[[Instance], Instance]) -> None:
    """A row is two rows, one after the other; a source of 2c is two sources of c."""
    same_plans(change, EVERYDAY)


@pytest.mark.slow
@pytest.mark.parametrize("change", [cut, split_in_two])
def test_what_is_split_says_the_same_in_many_draws(change: Callable[[Instance], Instance]) -> None:
    same_plans(change, MANY)


def stand_apart(seeds: Iterable[int]) -> None:
    """Compare the plans of random instances with those beside a package that shares nothing with the others.

    They are the old plans with each cell of the new package; its exit is a month after its transfer, its transfer
    weighs 3, holding it costs 2 a month. So each level is that of the old packages and what the new one adds of itself.
    """
    compared = 0
    for told, instance in drawn(seeds):
        before, larger = plans(instance), enlarged(instance)
        problem, name = compile_instance(larger), larger.packages[-1].name
        months = [int(month) for month in problem.paths[name].months if problem.open_cells(name)[0, month]]
        if len(before) * len(months) > SMALL:
            continue
        expected: Plans = {}
        for plan, values in before.items():
            for month in months:
                own = {"exit": month + 1, "early_transfer": 3 * month, "cost": 2 * month}
                new = {
                    term: value + own.get(term, 0) if term in SUMS else max(value, own.get(term, 0))
                    for term, value in values.items()
                }
                expected[plan | {(name, Choice("none", month))}] = new
        assert plans(larger) == expected, told
        compared += bool(expected)
    assert compared > len(list(seeds)) / 10


def test_a_package_that_shares_nothing_stands_apart() -> None:
    stand_apart(EVERYDAY)


@pytest.mark.slow
def test_a_package_that_shares_nothing_stands_apart_in_many_draws() -> None:
    stand_apart(MANY)

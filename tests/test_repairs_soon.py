"""Repairs of large instances, on small ones: the same way is taken, and trying says whether it leads astray."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

import pytest
from money_oracle import MoneyOracle
from oracles import every_plan
from repairing import EVERYDAY, INFEASIBLE, as_changes, has_plan, is_right, repaired, timetables, without_plan
from strategies import draw_instance

from sequencer import Instance, Limits, UsageError, read
from sequencer.compile import compile_instance
from sequencer.instance.contradictions import contradictions
from sequencer.outcome import Status
from sequencer.problem import Bridge, Cell
from sequencer.questions.repairs import repairs
from sequencer.questions.trying import trials
from sequencer.questions.trying.anyhow import any_plan, any_plan_or_none
from sequencer.questions.trying.fitting import MONEY, _paid, fitted
from sequencer.questions.trying.soon import Soon, family
from sequencer.questions.trying.steps import Vector, lessened, within
from sequencer.questions.trying.trials import Trials, keeps
from sequencer.questions.trying.ways import ways

LIMITS = Limits(seconds=3, workers=1)
SEEDS = [seed for seed in EVERYDAY if seed % 3 == 0]
SMALL = 2000


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every instance count as large."""
    monkeypatch.setattr(trials, "LARGE", -1)


def trials_of(instance: Instance, seconds: float = 20.0) -> Trials:
    return Trials(instance, ways(instance, {}), Limits(seconds=seconds, workers=1), threading.Event())


def changes_less(vector: Vector) -> Iterator[Vector]:
    """Yield steps with one less at one position."""
    for i, steps in enumerate(vector):
        if steps:
            yield (*vector[:i], steps - 1, *vector[i + 1 :])


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_found_soon_works_and_claims_nothing_wrong(seed: int) -> None:
    instance = without_plan(seed)
    if instance is None:
        return
    full, found = repaired(seed), repairs(instance, most=2, limits=LIMITS)
    for repair in found.found:
        is_right(instance, repair)
    if full.found and full.sure:
        assert found.least <= full.found[0].cost + 1e-9
        assert found.found, "a working repair takes no time here"
        assert found.found[0].cost >= full.found[0].cost - 1e-9
        assert all(repair.cost == pytest.approx(full.found[0].cost) for repair in found.found[:1] if repair.cheapest)
    if found.uncured:
        assert not full.found


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("folder", INFEASIBLE, ids=lambda folder: folder.name)
def test_shipped_instances_have_working_repairs_soon(folder: object) -> None:
    instance = read(str(folder))
    found = repairs(instance, limits=Limits(seconds=6, workers=1))
    assert found.found
    for repair in found.found:
        changed = compile_instance(instance.but(as_changes(repair)))
        assert keeps(changed, changed.cells(repair.choices), ())
        assert repair.cost >= found.least


@pytest.mark.usefixtures("large")
def test_what_was_found_when_stopped_is_kept() -> None:
    stop = threading.Event()
    instance = read(INFEASIBLE[0])
    found = repairs(instance, limits=Limits(seconds=20, workers=1), stop=stop, hear=lambda *_: stop.set())
    assert found.found
    assert not found.sure
    assert not any(repair.cheapest or repair.minimal for repair in found.found)
    for repair in found.found:
        assert has_plan(instance.but(as_changes(repair)))


@pytest.mark.parametrize("seed", range(24))
def test_ruin_and_recreate_finds_plans_where_there_are_any(seed: int) -> None:
    instance = draw_instance(seed)
    if contradictions(instance) or timetables(instance) > SMALL:
        return
    problem, stop = compile_instance(instance), threading.Event()
    plans = set(every_plan(problem, MoneyOracle(instance)))
    for look in (any_plan, any_plan_or_none):
        run = look(problem, [], Limits(seconds=0.5, workers=1), stop)
        if run.cells is not None:
            assert tuple(run.cells[name] for name in problem.paths) in plans
        assert run.status is not (Status.INFEASIBLE if plans else Status.FEASIBLE)


# --- What a timetable needs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", EVERYDAY)
def test_a_plan_needs_no_more_than_it_was_given(seed: int) -> None:
    instance = without_plan(seed)
    if instance is None:
        return
    asked = trials_of(instance)
    top = asked.top(risky=False)
    if not asked.holds(top):
        return
    cells = asked.plan(top)
    assert cells is not None
    fewer = fitted(asked, top)
    assert within(fewer, top)
    assert keeps(asked.turned(fewer).problem, cells, ())


def settled(instance: Instance, random: Random) -> dict[str, Cell]:
    """Return any cells, whether they are open or not."""
    paths = compile_instance(instance).paths
    return {name: Cell(random.randrange(len(path.options)), random.choice(path.months)) for name, path in paths.items()}


def is_paid(instance: Instance, cells: Mapping[str, Cell]) -> bool:
    problem = compile_instance(instance)
    money = replace(problem, rules=tuple(rule for rule in problem.rules if isinstance(rule, Bridge)))
    return keeps(money, cells, ())


def lowered(instance: Instance, random: Random, most: int) -> tuple[Instance, dict[str, Cell]]:
    """Return any cells, and the instance with some numbers of money as low as they may be with these, or lower."""
    tries = [settled(instance, random) for _ in range(10)]
    cells = next((one for one in tries if is_paid(instance, one)), tries[0])
    for way in ways(instance, {}):
        if way.lever.attribute in MONEY and way.lever.field != "carry_until" and way.lever.value:
            for by in (random.randint(1, 400), random.randint(1, most)):
                with contextlib.suppress(UsageError):  # less than nothing
                    less = instance.but({way.lever.address: f"-{by}"})
                    instance = less if by <= most or is_paid(less, cells) else instance
    return instance, cells


def paid_for(seed: int, steps: int) -> bool | None:
    """Compare the cheapest additional money with trying all; return whether there is any, None where none is asked."""
    drawn, random = draw_instance(seed), Random(seed)  # noqa: S311 - tests
    if contradictions(drawn) or not drawn.funded:
        return None
    instance, cells = lowered(drawn, random, steps)
    asked = trials_of(instance)
    money = [i for i, way in enumerate(asked.ways) if way.lever.attribute in MONEY and way.lever.field != "carry_until"]
    chosen = random.sample(money, min(3, len(money)))
    none = (0,) * len(asked.ways)
    most = tuple(min(steps, way.most) if i in chosen else 0 for i, way in enumerate(asked.ways))
    best = None
    for amounts in itertools.product(*(range(most[i] + 1) for i in chosen)):
        vector = tuple(amounts[chosen.index(i)] if i in chosen else 0 for i in range(len(most)))
        cost = asked.cost(vector)
        if (best is None or cost < best) and is_paid(asked.turned(vector).instance, cells):
            best = cost
    found = _paid(asked, most, none, cells)
    assert (None if found is None else asked.cost(found)) == best, seed
    assert found is None or within(found, most)
    return None if best is None else best > 0


@pytest.mark.parametrize("seeds", [range(100), pytest.param(range(100, 300), marks=pytest.mark.slow)], ids=str)
def test_money_is_short_of_what_trying_says(seeds: range) -> None:
    said = [paid_for(seed, 3) for seed in seeds]
    assert sum(one is True for one in said) > 1
    assert sum(one is False for one in said) > 20


@pytest.mark.parametrize("seed", range(40))
def test_nothing_can_be_taken_from_what_is_left(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - tests
    size = random.randint(1, 6)
    enough = [tuple(random.randint(0, 4) for _ in range(size)) for _ in range(3)]
    top = tuple(max(column) for column in zip(*enough, strict=True))
    positions = [*range(size)]
    random.shuffle(positions)
    blocks = [positions[i : i + 2] for i in range(0, size, 2)]

    def works(vector: Vector) -> bool:
        return any(within(one, vector) for one in enough)

    found = lessened(top, blocks, works)
    assert works(found)
    assert not any(works(fewer) for fewer in changes_less(found))


def test_money_and_each_resource_are_turned_together() -> None:
    asked = trials_of(read(INFEASIBLE[0].parent / "too-few-donors"))
    assert {family(asked, way) for way in asked.ways if way.lever.attribute in MONEY} == {"money"}
    search = Soon(asked, 1)
    families = search._families()
    assert sorted(i for family_ in families.values() for i in family_) == [*range(len(asked.ways))]

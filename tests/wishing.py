"""What the answer to a wish must be, by trying all plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias

from engines import Goals, available, open_timetables
from lifted import Truth, spots
from micro.case import BASE, read_tables
from money_oracle import MoneyOracle
from oracles import best, every_plan
from strategies import draw_instance
from test_cpsat import ORDERS
from test_optima import PROMISES, without
from valued import SMALL

from sequencer import Choice, Instance, Limits, Outcome, Status, solve
from sequencer.compile import compile_instance
from sequencer.cpsat.allotment import allot
from sequencer.instance.contradictions import contradictions
from sequencer.instance.facts import Budget, Goal
from sequencer.questions.why import Tier, Why

LIMITS = Limits(seconds=60, workers=1)
TINY = sorted(path.parent for path in (Path(__file__).parent.parent / "instances" / "tiny").glob("*/plan.toml"))

#: Transfer months and values of a plan.
Has: TypeAlias = Callable[[Mapping[str, int], Mapping[str, int]], bool]


@dataclass(frozen=True)
class Wished:
    """A wish, the instance it asks about, and whether a plan has it, as a planner would judge."""

    text: str
    instance: Instance
    has: Has


@dataclass(frozen=True)
class Plan:
    """A plan and what it is worth."""

    choices: Mapping[str, Choice]
    values: Mapping[str, int]

    @property
    def transfers(self) -> dict[str, int]:
        """The month of each transfer."""
        return {name: choice.transfer for name, choice in self.choices.items()}


def plans(instance: Instance) -> list[Plan]:
    """Return every plan, by enumeration."""
    problem = compile_instance(instance)
    every = (dict(zip(problem.paths, plan, strict=True)) for plan in every_plan(problem, MoneyOracle(instance)))
    return [Plan(problem.choices(cells), problem.values(cells)) for cells in every]


def wished(instance: Instance, now: Mapping[str, int], random: Random) -> Iterator[Wished]:
    """Yield wishes of every form."""
    label, names = instance.calendar.label, [package.name for package in instance.packages]
    name, month = random.choice(names), random.randrange(instance.plan.months)
    near = now[name] + random.choice([-2, -1, 0, 1, 2])
    yield Wished(f"{name}={label(near)}", instance, lambda dates, _: dates[name] == near)
    yield Wished(f"{name} <= {label(month)}", instance, lambda dates, _: dates[name] <= month)
    yield Wished(f"{name}>={label(near)}", instance, lambda dates, _: dates[name] >= near)
    yield Wished(f"{name} earlier", instance, lambda dates, _: dates[name] < now[name])
    group = random.choice([*{p.place for p in instance.packages}, *{p.function for p in instance.packages}, name])
    chosen = [p.name for p in instance.packages if group in {p.name, p.place, p.function}]
    yield Wished(f"{group} by {label(near)}", instance, lambda dates, _: all(dates[p] <= near for p in chosen))
    first, second = random.choice(names), random.choice(names)
    if first != second:
        yield Wished(f"{first} before {second}", instance, lambda dates, _: dates[first] < dates[second])
    for at in (0, 1):
        one, other = first.split("/")[at], second.split("/")[at]
        pairs = [(n, pair) for n in names if n.split("/")[at] == one and (pair := exchanged(n, at, other)) in names]
        if one != other and pairs:
            yield Wished(f"{one} before {other}", instance, all_before(pairs))
    for term in ("exit", "departure"):
        if term in compile_instance(instance).terms:
            yield Wished(f"{term} by {label(month)}", instance, at_most(term, month))
    for donor in sorted({pledge.donor for pledge in instance.pledges})[: not contradictions(instance)]:
        yield Wished(f"without donor {donor}", without_donor(instance, donor), lambda _, __: True)


def without_donor(instance: Instance, donor: str) -> Instance:
    """Return the instance with no row of the donor's; where packages earn for it, what they earn remains there."""
    earning = {package.revenue_to for package in instance.packages if package.revenue}
    rows = [
        (pledge, replace(pledge, amount=0, max_growth=None, max_fall=None, base=None, condition=None))
        for pledge in instance.pledges
    ]
    pledges = tuple(
        empty if pledge.donor == donor else pledge
        for pledge, empty in rows
        if pledge.donor != donor or pledge.line in earning
    )
    donors = tuple(fact for fact in instance.donors if fact.name != donor)
    left = replace(instance, pledges=pledges, donors=donors)
    if left.funded or not instance.funded:
        return left
    nothing = Budget(line="nobody", year=instance.calendar.fiscal_year(0), amount=0, origin=instance.plan.origin)
    return replace(left, budget=(nothing,))


def exchanged(name: str, at: int, other: str) -> str:
    parts = name.split("/")
    parts[at] = other
    return "/".join(parts)


def all_before(pairs: Sequence[tuple[str, str]]) -> Has:
    return lambda dates, _: all(dates[a] < dates[b] for a, b in pairs)


def at_most(term: str, month: int) -> Has:
    return lambda _, values: values[term] <= month


def drawn(seed: int, tolerances: Sequence[int] = (0, 0, 0, 2)) -> tuple[Outcome, list[Plan], Random] | None:
    """Return the answer to a small random instance, and all its plans; None if it is not small, or has no plan."""
    random = Random(seed)  # noqa: S311 - tests
    instance = without(draw_instance(seed), *(table for table in PROMISES if random.random() < 0.4))
    goals = available(instance, [(term, random.choice(tolerances)) for term in random.choice(ORDERS)])
    if not goals or open_timetables(instance) > SMALL:
        return None
    objective = [Goal(term=term, tolerance=tolerance) for term, tolerance in goals]
    outcome = solve(instance, objective=objective, limits=LIMITS, haste=False, engine="cpsat")
    return None if outcome.choices is None else (outcome, plans(instance), random)


def allowed(outcome: Outcome) -> dict[str, int]:
    """Return what the terms of a plan may reach in one that is as good."""
    last = outcome.levels[-1]
    return {level.term: (level.value or 0) + (0 if level is last else level.tolerance) for level in outcome.levels}


def goals_of(outcome: Outcome) -> Goals:
    return [(level.term, level.tolerance) for level in outcome.levels]


def agree(outcome: Outcome, asked: Wished, why: Why, every: Sequence[Plan]) -> None:
    """Compare an answer with all plans."""
    having = [plan for plan in every if asked.has(plan.transfers, plan.values)]
    most = allowed(outcome)
    good = [plan for plan in having if all(plan.values[term] <= value for term, value in most.items())]
    assert why.tier is (Tier.CANNOT if not having else Tier.FREE if good else Tier.COULD)
    assert why.proven
    if why.tier is Tier.CANNOT:
        assert (why.choices, why.prices, why.moved) == (None, (), {})
        (conflict,) = why.conflicts
        assert conflict.sure
        assert conflict.confirmed
        assert not Truth.of(why.problem).holds(spots(conflict.parts))
        begin = len(outcome.problem.rules)
        assert asked.instance is not outcome.instance or any(part.position >= begin for part in conflict.parts)
        return
    is_attained(outcome, asked, why, having)
    if why.tier is Tier.FREE:
        assert all(price.proven for price in why.prices)
        return
    problem = compile_instance(asked.instance)
    cells = [tuple(problem.cells(plan.choices).values()) for plan in having]
    for price, least in zip(why.prices, best(problem, cells, goals_of(outcome)), strict=True):
        assert price.proven or any(level.tolerance for level in outcome.levels)
        if not any(level.tolerance for level in outcome.levels):
            assert (price.after, price.bound) == (least, least)


def is_attained(outcome: Outcome, asked: Wished, why: Why, having: Sequence[Plan]) -> None:
    """Check that the plan of an answer is one that has the wish, and that what is said of it is true."""
    assert outcome.choices is not None
    assert outcome.values is not None
    assert why.choices is not None
    (plan,) = [plan for plan in having if plan.choices == why.choices]
    assert [(p.term, p.before, p.after) for p in why.prices] == [
        (level.term, outcome.values[level.term], plan.values[level.term]) for level in outcome.levels
    ]
    assert dict(why.moved) == {
        name: choice.transfer - outcome.choices[name].transfer
        for name, choice in plan.choices.items()
        if choice != outcome.choices[name]
    }
    if asked.has({name: choice.transfer for name, choice in outcome.choices.items()}, outcome.values) and (
        asked.instance is outcome.instance
    ):
        assert not why.moved
    held: list[tuple[str, int]] = []
    for price in why.prices:
        rest = [plan.values[price.term] for plan in having if all(plan.values[term] <= most for term, most in held)]
        assert price.bound is None or price.bound <= min(rest)
        assert not price.proven or price.after == min(rest) or why.tier is Tier.FREE
        held.append((price.term, price.after))


def given(outcome: Outcome, plan: Plan) -> Outcome:
    """Return an answer with any plan, of which nothing is proven."""
    levels = [
        replace(level, value=plan.values[level.term], achieved=plan.values[level.term], bound=None, tolerance=0)
        for level in outcome.levels
    ]
    uses = allot(outcome.problem, outcome.problem.cells(plan.choices)) or None
    return replace(
        outcome, status=Status.FEASIBLE, choices=plan.choices, values=plan.values, levels=tuple(levels), uses=uses
    )


def claims_nothing_wrong(outcome: Outcome, asked: Wished, why: Why, every: Sequence[Plan]) -> None:
    """Check what is said to be proven, and nothing else."""
    having = [plan for plan in every if asked.has(plan.transfers, plan.values)]
    most = allowed(outcome)
    good = [plan for plan in having if all(plan.values[term] <= value for term, value in most.items())]
    assert having or why.tier in {Tier.CANNOT, Tier.UNKNOWN}
    assert why.tier is not Tier.CANNOT or not having
    assert why.tier is not Tier.FREE or good
    assert why.tier is not Tier.COULD or not why.proven or not good
    assert why.proven or why.tier in {Tier.COULD, Tier.UNKNOWN}
    if why.choices is not None:
        is_attained(outcome, asked, why, having)
    for conflict in why.conflicts:
        assert not Truth.of(why.problem).holds(spots(conflict.parts))


@cache
def small() -> tuple[tuple[Outcome, Wished, Sequence[Plan]], ...]:
    """Return wishes about answers to random instances, with all plans; none that the plan has already."""
    found = []
    for seed in range(30):
        one = drawn(seed)
        if one is None:
            continue
        outcome, every, random = one
        now = {name: choice.transfer for name, choice in (outcome.choices or {}).items()}
        asked = [w for w in wished(outcome.instance, now, random) if not w.has(now, outcome.values or {})]
        if asked:
            found.append((outcome, random.choice(asked), every))
    return tuple(found)


PACKAGES = "place,function | arden,policing | arden,clinics | belmont,policing | new town,health care"

PLACES = "place,region,population | arden,north,2000 | belmont,south,1001 | new town,south,10"

FUNCTIONS = "function,sector,joint_months,mentored_months,advisory_months | policing,,1,2,1 | clinics,,0,1,1"

FUNCTIONS += " | health care,,0,0,0"


def told(**tables: str) -> Outcome:
    """Return the answer to a few packages."""
    base = {**BASE, "places": PLACES, "functions": FUNCTIONS, "packages": PACKAGES}
    return solve(read_tables({**base, **tables}), limits=LIMITS, haste=False, engine="cpsat")


def tolerant() -> Outcome:
    """Return an answer that puts off the exit by two months, to be nearer to what was published."""
    tables = {
        "packages": "place,function,holding_cost | arden,policing,0 | arden,clinics,1",
        "published": "place,function,transfer | arden,policing,2030-07",
    }
    instance = read_tables({**BASE, "plan": "months = 12", **tables})
    objective = [Goal(term="exit", tolerance=2), Goal(term="change")]
    return solve(instance, objective=objective, limits=LIMITS, haste=False, engine="cpsat")

"""Wishes, against trying all plans: whether they can be had, at what price, and that nothing is claimed too soon."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest
from engines import Goals, available, open_timetables
from lifted import Truth, spots
from micro.case import BASE, read_tables
from money_oracle import MoneyOracle
from oracles import best, every_plan
from strategies import draw_instance
from test_conflicts import search_for
from test_cpsat import ORDERS
from test_optima import PROMISES, without
from valued import SMALL

from sequencer import Choice, Instance, Limits, Outcome, Status, UsageError, read, solve
from sequencer.compile import compile_instance
from sequencer.cpsat import search
from sequencer.cpsat.allotment import allot
from sequencer.engine.run import Run
from sequencer.instance.contradictions import contradictions
from sequencer.instance.facts import Goal
from sequencer.questions.why import Tier, Why, why_not
from sequencer.questions.wishes import wish

LIMITS = Limits(seconds=60, workers=1)
TINY = sorted(path.parent for path in (Path(__file__).parent.parent / "instances" / "tiny").glob("*/plan.toml"))
EVERYDAY, MANY = range(60), range(1000, 1600)

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
        pledges = [replace(p, amount=0) if p.donor == donor else p for p in instance.pledges]
        yield Wished(f"without donor {donor}", replace(instance, pledges=tuple(pledges)), lambda _, __: True)


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


def ask_draws(seeds: Iterable[int], each: int, tolerances: Sequence[int] = (0, 0, 0, 2)) -> Counter[str]:
    """Ask some wishes about each of some random instances, and compare the answers; return how many there were."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        found = drawn(seed, tolerances)
        if found is None:
            answers["left out"] += 1
            continue
        outcome, every, random = found
        now = {name: choice.transfer for name, choice in (outcome.choices or {}).items()}
        for asked in random.sample(wishes := list(wished(outcome.instance, now, random)), min(each, len(wishes))):
            why = why_not(outcome, asked.text, limits=LIMITS)
            try:
                agree(outcome, asked, why, every if asked.instance is outcome.instance else plans(asked.instance))
            except AssertionError as error:
                told = f"draw_instance({seed}), {goals_of(outcome)}, {asked.text}"
                raise AssertionError(f"{told}: {why.tier}, {why.prices}: {error}") from error
            answers[why.tier.value] += 1
    return answers


def tell(answers: Counter[str], request: pytest.FixtureRequest, least: float = 0.05) -> None:
    """Tell at the end of the run how many draws were of use: each answer must come often."""
    said = ", ".join(f"{count} {answer}" for answer, count in sorted(answers.items()))
    request.node.user_properties.append(("draws", said))
    assert min(answers[tier] for tier in (Tier.CANNOT, Tier.COULD, Tier.FREE)) > least * sum(answers.values()), said


def test_a_wish_is_answered_as_by_trying_all_plans(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(EVERYDAY, 4), request)


def test_what_every_term_tolerates_is_free(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(range(60, 100), 5, (1, 2, 3)), request)


@pytest.mark.slow
def test_wishes_are_answered_as_by_trying_all_plans_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(MANY, 10), request)


@pytest.mark.slow
def test_what_every_term_tolerates_is_free_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_draws(range(1200), 10, (1, 2, 3)), request)


# --- Plans that are not proven best -----------------------------------------------------------------------------------


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


def ask_about_any_plan(seeds: Iterable[int]) -> Counter[str]:
    """Ask about plans that are not best: what is no worse is free, and no price is proven."""
    answers: Counter[str] = Counter()
    for seed in seeds:
        found = drawn(seed)
        if found is None:
            answers["left out"] += 1
            continue
        best_known, every, random = found
        ordered = sorted(every, key=lambda plan: [plan.values[level.term] for level in best_known.levels])
        outcome = given(best_known, plan := random.choice(ordered[:4]))
        worth = [plan.values[level.term] for level in outcome.levels]
        for asked in random.sample(
            wishes := list(wished(outcome.instance, plan.transfers, random)), min(3, len(wishes))
        ):
            plans_there = every if asked.instance is outcome.instance else plans(asked.instance)
            having = [other for other in plans_there if asked.has(other.transfers, other.values)]
            why = why_not(outcome, asked.text, limits=LIMITS)
            told = f"draw_instance({seed}), {plan}, {asked.text}: {why.tier}, {why.prices}"
            good = any([other.values[level.term] for level in outcome.levels] <= worth for other in having)
            assert why.tier is (Tier.CANNOT if not having else Tier.FREE if good else Tier.COULD), told
            assert why.proven, told
            if having:
                is_attained(outcome, asked, why, having)
            assert not any(price.proven for price in why.prices) or why.tier is Tier.FREE, told
            answers[why.tier.value] += 1
    return answers


def test_a_wish_about_any_plan_is_free_where_it_makes_it_no_worse(request: pytest.FixtureRequest) -> None:
    tell(ask_about_any_plan(EVERYDAY), request, 0.02)


@pytest.mark.slow
def test_a_wish_about_any_plan_is_free_where_it_makes_it_no_worse_in_many_draws(request: pytest.FixtureRequest) -> None:
    tell(ask_about_any_plan(MANY), request, 0.02)


# --- Too little time --------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("count", [0, 2, 5, 12])
def test_where_time_runs_out_nothing_wrong_is_claimed(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tiers: Counter[Tier] = Counter()
    for outcome, asked, every in small():
        with monkeypatch.context() as patch:
            patch.setattr(search, "run", search_for(count, Run(Status.UNKNOWN, None, None, 0.0)))
            why = why_not(outcome, asked.text, limits=LIMITS)
        claims_nothing_wrong(outcome, asked, why, every)
        tiers[why.tier] += 1
    assert tiers[Tier.UNKNOWN] or count > 1


@pytest.mark.parametrize("seconds", [1e-4, 0.01, 0.03])
@pytest.mark.parametrize("deterministic", [False, True])
def test_in_little_time_nothing_wrong_is_claimed(seconds: float, deterministic: bool) -> None:
    for outcome, asked, every in small()[::2]:
        limits = Limits(seconds=seconds, workers=1, deterministic=deterministic)
        claims_nothing_wrong(outcome, asked, why_not(outcome, asked.text, limits=limits), every)


def test_after_a_stop_nothing_is_claimed() -> None:
    """But what needs no search: that the plan has the wish, or that a package has no such month."""
    stop = threading.Event()
    stop.set()
    for outcome, asked, every in small():
        why = why_not(outcome, asked.text, limits=LIMITS, stop=stop)
        claims_nothing_wrong(outcome, asked, why, every)
        assert why.tier in {Tier.UNKNOWN, Tier.CANNOT} or not why.moved


def test_deterministic_answers_are_the_same_each_time() -> None:
    limits = Limits(seconds=5, deterministic=True)
    for outcome, asked, _ in small()[::4]:
        one, other = (why_not(outcome, asked.text, limits=limits) for _ in range(2))
        assert (one.tier, one.prices, one.choices, one.conflicts) == (
            other.tier,
            other.prices,
            other.choices,
            other.conflicts,
        )


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


# --- What is asked ----------------------------------------------------------------------------------------------------

PACKAGES = "place,function | arden,policing | arden,clinics | belmont,policing | new town,health care"
PLACES = "place,region,population | arden,north,2000 | belmont,south,1001 | new town,south,10"
FUNCTIONS = "function,sector,joint_months,mentored_months,advisory_months | policing,,1,2,1 | clinics,,0,1,1"
FUNCTIONS += " | health care,,0,0,0"


def told(**tables: str) -> Outcome:
    """Return the answer to a few packages."""
    base = {**BASE, "places": PLACES, "functions": FUNCTIONS, "packages": PACKAGES}
    return solve(read_tables({**base, **tables}), limits=LIMITS, haste=False, engine="cpsat")


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("arden/policing=2030-03", Tier.COULD),
        (" arden/policing  <=  2030-02 ", Tier.FREE),
        ("arden/policing>=2030-06", Tier.COULD),
        ("arden/policing>=2030-07", Tier.CANNOT),
        ("arden/policing earlier", Tier.CANNOT),
        ("arden by 2030-01", Tier.CANNOT),
        ("clinics by 2030-01", Tier.FREE),
        ("new town/health care=2030-05", Tier.COULD),
        ("new town/health care  earlier", Tier.CANNOT),
        ("new town by 2030-01", Tier.FREE),
        ("health care by 2030-01", Tier.FREE),
        ("arden/policing before arden/clinics", Tier.COULD),
        ("arden before belmont", Tier.COULD),
        ("policing before clinics", Tier.COULD),
        ("new town/health care before belmont/policing", Tier.FREE),
        ("exit by 2030-05", Tier.FREE),
        ("exit by 2030-04", Tier.CANNOT),
        ("arden/policing=1999-12", Tier.CANNOT),
    ],
)
def test_every_form_is_understood(text: str, tier: Tier) -> None:
    assert why_not(nothing_more(), text, limits=LIMITS).tier is tier


@cache
def nothing_more() -> Outcome:
    """Return the answer to packages with no promise but that their paths fit."""
    return told()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is not understood; a wish is like 'aileu/policing=2028-03'"),
        ("arden/policing", "is not understood"),
        ("arden/policing<2030-03", "is not understood"),
        ("arden/policing=2030-3", "is not understood"),
        ("arden/policing=soon", "is not understood"),
        ("arden/policing=2030-13", "'2030-13' is no month: write YYYY-MM"),
        ("arden by 2030-00", "'2030-00' is no month: write YYYY-MM"),
        ("ardn/policing=2030-03", "there is no package 'ardn/policing'; nearest: arden/policing"),
        ("arden=2030-03", "there is no package 'arden'; nearest: arden/clinics, arden/policing"),
        ("arden earlier", "there is no package 'arden'"),
        ("ardn by 2030-03", "there is no package, place, function or term 'ardn'; nearest: arden"),
        ("exits by 2030-03", "there is no package, place, function or term 'exits'; nearest: exit"),
        ("departure by 2030-03", "there is no departure here: no package needs what the mission owns"),
        ("arden before belmnt", "there is no package, place or function 'belmnt'; nearest: belmont"),
        ("arden before policing", "'arden' and 'policing' are not alike: two packages, two places or two functions"),
        ("arden before arden/policing", "are not alike"),
        ("arden before arden", "'arden' and 'arden' have no counterparts"),
        ("clinics before health care", "have no counterparts: nothing would come before anything"),
        ("without donor japan", "there is no donor 'japan' with a pledge"),
        ("without japan", "is not understood"),
    ],
)
def test_what_is_not_understood_is_said_in_one_message(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        why_not(nothing_more(), text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_a_plan_there_is_nothing_to_ask_about(top: Path) -> None:
    outcome = solve(read(top / "instances" / "infeasible" / "money-gap"), haste=False)
    with pytest.raises(ValueError, match="no plan was found: the status is INFEASIBLE"):
        why_not(outcome, "arden/policing earlier")


PAST = "place,function,fixed | arden,policing,2029-10 | arden,clinics,2029-12 | belmont,policing,"


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("arden/policing before arden/clinics", Tier.FREE),
        ("arden/clinics before arden/policing", Tier.CANNOT),
        ("clinics before policing", Tier.CANNOT),
        ("arden/clinics before belmont/policing", Tier.FREE),
        ("belmont/policing before arden/clinics", Tier.CANNOT),
        ("arden/clinics earlier", Tier.CANNOT),
        ("arden/clinics=2029-12", Tier.FREE),
        ("arden/clinics>=2030-01", Tier.CANNOT),
        ("arden by 2029-12", Tier.FREE),
        ("arden by 2029-11", Tier.CANNOT),
        ("policing by 2030-02", Tier.FREE),
    ],
)
def test_what_came_before_the_plan_cannot_be_wished_otherwise(text: str, tier: Tier) -> None:
    """Also which of two packages came first, though a link between two dates before the plan is dropped."""
    why = why_not(told(packages=PAST), text, limits=LIMITS)
    assert (why.tier, why.proven) == (tier, True)
    assert all(conflict.sure and conflict.parts for conflict in why.conflicts)
    assert bool(why.conflicts) == (tier is Tier.CANNOT)


def test_a_plan_that_has_the_wish_stays_as_it_is() -> None:
    """Even where another would be as good and cheaper, or better; and nothing is searched."""
    outcome = told()
    assert outcome.choices is not None
    plan = {**outcome.choices, "arden/clinics": Choice("none", 2)}
    values = outcome.problem.values(outcome.problem.cells(plan))
    levels = tuple(replace(level, value=values[level.term], achieved=values[level.term]) for level in outcome.levels)
    later = replace(outcome, choices=plan, values=values, levels=levels)
    why = why_not(later, "arden/clinics=2030-03", limits=Limits(seconds=1e-6))
    assert (why.tier, why.proven, why.moved, why.choices) == (Tier.FREE, True, {}, plan)
    assert all(price.before == price.after for price in why.prices)


def test_a_donor_who_leaves_pays_nothing() -> None:
    pledges = "donor,pledge,from,to,amount | bank,one,,,2 | bank,two,,,2 | fund,,,,{}"
    packages = "place,function,earliest,latest,handover_cost | arden,policing,2030-02,2030-05,3"
    asked = {}
    for amount in (2, 3):
        outcome = told(packages=packages, donors="donor | bank | fund", pledges=pledges.format(amount))
        asked[amount] = why_not(outcome, "without donor bank", limits=LIMITS)
    assert [why.tier for why in asked.values()] == [Tier.CANNOT, Tier.FREE]
    (conflict,) = asked[2].conflicts
    assert "amount" in {part.at[0] for part in conflict.parts if part.at}
    assert wish("without donor bank", outcome.instance, outcome.problem, {}).problem.bridge is not None


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["auto", "milp"])
def test_wishes_are_answered_by_every_engine(engine: str) -> None:
    for outcome, asked, every in small():
        agree(outcome, asked, why_not(replace(outcome, engine=engine), asked.text, limits=LIMITS), every)


@pytest.mark.slow
@pytest.mark.parametrize("folder", TINY, ids=lambda path: path.name)
def test_a_wish_for_a_month_is_a_date_fixed(folder: Path) -> None:
    """The best plan with the wish is the best plan of an instance in which the transfer is fixed."""
    instance = read(folder)
    outcome, random = solve(instance, limits=LIMITS, haste=False), Random(folder.name)  # noqa: S311 - tests
    assert outcome.choices is not None
    for name, choice in outcome.choices.items():
        month = max(0, choice.transfer + random.choice([-2, -1, 1, 4]))
        label = instance.calendar.label(month)
        if instance.package[name].fixed is not None or month >= instance.plan.months:
            continue
        why = why_not(outcome, f"{name}={label}", limits=LIMITS)
        try:
            fixed = instance.but({f"packages.{name}.fixed": label})
        except UsageError:
            assert why.tier is Tier.CANNOT
            continue
        expected = solve(fixed, limits=LIMITS, haste=False)
        assert (expected.status is Status.INFEASIBLE) == (why.tier is Tier.CANNOT)
        if why.prices and all(price.proven for price in why.prices):
            assert [price.after for price in why.prices] == [level.value for level in expected.levels]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.01, 0.1, 1.0])
def test_little_time_is_no_error_where_much_is_to_be_searched(timor: Path, seconds: float) -> None:
    outcome = solve(read(timor), limits=LIMITS, haste=False)
    for text in ("exit by 2012-03", "aileu earlier", *(f"{name} earlier" for name in list(outcome.choices or {})[:4])):
        try:
            why = why_not(outcome, text, limits=Limits(seconds=seconds, workers=1))
        except UsageError:
            continue
        assert why.proven or why.tier in {Tier.COULD, Tier.UNKNOWN}


def test_a_plan_that_is_better_first_is_free_whatever_follows() -> None:
    """Where the plan given is not proven best: it transfers in the month published, which is far from the best exit."""
    tables = {
        "packages": "place,function | arden,policing",
        "published": "place,function,transfer | arden,policing,2030-06",
    }
    outcome = solve(read_tables({**BASE, **tables}), objective=["exit", "change"], limits=LIMITS, haste=False)
    known = plans(outcome.instance)
    (late,) = [plan for plan in known if plan.values["change"] == 0]
    why = why_not(given(outcome, late), "arden/policing earlier", limits=LIMITS)
    assert (why.tier, why.proven) == (Tier.FREE, True)
    assert [(price.before, price.after) for price in why.prices] == [(8, 4), (0, 4)]


def tolerant() -> Outcome:
    """Return an answer that puts off the exit by two months, to be nearer to what was published."""
    tables = {
        "packages": "place,function,holding_cost | arden,policing,0 | arden,clinics,1",
        "published": "place,function,transfer | arden,policing,2030-07",
    }
    instance = read_tables({**BASE, "plan": "months = 12", **tables})
    objective = [Goal(term="exit", tolerance=2), Goal(term="change")]
    return solve(instance, objective=objective, limits=LIMITS, haste=False, engine="cpsat")


@pytest.mark.parametrize("count", range(14))
def test_that_nothing_as_good_has_the_wish_is_not_claimed_too_soon(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best exit with the wish is later; that one within the tolerance is as good takes a search of its own."""
    outcome = tolerant()
    asked = Wished("arden/clinics=2030-04", outcome.instance, lambda dates, _: dates["arden/clinics"] == 3)
    monkeypatch.setattr(search, "run", search_for(count, Run(Status.UNKNOWN, None, None, 0.0)))
    why = why_not(outcome, asked.text, limits=LIMITS)
    claims_nothing_wrong(outcome, asked, why, plans(outcome.instance))


def test_within_its_tolerance_a_term_is_no_price() -> None:
    """The best exit with the wish is later, and even later ones would be allowed; one that the plan allows suffices."""
    outcome = tolerant()
    assert [(level.value, level.achieved) for level in outcome.levels] == [(4, 6), (3, 3)]
    free = why_not(outcome, "arden/clinics=2030-04", limits=LIMITS)
    assert (free.tier, [price.after for price in free.prices], free.moved) == (Tier.FREE, [6, 3], {"arden/clinics": 3})
    late = why_not(outcome, "arden/clinics=2030-06", limits=LIMITS)
    assert (late.tier, late.proven) == (Tier.COULD, True)
    assert [(price.before, price.bound, price.proven) for price in late.prices] == [(6, 7, False), (3, 0, True)]

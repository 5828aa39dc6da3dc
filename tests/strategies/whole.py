"""Draws a whole instance."""

from __future__ import annotations

from random import Random

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from strategies import money, packages, supplies, together
from strategies.begun import begin
from strategies.chance import HERE, Chance

HAVE_BEGUN = 0.15  # of all draws
TERMS = ("exit", "risk", "early_transfer")


def draw_instance(seed: int) -> Instance:
    """Draw an instance in which every kind of fact of the model may occur; some have no plan, some have begun."""
    random = Random(f"begun {seed}")  # noqa: S311 - tests
    return begin(_draw(seed), random) if random.random() < HAVE_BEGUN else _draw(seed)


def draw_begun(seed: int) -> Instance:
    """Draw an instance of which some months are over."""
    return begin(_draw(seed), Random(f"begun {seed}"))  # noqa: S311 - tests


def _draw(seed: int) -> Instance:
    chance = Chance(seed)
    places, functions = packages.places(chance), packages.functions(chance)
    chosen, options = _packages(chance, places, functions)
    names = [package.name for package in chosen]
    calendar, phases = money.calendar(chance), together.phases(chance, [f.name for f in functions])
    criteria, readiness, gains = packages.gates(chance, names, options)
    resources, capacity = supplies.resources(chance, places, names)
    presence, forces = supplies.presence(chance, places)
    reserves, relapses, reserve_forces = supplies.reserve(chance, places, names)
    budget, donors = money.budget(chance, calendar), money.donors(chance)
    pledges = money.pledges(chance, donors, names)
    lines = [*(row.line for row in budget), *(row.line for row in pledges)]
    return Instance(
        calendar=calendar,
        plan=_plan(chance),
        phases=phases,
        places=places,
        functions=functions,
        packages=money.earning(chance, chosen, lines, funded=bool(budget or pledges)),
        options=tuple(options),
        gains=gains,
        criteria=criteria,
        readiness=readiness,
        threat=tuple(row for place in places for row in packages.threat(chance, place.name)),
        limits=packages.limits(chance, names),
        resources=(*resources, *presence),
        capacity=capacity,
        guarantees=(*forces, *reserve_forces),
        needs=supplies.needs(chance, names, [r.name for r in (*resources, *presence)]),
        links=together.links(chance, names),
        widths=together.widths(chance, names),
        gates=together.gates(chance, names, phases),
        calendar_events=together.closures(chance, places, functions, (*resources, *presence)),
        budget=budget,
        donors=donors,
        pledges=pledges,
        reserves=reserves,
        relapses=relapses,
        published=supplies.published(chance, names),
    )


def _packages(
    chance: Chance, places: tuple[facts.Place, ...], functions: tuple[facts.Function, ...]
) -> tuple[list[facts.Package], list[facts.Option]]:
    """Draw one to three packages with their options."""
    every = [(place.name, function.name) for place in places for function in functions]
    chosen: list[facts.Package] = []
    options: list[facts.Option] = []
    for place, function in chance.random.sample(every, chance.random.randint(1, min(3, len(every)))):
        offered = packages.options(chance, f"{place}/{function}")
        options += offered
        chosen.append(packages.package(chance, place, function, offered))
    return chosen, options


def _plan(chance: Chance) -> facts.Plan:
    random, months = chance.random, chance.months
    return facts.Plan(
        title="drawn",
        months=months,
        money_unit="money",
        hold=random.randint(0, 2),
        mandate_end=random.randint(months // 2, months) if chance.maybe(0.5) else None,
        mandate_requires=random.choice(["transfer", "exit", "departure"]),
        risk_margin=random.choice([0, 5000]),
        risk_months=random.randint(0, 14),
        announced_pledges=random.random() < 0.3,
        objective=tuple(facts.Goal(term=term) for term in TERMS),
        origin=HERE,
    )

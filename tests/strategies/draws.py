"""Draws of an instance, and of a timetable for it with what is paid."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from money_oracle import MoneyOracle, dates

from sequencer.instance.instance import Instance
from sequencer.timetable import Choice, Choices, Uses
from sequencer.vocabulary import OPENS, Event
from strategies.whole import draw_instance

SEEDS = st.integers(0, 2**32)


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Draw an instance in which every kind of fact of the model may occur; some have no plan."""
    return draw_instance(draw(SEEDS))


def draw_plan(seed: int) -> tuple[Instance, dict[str, Choice], Uses]:
    """Draw an instance, a timetable for it and what is paid for it; the same seed draws the same."""
    return planned(draw_instance(seed), seed)


def planned(instance: Instance, seed: int) -> tuple[Instance, dict[str, Choice], Uses]:
    """Draw a timetable for an instance and what is paid for it."""
    random = Random(seed)  # noqa: S311 - tests
    choices = timetable(random, instance)
    return instance, choices, paid(random, instance, choices)


def timetable(random: Random, instance: Instance) -> dict[str, Choice]:
    """Return a timetable whose months lie in the plan, or where the past of a package has settled them."""
    last = instance.plan.months - 1
    choices = {}
    for package in instance.packages:
        option = random.choice(instance.options_of[package.name]).name
        month = random.randint(0, last)
        if package.earliest is not None and package.latest is not None and random.random() < 0.8:
            month = min(last, random.randint(*sorted((package.earliest, package.latest))))
        if package.fixed is not None and (package.fixed < 0 or random.random() < 0.8):
            month = package.fixed
        begins = package.current_stage and OPENS[package.current_stage]
        if begins and package.since is not None and random.random() < 0.9:
            settled = package.since - dates(instance, package.name, Choice(option, 0))[begins]
            handed_over = begins in {Event.TRANSFER, Event.ADVISORY_START, Event.EXIT}
            month = min(settled if handed_over else max(0, settled), last)
        choices[package.name] = Choice(option, month)
    return choices


def paid(random: Random, instance: Instance, choices: Choices) -> Uses:
    """Return payments: mostly ones that keep every promise, if there are such, now and then with a slip in them."""
    years = len({instance.calendar.fiscal_year(month) for month in range(instance.plan.months)})
    found = MoneyOracle(instance).uses(choices)
    uses = {line: [random.randint(0, 6) for _ in range(years)] for line in instance.money_lines}
    if found is not None and random.random() < 0.8:
        uses = {line: list(amounts) for line, amounts in found.items()}
    for _ in range(random.choice([0, 0, 1, 2]) if uses else 0):
        line, year = random.choice(list(uses)), random.randrange(years)
        uses[line][year] = max(0, uses[line][year] + random.choice([-2, -1, 1, 3]))
    return {line: tuple(amounts) for line, amounts in uses.items()}

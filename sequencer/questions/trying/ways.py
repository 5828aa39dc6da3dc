"""Numbers that may be turned so that rules become easier to keep: how far, in which steps, and what a step costs."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sequencer.errors import UsageError
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.instance.levers import Lever, addresses
from sequencer.instance.patterns import fits
from sequencer.questions.turning import Turning, is_negotiable, protects
from sequencer.vocabulary import MONTH

#: What one unit costs where nothing else is said, by the unit a number is shown in.
COSTS: Mapping[str, float] = {
    MONTH: 1,
    "months": 1,
    "lag": 1,
    "units": 1,
    "people": 0.01,
    "money": 0.01,
    "money per month": 0.12,
    "points": 1,
    "more points": 1,
    "points per month": 20,
    "percent": 0.1,
    "times": 10,
    "level": 5,
    "relapses": 5,
}

#: What is turned in smaller steps than one unit.
TENTH = Decimal("0.1")
STEPS: Mapping[str, Decimal] = {"points per month": TENTH, "times": TENTH}


@dataclass(frozen=True, slots=True)
class Way:
    """One number that may be turned in the direction in which rules become easier to keep.

    Attributes
    ----------
    lever : Lever
    place : str
        File and row of the number.
    most : int
        Steps up to where turning it further changes nothing, or is not allowed.
    cost : Fraction
        Of one step.
    risky : bool
        Whether it protects people, and the plan says that it is negotiable.
    """

    lever: Lever
    place: str
    most: int
    cost: Fraction
    risky: bool

    def change(self, steps: int) -> str:
        """Return the change by so many steps, as ``Instance.but`` takes it."""
        return f"{'+' if self.lever.relax > 0 else '-'}{steps * STEPS.get(self.lever.unit, Decimal(1))}"


def ways(instance: Instance, costs: Mapping[str, float]) -> tuple[Way, ...]:
    """Return all that may be turned, what is negotiable among it.

    Raises
    ------
    UsageError
        If a cost is not positive, or is said of something that is neither a unit nor an address.
    """
    turning, cost = Turning(instance), _costs(instance, costs)
    found = []
    for lever in addresses(instance).values():
        guards = protects(lever)
        risky = guards and is_negotiable(instance, lever)
        nothing = lever.field == "revenue" and not lever.value  # who earns nothing does not begin to for a plan
        if lever.relax and lever.value is not None and not nothing and (risky or not guards):
            most = _most(instance, lever)
            if most > 0:
                found.append(Way(lever, turning.place(lever), most, cost(lever), risky))
    return tuple(found)


def _costs(instance: Instance, costs: Mapping[str, float]) -> Callable[[Lever], Fraction]:
    """Return what a step of each number costs: the pattern that is said last, else its unit, else the default."""
    names = addresses(instance)
    for key, value in costs.items():
        if not 0 < value < float("inf"):
            raise UsageError(f"the cost of {key} must be a positive number, not {value}")
        if key not in COSTS and not any(fits(key, name) for name in names):
            near = difflib.get_close_matches(key, [*COSTS, *names], n=3, cutoff=0.5)
            hint = f"; nearest: {', '.join(near)}" if near else ""
            raise UsageError(f"a cost is said of {key!r}, which is neither a unit nor the address of a number{hint}")

    def cost(lever: Lever) -> Fraction:
        said = [value for key, value in costs.items() if key not in COSTS and fits(key, lever.address)]
        unit = said[-1] if said else costs.get(lever.unit, COSTS.get(lever.unit, 1))
        return Fraction(str(unit)) * Fraction(STEPS.get(lever.unit, Decimal(1)))

    return cost


def _most(instance: Instance, lever: Lever) -> int:
    """Return by how many steps a number can be turned before that changes nothing more or is not allowed."""
    value, step = lever.value or 0, int(lever.scale * STEPS.get(lever.unit, Decimal(1)))
    end = lever.high if lever.relax > 0 else lever.low
    if lever.unit == MONTH:
        end = instance.plan.months if lever.relax > 0 else 0
    if lever.attribute == "packages" and lever.field == "revenue" and not instance.funded:
        return 0
    if lever.field == "trend" and instance.limits[lever.position].limit is None:
        end = 1  # a row of limits says something
    room = facts.LARGEST if end is None else lever.relax * (end * lever.scale - value) // step
    if lever.relax > 0 and lever.unit in {"units", "people"}:
        return min(room, sum(_needed(instance)))
    if lever.relax > 0 and lever.unit.startswith("money"):
        return min(room, _paid(instance))
    return room


def _needed(instance: Instance) -> Iterator[int]:
    """Yield more than all packages together could ever need of any resource, whatever part of it a calendar leaves."""
    factors = [fact.factor for fact in instance.calendar_events if fact.factor]
    times = -(-facts.THOUSANDTHS // min(factors, default=facts.THOUSANDTHS))
    needed: tuple[facts.Need | facts.Relapse, ...] = (*instance.needs, *instance.relapses)
    for fact in needed:
        place = instance.place[instance.package[fact.package].place]
        heads = 1 if fact.per_people is None else -(-(place.population or 0) // fact.per_people)
        yield fact.amount * heads * (instance.plan.months + 1) * times


def _paid(instance: Instance) -> int:
    """Return more than could ever be paid in one plan, its first and last fiscal year in full."""
    total = 0
    for package in instance.packages:
        support = max(option.cost * option.support for option in instance.options_of[package.name])
        total += package.recurrent_cost * (instance.plan.months + 24) + package.handover_cost + support
    return total

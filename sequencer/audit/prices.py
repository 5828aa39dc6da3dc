"""What a timetable costs in each term of the objective, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

from sequencer.audit.conditions import readiness, score, threat
from sequencer.audit.needs import Ledger
from sequencer.audit.walk import Walk, walks
from sequencer.instance.instance import Instance
from sequencer.timetable import Choices
from sequencer.vocabulary import Event


def price(instance: Instance, choices: Choices) -> dict[str, int]:
    """Return the value of each term of the objective.

    Parameters
    ----------
    instance : Instance
        What the planner said.
    choices : Choices
        One option and transfer month for every package, by name.

    Returns
    -------
    dict of str to int
        ``exit`` and ``departure`` in months from the start of the plan, ``risk`` in people times threat level times
        thousandths of a point, ``early_transfer`` in weight times months, ``cost`` in the plan's money. ``risk`` is
        left out if a package with a readiness gate on its transfer lies in a place without population or threat,
        ``departure`` if the mission owns no resource. ``change``, in months, is there if a plan was published before.

    Raises
    ------
    ValueError
        If a package is missing, or a package or option is unknown.
    """
    taken = walks(instance, choices)
    ledger = Ledger(instance, taken)
    terms = {
        "exit": max((walk.month(Event.EXIT) for walk in taken), default=0),
        "early_transfer": sum(_weight(instance, walk) * walk.transfer for walk in taken),
        "cost": sum(_cost(instance, walk) for walk in taken),
    }
    if any(resource.owner == "mission" for resource in instance.resources):
        terms["departure"] = max((ledger.departure(walk) for walk in taken), default=0)
    if instance.published:
        terms["change"] = sum(abs(choices[row.package].transfer - row.transfer) for row in instance.published)
    if _risk_is_known(instance, taken):
        terms["risk"] = sum(_risk(instance, walk) for walk in taken)
    return terms


def _weight(instance: Instance, walk: Walk) -> int:
    """Return the weight of a package: its own, or its function's."""
    own = walk.package.weight
    return instance.function[walk.package.function].weight if own is None else own


def _cost(instance: Instance, walk: Walk) -> int:
    """Return holding, support, handover and recurrent cost to the exit, in the months of the plan."""
    package, cost = walk.package, 0
    carried = range(walk.transfer, walk.month(Event.EXIT))
    supported = range(walk.month(Event.SUPPORT_START), walk.month(Event.SUPPORT_END))
    for month in range(instance.plan.months):
        if month < walk.transfer:
            cost += package.holding_cost
        if month == walk.transfer:
            cost += package.handover_cost
        if month in carried:
            cost += package.recurrent_cost
        if month in supported:
            cost += walk.option.cost
    return cost


def _risk_is_known(instance: Instance, taken: Sequence[Walk]) -> bool:
    """Return whether population and threat are given wherever risk asks for them."""
    asked = {walk.package.place for walk in taken if _gates(instance, walk)}
    return all(instance.place[name].population is not None and instance.threat_of.get(name) for name in asked)


def _gates(instance: Instance, walk: Walk) -> list[tuple[str, int]]:
    """Return the criteria and thresholds that a package's transfer waits for."""
    criteria = instance.criteria_of.get(walk.name, ())
    return [(c.criterion, c.threshold) for c in criteria if c.event is Event.TRANSFER]


def _risk(instance: Instance, walk: Walk) -> int:
    """Return people times threat times shortfall of the low scores, summed over the months after the transfer."""
    gates = [(readiness(instance, walk.name, criterion), threshold) for criterion, threshold in _gates(instance, walk)]
    population = instance.place[walk.package.place].population
    if not gates or population is None:
        return 0
    total = 0
    for month in range(max(0, walk.transfer), walk.transfer + instance.plan.risk_months):
        shortfall = 0
        for row, threshold in gates:
            low = score(instance, walk, row, row.low, month)
            shortfall += max(0, threshold + instance.plan.risk_margin - low)
        total += population * threat(instance, walk.package.place, month) * shortfall
    return total

"""Resources that cannot suffice, found all at once, and a second proof of a shortfall."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sequencer.cpsat import search
from sequencer.engine.run import Caps, Stoppable
from sequencer.outcome import Limits, Status
from sequencer.places.divide import place_of
from sequencer.problem import Link, Problem, Term, Window
from sequencer.reasons.apart import apart
from sequencer.reasons.parts import parts_of
from sequencer.reasons.scarcity.pricing import Pricing
from sequencer.reasons.scarcity.shortfall import Prices, Shortfall

LONG = 1e6  # seconds, where time is not to count


def seconds(limits: Limits) -> float:
    """Return the seconds for prices: what is to be repeatable ends by itself."""
    return LONG if limits.deterministic else limits.seconds


@dataclass(frozen=True, slots=True)
class Scarce:
    """Shared rules that together cannot suffice.

    Attributes
    ----------
    positions : tuple of int
        Those of most weight first; empty if none are found.
    shortfall : Shortfall or None
        All shared rules as rows; None if there are none, or a package has no cell.
    """

    positions: tuple[int, ...] = ()
    shortfall: Shortfall | None = None


def scarce(problem: Problem, caps: Caps, limits: Limits, stop: Stoppable) -> Scarce:
    """Return shared rules that together cannot suffice."""
    parts = parts_of(problem)
    shortfall = Shortfall.of(problem, [cap for cap in caps if cap[0].maximum])
    if shortfall is None:
        return Scarce()
    told = Pricing(shortfall, parts).ask(parts, seconds(limits), stop)
    if not isinstance(told, Prices):
        return Scarce((), shortfall)
    worth = np.abs(told.told * shortfall.places.sides)
    weight: dict[int, float] = {}
    for at, price, each in zip(shortfall.rules.tolist(), told.told.tolist(), worth.tolist(), strict=True):
        if price:
            weight[at] = weight.get(at, 0.0) + each
    return Scarce(tuple(sorted(weight, key=lambda at: -weight[at])), shortfall)


def confirm(problem: Problem, caps: Caps, limits: Limits, stop: Stoppable) -> bool:
    """Return whether places cannot do with what is shared, each place asked of CP-SAT by itself.

    Prices are found anew in the problem given; what each place takes at least at these, CP-SAT proves.
    """
    parts = parts_of(problem)
    pricing = Pricing.of(problem, caps, parts)
    told = None if pricing is None else pricing.ask(parts, seconds(limits), stop)
    if pricing is None or not isinstance(told, Prices):
        return False
    dates = [i for i, rule in enumerate(problem.rules) if isinstance(rule, Window | Link)]
    blocks: dict[str, list[str]] = {}
    for name in problem.paths:
        blocks.setdefault(place_of(name), []).append(name)
    term, least = _priced(pricing, told), 0
    for names in blocks.values():
        alone = apart(problem, [names], dates).problem
        mine = replace(term, tables={name: term.tables[name] for name in names})
        own = [(replace(cap, tables={n: cap.tables[n] for n in names if n in cap.tables}), most) for cap, most in caps]
        run = search.run(alone, mine, own, None, limits=limits, stop=stop)
        if run.bound is None or run.status is Status.UNKNOWN:
            return run.status is Status.INFEASIBLE
        least += run.bound
    return least > told.there


def _priced(pricing: Pricing, told: Prices) -> Term:
    """Return what cells take at some prices as a term."""
    shortfall = pricing.shortfall
    places, paths = shortfall.places, shortfall.problem.paths
    tables = {}
    for p, name in enumerate(places.names):
        cells = slice(*places.forest.cells[p : p + 2])
        table = np.zeros(paths[name].shape, np.int64)
        table[places.option[cells], places.transfer[cells] - paths[name].months.start] = told.cost[cells]
        tables[name] = table
    return Term("priced", "", maximum=False, tables=tables)

"""Resources that cannot suffice, found all at once, and a second proof of a shortfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sequencer.cpsat import search
from sequencer.engine.run import Caps, Stoppable
from sequencer.engine.tables import open_masks
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
    """Return whether places cannot do with what is shared, packages that links bind asked of CP-SAT by themselves.

    Prices are found anew in the problem given. What packages of a place that hang together take at least at these,
    CP-SAT proves; what a package takes that no link of its place binds, is looked up.
    """
    parts = parts_of(problem)
    pricing = Pricing.of(problem, caps, parts)
    told = None if pricing is None else pricing.ask(parts, seconds(limits), stop)
    if pricing is None or not isinstance(told, Prices):
        return False
    dates = frozenset(i for i, rule in enumerate(problem.rules) if isinstance(rule, Window | Link))
    term, masks, least = _priced(pricing, told), open_masks(problem, caps), 0
    for names in _bound_together(problem):
        mine = replace(term, tables={name: term.tables[name] for name in names})
        if len(names) == 1 and masks[names[0]].any():
            least += int(term.tables[names[0]][masks[names[0]]].min())
            continue
        alone = apart(problem, [names], dates).problem
        own = [(replace(cap, tables={n: cap.tables[n] for n in names if n in cap.tables}), most) for cap, most in caps]
        run = search.run(alone, mine, own, None, limits=limits, stop=stop)
        if run.bound is None or run.status is Status.UNKNOWN:
            return run.status is Status.INFEASIBLE
        least += run.bound
    return least > told.there


def _bound_together(problem: Problem) -> Sequence[Sequence[str]]:
    """Return packages that hang together by links, place by place; one that no link of its place binds, alone."""
    block = {name: [name] for name in problem.paths}
    for rule in problem.rules:
        if isinstance(rule, Link) and place_of(rule.before) == place_of(rule.after):
            one, other = block[rule.before], block[rule.after]
            if one is not other:
                one += other
                block |= dict.fromkeys(other, one)
    return list({id(names): names for names in block.values()}.values())


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

"""What the hidden plan should get by with: each supply enough to finish in time, and hardly more in most months."""

from __future__ import annotations

from random import Random

import numpy as np

from sequencer.bench.draw.kinds import MONTHS, Country
from sequencer.bench.draw.loads import Floats, Load, Watchmen
from sequencer.problem import Problem

STRETCH = (6, 12)  # months for which a planner states one amount
LAST = 40  # month by which most work should be done
#: By whether every kind of rule is drawn: how fully a supply is used while most work is done, from and to.
TIGHT = {True: (0.72, 0.88), False: (0.78, 0.92)}
UNAIMED = {"officers", "money"}  # what falls as packages are handed over: its rows follow the plan alone
RELAPSES = (0.95, 1.0)  # part of the k largest needs there could be that a reserve should have to answer


def stretches(random: Random) -> list[range]:
    """Return the stretches of months in which one amount holds."""
    found, month = [], 0
    while month < MONTHS:
        end = month + random.randint(*STRETCH)
        end = MONTHS if end > MONTHS - STRETCH[0] else end
        found.append(range(month, end))
        month = end
    return found


def spread(random: Random) -> Floats:
    """Return a factor for each month, shape (H,), constant over stretches: a build-up, a plateau and a drawdown."""
    factors = np.ones(MONTHS)
    for months in stretches(random):
        build = 0.75 if months.start == 0 else 0.85 if months.start >= LAST else 1.0
        factors[months.start : months.stop] = build * random.uniform(0.88, 1.12)
    return factors


def aim(problem: Problem, country: Country, loads: dict[tuple[str, str], Load]) -> None:
    """Set the aims of every supply that is worked off over the plan."""
    shape = country.shape
    random = shape.random("aims")
    usable = LAST - 0.6 * shape.ready
    factors = {resource: spread(random) for resource in sorted({resource for resource, _ in loads})}
    tight = {resource: random.uniform(*TIGHT[shape.full]) for resource in factors}
    means = _works(problem, loads)
    for (resource, pool), load in loads.items():
        if resource in UNAIMED:
            continue
        if resource == "changes":
            load.aim[:] = random.choice((5, 5, 6))
            continue
        if len(load.rule.buckets) == 1:
            load.aim[:] = round(means[resource, pool] * (0.1 + tight[resource]))
            continue
        monthly = means[resource, pool] / (usable * tight[resource])
        for b, months in enumerate(load.rule.buckets):
            factor = factors[resource][months.start : months.stop].sum()
            wet = resource == "convoys" and (months.start % 12) in {6, 7}
            load.aim[b] = max(2, round(monthly * factor * (0.8 if wet else 1.0)))


def _works(problem: Problem, loads: dict[tuple[str, str], Load]) -> dict[tuple[str, str], float]:
    """Return what each supply needs over the whole plan if every package takes an average open cell."""
    masks = {name: problem.open_cells(name) for name in problem.paths}
    found = {}
    for key, load in loads.items():
        found[key] = 0.0
        for name in load.rule.demands_of if key[0] not in UNAIMED else ():
            table = load.table(name, problem.paths[name])[:, masks[name]]
            found[key] += float(table.sum(axis=0).mean()) if table.size else 0.0
    return found


def reserves(problem: Problem, country: Country) -> list[Watchmen]:
    """Return the reserves, each with a force that cannot answer all that could relapse at once."""
    random = country.shape.random("reserves")
    return [Watchmen.empty(rule, random.uniform(*RELAPSES)) for rule in problem.reserves]

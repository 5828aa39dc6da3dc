"""What a timetable needs of numbers that were turned further than it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sequencer.cpsat.shortfall import Addition, Spot, shortfall
from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN
from sequencer.outcome import Status
from sequencer.problem import Breach, Bridge, Cell, Problem
from sequencer.questions.trying.steps import Vector, lessened
from sequencer.questions.trying.trials import Trials, keeps
from sequencer.questions.trying.ways import STEPS, Way

#: Which number of a row keeps which rule; a rule that is left out is kept by an amount.
FIELDS = {
    "W1": ("score", "gain", "threshold", "growth"),
    "W2": ("limit",),
    "W3": ("trend",),
    "W5": ("earliest",),
    "W6": ("latest",),
    "W8": ("mandate_end",),
    "L1": ("minimum",),
    "L2": ("maximum",),
    "L3": ("width",),
    "L4": ("minimum",),
    "R1": ("people", "k"),
}
AMOUNTS = ("amount", "people")

#: Tables about money.
MONEY = frozenset({"budget", "donors", "pledges"})

#: Rounds in which what breaks is mended.
ROUNDS = 8

#: Times that a number is turned for one breach, before another one is.
TIMES = 2

#: Parts of a unit of cost that are counted.
PARTS = 10_000


def fitted(trials: Trials, vector: Vector) -> Vector:
    """Return the steps that the plan found with some steps needs of them: mostly fewer, and never more.

    What it breaks without any is mended, rule by rule; where that fails, numbers are turned back one by one.
    """
    cells = trials.plan(vector)
    if cells is None:
        return vector

    def works(fewer: Vector) -> bool:
        tried = trials.turned(fewer)
        if not keeps(tried.problem, cells, tried.caps):
            return False
        trials.accept(fewer, replace(tried, status=Status.FEASIBLE, cells=cells))
        return True

    enough = _paid(trials, vector, _mended(trials, vector, cells), cells)
    if enough is not None and works(enough):
        return enough
    order = sorted((i for i, n in enumerate(vector) if n), key=lambda i: -trials.ways[i].cost * vector[i])
    return lessened(vector, [[i] for i in order], lambda fewer: trials.left > 0 and works(fewer))


def _mended(trials: Trials, most: Vector, cells: Mapping[str, Cell]) -> Vector:
    """Return steps, at most some, with which a timetable breaks as little as is found by mending what it breaks.

    Money is left out.
    """
    steps = [0] * len(most)
    tried: Counter[tuple[str, int, tuple[str, ...], int]] = Counter()
    of_row: dict[str, list[int]] = {}
    for i in (i for i, n in enumerate(most) if n):
        of_row.setdefault(trials.ways[i].place, []).append(i)
    for _ in range(ROUNDS):
        wanted: dict[int, int] = {}
        for breach in _without_money(trials.turned(tuple(steps)).problem).breaches(cells):
            for i in _could(trials, breach, of_row):
                key = (breach.rule, breach.month, breach.about, i)
                if steps[i] < most[i] and tried[key] < TIMES:
                    tried[key] += 1
                    wanted[i] = max(wanted.get(i, 0), -(-breach.amount // step_of(trials.ways[i])))
                    break
        if not wanted or trials.stop.is_set():
            break
        for i, more in wanted.items():
            steps[i] = min(most[i], steps[i] + more)
    return tuple(steps)


def _without_money(problem: Problem) -> Problem:
    return replace(problem, rules=tuple(rule for rule in problem.rules if not isinstance(rule, Bridge)))


def _could(trials: Trials, breach: Breach, of_row: Mapping[str, list[int]]) -> list[int]:
    """Return the numbers in the rows of a breach that could mend it, the cheapest first."""
    rows = {origin.place for origin in breach.origins}
    near = [i for row in rows for i in of_row.get(row, ()) if _is_about(trials.instance, trials.ways[i], breach)]
    fields = FIELDS.get(breach.rule, AMOUNTS)
    named = [i for i in near if trials.ways[i].lever.field in fields]
    return sorted(named or near, key=lambda i: (trials.ways[i].cost, i))


def _is_about(instance: Instance, way: Way, breach: Breach) -> bool:
    """Return whether a number is about packages that break a rule: one row of a file may be about many others."""
    fact = None if way.lever.attribute == PLAN else getattr(instance, way.lever.attribute)[way.lever.position]
    match fact:
        case facts.Package():
            return fact.name in breach.about
        case facts.Readiness() | facts.Gain() | facts.Criterion() | facts.Limit() | facts.Need() | facts.Relapse():
            return fact.package in breach.about
        case facts.Link():
            return {fact.before, fact.after} == set(breach.about)
        case facts.Width():
            return {name for name, _ in fact.members}.issuperset(breach.about)
        case facts.Capacity():
            places = [instance.place[instance.package[name].place] for name in breach.about]
            return not fact.pool or any(fact.pool in {place.name, place.region} for place in places)
        case _:
            return True


def step_of(way: Way) -> int:
    """Return one step of a number as it is stored."""
    return int(way.lever.scale * STEPS.get(way.lever.unit, 1))


def _paid(trials: Trials, most: Vector, steps: Vector, cells: Mapping[str, Cell]) -> Vector | None:
    """Return steps with as much more money, at most some, as a timetable needs; None where that is not enough."""
    problem = trials.turned(steps).problem
    if problem.bridge is None:
        return steps
    ways = [i for i, n in enumerate(most) if n and trials.ways[i].lever.attribute in MONEY]
    spots = {i: _spots(trials.instance, problem.bridge, trials.ways[i]) for i in ways}
    counted = [i for i in ways if spots[i]]
    additions = [
        Addition(spots[i], step_of(way), most[i], int(way.cost * PARTS)) for i in counted for way in [trials.ways[i]]
    ]
    found = shortfall(problem, cells, additions)
    if found is None:
        return None
    paid = dict(zip(counted, found, strict=True))
    return tuple(paid.get(i, n) for i, n in enumerate(steps))


def _spots(instance: Instance, rule: Bridge, way: Way) -> tuple[Spot, ...]:
    """Return where the money rule counts a number; none for the month until which something is carried over."""
    fact = getattr(instance, way.lever.attribute)[way.lever.position]
    if isinstance(fact, facts.Donor):
        return tuple(("share", i, 0) for i, share in enumerate(rule.shares) if share.donor == fact.name)
    found: list[Spot] = []
    for j, line in ((j, line) for j, line in enumerate(rule.lines) if line.name == fact.line):
        mine = [_gives(instance, fact, months.start) for months in rule.buckets]
        if way.lever.field == "amount":
            found += (("amount", j, b) for b, here in enumerate(mine) if here)
        for s, step in enumerate(line.steps):
            into = step.after is not None and mine[step.after]
            out = into if step.before is None else mine[step.before]
            if way.lever.field == "max_growth" and into:
                found.append(("growth", j, s))
            if way.lever.field == "max_fall" and out:
                found.append(("fall", j, s))
    return tuple(found)


def _gives(instance: Instance, fact: facts.Budget | facts.Pledge, month: int) -> bool:
    """Return whether a row is about the fiscal year that begins in a month; many years may share a row of a file."""
    if isinstance(fact, facts.Budget):
        return fact.year == instance.calendar.fiscal_year(month)
    return fact.start <= month and (fact.end is None or month <= fact.end)

"""The price of haste: what risk and cost would be if the exit came later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sequencer.outcome import Haste, Status
from sequencer.problem import Cell, Problem
from sequencer.solving.engines import by_name
from sequencer.solving.levels import Levels

LATER = (3, 6)  # months
LEAST = 3.0  # seconds for each, however quickly the plan itself was found


def price_of_haste(levels: Levels, status: Status) -> tuple[Haste, ...]:
    """Return risk and cost of a plan beside those with the exit some months later; empty without a plan.

    The other terms of the objective are minimised again, in their order, and then the cost as for the plan itself. Each
    search takes at most as long as that for the plan did, or three seconds, and as long again for the cost; it begins
    from the plan before, so it finds one.

    Parameters
    ----------
    levels : Levels
        The finished search for the plan.
    status : Status
        What it ended with.
    """
    problem, plan = levels.problem, levels.cells
    if plan is None:
        return ()
    leaves = problem.terms["exit"]
    here = problem.value(leaves, plan)
    found = [_priced(problem, plan, 0, here, proven=status is Status.OPTIMAL, cheapest=levels.tidied)]
    best = next(
        (value for (term, _), (value, _) in zip(levels.goals, levels.found, strict=False) if term is leaves), here
    )
    goals = [(term, tolerance) for term, tolerance in levels.goals if term is not leaves]
    goals = goals or [(problem.terms["cost"], 0)]
    seconds = max(LEAST, levels.took)
    for later in LATER:
        limits = replace(levels.limits, seconds=max(0.01, min(seconds, levels.left())))
        latest = max(here, min(best + later, problem.horizon))  # no exit lies beyond the plan
        most = [(leaves, latest)]
        # begins from what a shorter wait found
        search = Levels(problem, by_name(levels.engine.name), goals, limits, None, levels.stop, most, plan)
        if search.run() is Status.OPTIMAL:
            with search.keeping():
                search.tidy({})
        if levels.stop.is_set():
            break
        levels.spent += search.spent
        plan = search.cells or plan
        found.append(_priced(problem, plan, later, latest, proven=search.proven, cheapest=search.tidied))
    return tuple(found)


def _priced(
    problem: Problem, cells: Mapping[str, Cell], later: int, most: int, *, proven: bool, cheapest: bool
) -> Haste:
    values = {name: problem.value(term, cells) for name, term in problem.terms.items() if term.tables}
    return Haste(
        later=later,
        exit=most,
        achieved=values["exit"],
        risk=values.get("risk"),
        cost=values.get("cost"),
        proven=proven,
        cheapest=cheapest,
    )

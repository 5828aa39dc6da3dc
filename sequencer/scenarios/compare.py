"""Plans side by side on the same scenarios, best on fresh ones: those a plan was made for flatter it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor

import pandas as pd

from sequencer.errors import UsageError
from sequencer.instance.instance import Instance
from sequencer.scenarios.frames import QUANTILES
from sequencer.scenarios.held import Stress, stress
from sequencer.scenarios.scenario import Scenario
from sequencer.scenarios.shares import mean, tail
from sequencer.timetable import Choices

TAIL = 0.1


def compare_plans(
    instance: Instance,
    plans: Mapping[str, Choices],
    scenarios: Iterable[Scenario],
    *,
    share: float = TAIL,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Try plans in the same scenarios.

    Parameters
    ----------
    instance : Instance
    plans : mapping of str to Choices
    scenarios : iterable of Scenario
        Drawn with another seed than those the plans were made for.
    share : float
        Of the scenarios, the worst ones that ``tail_delay`` is the mean of: 0.1 is the CVaR at 90 %.
    executor : Executor, optional
        See ``stress``.

    Returns
    -------
    DataFrame, one row for each plan
        Columns plan; breaks_now (promises it breaks in the instance as it is: 0 for a plan of it); planned_exit
        (``YYYY-MM``); for each term of the plan's objective, by its name, its value in the instance as it is;
        dates_hold (share of dates, over packages and scenarios) and worst_date (the least share of one package);
        all_holds (share of scenarios in which every promise is kept); expected_breaches; P50, P80, P95 (exit of the
        plan shifted right, ``YYYY-MM``; empty where so many scenarios do not end within the plan); outside (the number
        of scenarios not within the plan); mean_delay and tail_delay (months from its planned exit to that of the plan
        shifted right; empty where a scenario not within the plan would have to be counted).

    Raises
    ------
    UsageError
        If there is no plan; as ``stress``.

    Notes
    -----
    A later plan keeps its dates more often and slips less, but no plan shifted right ends earlier for having been
    planned later with the same options: what a robust plan costs stands in planned_exit and the terms, what it buys in
    dates_hold.
    """
    if not plans:
        raise UsageError("at least one plan is needed")
    given = tuple(scenarios)
    rows = [
        {"plan": name, **_row(stress(instance, choices, given, executor=executor), share)}
        for name, choices in plans.items()
    ]
    return pd.DataFrame(rows)


def _row(found: Stress, share: float) -> dict[str, object]:
    held = found.held
    label, values = found.instance.calendar.label, found.base.problem.values(found.base.cells)
    delays = [None if each.exit is None else each.exit - found.planned for each in held]
    by = {f"P{part * 100:g}": found.exit(part) for part in QUANTILES}
    return {
        "breaks_now": len(found.base.broken),
        "planned_exit": label(found.planned),
        **{goal.term: values[goal.term] for goal in found.instance.plan.objective},
        "dates_hold": float(found.packages["holds"].mean()),
        "worst_date": float(found.packages["holds"].min()),
        "all_holds": sum(not each.broken for each in held) / len(held),
        "expected_breaches": sum(len(each.broken) for each in held) / len(held),
        **{name: None if month is None else label(month) for name, month in by.items()},
        "outside": found.outside,
        "mean_delay": mean(delays),
        "tail_delay": tail(delays, share),
    }

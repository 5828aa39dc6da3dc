"""A plan in scenarios as pandas frames. Shares are of all scenarios; months count from the start of the plan."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from sequencer.problem import Supply
from sequencer.scenarios.blame import MONEY, pool_of
from sequencer.scenarios.shares import between

if TYPE_CHECKING:
    from sequencer.scenarios.held import Stress

QUANTILES = (0.5, 0.8, 0.95)


def packages(stress: Stress) -> pd.DataFrame:
    """Return one row for each package, in the order of the instance.

    Columns package, transfer (``YYYY-MM``), holds (share of scenarios in which all windows, links, widths and gates of
    its own hold), holds_low and holds_high (between which the chance lies, with 95 %: more scenarios narrow it),
    scenarios (how many in which it does not hold), tried (how many there were).
    """
    count = len(stress.held)
    failed = Counter(name for each in stress.held for name in each.dates)
    rows = []
    for name in stress.base.problem.paths:
        low, high = between(count - failed[name], count) or (None, None)
        month = stress.instance.calendar.label(stress.choices[name].transfer)
        rows.append((name, month, 1 - failed[name] / count, low, high, failed[name], count))
    return pd.DataFrame(rows, columns=["package", "transfer", "holds", "holds_low", "holds_high", "scenarios", "tried"])


def supplies(stress: Stress) -> pd.DataFrame:
    """Return one row for each supply and reserve; pools of one name share a row.

    Columns resource, pool, unit, holds (share of scenarios in which it suffices in every bucket), expected_breaches
    (buckets in which it does not), expected_amount (what is lacking in them, summed), both for each scenario.
    """
    count = len(stress.held)
    rows = []
    units = {pool_of(rule): rule.unit if isinstance(rule, Supply) else "people" for rule in stress.base.problem.rules}
    for pool, unit in units.items():
        if pool is None or pool == MONEY:
            continue
        found = [each.of(pool) for each in stress.held]
        lacking = sum(breach.amount for each in found for breach in each)
        held = sum(not each for each in found)
        rows.append((*pool, unit, held / count, sum(map(len, found)) / count, lacking / count))
    columns = ["resource", "pool", "unit", "holds", "expected_breaches", "expected_amount"]
    return pd.DataFrame(rows, columns=columns)


def money(stress: Stress) -> pd.DataFrame:
    """Return one row for each fiscal year and line of money, and one for each year, its line empty; none without money.

    Columns fiscal_year, line, planned (what the plan draws in the instance as it is), holds, expected_short. A line
    holds where it has what is planned to be drawn from it. A year holds where all the plan needs is paid in some way,
    perhaps by other lines, and no limit on growth or fall is broken; short is what then remains unpaid.
    """
    bridge, count = stress.base.problem.bridge, len(stress.held)
    rows = []
    for b, label in enumerate(bridge.labels if bridge else ()):
        for line, uses in stress.base.uses.items():
            lacking = [each.short.get((line, b), 0) for each in stress.held]
            rows.append((label, line, uses[b], lacking.count(0) / count, sum(lacking) / count))
        planned = sum(uses[b] for uses in stress.base.uses.values())
        months = bridge.buckets[b] if bridge else range(0)
        found = [[breach for breach in each.of(MONEY) if breach.month in months] for each in stress.held]
        unpaid = sum(breach.amount for each in found for breach in each if breach.rule == "S2")
        rows.append((label, "", planned, sum(not each for each in found) / count, unpaid / count))
    return pd.DataFrame(rows, columns=["fiscal_year", "line", "planned", "holds", "expected_short"])


def breaches(stress: Stress) -> pd.DataFrame:
    """Return one row for each rule that is broken in a scenario.

    Columns rule (its id in ``models/problem.md``), resource (empty for dates), unit, scenarios (share in which it is
    broken), expected_breaches and expected_amount (for each scenario).
    """
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for each in stress.held:
        for broken in each.broken:
            key = broken.breach.rule, "" if broken.pool is None else broken.pool[0], broken.breach.unit
            found.setdefault(key, []).append((each.scenario.number, broken.breach.amount))
    count = len(stress.held)
    rows = [
        (*key, len({number for number, _ in of}) / count, len(of) / count, sum(amount for _, amount in of) / count)
        for key, of in sorted(found.items())
    ]
    columns = ["rule", "resource", "unit", "scenarios", "expected_breaches", "expected_amount"]
    return pd.DataFrame(rows, columns=columns)


def scenarios(stress: Stress) -> pd.DataFrame:
    """Return one row for each scenario.

    Columns scenario, holds (whether every promise is kept), breaches, dates (packages whose dates do not hold),
    first_month (``YYYY-MM``, in which the first promise is broken; empty where all hold), rules (broken then),
    because (the assumptions each of which, undone alone, restores a promise broken then; ``several together`` where no
    single one does; ``the plan as it is`` where it is broken anyway), exit, exit_date and delay (in months, of the plan
    shifted right; empty where it is not within the plan) and stuck (the package that then finds no month).
    """
    label, planned = stress.instance.calendar.label, stress.planned
    rows = [
        {
            "scenario": each.scenario.number,
            "holds": not each.broken,
            "breaches": len(each.broken),
            "dates": len(each.dates),
            "first_month": None if each.first is None else label(each.first),
            "rules": " | ".join(dict.fromkeys(why.breach.rule for why in each.causes)),
            "because": " | ".join(dict.fromkeys(name for why in each.causes for name in why.names)),
            "exit": each.exit,
            "exit_date": None if each.exit is None else label(each.exit),
            "delay": None if each.exit is None else each.exit - planned,
            "stuck": each.stuck,
        }
        for each in stress.held
    ]
    return pd.DataFrame(rows).astype({"exit": "Int64", "delay": "Int64"})


def assumptions(stress: Stress) -> pd.DataFrame:
    """Return one row for each assumption that breaks the plan first, the most frequent first.

    Columns assumption, scenarios (how many), share. A scenario counts for each assumption that, undone alone, would
    restore a promise broken in its first bad month, so shares need not add up.
    """
    rows = [(name, many, many / len(stress.held)) for name, many in sorted(stress.firsts.items(), key=_most)]
    return pd.DataFrame(rows, columns=["assumption", "scenarios", "share"])


def _most(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def exits(stress: Stress) -> pd.DataFrame:
    """Return the exits by which so many scenarios have ended; empty where so many do not end within the plan.

    Columns share, exit, exit_date, delay (against the exit planned), outside (scenarios not within the plan).
    """
    rows = []
    for share in QUANTILES:
        month = stress.exit(share)
        known = (
            (None, None, None)
            if month is None
            else (month, stress.instance.calendar.label(month), month - stress.planned)
        )
        rows.append((share, *known, stress.outside))
    columns = ["share", "exit", "exit_date", "delay", "outside"]
    return pd.DataFrame(rows, columns=columns).astype({"exit": "Int64", "delay": "Int64"})


def s_curve(stress: Stress) -> pd.DataFrame:
    """Return one row for each month from the exit planned to the last exit of a scenario within the plan.

    Columns month, date (``YYYY-MM``), share (of all scenarios, done by then: it stays below 1 by those that are not
    within the plan).
    """
    known = [each.exit for each in stress.held if each.exit is not None]
    months = range(stress.planned, max(known, default=stress.planned) + 1)
    rows = [
        (month, stress.instance.calendar.label(month), sum(exit_ <= month for exit_ in known) / len(stress.held))
        for month in months
    ]
    return pd.DataFrame(rows, columns=["month", "date", "share"])

"""What a MILP solver found, judged in whole numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sequencer.binaries.money import settled
from sequencer.engine.run import Caps
from sequencer.problem import Bridge, Cell, Problem, Schedule
from sequencer.problem.flow import served
from sequencer.timetable import Uses


def keeps(problem: Problem, caps: Caps, cells: Mapping[str, Cell], uses: Uses) -> bool:
    """Return whether a schedule breaks no rule and keeps every cap.

    Parameters
    ----------
    uses : mapping of str to tuple of int
        What each line of money pays in each year; not looked at where payments in fractions are enough.
    """
    schedule = Schedule(problem.calendar, problem.paths, cells, uses)
    if any(term.value(schedule) > most for term, most in caps):
        return False
    for rule in problem.rules:
        if isinstance(rule, Bridge) and settled(rule):
            if not payable(rule, schedule):
                return False
        elif any(rule.breaches(schedule)):
            return False
    return True


def payable(rule: Bridge, schedule: Schedule) -> bool:
    """Return whether whole payments exist where there are neither shares nor steps.

    Then they are a flow: from what a line has in a year to the needs of that year and, where it carries over, of later.
    """
    years, needs = len(rule.buckets), rule.needs(schedule)
    wanted: Counter[frozenset[int]] = Counter()
    for lines, names in rule.kinds.items():
        for b in range(years):
            since = {j: 0 if b < rule.lines[j].carried else b for j in lines}
            sources = frozenset(j * years + year for j in lines for year in range(since[j], b + 1))
            wanted[sources] += sum(needs[name][b] for name in names)
    return served(wanted, [has for row in rule.capacities(schedule) for has in row]) == wanted.total()

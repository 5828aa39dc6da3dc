"""Right shift: a plan carried out as soon as dates allow, when they no longer hold.

Each package transfers in the first month not before its planned one in which its own windows and all links, widths and
gates hold; options are kept. There is always one earliest such timetable: every rule about dates that is broken can be
mended by moving one certain package later and in no other way, and that month is a lower bound in any such timetable,
so the bounds are raised until nothing is broken.

Supplies, money and reserves are not levelled again: what is shifted may need more than there is. So the delay found is
a lower bound of the delay of this rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sequencer.problem import Breach, Cell, Gate, Link, Problem, Schedule, Width


@dataclass(frozen=True, slots=True)
class Shifted:
    """A timetable that has been shifted.

    Attributes
    ----------
    cells : mapping of str to Cell, or None
        None where a package finds no month within the plan.
    stuck : str or None
        The first package found to have none.
    """

    cells: Mapping[str, Cell] | None
    stuck: str | None = None


def shift(problem: Problem, planned: Mapping[str, Cell]) -> Shifted:
    """Return the earliest timetable, none of its transfers before the planned one, that keeps all rules about dates.

    What closes months for good (a latest or fixed date, the end of the mandate) closes them here, too: who misses it is
    stuck.
    """
    windows = {name: problem.open_cells(name)[cell.option] for name, cell in planned.items()}
    rules = [rule for rule in problem.rules if isinstance(rule, Link | Width | Gate)]
    moved = dict(planned)
    bounds = {name: cell.transfer for name, cell in planned.items()}
    while bounds:
        for name, month in bounds.items():
            path = problem.paths[name]
            later = np.flatnonzero(windows[name][max(0, path.column(month)) :])
            if not later.size:
                return Shifted(None, name)
            moved[name] = moved[name]._replace(transfer=max(month, path.months.start) + int(later[0]))
        schedule = Schedule(problem.calendar, problem.paths, moved)
        bounds = {}
        for rule in rules:
            for name, months in _pushed(rule, schedule):
                bounds[name] = max(bounds.get(name, 0), moved[name].transfer + months)
    return Shifted(moved)


def _pushed(rule: Link | Width | Gate, schedule: Schedule) -> Iterator[tuple[str, int]]:
    """Yield for each breach the package that alone can mend it, and by how many months it comes later at least."""
    breach: Breach
    for breach in rule.breaches(schedule):
        match rule:
            case Link():
                yield (rule.after if breach.rule == "L1" else rule.before), breach.amount
            case Width():
                yield breach.about[0], breach.amount
            case Gate():
                yield breach.about[-1], min(breach.amount, rule.months.stop - breach.month)

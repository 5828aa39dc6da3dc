"""Conditions: what must be true for each date of a plan to hold, the closest to falling first.

A plan rests on facts that can turn out otherwise: scores, threat, teams, forces, money, dates of others and of the
calendar. Of each it is said how far it can turn for the worse while everything else stays where it is. All of this is
exact, found with the arithmetic that makes the rules; only for money it is *with payments as planned*, as other
payments might do with less.
"""

from __future__ import annotations

from collections.abc import Mapping

from sequencer.instance.instance import Instance
from sequencer.problem import Cell, Problem, Schedule
from sequencer.reasons.conditions.asked import Asked
from sequencer.reasons.conditions.calendar import closures, mandate
from sequencer.reasons.conditions.condition import Condition, Kind
from sequencer.reasons.conditions.dates import others
from sequencer.reasons.conditions.money import money
from sequencer.reasons.conditions.pools import reserves, supplies
from sequencer.reasons.conditions.readiness import readiness
from sequencer.reasons.conditions.threat import threat
from sequencer.timetable import Uses

__all__ = ["Condition", "Kind", "conditions"]

KINDS = (readiness, threat, supplies, reserves, money, others, closures, mandate)


def conditions(
    instance: Instance, problem: Problem, cells: Mapping[str, Cell], uses: Uses | None = None
) -> tuple[Condition, ...]:
    """Return what must be true for the dates of a plan to hold.

    Parameters
    ----------
    instance : Instance
    problem : Problem
        As compiled from the instance.
    cells : mapping of str to Cell
        A plan: with ``uses`` it breaches nothing.
    uses : Uses, optional
        What is paid from each line of money in each fiscal year; asked for where the instance has a money rule.

    Returns
    -------
    tuple of Condition
        The one with least room first (``Condition.room``), those that cannot fall by themselves last. Facts without
        which every date would stand are left out: a team that nobody needs, money that nothing is paid from.

    Raises
    ------
    ValueError
        If the plan breaks a promise; the message says which.
    """
    broken = next(problem.breaches(cells, uses), None)
    if broken is not None:
        raise ValueError(f"only a plan that keeps every promise rests on conditions; {broken}")
    asked = Asked(instance, problem, Schedule(problem.calendar, problem.paths, cells, uses or {}))
    found = [condition for kind in KINDS for condition in kind(asked)]
    return tuple(sorted(found, key=lambda condition: condition.order))

"""The second reading: what a timetable promises, checked in domain terms and month by month.

Nothing here knows how the timetable was found. Every rule is written again from the statement of the problem, slowly
and plainly, so that the two readings can only agree when both are right.
"""

from __future__ import annotations

from collections.abc import Iterator

from sequencer.audit.capacity import supply
from sequencer.audit.dates import dates
from sequencer.audit.finding import RULES, Finding
from sequencer.audit.gates import gates
from sequencer.audit.links import links
from sequencer.audit.money import money
from sequencer.audit.needs import Ledger
from sequencer.audit.prices import price
from sequencer.audit.reserve import reserve
from sequencer.audit.walk import walks
from sequencer.instance.instance import Instance
from sequencer.timetable import Choices, Uses

__all__ = ["RULES", "Finding", "audit", "price"]


def audit(instance: Instance, choices: Choices, uses: Uses | None = None) -> tuple[Finding, ...]:
    """Check every promise of an instance against a timetable.

    Parameters
    ----------
    instance : Instance
        What the planner said.
    choices : Choices
        One option and transfer month for every package, by name.
    uses : Uses, optional
        What is used of each line of money in each fiscal year; asked for where the instance has a money rule. It is
        judged as it is: whether other uses would do is not asked.

    Returns
    -------
    tuple of Finding
        Every broken promise, in the order of ``RULES`` and, within a rule, of the instance; empty when all are kept.

    Raises
    ------
    ValueError
        If a package is missing, a package or option is unknown, or a rule asks for a score, a threat level or a
        population that the instance does not give; if money must be allotted first, or the uses do not fit the plan.
    """
    found = list(_findings(instance, choices, uses))
    return tuple(sorted(found, key=lambda finding: list(RULES).index(finding.rule)))


def _findings(instance: Instance, choices: Choices, uses: Uses | None) -> Iterator[Finding]:
    """Yield the findings of every kind of rule."""
    taken = walks(instance, choices)
    ledger = Ledger(instance, taken)
    yield from dates(instance, taken, ledger)
    yield from gates(instance, taken)
    yield from links(instance, taken)
    yield from supply(instance, ledger)
    yield from money(instance, taken, uses)
    yield from reserve(instance, taken)

"""Checking a timetable, whoever made it, against every promise; a solver is loaded only to settle who pays what."""

from __future__ import annotations

from collections.abc import Mapping

from sequencer.audit import audit
from sequencer.compile import compile_instance
from sequencer.errors import Disagreement, Fault, InstanceError
from sequencer.instance.instance import Instance
from sequencer.problem import Breach, Cell, Problem
from sequencer.timetable import Choices, Uses


def check(instance: Instance, choices: Choices) -> tuple[Breach, ...]:
    """Return every promise a timetable breaks.

    Parameters
    ----------
    instance : Instance
    choices : mapping of str to Choice
        Option and transfer month (from the start of the plan) of every package.

    Returns
    -------
    tuple of Breach
        Empty when the timetable keeps every promise.

    Raises
    ------
    InstanceError
        If a package is missing or unknown, an option is unknown, or a transfer lies outside the plan.
    Disagreement
        If rules and audit, which read the instance independently, do not both accept or both reject it.
    """
    problem = compile_instance(instance)
    faults = []
    for name in sorted({*choices, *problem.paths}):
        if name not in problem.paths or name not in choices:
            found = "a choice for an unknown package" if name in choices else "no choice"
            faults.append(Fault("timetable", 0, "package", f"{found}: {name}", "one choice for each package"))
            continue
        path, choice = problem.paths[name], choices[name]
        options = [option.name for option in path.options]
        if choice.option not in options:
            faults.append(
                Fault("timetable", 0, "option", f"{choice.option!r} for {name}", f"one of {', '.join(options)}")
            )
        if choice.transfer not in path.months:
            first, last = instance.calendar.label(path.months[0]), instance.calendar.label(path.months[-1])
            found = f"{instance.calendar.label(choice.transfer)} for {name}"
            faults.append(Fault("timetable", 0, "transfer", found, f"a month from {first} to {last}"))
    if faults:
        raise InstanceError(faults)
    cells = problem.cells(choices)
    uses = _uses(problem, cells)
    breaches, findings = tuple(problem.breaches(cells, uses)), audit(instance, choices, uses)
    if bool(breaches) != bool(findings):
        views = [f"rules: {breach}" for breach in breaches] + [f"audit: {finding}" for finding in findings]
        raise Disagreement("only one of two readings rejects the timetable:\n" + "\n".join(views))
    return breaches


def _uses(problem: Problem, cells: Mapping[str, Cell]) -> Uses:
    """Return what each line of money pays in a timetable, as near to the rules as can be."""
    if problem.bridge is None:
        return {}
    from sequencer.cpsat.allotment import allot  # noqa: PLC0415 - most checks need no solver

    return allot(problem, cells)

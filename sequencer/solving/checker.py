"""Checking a timetable, whoever made it, against every promise; a solver is loaded only to settle who pays what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sequencer.audit import audit
from sequencer.compile import compile_instance
from sequencer.errors import Disagreement, Fault, InstanceError
from sequencer.instance.instance import Instance
from sequencer.problem import Breach, Cell, Problem, Rule, Schedule
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
    return tuple(breach for _, breach in judge(instance, choices).broken)


@dataclass(frozen=True, slots=True)
class Judged:
    """A timetable that rules and audit have judged.

    Attributes
    ----------
    problem : Problem
    cells : mapping of str to Cell
    uses : mapping of str to tuple of int
        What each line of money pays in each fiscal year; empty without a money rule.
    broken : tuple of (Rule, Breach)
        Every promise that is broken, and the rule that says so.
    """

    problem: Problem
    cells: Mapping[str, Cell]
    uses: Uses
    broken: tuple[tuple[Rule, Breach], ...]


def judge(instance: Instance, choices: Choices) -> Judged:
    """Return what ``check`` finds, with what it rests on; raises as ``check`` does."""
    problem = compile_instance(instance)
    _refuse(instance, problem, choices)
    cells = problem.cells(choices)
    uses = uses_of(problem, cells)
    schedule = Schedule(problem.calendar, problem.paths, cells, uses)
    broken = tuple((rule, breach) for rule in problem.rules for breach in rule.breaches(schedule))
    findings = audit(instance, choices, uses)
    if bool(broken) != bool(findings):
        views = [f"rules: {breach}" for _, breach in broken] + [f"audit: {finding}" for finding in findings]
        raise Disagreement("only one of two readings rejects the timetable:\n" + "\n".join(views))
    return Judged(problem, cells, uses, broken)


def _refuse(instance: Instance, problem: Problem, choices: Choices) -> None:
    """Raise if choices are no timetable of an instance."""
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


def uses_of(problem: Problem, cells: Mapping[str, Cell]) -> Uses:
    """Return what each line of money pays in a timetable, as near to the rules as can be."""
    if problem.bridge is None:
        return {}
    from sequencer.cpsat.allotment import allot  # noqa: PLC0415 - most checks need no solver

    return allot(problem, cells)

"""The one place where what a planner said becomes rules: ``compile_instance`` turns an instance into a problem.

Held to ``models/problem.md``; ``sequencer.audit`` reads the same instance independently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sequencer.compile.bridges import bridge
from sequencer.compile.paths import path_of
from sequencer.compile.reserves import reserves
from sequencer.compile.series import ThreatLevels
from sequencer.compile.supplies import Amounts, SupplyCompiler, mission_demands
from sequencer.compile.terms import departures, terms
from sequencer.compile.windows import WindowCompiler, past
from sequencer.garbage import uncollected
from sequencer.instance.instance import Instance
from sequencer.problem import Clause, Closing, Demand, Gate, Link, Path, Problem, Rule, Width, Window

__all__ = ["compile_instance"]


@uncollected()
def compile_instance(instance: Instance) -> Problem:
    """Return the problem an instance states.

    Parameters
    ----------
    instance : Instance
        As read, or changed by ``but``; its references are valid.

    Returns
    -------
    Problem
        With one path for each package, every rule the instance asks for, and every term it has data for.
    """
    threat, as_of = ThreatLevels(instance), instance.plan.as_of
    paths = {package.name: path_of(instance, package) for package in instance.packages}
    windows = WindowCompiler(instance, paths, threat)
    amounts = Amounts(instance, threat)
    supplies = tuple(SupplyCompiler(instance, amounts).supplies())
    mission = mission_demands(supplies)
    rules: list[Rule] = []
    for package in instance.packages:
        rules += windows.windows(package, paths[package.name])
    rules += _mandate(instance, paths, mission)
    rules += (
        Link(f.before, f.before_event, f.after, f.after_event, f.minimum, f.maximum, (f.origin,), as_of)
        for f in instance.links
    )
    rules += _together(instance)
    rules += supplies
    rules += bridge(instance)
    rules += reserves(instance, amounts)
    return Problem(
        calendar=instance.calendar,
        horizon=instance.plan.months,
        paths=paths,
        rules=tuple(rules),
        terms=terms(instance, paths, mission, threat),
        as_of=as_of,
    )


def _together(instance: Instance) -> Iterator[Width | Gate]:
    """Yield the rules about the dates of many packages; who transferred before ``as_of`` waits at no gate."""
    as_of = instance.plan.as_of
    for width in instance.widths:
        yield Width(width.members, width.width, (width.origin,), as_of)
    phases = {phase.name: range(max(as_of, phase.start), max(as_of, phase.end + 1)) for phase in instance.phases}
    for gate in instance.gates:
        months = phases[gate.phase]
        yield Gate(gate.phase, months, gate.waiting, gate.before, gate.event, gate.minimum, (gate.origin,))


def _mandate(
    instance: Instance, paths: Mapping[str, Path], mission: Mapping[str, tuple[Demand, ...]]
) -> Iterator[Window]:
    """Yield the windows of a mandate by whose end the mission must have departed."""
    plan = instance.plan
    if plan.mandate_end is None or plan.mandate_requires != "departure":
        return
    end = instance.calendar.label(plan.mandate_end)
    text = f"the mandate ends in {end}; nothing of the mission may be needed from then on"
    clause = Clause(Closing.DEPARTURE, months=(plan.mandate_end,))
    for name, table in departures(paths, mission).items():
        over = np.where(past(instance, instance.package[name], paths[name]), 0, table - plan.mandate_end)
        if (over > 0).any():
            yield Window("W8", name, over, "months", text, clause, (plan.origin,))

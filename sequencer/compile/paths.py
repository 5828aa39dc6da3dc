"""Paths from packages: stage lengths of each option, and the transfer months to consider."""

from __future__ import annotations

from functools import lru_cache

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Path, PathOption
from sequencer.vocabulary import OPENS, Event, Stage


def hold_of(instance: Instance, package: str, event: Event = Event.TRANSFER) -> int:
    """Return a package's hold in months before an event: the longest of its readiness gates there, else the plan's."""
    holds = [held(instance, gate) for gate in instance.criteria_of.get(package, ()) if gate.event is event]
    return max(holds, default=instance.plan.hold)


def held(instance: Instance, gate: facts.Criterion) -> int:
    """Return the hold of one readiness gate in months."""
    return instance.plan.hold if gate.hold is None else gate.hold


def path_of(instance: Instance, package: facts.Package) -> Path:
    """Return the path of a package: its options and the transfer months that could be asked about."""
    function, hold = instance.function[package.function], hold_of(instance, package.name)
    options = tuple(_option(fact, function, hold) for fact in instance.options_of[package.name])
    months = range(min(0, *_settled(package, options)), instance.plan.months)
    return Path(package.name, options, months)


def _option(fact: facts.Option, function: facts.Function, hold: int) -> PathOption:
    joint = function.joint if fact.joint is None else fact.joint
    return _known(
        name=fact.name,
        support=fact.support,
        proving=max(0, hold - joint),
        joint=joint,
        mentored=function.mentored if fact.mentored is None else fact.mentored,
        advisory=function.advisory if fact.advisory is None else fact.advisory,
    )


_known = lru_cache(maxsize=4096)(PathOption)  # one object for all options alike: they are compared again and again


#: The event that opens a stage a package can be in already; international has no beginning.
BEGINS: dict[Stage, Event] = {stage: event for stage, event in OPENS.items() if event is not None}


def _settled(package: facts.Package, options: tuple[PathOption, ...]) -> list[int]:
    """Return the transfer months that a fixed date or the current stage settles, one for each option."""
    months = [0] if package.fixed is None else [package.fixed]
    if package.current_stage in BEGINS and package.since is not None:
        begins = BEGINS[package.current_stage]
        months += [package.since - option.offset(begins) for option in options]
    return months

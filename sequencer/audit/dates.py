"""Promises about single dates: the path fits, the planner's own dates, the mandate, the phases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from sequencer.audit.finding import Finding
from sequencer.audit.needs import Ledger
from sequencer.audit.walk import Walk
from sequencer.instance.instance import Instance
from sequencer.vocabulary import OPENS, Event


def dates(instance: Instance, taken: Sequence[Walk], ledger: Ledger) -> Iterator[Finding]:
    """Yield the findings of P1 and W5 to W10.

    What is past is past: a package transferred already must only be where the planner says it is
    (P1, and the dates of W7 and W10).
    """
    for walk in taken:
        yield from _starts(instance, walk)
        yield from _ends(instance, walk)
        yield from _fixed(instance, walk)
        yield from _current(instance, walk)
        if not walk.past:
            yield from _earliest_latest(instance, walk)
            yield from _mandate(instance, walk, ledger)
            yield from _phase(instance, walk)


def _starts(instance: Instance, walk: Walk) -> Iterator[Finding]:
    """P1: nothing begins before the plan unless the planner says so, and a settled option is taken."""
    package, label = walk.package, instance.calendar.label
    found = partial(_finding, walk, "P1")
    begins, as_of = walk.month(Event.SUPPORT_START), instance.plan.as_of
    limit = f"all before {label(as_of)} has happened" if as_of else f"the plan begins in {label(0)}"
    if walk.transfer < as_of and not walk.past:
        text = f"is transferred in {label(walk.transfer)}, but {limit} and no date says it was"
        yield found(walk.transfer, as_of - walk.transfer, f"{text} [{package.origin}]")
    if not walk.past and begins < as_of and not walk.midway:
        text = f"would have to begin its support in {label(begins)}, but {limit}"
        yield found(begins, as_of - begins, f"{text} [{instance.plan.origin}]")
    if package.option is not None and walk.option.name != package.option:
        text = f"takes the option {walk.option.name}, but {package.option} is settled [{package.origin}]"
        yield found(None, 1, text, unit="option")


def _ends(instance: Instance, walk: Walk) -> Iterator[Finding]:
    """P1: the transfer lies in the plan, and the exit at its end or before."""
    plan, label = instance.plan, instance.calendar.label
    found = partial(_finding, walk, "P1")
    last, leaves = plan.months - 1, walk.month(Event.EXIT)
    if walk.transfer > last:
        text = f"is transferred in {label(walk.transfer)}, but the last month of the plan is {label(last)}"
        yield found(walk.transfer, walk.transfer - last, f"{text} [{plan.origin}]")
    if leaves > plan.months and not walk.past:
        text = f"has its exit in {label(leaves)}, but the plan asks for it by {label(plan.months)}, just after its end"
        yield found(leaves, leaves - plan.months, f"{text} [{plan.origin}]")


def _earliest_latest(instance: Instance, walk: Walk) -> Iterator[Finding]:
    """W5, W6: the transfer is neither too early nor too late."""
    package, label, at = walk.package, instance.calendar.label, walk.transfer
    if package.earliest is not None and at < package.earliest:
        text = f"is transferred in {label(at)}, but {label(package.earliest)} is the earliest month [{package.origin}]"
        yield _finding(walk, "W5", at, package.earliest - at, text)
    if package.latest is not None and at > package.latest:
        text = f"is transferred in {label(at)}, but {label(package.latest)} is the latest month [{package.origin}]"
        yield _finding(walk, "W6", at, at - package.latest, text)


def _fixed(instance: Instance, walk: Walk) -> Iterator[Finding]:
    """W7: a settled date is kept, be it before or within the plan."""
    fixed, label, at = walk.package.fixed, instance.calendar.label, walk.transfer
    if fixed is not None and at != fixed:
        text = f"is transferred in {label(at)}, but {label(fixed)} is settled [{walk.package.origin}]"
        yield _finding(walk, "W7", at, abs(at - fixed), text)


def _mandate(instance: Instance, walk: Walk, ledger: Ledger) -> Iterator[Finding]:
    """W8: what must be true by the end of the mandate is true then."""
    end, requires, label = instance.plan.mandate_end, instance.plan.mandate_requires, instance.calendar.label
    if end is None:
        return
    if requires in {Event.TRANSFER, Event.EXIT}:
        month = walk.month(Event(requires))
        what = f"has its {requires} in {label(month)}"
    elif requires == "departure":
        month = ledger.departure(walk)
        what = f"needs the mission until {label(month - 1)} and is free of it from {label(month)}"
    else:
        raise ValueError(f"the mandate can require transfer, exit or departure, not {requires!r}")
    if month > end:
        text = f"{what}, but the end of the mandate asks for that by {label(end)} [{instance.plan.origin}]"
        yield _finding(walk, "W8", month, month - end, text)


def _phase(instance: Instance, walk: Walk) -> Iterator[Finding]:
    """W9: the phase of the transfer admits the function and the month; without phases everything is admitted."""
    at, label, function = walk.transfer, instance.calendar.label, walk.package.function
    found = partial(_finding, walk, "W9", at, 1, unit="package")
    holding = [phase for phase in instance.phases if phase.start <= at <= phase.end]
    if instance.phases and not holding and at >= 0:
        yield found(f"is transferred in {label(at)}, which lies in no phase [{instance.phases[0].origin.file}]")
    for phase in holding:
        where = f"is transferred in {label(at)} in phase {phase.name}"
        if phase.admits is not None and function not in phase.admits:
            admitted = ", ".join(sorted(phase.admits)) or "nothing"
            yield found(f"{where}, which admits {admitted} and not {function} [{phase.origin}]")
        if phase.months is not None and at not in phase.months:
            named = ", ".join(label(month) for month in sorted(phase.months)) or "no month"
            yield found(f"{where}, whose transfers take place in {named} only [{phase.origin}]")


def _current(instance: Instance, walk: Walk) -> Iterator[Finding]:
    """W10: the stage a package is in already began when the planner says, and is not empty."""
    package, label = walk.package, instance.calendar.label
    stage, since = package.current_stage, package.since
    opening = None if stage is None else OPENS[stage]
    if stage is None or since is None or opening is None:
        return
    begins = walk.month(opening)
    if begins != since:
        text = f"begins the stage {stage} in {label(begins)}, but is in it since {label(since)} [{package.origin}]"
        yield _finding(walk, "W10", begins, abs(begins - since), text)
    if walk.length(stage) == 0:
        text = f"is in the stage {stage} already, which has no month in option {walk.option.name} [{package.origin}]"
        yield _finding(walk, "W10", begins, 1, text)


def _finding(walk: Walk, rule: str, month: int | None, amount: int, text: str, *, unit: str = "months") -> Finding:
    """Return a finding about one package; ``text`` follows its name."""
    return Finding(rule=rule, about=walk.name, month=month, amount=amount, unit=unit, text=f"{walk.name} {text}.")

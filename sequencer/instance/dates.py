"""The dates that follow from an option and a transfer month."""

from __future__ import annotations

from sequencer.instance.facts import Option
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event


def events(instance: Instance, option: Option, transfer: int) -> dict[Event, int]:
    """Return the month of each event of a package with this option."""
    function = instance.function[instance.package[option.package].function]
    joint = function.joint if option.joint is None else option.joint
    mentored = function.mentored if option.mentored is None else option.mentored
    advisory = function.advisory if option.advisory is None else option.advisory
    gates = [gate for gate in instance.criteria_of.get(option.package, ()) if gate.event is Event.TRANSFER]
    holds = [instance.plan.hold if gate.hold is None else gate.hold for gate in gates]
    proving = max(0, max(holds, default=instance.plan.hold) - joint)
    return {
        Event.SUPPORT_START: transfer - joint - proving - option.support,
        Event.SUPPORT_END: transfer - joint - proving,
        Event.JOINT_START: transfer - joint,
        Event.TRANSFER: transfer,
        Event.ADVISORY_START: transfer + mentored,
        Event.EXIT: transfer + mentored + advisory,
    }

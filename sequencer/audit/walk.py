"""The path one package takes under a timetable, laid out month by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.timetable import Choice, Choices
from sequencer.vocabulary import OPENS, Event, Stage

HANDED_OVER = frozenset({Stage.MENTORED, Stage.ADVISORY, Stage.AUTONOMOUS})


@dataclass(frozen=True, slots=True)
class Walk:
    """A package, the option and transfer month chosen for it, the lengths of its stages in months, and its dates.

    ``settled``: the option is the only one or was named by the planner. ``as_of``: the month before which all has
    happened.
    """

    package: facts.Package
    option: facts.Option
    transfer: int
    support: int
    proving: int
    joint: int
    mentored: int
    advisory: int
    dates: Mapping[Event, int]
    settled: bool
    as_of: int

    @property
    def name(self) -> str:
        """The package's name."""
        return self.package.name

    @property
    def past(self) -> bool:
        """Whether the transfer took place already, as a date of the planner's says."""
        package = self.package
        opening = OPENS[package.current_stage] if package.current_stage in HANDED_OVER else None
        dates = [] if package.fixed is None else [package.fixed]
        if opening is not None and package.since is not None:
            dates.append(package.since - (self.month(opening) - self.transfer))
        return self.transfer < self.as_of and any(date < self.as_of for date in dates)

    @property
    def midway(self) -> bool:
        """Whether the planner settled the stage the package is in, since when, and by which option."""
        package = self.package
        begun = package.current_stage is not None and OPENS[package.current_stage] is not None
        return begun and package.since is not None and self.settled

    def month(self, event: Event) -> int:
        """Return the month of an event; those of empty stages take place too."""
        return self.dates[event]

    def stage(self, month: int) -> Stage:
        """Return the stage in which the package spends a month."""
        now = Stage.INTERNATIONAL
        for stage, event in OPENS.items():
            if event is not None and self.month(event) <= month:
                now = stage
        return now

    def length(self, stage: Stage) -> int | None:
        """Return the months of a stage; None for the first and the last, which are open to one side."""
        return {
            Stage.SUPPORT: self.support,
            Stage.PROVING: self.proving,
            Stage.JOINT: self.joint,
            Stage.MENTORED: self.mentored,
            Stage.ADVISORY: self.advisory,
        }.get(stage)


def walks(instance: Instance, choices: Choices) -> tuple[Walk, ...]:
    """Return the walk of every package, in the order of the instance.

    Raises
    ------
    ValueError
        If a package is missing, or a package or option is unknown.
    """
    unknown = [name for name in choices if name not in instance.package]
    missing = [package.name for package in instance.packages if package.name not in choices]
    if unknown:
        raise ValueError(f"the timetable names packages that the instance does not have: {', '.join(unknown)}")
    if missing:
        raise ValueError(f"the timetable leaves out packages: {', '.join(missing)}")
    return tuple(_walk(instance, package, choices[package.name]) for package in instance.packages)


def longest_hold(instance: Instance, package: str, event: Event = Event.TRANSFER) -> int:
    """Return the months a package's readiness must already have stood at an event: the longest of its criteria."""
    criteria = [c for c in instance.criteria_of.get(package, ()) if c.event is event]
    return max((hold(instance, criterion) for criterion in criteria), default=instance.plan.hold)


def hold(instance: Instance, criterion: facts.Criterion) -> int:
    """Return the hold of one criterion: its own, or the plan's."""
    return instance.plan.hold if criterion.hold is None else criterion.hold


def _walk(instance: Instance, package: facts.Package, choice: Choice) -> Walk:
    """Lay out one package's path."""
    options = {option.name: option for option in instance.options_of[package.name]}
    if choice.option not in options:
        known = ", ".join(options)
        raise ValueError(f"{package.name} has no option {choice.option!r}; it has: {known}")
    option = options[choice.option]
    function = instance.function[package.function]
    joint = function.joint if option.joint is None else option.joint
    mentored = function.mentored if option.mentored is None else option.mentored
    advisory = function.advisory if option.advisory is None else option.advisory
    proving = max(0, longest_hold(instance, package.name) - joint)
    at = choice.transfer
    return Walk(
        package=package,
        option=option,
        transfer=at,
        support=option.support,
        proving=proving,
        joint=joint,
        mentored=mentored,
        advisory=advisory,
        dates={
            Event.SUPPORT_START: at - joint - proving - option.support,
            Event.SUPPORT_END: at - joint - proving,
            Event.JOINT_START: at - joint,
            Event.TRANSFER: at,
            Event.ADVISORY_START: at + mentored,
            Event.EXIT: at + mentored + advisory,
        },
        settled=len(options) == 1 or package.option is not None,
        as_of=instance.plan.as_of,
    )

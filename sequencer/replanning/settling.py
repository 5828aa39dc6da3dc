"""What has happened by a month becomes what the planner has settled: the instance as it is to be planned again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from sequencer.errors import Fault, InstanceError
from sequencer.instance.dates import events
from sequencer.instance.facts import Package, Published
from sequencer.instance.instance import Instance
from sequencer.replanning.actuals import Actual
from sequencer.timetable import Choice, Choices
from sequencer.vocabulary import OPENS, Event, Origin, Stage


class Standing(StrEnum):
    """How far a package had got by the month from which on is planned again.

    HAPPENED: it was handed over before. UNDER_WAY: it has begun and goes on, its transfer is to come. OPEN: it had not
    begun, and may move.
    """

    HAPPENED = "happened"
    UNDER_WAY = "under way"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a package stands, which source says so (empty: none), and whether that is only the plan published."""

    standing: Standing
    source: str
    assumed: bool = False


@dataclass(frozen=True, kw_only=True)
class Begun:
    """An instance that has begun.

    Attributes
    ----------
    instance : Instance
        With ``as_of``, what has happened settled, and the plan published before.
    standing : mapping of str to Settled
        Of each package.
    known : mapping of str to Choice
        Option and transfer of the packages that were handed over or are under way.
    """

    instance: Instance
    standing: Mapping[str, Settled]
    known: Mapping[str, Choice]


def begin(instance: Instance, published: Choices, as_of: int, actuals: Mapping[str, Actual], plan: str) -> Begun:
    """Return an instance in which all before a month has happened: as recorded, else as the instance or the plan says.

    Parameters
    ----------
    instance : Instance
        Left unchanged.
    published : mapping of str to Choice
        The plan published before, for every package.
    as_of : int
        The month before which all has happened.
    actuals : mapping of str to Actual
        What really happened, by package; what the rest did is taken from the plan published.
    plan : str
        What that plan is called in reasons.

    Returns
    -------
    Begun

    Raises
    ------
    InstanceError
        If the stage that the instance says a package is in has ended by then, and not as published.
    """
    _check_stages(instance, published, as_of, actuals)
    packages, standing, known = [], {}, {}
    for package in instance.packages:
        name = package.name
        if name in actuals:
            settled, source = _recorded(package, actuals[name], as_of), actuals[name].origin.place
        else:
            settled, source = _assumed(instance, package, published[name], as_of, plan)
        packages.append(settled)
        choice = _choice(instance, settled, as_of)
        if choice is None:
            stands = Standing.OPEN
            source = source if _begun(instance, name, published[name], as_of) else ""  # it could not begin anew
        else:
            known[name] = choice
            stands = Standing.HAPPENED if choice.transfer < as_of else Standing.UNDER_WAY
        standing[name] = Settled(stands, source, assumed=bool(source) and source == plan)
    return Begun(
        instance=replace(
            instance,
            plan=replace(instance.plan, as_of=as_of),
            packages=tuple(packages),
            published=tuple(
                Published(package=name, transfer=published[name].transfer, origin=Origin(plan))
                for name in instance.package
            ),
        ),
        standing=standing,
        known=known,
    )


def _check_stages(instance: Instance, published: Choices, as_of: int, actuals: Mapping[str, Actual]) -> None:
    """Refuse stages of which nothing else says what came after them."""
    label, faults = instance.calendar.label, []
    for package in instance.packages:
        choice = _choice(instance, package, as_of)
        named = package.option is not None or len(instance.options_of[package.name]) == 1
        if package.name in actuals or choice is None or not named or _says(instance, package, as_of):
            continue
        if choice.transfer != published[package.name].transfer:
            origin, stage = package.origin, f"{package.current_stage} since {label(package.since or 0)}"
            found = f"{stage}, from which the transfer follows in {label(choice.transfer)}"
            needed = f"{label(published[package.name].transfer)} as published, or what happened by {label(as_of)}"
            faults.append(Fault(origin.file, origin.row or 0, "since", found, needed, "in packages or in the actuals"))
    if faults:
        raise InstanceError(faults)


def _recorded(package: Package, actual: Actual, as_of: int) -> Package:
    """Return a package as a record says it is."""
    if actual.transfer is not None:
        return _handed_over(package, actual.option, actual.transfer, actual.origin)
    if actual.stage is Stage.INTERNATIONAL or actual.stage is None or actual.since is None:
        return _freed(package, actual.option if actual.named else None, as_of)
    return _in_stage(package, actual.option, actual.stage, actual.since, actual.origin)


def _assumed(instance: Instance, package: Package, published: Choice, as_of: int, plan: str) -> tuple[Package, str]:
    """Return a package of which nothing is recorded, and the source that says where it is; empty if it has not begun.

    What the instance says comes before what was published.
    """
    if _says(instance, package, as_of):
        return replace(package, option=package.option or published.option), package.origin.place
    option = next(option for option in instance.options_of[package.name] if option.name == published.option)
    dates = events(instance, option, published.transfer)
    if published.transfer < as_of:
        return _handed_over(package, option.name, published.transfer, Origin(plan)), plan
    if dates[Event.SUPPORT_START] < as_of:
        return _in_stage(package, option.name, *_stage(dates, as_of), Origin(plan)), plan
    return package, ""


def _says(instance: Instance, package: Package, as_of: int) -> bool:
    """Return whether the instance itself says that a package was handed over, or is on its way still.

    A stage before the transfer says nothing of a time when by its own length the transfer has come.
    """
    if package.fixed is not None and package.fixed < as_of:
        return True
    named = package.option is not None or len(instance.options_of[package.name]) == 1
    choice = _choice(instance, package, as_of)
    if choice is None or not named:
        return False
    return choice.transfer >= as_of or package.current_stage in {Stage.MENTORED, Stage.ADVISORY, Stage.AUTONOMOUS}


def _begun(instance: Instance, name: str, published: Choice, as_of: int) -> bool:
    """Return whether a package had begun by a month if it went as published."""
    option = next(option for option in instance.options_of[name] if option.name == published.option)
    return events(instance, option, published.transfer)[Event.SUPPORT_START] < as_of


def _handed_over(package: Package, option: str, transfer: int, origin: Origin) -> Package:
    """Return a package whose transfer has taken place; bounds on it that were not kept bind no more."""
    settled = replace(package, option=option, fixed=transfer, current_stage=None, since=None)
    return replace(settled, earliest=None, latest=None, origin=origin)


def _in_stage(package: Package, option: str, stage: Stage, since: int, origin: Origin) -> Package:
    """Return a package that is in a stage, so that its transfer follows from the option; bounds on it stay."""
    said = origin if package.earliest is None and package.latest is None else package.origin
    return replace(package, option=option, fixed=None, current_stage=stage, since=since, origin=said)


def _freed(package: Package, option: str | None, as_of: int) -> Package:
    """Return a package that begins again: a transfer settled for the past is no more, one for the future stands."""
    fixed = None if package.fixed is None or package.fixed < as_of else package.fixed
    return replace(package, option=option or package.option, fixed=fixed, current_stage=None, since=None)


def _stage(dates: Mapping[Event, int], month: int) -> tuple[Stage, int]:
    """Return the stage in which a package spends a month, and the month in which that stage began."""
    begun = [(stage, dates[event]) for stage, event in OPENS.items() if event is not None and dates[event] <= month]
    return begun[-1]


def _choice(instance: Instance, package: Package, as_of: int) -> Choice | None:
    """Return the option and the transfer of a package for which they are settled by what has happened."""
    options = {option.name: option for option in instance.options_of[package.name]}
    option = options.get(package.option or "", next(iter(options.values())))
    if package.fixed is not None and package.fixed < as_of:
        return Choice(option.name, package.fixed)
    opens = None if package.current_stage is None else OPENS[package.current_stage]
    if opens is None or package.since is None:
        return None
    return Choice(option.name, package.since - events(instance, option, 0)[opens])

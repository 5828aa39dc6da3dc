"""What a planner has settled about a package: its option, its transfer, the stage it is in."""

from __future__ import annotations

from sequencer.instance import cycles
from sequencer.instance.dates import events
from sequencer.instance.facts import Closure, Package
from sequencer.instance.instance import Instance, grouped
from sequencer.tables.reading import Reading
from sequencer.tables.references import NONE
from sequencer.tables.rows import Row
from sequencer.vocabulary import OPENS, Event, Origin, Stage


def options_by_package(instance: Instance, reading: Reading) -> dict[str, list[str]]:
    """Return the options of each package, those of packages with a fault too."""
    written = grouped(instance.options, "package")
    return {name: [option.name for option in written.get(name, ())] or [NONE] for name in reading.names.packages}


def check_options(instance: Instance, reading: Reading) -> None:
    """Note options that a package does not have, and packages on their way whose option is not named."""
    options = options_by_package(instance, reading)
    for row in reading.usable("packages", "place", "function", "option"):
        package = f"{row['place']}/{row['function']}"
        names = options[package]
        if row["option"] and row["option"] not in names:
            hint = reading.faults.nearest(row["option"], names)
            needed = f"an option of {package}: {', '.join(names)}"
            row.fault(reading.faults, "option", f'"{row["option"]}"', needed, hint)
        past = row["fixed"] is not None and row["fixed"] < instance.plan.as_of
        begun = row["current_stage"] not in ("", Stage.INTERNATIONAL)
        if not row["option"] and len(names) > 1 and (past or begun):
            why = _before(instance) if past else "it is in a stage already"
            row.fault(reading.faults, "option", "nothing", f"one of its options: {', '.join(names)}", why)


def _before(instance: Instance) -> str:
    month = instance.plan.as_of
    return f"its transfer lies before {instance.calendar.label(month) if month else 'the plan'}"


def check_dates(instance: Instance, reading: Reading) -> None:
    """Note stages that begin in the future, and those that a fixed transfer contradicts."""
    label = instance.calendar.label
    for row in reading.usable("packages", "place", "function", "option", "fixed", "current_stage", "since"):
        package = instance.package[f"{row['place']}/{row['function']}"]
        if package.since is not None and package.since > instance.plan.as_of:
            now = label(instance.plan.as_of)
            where = "" if instance.plan.as_of else ", where the plan begins"
            needed = f"a month up to {now}{where}: the package is in the stage already"
            row.fault(reading.faults, "since", label(package.since), needed)
            continue
        opens = None if package.current_stage is None else OPENS[package.current_stage]
        if package.fixed is None or package.since is None or opens is None:
            continue
        options = {option.name: option for option in instance.options_of[package.name]}
        option = options[package.option] if package.option else next(iter(options.values()))
        begins = events(instance, option, package.fixed)[opens]
        if begins != package.since:
            needed = f"the month that follows from the fixed transfer in {label(package.fixed)}: {label(begins)}"
            row.fault(reading.faults, "since", label(package.since), needed, "or no fixed transfer")


def check_closed(instance: Instance, reading: Reading) -> None:
    """Note fixed transfers that put an event into a month in which the calendar closes it, whatever the option."""
    rows = {row.number: row for row in reading.tables["packages"]}
    for package in instance.packages:
        if package.fixed is None or package.fixed < instance.plan.as_of or package.origin.row not in rows:
            continue
        for closure in instance.calendar_events:
            if package.place in closure.places and package.function in closure.functions:
                event = _closed_event(instance, package, closure)
                if event is not None:
                    _note_closed(reading, rows[package.origin.row], event, closure)
                    break


def _closed_event(instance: Instance, package: Package, closure: Closure) -> Event | None:
    """Return an event that a fixed transfer puts into closed months, whichever of its options the package has."""
    chosen = (option for option in instance.options_of[package.name] if package.option in (None, option.name))
    dates = [events(instance, option, package.fixed or 0) for option in chosen]
    for event in sorted(closure.events, key=list(Event).index):
        if all(date[event] >= instance.plan.as_of and _closes(closure, date[event]) for date in dates):
            return event
    return None


def _closes(closure: Closure, month: int) -> bool:
    if closure.yearly and month >= closure.start:
        month = closure.start + (month - closure.start) % 12
    return closure.start <= month <= closure.end


def _note_closed(reading: Reading, row: Row, event: Event, closure: Closure) -> None:
    what = "the transfer" if event is Event.TRANSFER else f"{event}, which follows from it,"
    found = f"{reading.scalars.calendar.label(row['fixed'])}, which puts {what} into {closure.name}"
    row.fault(reading.faults, "fixed", found, "a month that is open", f"{closure.origin.place} closes it")


def check_cycles(instance: Instance, reading: Reading) -> None:
    """Note links that wait for each other in a circle; rows that do so in many places are named once."""
    rows = {row.number: row for row in reading.tables["links"]}
    told: set[frozenset[Origin]] = set()
    for circle in cycles.cycles(instance):
        origins = frozenset(link.origin for link in circle)
        numbers = sorted({origin.row for origin in origins if origin.row in rows})
        if origins in told or not numbers:
            continue
        told.add(origins)
        found = f"a cycle of links: {cycles.said(circle)}"
        rows[numbers[-1]].fault(reading.faults, "after", found, "links that can all be kept", "none can ever happen")

"""What a planner has settled about a package: its option, its transfer, the stage it is in."""

from __future__ import annotations

from sequencer.instance.instance import Instance, grouped
from sequencer.tables.reading import Reading
from sequencer.tables.references import NONE
from sequencer.tables.timetable import events
from sequencer.vocabulary import OPENS, Stage


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
        past = row["fixed"] is not None and row["fixed"] < 0
        begun = row["current_stage"] not in ("", Stage.INTERNATIONAL)
        if not row["option"] and len(names) > 1 and (past or begun):
            why = "its transfer lies before the plan" if past else "it is in a stage already"
            row.fault(reading.faults, "option", "nothing", f"one of its options: {', '.join(names)}", why)


def check_dates(instance: Instance, reading: Reading) -> None:
    """Note stages that begin in the future, and those that a fixed transfer contradicts."""
    label = instance.calendar.label
    for row in reading.usable("packages", "place", "function", "option", "fixed", "current_stage", "since"):
        package = instance.package[f"{row['place']}/{row['function']}"]
        if package.since is not None and package.since > 0:
            needed = f"a month up to {label(0)}, where the plan begins: the package is in the stage already"
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

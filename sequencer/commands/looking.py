"""Commands that look at what is there: a folder, a timetable, a record."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from sequencer import words
from sequencer.commands.status import BAD_INPUT, INFEASIBLE, INTERRUPTED, OK, print_json
from sequencer.errors import InstanceError, UsageError
from sequencer.instance.idle import idle
from sequencer.instance.levers import addresses
from sequencer.options import changed
from sequencer.outcome import PARTS
from sequencer.tables.read import read

LEVER = ("address", "value", "unit", "relaxes")
RELAXES = {1: "up", -1: "down", 0: "no sure direction"}


def check(options: argparse.Namespace) -> int:
    """List every promise that a timetable breaks, or evaluate bounds again."""
    from sequencer.answers import checked  # noqa: PLC0415 - numpy takes time to import

    if options.timetable is None and options.bound is None:
        raise UsageError("check needs a TIMETABLE, or --bound FILE, or both")
    instance = changed(options)
    breaches = bounds = None
    if options.timetable is not None:
        from sequencer.solving import checker  # noqa: PLC0415
        from sequencer.tables.timetable import read_timetable  # noqa: PLC0415

        breaches = checker.check(instance, read_timetable(options.timetable, instance))
    if options.bound is not None:
        from sequencer.places.claims import recheck  # noqa: PLC0415

        bounds = recheck(instance, options.bound)
    if options.json:
        print_json(checked.as_json(instance, breaches, bounds))
    else:
        checked.show(instance, breaches, bounds)
    return OK if not breaches and all(bound.confirmed for bound in bounds or ()) else INFEASIBLE


def compare(options: argparse.Namespace) -> int:
    """Set a plan and a record, or two plans, side by side."""
    from sequencer.answers import comparison, sides  # noqa: PLC0415 - pandas takes time to import

    if options.after is not None:
        from sequencer.sensitivity import command  # noqa: PLC0415

        return command.compare(options)
    found = comparison.compare(read(options.instance), options.plan, options.record)
    if options.out is not None:
        sides.write(found, Path(options.out), overwrite=options.overwrite)
    if options.json:
        print_json(sides.as_json(found))
    else:
        sides.show(found)
    return OK


def stress(options: argparse.Namespace) -> int:
    """Try a timetable in scenarios."""
    from sequencer.answers import stressed  # noqa: PLC0415 - pandas takes time to import

    instance = changed(options)
    tried = stressed.tried(instance, options)
    for path, frame in ((options.out, tried.packages), (options.exits, tried.scenarios)):
        if path is not None:
            stressed.write(frame, Path(path), overwrite=options.overwrite)
    if options.json:
        print_json(stressed.as_json(tried))
    else:
        stressed.show(tried)
    return INTERRUPTED if tried.waiting else OK


def validate(options: argparse.Namespace) -> int:
    """List every fault of an instance, or what is without effect in it."""
    try:
        instance = changed(options)
    except InstanceError as error:
        if options.json:
            names = ("file", "row", "column", "found", "needed", "hint")
            print_json({"faults": [{name: getattr(fault, name) for name in names} for fault in error.faults]})
            return BAD_INPUT
        raise
    if options.json:
        print_json({"faults": [], "idle": list(idle(instance))})
    else:
        counts = ", ".join(
            words.count(*each) for each in ((len(instance.packages), "package"), (instance.plan.months, "month"))
        )
        print(words.plain(f"in order: {instance.plan.title} ({counts})"))  # noqa: T201
        for line in idle(instance):
            print(words.plain(f"  without effect: {line}"))  # noqa: T201
    return OK


def schema(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes the options
    """Print the Table Schema."""
    from sequencer.tables.schema import text  # noqa: PLC0415

    sys.stdout.write(text())
    return OK


def levers(options: argparse.Namespace) -> int:
    """List the numbers that can be changed."""
    instance = changed(options)
    rows = [
        {
            "address": address,
            "value": lever.shown(instance.calendar),
            "unit": lever.unit,
            "relaxes": RELAXES[lever.relax],
        }
        for address, lever in addresses(instance).items()
    ]
    if options.json:
        print_json({"levers": rows})
        return OK
    writer = csv.DictWriter(sys.stdout, LEVER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: words.plain(cell) for key, cell in row.items()} for row in rows)
    return OK


def version(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes the options
    """Print the versions of what answers rest on."""
    from importlib import metadata  # noqa: PLC0415

    print(", ".join(f"{part} {metadata.version(part)}" for part in PARTS))  # noqa: T201
    return OK

"""The commands: each reads, asks one question, prints the answer and returns the exit status."""

from __future__ import annotations

import argparse
import csv
import json
import os
import shlex
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from sequencer import notes, words
from sequencer.errors import InstanceError, SequencerError, UsageError
from sequencer.instance.idle import idle
from sequencer.instance.levers import addresses
from sequencer.interrupt import listening
from sequencer.options import changed, limits, objective
from sequencer.outcome import PARTS, Status
from sequencer.tables.read import read

OK, INTERNAL, USAGE, BAD_INPUT, INFEASIBLE, NO_PLAN, INTERRUPTED = 0, 1, 2, 3, 4, 6, 130

ENDS = {
    Status.OPTIMAL: OK,
    Status.FEASIBLE: OK,
    Status.INFEASIBLE: INFEASIBLE,
    Status.UNKNOWN: NO_PLAN,
}


def run(options: argparse.Namespace) -> int:
    """Run the command asked for; every error ends in a message on stderr and its exit status."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a narrow terminal encoding must not cost the answer
    try:
        with notes.shown(quiet=getattr(options, "quiet", False)):
            status = COMMANDS["version" if options.version else options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone; what is still buffered must not fail when the interpreter flushes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (Exception, KeyboardInterrupt) as error:
        status, said = _failure(error)
        _complain(said)
    return status


def _failure(error: BaseException) -> tuple[int, str]:
    """Return the exit status of an error, and what to say."""
    match error:
        case InstanceError():
            return BAD_INPUT, str(error)
        case UsageError():
            return USAGE, f"sequencer: {error}"
        case KeyboardInterrupt():
            return INTERRUPTED, "sequencer: interrupted before a plan was found"
        case OSError():
            return INTERNAL, f"sequencer: cannot write the answer: {error.strerror or error}"
        case SequencerError():
            return INTERNAL, f"sequencer: internal error, please report it: {error}"
        case _:
            lines = "".join(traceback.format_exception(error))
            return INTERNAL, f"sequencer: internal error, please report it:\n{lines}"


def _complain(said: str) -> None:
    from sequencer.answers.terminal import Terminal  # noqa: PLC0415 - only where there is something to complain about

    Terminal(sys.stderr).complain(said)


def _as_interrupt(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
    raise KeyboardInterrupt


def _solve(options: argparse.Namespace) -> int:
    from sequencer import progress  # noqa: PLC0415
    from sequencer.answers import export, report  # noqa: PLC0415 - pandas and the solver take time to import
    from sequencer.solving.solver import solve  # noqa: PLC0415

    instance = changed(options)
    folder = None if options.out is None else Path(options.out)
    if folder is not None:
        if not options.out.strip():
            raise UsageError("--out needs the name of a folder")
        export.prepare(folder, overwrite=options.overwrite)
    with listening() as stop:  # from here on Ctrl-C must not cost the answer
        allowed = limits(options)
        with progress.shown(instance.calendar, allowed, sys.stderr, quiet=options.quiet) as tell:
            outcome = solve(
                instance,
                objective=objective(options.objective),
                limits=allowed,
                haste=options.haste,
                engine=options.engine or "auto",
                dump=None if options.dump is None else Path(options.dump),
                overwrite=options.overwrite,
                verify=options.verify,
                near=None if folder is None else export.earlier_plan(folder, instance),
                progress=tell,
            )
        moved, failed = None, None
        try:
            moved = None if folder is None else export.write(outcome, folder)
        except UsageError as error:
            failed = error  # the answer is printed before this is told
        if options.json:
            _print_json(export.as_json(outcome))
        else:
            report.show(outcome, moved)
        if failed is not None:
            raise failed
        if folder is not None:  # the answer has been written and printed, should this fail
            from sequencer.pictures.command import beside  # noqa: PLC0415

            beside(outcome, folder, limits=limits(options), stop=stop, language=options.language)
        return INTERRUPTED if outcome.interrupted or stop.is_set() else ENDS[outcome.status]


def _explain(options: argparse.Namespace) -> int:
    from sequencer.answers.explained import command  # noqa: PLC0415 - pandas and the solver take time to import

    status, interrupted = command.run(options)
    return INTERRUPTED if interrupted else ENDS[status]


def _report(options: argparse.Namespace) -> int:
    from sequencer.pictures import command  # noqa: PLC0415 - pandas and the solver take time to import

    status, interrupted = command.run(options)
    return INTERRUPTED if interrupted else ENDS[status]


def _replan(options: argparse.Namespace) -> int:
    from sequencer.replanning import command  # noqa: PLC0415 - pandas and the solver take time to import

    status, interrupted = command.run(options)
    return INTERRUPTED if interrupted else ENDS[status]


def _check(options: argparse.Namespace) -> int:
    from sequencer.answers import checked  # noqa: PLC0415 - numpy takes time to import

    if options.timetable is None and options.bound is None:
        raise UsageError("check needs a TIMETABLE, or --bound FILE, or both")
    instance = changed(options)
    breaches = bounds = None
    if options.timetable is not None:
        from sequencer.solving.checker import check  # noqa: PLC0415
        from sequencer.tables.timetable import read_timetable  # noqa: PLC0415

        breaches = check(instance, read_timetable(options.timetable, instance))
    if options.bound is not None:
        from sequencer.places.claims import recheck  # noqa: PLC0415

        bounds = recheck(instance, options.bound)
    if options.json:
        _print_json(checked.as_json(instance, breaches, bounds))
    else:
        checked.show(instance, breaches, bounds)
    return OK if not breaches and all(bound.confirmed for bound in bounds or ()) else INFEASIBLE


def _compare(options: argparse.Namespace) -> int:
    from sequencer.answers import sides  # noqa: PLC0415 - pandas takes time to import
    from sequencer.answers.comparison import compare  # noqa: PLC0415

    if options.after is not None:
        from sequencer.sensitivity import command  # noqa: PLC0415

        return command.compare(options)
    comparison = compare(read(options.instance), options.plan, options.record)
    if options.out is not None:
        sides.write(comparison, Path(options.out), overwrite=options.overwrite)
    if options.json:
        _print_json(sides.as_json(comparison))
    else:
        sides.show(comparison)
    return OK


def _stress(options: argparse.Namespace) -> int:
    from sequencer.answers import stressed  # noqa: PLC0415 - pandas takes time to import

    instance = changed(options)
    tried = stressed.tried(instance, options)
    for path, frame in ((options.out, tried.packages), (options.exits, tried.scenarios)):
        if path is not None:
            stressed.write(frame, Path(path), overwrite=options.overwrite)
    if options.json:
        _print_json(stressed.as_json(tried))
    else:
        stressed.show(tried)
    return INTERRUPTED if tried.waiting else OK


def _export(options: argparse.Namespace) -> int:
    from sequencer.exports import command  # noqa: PLC0415 - pandas and the solver take time to import

    command.run(options)
    return OK


def _validate(options: argparse.Namespace) -> int:
    try:
        instance = changed(options)
    except InstanceError as error:
        if options.json:
            names = ("file", "row", "column", "found", "needed", "hint")
            _print_json({"faults": [{name: getattr(fault, name) for name in names} for fault in error.faults]})
            return BAD_INPUT
        raise
    if options.json:
        _print_json({"faults": [], "idle": list(idle(instance))})
    else:
        counts = f"{len(instance.packages)} packages, {instance.plan.months} months"
        print(words.plain(f"in order: {instance.plan.title} ({counts})"))  # noqa: T201
        for line in idle(instance):
            print(words.plain(f"  without effect: {line}"))  # noqa: T201
    return OK


def _schema(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes the options
    from sequencer.tables import schema  # noqa: PLC0415

    sys.stdout.write(schema.text())
    return OK


def _levers(options: argparse.Namespace) -> int:
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
        _print_json({"levers": rows})
        return OK
    writer = csv.DictWriter(sys.stdout, LEVER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: words.plain(cell) for key, cell in row.items()} for row in rows)
    return OK


def _bench(options: argparse.Namespace) -> int:
    from sequencer.bench.harness import bench  # noqa: PLC0415

    return bench(options)


def _sweep(options: argparse.Namespace) -> int:
    from sequencer.sensitivity import command  # noqa: PLC0415 - pandas and the solver take time to import

    return command.run(options)


def _brief(options: argparse.Namespace) -> int:
    from sequencer.pictures.briefs import command  # noqa: PLC0415 - pandas and the solver take time to import

    return command.run(options)


LEVER = ("address", "value", "unit", "relaxes")
RELAXES = {1: "up", -1: "down", 0: "no sure direction"}


def _import(options: argparse.Namespace) -> int:
    from sequencer.importing import psplib  # noqa: PLC0415 - only this command needs it

    made = psplib.convert([Path(name) for name in options.files], Path(options.out), overwrite=options.overwrite)
    for folder, said in made.items():
        print(words.plain(f"written: {folder}"))  # noqa: T201
        for note in said:
            sys.stderr.write(words.plain(f"sequencer: {note}") + "\n")
    return OK


def _new(options: argparse.Namespace) -> int:
    from sequencer import starters  # noqa: PLC0415 - only this command needs it

    if not options.target.strip():
        raise UsageError("new needs the name of a folder")
    path = starters.begin(Path(options.target), options.starter, workbook=options.workbook, overwrite=options.overwrite)
    table, notes = ("sheet", "the sheet notes") if path.is_file() else ("table", f"{path / 'README.md'}")
    quoted = shlex.quote(str(path))
    for line in (
        f"written: {path}; {notes} says what each {table} is for, all numbers are invented",
        f"  replace them by yours, then:  sequencer validate {quoted}",
        f"  and for the timetable:        sequencer solve {quoted} --out {shlex.quote(f'{path.stem}-plan')}",
    ):
        print(words.plain(line))  # noqa: T201
    return OK


def _convert(options: argparse.Namespace) -> int:
    from sequencer.importing import workbooks  # noqa: PLC0415 - only this command needs it

    if not options.out.strip():
        raise UsageError("--out needs the name of a workbook or a folder")
    workbooks.convert(Path(options.instance), Path(options.out), overwrite=options.overwrite)
    print(words.plain(f"written: {options.out}"))  # noqa: T201
    return OK


def _version(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes the options
    from importlib.metadata import version  # noqa: PLC0415

    print(", ".join(f"{part} {version(part)}" for part in PARTS))  # noqa: T201
    return OK


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False))  # noqa: T201


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "solve": _solve,
    "explain": _explain,
    "report": _report,
    "replan": _replan,
    "check": _check,
    "compare": _compare,
    "stress": _stress,
    "export": _export,
    "validate": _validate,
    "schema": _schema,
    "levers": _levers,
    "import": _import,
    "convert": _convert,
    "new": _new,
    "sweep": _sweep,
    "bench": _bench,
    "brief": _brief,
    "version": _version,
}

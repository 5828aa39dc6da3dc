"""Commands that solve, or ask about a plan with the help of a solver."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sequencer.commands.status import ended, print_json
from sequencer.errors import UsageError
from sequencer.interrupt import listening
from sequencer.options import changed, limits, objective


def solve(options: argparse.Namespace) -> int:
    """Find the best timetable, print it, and write it where that is asked for."""
    from sequencer import progress  # noqa: PLC0415
    from sequencer.answers import export, report  # noqa: PLC0415 - pandas and the solver take time to import
    from sequencer.solving import solver  # noqa: PLC0415

    instance = changed(options)
    folder = None if options.out is None else Path(options.out)
    if folder is not None:
        if not options.out.strip():
            raise UsageError("--out needs the name of a folder")
        export.prepare(folder, overwrite=options.overwrite)
    with listening() as stop:  # from here on Ctrl-C must not cost the answer
        allowed = limits(options)
        with progress.shown(instance.calendar, allowed, sys.stderr, quiet=options.quiet) as tell:
            outcome = solver.solve(
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
            print_json(export.as_json(outcome))
        else:
            report.show(outcome, moved)
        if failed is not None:
            raise failed
        if folder is not None:  # the answer has been written and printed, should this fail
            from sequencer.pictures.command import beside  # noqa: PLC0415

            with progress.waiting("writing the report", sys.stderr, quiet=options.quiet):
                beside(outcome, folder, limits=allowed, stop=stop, language=options.language)
        return ended(outcome.status, interrupted=outcome.interrupted or stop.is_set())


def explain(options: argparse.Namespace) -> int:
    """Say why."""
    from sequencer.answers.explained import command  # noqa: PLC0415 - pandas and the solver take time to import

    status, interrupted = command.run(options)
    return ended(status, interrupted=interrupted)


def report(options: argparse.Namespace) -> int:
    """Write a plan as a page."""
    from sequencer.pictures import command  # noqa: PLC0415 - pandas and the solver take time to import

    status, interrupted = command.run(options)
    return ended(status, interrupted=interrupted)


def replan(options: argparse.Namespace) -> int:
    """Plan again what is left of a published plan."""
    from sequencer.replanning import command  # noqa: PLC0415 - pandas and the solver take time to import

    status, interrupted = command.run(options)
    return ended(status, interrupted=interrupted)

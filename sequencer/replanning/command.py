"""The command ``replan``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sequencer import progress
from sequencer.answers import export, replanned
from sequencer.errors import UsageError
from sequencer.interrupt import listening
from sequencer.options import changed, limits, objective
from sequencer.outcome import Status
from sequencer.replanning.replanning import Replan, replan


def run(options: argparse.Namespace) -> tuple[Status, bool]:
    """Plan again, write and print the answer; return its status, and whether it was interrupted."""
    instance = changed(options)
    as_of = instance.plan.as_of if options.as_of is None else options.as_of
    if not as_of:
        raise UsageError("replan needs --as-of YYYY-MM, or as_of in plan.toml: the month before which all has happened")
    folder = None if options.out is None else Path(options.out)
    if folder is not None:
        if not options.out.strip():
            raise UsageError("--out needs the name of a folder")
        export.prepare(folder, overwrite=options.overwrite)
    with listening() as stop:  # from here on Ctrl-C must not cost the answer
        allowed = limits(options)
        with progress.shown(instance.calendar, allowed, sys.stderr, quiet=options.quiet) as tell:
            found = replan(
                instance,
                options.published,
                as_of,
                options.actuals,
                objective=objective(options.objective),
                limits=allowed,
                most_change=options.most_change,
                engine=options.engine or "auto",
                progress=tell,
            )
        failed = None
        if folder is not None:
            try:
                _write(found, folder)
            except UsageError as error:
                failed = error  # the answer is printed before this is told
        if options.json:
            print(json.dumps(replanned.as_json(found), indent=1, ensure_ascii=False))  # noqa: T201
        else:
            replanned.show(found)
        if failed is not None:
            raise failed
        if folder is not None:  # the answer has been written and printed, should this fail
            from sequencer.pictures.command import beside  # noqa: PLC0415

            with progress.waiting("writing the report", sys.stderr, quiet=options.quiet):
                beside(found.outcome, folder, limits=allowed, stop=stop)
        return found.outcome.status, found.outcome.interrupted or stop.is_set()


def _write(found: Replan, folder: Path) -> None:
    """Write the files of ``solve --out``, and what moved."""
    also = {} if found.outcome.choices is None else {export.REPLAN: export.csv_text(replanned.frame(found))}
    export.write(found.outcome, folder, also)

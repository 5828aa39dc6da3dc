"""The command ``explain``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from sequencer import progress
from sequencer.answers import explained
from sequencer.answers.explained import files
from sequencer.interrupt import listening
from sequencer.options import changed, costs, limits, objective
from sequencer.outcome import Status
from sequencer.questions.explaining import explain
from sequencer.solving.solver import solve


def run(options: argparse.Namespace) -> tuple[Status, bool]:
    """Solve, explain, print and write the answer; return its status, and whether it was interrupted."""
    instance = changed(options)
    folder = None if options.out is None else Path(options.out)
    if folder is not None:
        files.prepare(folder, overwrite=options.overwrite)
    with listening() as stop:
        allowed = limits(options)
        with progress.shown(instance.calendar, allowed, sys.stderr, quiet=options.quiet) as tell:
            outcome = solve(
                instance,
                objective=objective(options.objective),
                limits=allowed,
                haste=False,
                engine=options.engine or "auto",
                progress=tell,
            )
        reasons = replace(allowed, seconds=options.why_seconds)
        with progress.waiting("looking for reasons", sys.stderr, quiet=options.quiet):
            explanation = explain(
                outcome,
                options.wishes,
                packages=options.packages,
                binding=options.binding,
                proofs=options.deciders,
                costs=costs(options.costs),
                limits=reasons,
                stop=stop,
            )
        if options.json:
            print(json.dumps(explained.as_json(explanation, options.language), indent=1, ensure_ascii=False))  # noqa: T201
        else:
            explained.show(explanation, options.language)
        if folder is not None:  # the answer has been printed, should this fail
            explained.write(explanation, folder, options.language)
        return outcome.status, outcome.interrupted or stop.is_set()

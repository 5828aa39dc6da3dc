"""The command ``report``, and the report that ``solve --out`` writes beside its answer."""

from __future__ import annotations

import argparse
import sys
import threading
from dataclasses import replace
from pathlib import Path

from sequencer import progress, words
from sequencer.answers import export
from sequencer.answers.discretion import Audience
from sequencer.answers.standing import aloud, standing
from sequencer.errors import UsageError
from sequencer.interrupt import listening
from sequencer.options import changed
from sequencer.outcome import Limits, Outcome, Status
from sequencer.pictures import studies
from sequencer.pictures.page import page
from sequencer.pictures.sections.conditions import LARGE
from sequencer.pictures.summed.binds import HOLDERS
from sequencer.problem import Schedule
from sequencer.questions.explaining import Explanation, explain
from sequencer.questions.repairs import repairs
from sequencer.reasons.conditions import conditions
from sequencer.reasons.conflicts import conflicts
from sequencer.reasons.local.locally import locally
from sequencer.reasons.scope import Scope
from sequencer.vocabulary import Event

SECONDS = 5.0  # for conflicts, and again for repairs, where a report is written along with an answer


def run(options: argparse.Namespace) -> tuple[Status, bool]:
    """Explain a plan that was made before and write its report; return its status, and whether it was interrupted."""
    instance, file = changed(options), Path(options.out)
    prepare(file, overwrite=options.overwrite)
    found = [studies.read(path, instance) for path in options.studies]
    outcome = aloud(standing(instance, options.plan))
    with listening() as stop, progress.waiting("looking for reasons", sys.stderr):
        limits = Limits(seconds=options.seconds)
        explanation = explain(outcome, binding=options.binding, limits=limits, stop=stop)
        text = page(explanation, Audience(options.audience), options.language, found)
        export.put({file.name: text}, file.parent, lambda _: None)
        print(words.plain(f"written: {file}"))  # noqa: T201
        return outcome.status, stop.is_set()


def prepare(file: Path, *, overwrite: bool) -> None:
    """Make sure that a report can be written to a file, before time is spent on it.

    Raises
    ------
    UsageError
        If there is such a file and ``overwrite`` is off, or its name or folder cannot be had.
    """
    if not file.name or file.is_dir():
        raise UsageError(f"--out needs the name of a file, not {str(file)!r}")
    if file.exists() and not overwrite:
        raise UsageError(f"there is a file {file} already; choose another name, or --overwrite")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {file.parent}: {error.strerror}") from error


def beside(outcome: Outcome, folder: Path, *, limits: Limits, stop: threading.Event, language: str = "en") -> None:
    """Write the public report of an answer beside it, where ``export.write`` has just written the answer.

    Raises
    ------
    UsageError
        If it cannot be written.
    """
    export.add(export.REPORT, page(briefly(outcome, limits, stop), Audience.PUBLIC, language), folder)


def briefly(outcome: Outcome, limits: Limits, stop: threading.Event) -> Explanation:
    """Return as much of an explanation as takes seconds: nothing is solved again for it where there is a plan.

    Parameters
    ----------
    outcome : Outcome
    limits : Limits
        Of the solve; of its time at most ``SECONDS`` are taken, and again so many, where there is no plan.
    stop : threading.Event

    Returns
    -------
    Explanation
        Of packages those that hold the last exit are explained. Conditions are left out with more than ``LARGE``.
    """
    brief = replace(limits, seconds=min(limits.seconds, SECONDS))
    problem, instance = outcome.problem, outcome.instance
    if outcome.choices is None:
        is_proven = outcome.status is Status.INFEASIBLE
        found = conflicts(problem, Scope.all_of(instance), brief, stop) if is_proven else ()
        mended = repairs(instance, limits=brief, stop=stop) if is_proven else None
        return Explanation(outcome=outcome, limits=brief, conflicts=found, repairs=mended)
    cells = problem.cells(outcome.choices)
    dates = Schedule(problem.calendar, problem.paths, cells, outcome.uses or {})
    exits = {name: dates.date(name, Event.EXIT) for name in cells}
    last = [name for name, month in sorted(exits.items()) if month == max(exits.values())]
    is_large = len(cells) > LARGE
    return Explanation(
        outcome=outcome,
        limits=brief,
        local=locally(problem, cells, outcome.caps(), packages=last[:HOLDERS]),
        conditions=() if is_large else conditions(instance, problem, cells, outcome.uses),
    )

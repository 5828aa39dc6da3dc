"""``sequencer brief``: a page for one reader, written whole or not at all."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from sequencer import words
from sequencer.answers import export
from sequencer.answers.discretion import Audience
from sequencer.answers.standing import aloud, standing
from sequencer.errors import UsageError
from sequencer.options import changed
from sequencer.outcome import Limits, Outcome
from sequencer.phrases import Phrasebook
from sequencer.pictures.briefs.donor import donor, known
from sequencer.pictures.briefs.force import force
from sequencer.pictures.briefs.minister import minister
from sequencer.pictures.page import render, styles
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation
from sequencer.reasons.conditions import conditions
from sequencer.reasons.local.locally import locally

SECONDS = 30.0  # to ask what moves without a donor
SAFE = 60  # characters of a file's name
READERS = ("minister", "donor", "force")


def run(options: argparse.Namespace) -> int:
    """Write a brief, say where it is, and return the exit status.

    Raises
    ------
    UsageError
        If there is no such donor, no force or no plan, or the file is there already and is not to be replaced.
    """
    instance = changed(options)
    if options.donor is not None and options.reader != "donor":
        raise UsageError(f"--donor is for a donor's brief, not that of the {options.reader}")
    name = known(instance, options.donor) if options.reader == "donor" else None
    path = Path(default(options.reader, name) if options.out is None else options.out)
    ready(path, overwrite=options.overwrite)
    outcome = aloud(standing(instance, options.plan))
    if outcome.choices is None:
        raise UsageError(f"there is no plan to write a brief of: the status is {outcome.status}")
    limits = Limits(seconds=SECONDS if options.seconds is None else options.seconds)
    text = brief(outcome, options.reader, donor_name=name, language=options.language, limits=limits)
    export.put({path.name: text}, path.parent, lambda folder: folder)
    print(words.plain(f"written: {path}"))  # noqa: T201
    return 0


def default(reader: str, name: str | None) -> str:
    """Return the name of a brief's file, that of a donor made safe for any system."""
    if name is None:
        return f"brief-{reader}.html"
    return f"brief-donor-{re.sub(r'[^a-z0-9]+', '-', name.casefold()).strip('-')[:SAFE] or 'unnamed'}.html"


def ready(path: Path, *, overwrite: bool) -> None:
    """Make sure that a file can be written, before time is spent on it; raises UsageError."""
    if path.is_dir() or not path.name:
        raise UsageError(f"--out needs the name of a file, not {str(path)!r}")
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already; choose another name with --out, or --overwrite")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {path.parent}: {error.strerror}") from error


def brief(
    outcome: Outcome, reader: str, *, donor_name: str | None = None, language: str = "en", limits: Limits | None = None
) -> str:
    """Return a brief as one HTML page that prints on one sheet of A4.

    Parameters
    ----------
    outcome : Outcome
        With a plan.
    reader : str
        ``minister``, ``donor`` or ``force``; the first two are told nothing of threat, forces, reserves and assessors.
    donor_name : str, optional
        Of the donor.
    language : str
        Two letters.
    limits : Limits, optional
        To ask what moves without the donor. Default: 30 seconds.

    Raises
    ------
    UsageError
        If there is no such donor, or no force.
    ValueError
        If the outcome has no plan.
    """
    if outcome.choices is None:
        raise ValueError(f"no plan was found: the status is {outcome.status}")
    limits = limits or Limits(seconds=SECONDS)
    audience = Audience.MISSION if reader == "force" else Audience.PUBLIC
    told = Told(_explained(outcome, limits), audience, Phrasebook.of(language))
    match reader:
        case "minister":
            found = minister(told)
        case "donor":
            found = donor(told, known(outcome.instance, donor_name), limits)
        case "force":
            found = force(told)
        case _:
            raise UsageError(f"there is no brief for {reader!r}; there are {', '.join(READERS)}")
    return render(f"brief-{reader}.html", told, styles(("briefs.css",)), it=found)


def _explained(outcome: Outcome, limits: Limits) -> Explanation:
    """Return what can be said at once: what stands against each date, and what each rests on."""
    cells = outcome.problem.cells(outcome.choices or {})
    return Explanation(
        outcome=outcome,
        limits=limits,
        local=locally(outcome.problem, cells, outcome.caps()),
        conditions=conditions(outcome.instance, outcome.problem, cells, outcome.uses),
    )

"""Answers as pandas frames; the same columns are written as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sequencer.explain.tight import tight as tight_promises
from sequencer.instance.instance import Instance
from sequencer.problem import Problem, Schedule
from sequencer.timetable import Choices
from sequencer.vocabulary import Event

TIMETABLE = (
    "package",
    "place",
    "function",
    "institution",
    "receiver",
    "option",
    "phase",
    "support_start",
    "joint_start",
    "transfer",
    "exit",
)
SUPPLIES = ("resource", "bucket", "source", "need", "capacity")
TIGHT = ("package", "transfer", "rule", "reason", "rows", "confidence", "source")


def timetable(instance: Instance, problem: Problem, choices: Choices) -> pd.DataFrame:
    """Return a timetable, one row for each package in order of transfer month and name.

    Returns
    -------
    DataFrame, shape (packages, 11)
        Columns package, place, function, institution, receiver, option, phase, support_start, joint_start, transfer,
        exit; dates are ``YYYY-MM``. ``phase`` is empty for a package handed over before the plan.
    """
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices))
    rows = []
    for name in sorted(choices, key=lambda name: (choices[name].transfer, name)):
        package, choice = instance.package[name], choices[name]
        phase = next((p.name for p in instance.phases if p.start <= choice.transfer <= p.end), "")
        rows.append(
            (
                name,
                package.place,
                package.function,
                package.institution,
                package.receiver,
                choice.option,
                phase,
                *(
                    schedule.label(name, event)
                    for event in (Event.SUPPORT_START, Event.JOINT_START, Event.TRANSFER, Event.EXIT)
                ),
            )
        )
    return pd.DataFrame(rows, columns=list(TIMETABLE))


def supplies(problem: Problem, choices: Choices) -> pd.DataFrame:
    """Return need and capacity of every pool in every bucket.

    Returns
    -------
    DataFrame, shape (pools x buckets, 5)
        Columns resource, bucket, source (the pool, empty where the resource has one), need, capacity, in the units of
        the resource.
    """
    schedule = Schedule(problem.calendar, problem.paths, problem.cells(choices))
    rows = []
    for supply in problem.supplies:
        needs = list(supply.needs(schedule).values())
        for b, label in enumerate(supply.labels):
            rows.append((supply.resource, label, supply.pool, sum(need[b] for need in needs), supply.capacity[b]))
    return pd.DataFrame(rows, columns=list(SUPPLIES))


def tight(problem: Problem, choices: Choices, caps: Sequence[tuple[str, int]]) -> pd.DataFrame:
    """Return what each package would break, or make worse, one month earlier, all others staying where they are.

    Returns
    -------
    DataFrame, one row for each package and promise
        Columns package, transfer (``YYYY-MM``), rule (id in models/problem.md, or a term), reason, rows (files and rows
        it rests on), confidence, source; several are separated by `` | ``.
    """
    label = problem.calendar.label
    rows = [
        (
            held.package,
            label(choices[held.package].transfer),
            held.rule,
            held.text,
            _join(origin.place for origin in held.origins),
            _join(origin.confidence for origin in held.origins),
            _join(origin.source for origin in held.origins),
        )
        for held in tight_promises(problem, problem.cells(choices), caps)
    ]
    return pd.DataFrame(rows, columns=list(TIGHT))


def _join(words: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(word for word in words if word))

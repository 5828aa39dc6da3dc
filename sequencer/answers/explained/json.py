"""An explanation as one JSON object."""

from __future__ import annotations

import dataclasses
from importlib.metadata import version
from platform import python_version
from typing import Any

from sequencer.answers.conditions import conditions, deciders
from sequencer.answers.evidence import evidence
from sequencer.answers.explained.binding_json import binding_json
from sequencer.answers.explained.conflicts import conflict_row
from sequencer.answers.explained.repairs import Says, as_rows, repairs_lines
from sequencer.answers.explained.wishes import changes_lines, why
from sequencer.instance.digest import digest
from sequencer.outcome import PARTS, Status
from sequencer.phrases import Phrasebook
from sequencer.problem import Problem
from sequencer.questions.explaining import Explanation
from sequencer.questions.repairs import Repairs
from sequencer.questions.turning import Turning
from sequencer.questions.why import Why
from sequencer.reasons.local.earlier import answer
from sequencer.reasons.local.locally import Local


def as_json(explanation: Explanation, language: str = "en") -> dict[str, Any]:
    """Return an explanation as one JSON object; keys are stable, unknown values are null.

    Returns
    -------
    dict
        ``status``, ``levels`` (term, unit, value, bound), ``conflicts`` (see ``conflict_row``), ``earlier`` (one for
        each package: transfer, ``stretches`` of months with the rules against each, ``sentences``),
        ``proven_earlier`` (rows as in ``why``), ``repairs`` (``found``, ``least``, ``sentences``; null where there is
        a plan), ``binding`` (see ``binding_json``; null where it was not asked), ``why`` (one for each wish:
        tier, proven, ``prices``, ``moved``, ``timetable``, ``conflicts``, ``possible`` and ``compatible``: what would
        have to change in the data, ``sentences``), ``conditions`` and ``deciders``
        (rows as in their CSV files), ``evidence``, ``changes`` made for this run, ``parameters`` of the searches,
        ``language``, ``digest`` of the input and ``versions``.
    """
    outcome, book = explanation.outcome, Phrasebook.of(language)
    calendar, turning = outcome.instance.calendar, Turning(outcome.instance)
    return {
        "status": outcome.status.value,
        "title": outcome.instance.plan.title,
        "first_month": calendar.label(0),
        "levels": [
            {"term": level.term, "unit": level.unit, "value": level.value, "bound": level.bound}
            for level in outcome.levels
        ],
        "conflicts": [conflict_row(found, outcome.problem, turning, book) for found in explanation.conflicts],
        "earlier": [_earlier(local, outcome.problem, book) for local in explanation.local],
        "proven_earlier": [_why(told, explanation, book) for told in explanation.earlier],
        "repairs": _repairs(explanation, book),
        "binding": None if explanation.binding is None else binding_json(explanation.binding, outcome, language),
        "why": [_why(told, explanation, book) for told in explanation.why],
        "conditions": conditions(calendar, explanation.conditions, language).to_dict("records"),
        "deciders": deciders(calendar, explanation.deciders, explanation.proofs, language).to_dict("records"),
        "evidence": evidence(outcome.instance),
        "changes": list(outcome.instance.changes),
        "parameters": {**dataclasses.asdict(explanation.limits), "engine": outcome.engine},
        "language": language,
        "digest": digest(outcome.instance),
        "versions": {name: version(name) for name in PARTS} | {"python": python_version()},
    }


def _repairs(explanation: Explanation, book: Phrasebook) -> dict[str, Any] | None:
    """Return what would make a plan possible; None where there is one."""
    found, instance = explanation.repairs, explanation.outcome.instance
    if found is None:
        return None
    is_proven = explanation.outcome.status is Status.INFEASIBLE
    sentences = list(repairs_lines(found, instance, book, is_proven=is_proven))
    return {"found": as_rows(found, instance), "least": found.least, "sentences": sentences}


def _earlier(local: Local, problem: Problem, book: Phrasebook) -> dict[str, Any]:
    label = problem.calendar.label
    return {
        "package": local.package,
        "option": local.option,
        "transfer": label(local.transfer),
        "stretches": [
            {
                "option": way.option,
                "first": label(stretch.first),
                "last": label(stretch.last),
                "rules": sorted({obstacle.rule for obstacle in stretch.obstacles}),
            }
            for way in local.ways
            for stretch in way.stretches
        ],
        "sentences": str(answer(local, problem, book)),
    }


def _why(told: Why, explanation: Explanation, book: Phrasebook) -> dict[str, Any]:
    label, turning = explanation.outcome.instance.calendar.label, Turning(explanation.outcome.instance)
    timetable = None
    if told.choices is not None:
        timetable = [
            {"package": name, "option": choice.option, "transfer": label(choice.transfer)}
            for name, choice in told.choices.items()
        ]
    return {
        "wish": told.wish,
        "tier": told.tier.value,
        "proven": told.proven,
        "prices": [dataclasses.asdict(price) for price in told.prices],
        "moved": dict(told.moved),
        "timetable": timetable,
        "conflicts": [conflict_row(found, told.problem, turning, book) for found in told.conflicts],
        "possible": _changes(told.possible, "possible", explanation, book),
        "compatible": _changes(told.compatible, "fits", explanation, book),
        "sentences": list(why(told, explanation.outcome, book)),
    }


def _changes(found: Repairs | None, kind: str, explanation: Explanation, book: Phrasebook) -> dict[str, Any] | None:
    """Return what would have to change in the data for a wish; None where that was not asked."""
    if found is None:
        return None
    instance = explanation.outcome.instance
    return {
        "found": as_rows(found, instance),
        "complete": found.complete,
        "sentences": list(changes_lines(found, Says(instance, book), book, kind)),
    }

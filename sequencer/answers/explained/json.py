"""An explanation as one JSON object."""

from __future__ import annotations

import dataclasses
from importlib.metadata import version
from platform import python_version
from typing import Any

from sequencer.answers.conditions import conditions, deciders
from sequencer.answers.evidence import evidence
from sequencer.answers.explained.binding_json import binding_json, part_json
from sequencer.answers.explained.repairs import as_rows, repairs_lines
from sequencer.answers.explained.sentences import conflict, why
from sequencer.instance.digest import digest
from sequencer.outcome import PARTS
from sequencer.phrases import Phrasebook
from sequencer.problem import Problem
from sequencer.questions.explaining import Explanation
from sequencer.questions.why import Why
from sequencer.reasons.conflicts import Conflict
from sequencer.reasons.earlier import answer
from sequencer.reasons.locally import Local


def as_json(explanation: Explanation, language: str = "en") -> dict[str, Any]:
    """Return an explanation as one JSON object; keys are stable, unknown values are null.

    Returns
    -------
    dict
        ``status``, ``levels`` (term, unit, value, bound), ``conflicts`` (scope, ``parts``: rule, packages, month, rows;
        ``groups``, sure, confirmed, ``sentences``), ``earlier`` (one for each package: transfer, ``stretches`` of
        months with the rules against each, ``sentences``), ``repairs`` (``found``, ``sentences``; null where there is a
        plan), ``binding`` (see ``binding_json``; null where it was not asked), ``why`` (one for each wish: tier,
        proven, ``prices``, ``moved``, ``timetable``, ``conflicts``, ``sentences``), ``conditions`` and ``deciders``
        (rows as in their CSV files), ``evidence``, ``changes`` made for this run, ``parameters`` of the searches,
        ``language``, ``digest`` of the input and ``versions``.
    """
    outcome, book = explanation.outcome, Phrasebook.of(language)
    calendar = outcome.instance.calendar
    return {
        "status": outcome.status.value,
        "title": outcome.instance.plan.title,
        "first_month": calendar.label(0),
        "levels": [
            {"term": level.term, "unit": level.unit, "value": level.value, "bound": level.bound}
            for level in outcome.levels
        ],
        "conflicts": [_conflict(found, outcome.problem, book) for found in explanation.conflicts],
        "earlier": [_earlier(local, outcome.problem, book) for local in explanation.local],
        "repairs": _repairs(explanation, book),
        "binding": None if explanation.binding is None else binding_json(explanation.binding, outcome, language),
        "why": [_why(told, explanation, book) for told in explanation.why],
        "conditions": conditions(calendar, explanation.conditions, language).to_dict("records"),
        "deciders": deciders(calendar, explanation.deciders, language=language).to_dict("records"),
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
    return {"found": as_rows(found, instance), "sentences": list(repairs_lines(found, instance, book))}


def _conflict(found: Conflict, problem: Problem, book: Phrasebook) -> dict[str, Any]:
    label = problem.calendar.label
    return {
        "scope": found.scope,
        "parts": [part_json(part, label) for part in found.parts],
        "groups": [sorted({f"{part.position}: {part.id}" for part in group}) for group in found.groups],
        "sure": found.sure,
        "confirmed": found.confirmed,
        "sentences": list(conflict(found, problem, book)),
    }


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
    label = explanation.outcome.instance.calendar.label
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
        "conflicts": [_conflict(found, told.problem, book) for found in told.conflicts],
        "sentences": list(why(told, explanation.outcome, book)),
    }

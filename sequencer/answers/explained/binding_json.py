"""What binds the optimum, as a JSON object."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sequencer.answers.explained.binding import binding, sentences
from sequencer.answers.explained.holding import groups_of, held
from sequencer.outcome import Outcome
from sequencer.phrases import Phrasebook
from sequencer.questions.worth import Binding, Reason
from sequencer.reasons.parts import Part
from sequencer.timetable import Choices


def part_json(part: Part, label: Callable[[int], str]) -> dict[str, Any]:
    """Return a part: the rule, packages, month and rows."""
    return {
        "rule": part.id,
        "packages": list(part.packages),
        "month": None if part.month is None else label(part.month),
        "rows": [origin.place for origin in part.origins],
    }


def binding_json(found: Binding, outcome: Outcome, language: str) -> dict[str, Any]:
    """Return what binds as one object.

    Returns
    -------
    dict
        ``rows`` (as in ``binding.csv``, and ``timetable``: the position of a plan that attains the improvement among
        ``timetables``, null where there is none), ``reasons`` (one for each level that is proven: term, value,
        ``groups`` by place and resource, ``parts`` by month, sure, ``together`` and ``alone``: addresses that are worth
        nothing, ``lifted`` by address, ``joint`` sets, nothing_together, ``sentences``), ``unproven`` terms,
        ``timetables``, ``units`` that were asked about, ``parameters`` of the searches, ``sentences``.
    """
    instance, book = outcome.instance, Phrasebook.of(language)
    timetables: list[list[dict[str, str]]] = []

    def witness(choices: Choices | None) -> int | None:
        if choices is None:
            return None
        plan = _timetable(choices, instance.calendar.label)
        if plan not in timetables:
            timetables.append(plan)
        return timetables.index(plan)

    plans = {(row.term, row.address, row.units): witness(row.choices) for row in found.rows}
    frame = binding(instance, found, language)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    for row in rows:
        row["timetable"] = plans.get((row["term"], row["address"], row["units"]))
    return {
        "rows": rows,
        "reasons": [_reason(reason, outcome, book, witness) for reason in found.reasons],
        "unproven": list(found.unproven),
        "timetables": timetables,
        "units": found.units,
        "parameters": dataclasses.asdict(found.limits),
        "sentences": list(sentences(instance, found, language)),
    }


def _timetable(choices: Choices, label: Callable[[int], str]) -> list[dict[str, str]]:
    return [
        {"package": name, "option": choice.option, "transfer": label(choice.transfer)}
        for name, choice in choices.items()
    ]


def _reason(
    reason: Reason, outcome: Outcome, book: Phrasebook, witness: Callable[[Choices | None], int | None]
) -> Mapping[str, Any]:
    label = outcome.instance.calendar.label
    return {
        "term": reason.term,
        "unit": reason.unit,
        "value": reason.value,
        "groups": [
            {"about": about, "parts": [part_json(part, label) for part in group]}
            for about, group in zip(groups_of(reason, outcome.problem, book), reason.groups, strict=True)
        ],
        "parts": None if reason.parts is None else [part_json(part, label) for part in reason.parts],
        "sure": reason.sure,
        "together": list(reason.together),
        "alone": list(reason.alone),
        "lifted": {
            address: {"better": said.better, "improvement": said.improvement} for address, said in reason.lifted.items()
        },
        "joint": [
            {
                "addresses": list(joint.addresses),
                "units": joint.units,
                "improvement": joint.improvement,
                "sure": joint.sure,
                "timetable": witness(joint.choices),
            }
            for joint in reason.joint
        ],
        "nothing_together": reason.nothing,
        "sentences": list(held(reason, outcome.problem, book)),
    }

"""Conflicts as rows for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sequencer.answers.explained.binding_json import part_json
from sequencer.answers.explained.sentences import conflict
from sequencer.phrases import Phrasebook
from sequencer.problem import Bridge, Problem, Reserve, Rule, Supply, Window
from sequencer.questions.turning import Turning
from sequencer.questions.wishes import WISH
from sequencer.reasons.conflicts import Conflict
from sequencer.reasons.parts import Part
from sequencer.reasons.promises import Promises


def conflict_row(found: Conflict, problem: Problem, turning: Turning, book: Phrasebook) -> dict[str, Any]:
    """Return a conflict for JSON.

    Parameters
    ----------
    found : Conflict
    problem : Problem
        That of which its parts are.
    turning : Turning
        Of the instance, for the numbers that could relax it.
    book : Phrasebook

    Returns
    -------
    dict
        ``scope``; ``parts`` (rule, packages, month, rows); ``groups``, one for each sentence: ``kind`` (window, link,
        width, gate, supply, reserve, bridge, or wish), ``rules``, ``resource`` and ``place`` (null where it is of none
        or of several), ``packages``, ``months`` or years as first and last of each stretch, ``rows``, ``levers``: the
        addresses of the numbers that could relax it, and ``sentence``; ``sure``, ``confirmed``, ``sentences``.
    """
    label = problem.calendar.label
    promises = Promises(problem, book)
    return {
        "scope": found.scope,
        "parts": [part_json(part, label) for part in found.parts],
        "groups": [_group(parts, problem, turning, promises) for parts in promises.together(found.parts)],
        "sure": found.sure,
        "confirmed": found.confirmed,
        "sentences": list(conflict(found, problem, book)),
    }


def _group(parts: Sequence[Part], problem: Problem, turning: Turning, promises: Promises) -> dict[str, Any]:
    rule = problem.rules[parts[0].position]
    packages = list(dict.fromkeys(name for part in parts for name in part.packages))
    wished = parts[0].position >= len(turning.problem.rules) or parts[0].id == WISH
    return {
        "kind": "wish" if wished else type(rule).__name__.lower(),
        "rules": sorted({part.id for part in parts}),
        "resource": rule.resource if isinstance(rule, Supply | Bridge) else None,
        "place": _place(rule, packages),
        "packages": packages,
        "months": _stretches([part.month for part in parts if part.month is not None], problem),
        "rows": list(dict.fromkeys(origin.place for part in parts for origin in part.origins)),
        "levers": [] if wished else list(turning.of(parts)),
        "sentence": promises.line(parts),
    }


def _place(rule: Rule, packages: Sequence[str]) -> str | None:
    """Return the place or region that a rule is about; None where it is about none, or about several."""
    if isinstance(rule, Supply):
        return rule.pool or None
    if isinstance(rule, Reserve):
        return rule.scope
    about = [rule.package] if isinstance(rule, Window) else packages
    places = {name.partition("/")[0] for name in about}
    return places.pop() if len(places) == 1 else None


def _stretches(months: Sequence[int], problem: Problem) -> list[list[str]]:
    """Return the first and the last of each stretch of neighbouring months."""
    found: list[list[int]] = []
    for month in sorted(set(months)):
        if found and found[-1][1] + 1 == month:
            found[-1][1] = month
        else:
            found.append([month, month])
    return [[problem.calendar.label(month) for month in stretch] for stretch in found]

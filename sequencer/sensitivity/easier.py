"""Which of two instances is sure to be no harder: by their facts, and by what their timetables count."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import numpy as np

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.problem import Problem

#: Numbers that no rule reads: they enter what a timetable counts, which is compared by itself.
UNREAD = frozenset({(facts.Readiness, "low"), (facts.Readiness, "high")})


def no_harder(looser: Instance, tighter: Instance) -> bool:
    """Return whether every plan of the second instance is sure to be one of the first.

    So it is if all facts are the same but for numbers that have a direction in which rules become easier to keep, and
    all these lie in that direction.
    """
    for field in dataclasses.fields(Instance):
        if field.name == "changes":
            continue  # how the facts came to be is not what they are
        ours, theirs = getattr(looser, field.name), getattr(tighter, field.name)
        if ours is theirs:
            continue
        if not isinstance(ours, tuple):
            ours, theirs = (ours,), (theirs,)
        if len(ours) != len(theirs) or not all(map(_no_harder, ours, theirs)):
            return False
    return True


def _no_harder(looser: Any, tighter: Any) -> bool:  # noqa: ANN401 - any kind of fact
    if looser is tighter:
        return True
    if type(looser) is not type(tighter):
        return False
    for field in dataclasses.fields(looser):
        ours, theirs = getattr(looser, field.name), getattr(tighter, field.name)
        if field.name == "origin" or ours == theirs or (type(looser), field.name) in UNREAD:
            continue
        relax = field.metadata.get("relax", 0)
        if not relax or ours is None or theirs is None or relax * (ours - theirs) < 0:
            return False
    return True


def no_dearer(looser: Problem, tighter: Problem, terms: Iterable[str]) -> bool:
    """Return whether terms count no more in the first problem than in the second, for every timetable of the second."""
    return all(_no_dearer(looser, tighter, term) for term in terms)


def _no_dearer(looser: Problem, tighter: Problem, term: str) -> bool:
    ours, theirs = looser.terms.get(term), tighter.terms.get(term)
    if ours is None or theirs is None or ours.maximum != theirs.maximum:
        return False
    if ours.maximum and set(ours.tables) - set(theirs.tables):
        return False
    for name in {*ours.tables, *theirs.tables}:
        less, more = ours.tables.get(name), theirs.tables.get(name)
        if less is None and theirs.maximum:
            continue  # one that does not count makes no maximum larger
        if less is not None and more is not None and less.shape != more.shape:
            return False
        counts = (0 if less is None else less) <= (0 if more is None else more)
        if not np.all(np.asarray(counts)[tighter.open_cells(name)]):
            return False
    return True

"""How sure an answer's inputs are: the rows it rests on, counted by what the planner says of each."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

from sequencer.instance.facts import Fact, Pledge
from sequencer.instance.instance import Instance

UNSAID = "not said"
CHANGED = "changed for this run"


def evidence(instance: Instance) -> dict[str, int]:
    """Count the rows that an instance rests on by their confidence.

    Parameters
    ----------
    instance : Instance
        Rows that others override, and pledges that do not count, are no part of it.

    Returns
    -------
    dict of str to int
        Rows by confidence, in lower case, the most frequent first. Rows that say nothing of it count as ``not said``
        and come last; rows of which a number was changed count as ``changed for this run``.
    """
    said: dict[tuple[str, int], str] = {}
    for fact in _facts(instance):
        origin = fact.origin
        if origin.row is None:
            continue  # the scalars of plan.toml say nothing of themselves
        word = CHANGED if origin.confidence.startswith("changed to") else _word(origin.confidence)
        place = (origin.file, origin.row)
        if word == CHANGED or said.get(place) != CHANGED:
            said[place] = word
    counts = Counter(said.values())
    order = sorted(counts, key=lambda word: (word == UNSAID, -counts[word], word))
    return {word: counts[word] for word in order}


def _facts(instance: Instance) -> Iterator[Fact]:
    for field in dataclasses.fields(instance):
        value = getattr(instance, field.name)
        for fact in value if isinstance(value, tuple) else (value,):
            if isinstance(fact, Fact) and not (isinstance(fact, Pledge) and not instance.counts(fact)):
                yield fact


def _word(confidence: str) -> str:
    return " ".join(confidence.casefold().split()) or UNSAID

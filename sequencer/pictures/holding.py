"""What holds a package at its month, by kinds of rule that everybody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sequencer.answers.discretion import Discretion
from sequencer.reasons.local.tight import Tight
from sequencer.vocabulary import TERMS


class Held(StrEnum):
    """A kind of rule, in the order in which kinds are named."""

    READINESS = "readiness"
    THREAT = "threat"
    CALENDAR = "calendar"
    WAITING = "waiting"
    SUPPLY = "supply"
    MONEY = "money"
    RESERVE = "reserve"
    AIM = "aim"
    OTHER = "rest"


#: By the id of a rule in models/problem.md, or a term of the objective; S1 and S2 speak of supplies and of money.
KINDS: Mapping[str, Held] = {
    "W1": Held.READINESS,
    "W2": Held.THREAT,
    "W3": Held.THREAT,
    **dict.fromkeys(("W4", "W5", "W7", "W9"), Held.CALENDAR),
    **dict.fromkeys(("L1", "L2", "L3", "L4"), Held.WAITING),
    **dict.fromkeys(("S3", "S4", "S5", "S6", "S7"), Held.MONEY),
    "R1": Held.RESERVE,
    **dict.fromkeys(TERMS, Held.AIM),
}

#: Files whose rows say what there is and what is needed of anything but money.
SUPPLIES = frozenset({"resources.csv", "capacity.csv", "needs.csv", "guarantees.csv", "calendar.csv"})

FORCES = "guarantees.csv"


def kind(held: Tight) -> Held:
    """Return the kind of a promise that holds a package."""
    if held.rule not in {"S1", "S2"}:
        return KINDS.get(held.rule, Held.OTHER)
    files = _files(held)
    if FORCES in files:
        return Held.RESERVE
    return Held.SUPPLY if not files or files & SUPPLIES else Held.MONEY


def kinds(held: Iterable[Tight], seen: Discretion) -> dict[str, tuple[Held, ...]]:
    """Return for each package the kinds of what holds it, each once and in their order.

    Of what an audience may not be told it is told that there is something (``Held.OTHER``), not what.
    """
    found: dict[str, set[Held]] = {}
    for each in held:
        found.setdefault(each.package, set()).add(kind(each) if seen.tight(each) else Held.OTHER)
    return {name: tuple(one for one in Held if one in those) for name, those in found.items()}


def _files(held: Tight) -> set[str]:
    return {origin.file.rpartition("/")[2] for origin in held.origins}

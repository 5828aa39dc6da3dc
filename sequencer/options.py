"""What the options of a command mean."""

from __future__ import annotations

import argparse

from sequencer.errors import UsageError
from sequencer.instance.changes import but
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits
from sequencer.tables.read import read


def changed(options: argparse.Namespace) -> Instance:
    """Return the instance asked about, with the numbers changed that are to be changed."""
    instance = read(options.instance)
    changes = []
    for change in options.changes:
        address, equals, value = change.rpartition("=")
        if not equals or not address:
            raise UsageError(f"--set needs ADDRESS=VALUE, not {change!r}")
        # ADDRESS==-1 sets a negative value, where ADDRESS=-1 is a change
        changes.append((address.removesuffix("="), f"={value}" if address.endswith("=") else value))
    return but(instance, changes)


def costs(texts: list[str]) -> dict[str, float]:
    """Return what units cost, by unit or address."""
    found = {}
    for text in texts:
        what, equals, cost = text.rpartition("=")
        try:
            found[what] = float(cost)
        except ValueError:
            equals = ""
        if not equals or not what:
            raise UsageError(f"--cost needs WHAT=N, not {text!r}")
    return found


def objective(text: str | None) -> list[Goal] | None:
    """Return the terms of an objective and their tolerances; None where the plan's own is meant."""
    if text is None:
        return None
    goals = []
    for word in text.split(","):
        term, colon, tolerance = word.strip().partition(":")
        if colon and not tolerance.isdecimal():
            raise UsageError(f"a tolerance is a whole number not below 0, not {tolerance!r}")
        goals.append(Goal(term=term, tolerance=int(tolerance) if colon else 0))
    return goals


def limits(options: argparse.Namespace) -> Limits:
    """Return the limits of a solve; what is not said is left to their defaults."""
    names = ("seconds", "workers", "seed")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return Limits(deterministic=getattr(options, "deterministic", False), **given)

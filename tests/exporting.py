"""Plans to export: small ones, and names that no program should take for anything but names."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

from sequencer import read, solve
from sequencer.exports import Audience, Shown
from sequencer.instance.instance import Instance
from sequencer.outcome import Outcome

TINY = Path(__file__).parent.parent / "instances" / "tiny"
#: Text that a careless program runs, trips over or cannot hold.
HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "a & b <c> \"d\" 'e'",
    "]]>",
    "\x00\x08bell\x1b[31m",
    "turned \u202e round",
    "BEGIN:VEVENT\r\nUID:1",
    "a;b,c\\n:d",
    "#REF!",
    "_x0041_",
    "\ufffe\ud800",
    "é漢字🙂",
)


@cache
def solved(name: str) -> Outcome:
    """Return the best plan of a tiny instance."""
    return solve(read(TINY / name), haste=False)


def shown(name: str = "worked-example", audience: Audience = Audience.MISSION, **more: Any) -> Shown:  # noqa: ANN401
    """Return the best plan of a tiny instance as exports show it."""
    return Shown(solved(name), audience, **more)


def called(text: str, name: str = "worked-example") -> Shown:
    """Return a plan in which all free text, of packages and the plan, is this."""
    outcome = solved(name)
    instance = outcome.instance
    packages = tuple(dataclasses.replace(fact, institution=text, receiver=text) for fact in instance.packages)
    plan = dataclasses.replace(instance.plan, title=text)
    phases = tuple(dataclasses.replace(fact, name=text) for fact in instance.phases)
    other: Instance = dataclasses.replace(instance, packages=packages, plan=plan, phases=phases, changes=(text,))
    return Shown(dataclasses.replace(outcome, instance=other), Audience.MISSION)

"""Which parts of shared rules a row rests on: if one of them is lifted, the row is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sequencer.problem import Bridge, Reserve, Rule, Supply

BUCKET = re.compile(r"_b(\d+)")
MONTH = re.compile(r"_m(\d+)")
LINE = re.compile(r"_l(\d+)_")
DONOR = re.compile(r"_d(\d+)_")
STEP = re.compile(r"_l\d+_(base|b\d+)_(growth|fall)$")
KIND = re.compile(r"_k(\d+)_")

#: Which part of a rule, as in ``Part.at``.
At = tuple[str | int, ...]


def rests_on(rule: Rule, name: str) -> Iterator[At]:
    """Yield the parts of a shared rule that one of its rows rests on, by the name of the row."""
    match rule:
        case Supply():
            yield "bucket", _number(BUCKET, name)
        case Reserve():
            yield "month", _number(MONTH, name)
        case Bridge():
            yield from _of_money(rule, name)
        case _:
            raise ValueError(f"rows of {rule} are not shared")


def _of_money(rule: Bridge, name: str) -> Iterator[At]:
    kinds = list(rule.kinds)
    if name.startswith("S2"):
        if not kinds[_number(KIND, name)]:
            yield ("unserved",)
    elif name.startswith("S4"):
        yield "share", _number(DONOR, name)
        if frozenset() in rule.kinds:
            yield ("unserved",)  # what nobody serves is part of what is needed in all
    elif name.startswith("S5"):
        found = STEP.search(name)
        j = _number(LINE, name + "_")
        for s, step in enumerate(rule.lines[j].steps):
            since = "base" if step.before is None else f"b{step.before}"
            if found is not None and found[1] == since:
                yield found[2], j, s
    else:  # S1 and S3: what a line has, in a year or up to it
        j, b = _number(LINE, name), _number(BUCKET, name)
        for year in range(0 if name.startswith("S3") else b, b + 1):
            yield "amount", j, year
            if rule.lines[j].conditions[year] is not None:
                yield "condition", j, year


def _number(pattern: re.Pattern[str], name: str) -> int:
    found = pattern.search(name)
    if found is None:
        raise ValueError(f"the row {name} does not say what it is about")
    return int(found[1])

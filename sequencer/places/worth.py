"""What prices of rows say in words: how much the objective pays for resources, money, reserves and caps."""

from __future__ import annotations

import re
from typing import TypeAlias

import numpy as np

from sequencer import words
from sequencer.binaries.program import Program
from sequencer.binaries.rows import CAP
from sequencer.places.certificate import Certificate, Price
from sequencer.places.prices import Proven
from sequencer.problem import Bridge, Reserve, Supply

BUCKET = re.compile(r"_b(\d+)")
MONTH = re.compile(r"_m(\d+)")
DIGITS = 6  # significant ones of a price

#: What a row is about, in which bucket, and what it counts.
About: TypeAlias = tuple[str, str, str]


def certify(program: Program, proven: Proven) -> Certificate:
    """Return what was proven with the prices that prove it."""
    counted = np.flatnonzero(proven.prices)
    return Certificate(
        term=program.term.name,
        caps=tuple((term.name, int(most)) for term, most in program.caps),
        parts=proven.parts,
        prices={(program.names[row], row): int(proven.prices[row]) for row in counted.tolist()},
        bound=program.value(proven.least),
    )


def worth(program: Program, certificate: Certificate) -> tuple[Price, ...]:
    """Return the prices of supplies, money, reserves and caps, the dearest first.

    Those of rows that say the same of one amount are added up. Buckets that have ended are left out, and so are links,
    widths and gates, whose rows count packages, not amounts.
    """
    found: dict[About, float] = {}
    for (name, row), parts in certificate.prices.items():
        about = _about(program, name, row)
        if about is not None:
            price = parts / certificate.parts * program.unit / int(program.units[row])
            found[about] = found.get(about, 0.0) + price
    listed = [
        Price(what, when, f"{program.term.unit} per {words.singular(unit)}", float(f"{price:.{DIGITS}g}"))
        for (what, when, unit), price in found.items()
    ]
    return tuple(sorted(listed, key=lambda price: (-price.price, price.what, price.when)))


def _about(program: Program, name: str, row: int) -> About | None:
    """Return what a row is about; None where it counts no amount."""
    rule_at = int(program.rules[row])
    if rule_at == CAP:
        capped = {f"cap_{term.name}": term for term, _ in program.caps}[name]
        return capped.name, "", capped.unit
    rule, bucket = program.problem.rules[rule_at] if rule_at >= 0 else None, BUCKET.search(name)
    if isinstance(rule, Supply) and bucket is not None:
        at = int(bucket[1])
        return None if at < rule.ended else (rule.name, rule.labels[at], rule.unit)
    if isinstance(rule, Bridge):
        return _money(rule, name)
    if isinstance(rule, Reserve):
        return _reserve(program, rule, name, row)
    return None


def _reserve(program: Program, rule: Reserve, name: str, row: int) -> About | None:
    """Return what a row of a reserve is about: the row itself counts people, those beside it count packages."""
    month = MONTH.search(name)
    if month is None or (not name.endswith(month[0]) and not program.arrays.sides[row]):
        return None  # the need of one package beside a threshold
    what = f"reserve of {'the country' if rule.scope == 'country' else rule.scope}"
    unit = "person" if name.endswith(month[0]) else "package fragile at once"
    return what, program.problem.calendar.label(int(month[1])), unit


def _money(rule: Bridge, name: str) -> About | None:
    """Return what a row of money is about; None for the row that every need is paid, which is no amount of its own."""
    found = re.match(r"S([1345])_([ld])(\d+)_(b(\d+)|base)", name)
    if found is None:
        return None
    kind, of, at = found[1], found[2], int(found[3])
    what = rule.shares[at].donor if of == "d" else rule.lines[at].name
    when = rule.labels[int(found[5])] if found[5] else "the base"
    said = {"1": "", "3": ", with what was kept", "4": ", its share", "5": ", its change"}[kind]
    return f"{what}{said}", when, f"thousandth of {words.singular(rule.unit)}" if of == "d" else rule.unit

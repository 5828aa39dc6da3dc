"""What binds the optimum, as a frame and in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sequencer import words
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN, Lever, addresses
from sequencer.phrases import Phrasebook
from sequencer.questions.worth import Binding, Sure, Worth
from sequencer.vocabulary import MONTH

COLUMNS = ("address", "number", "unit", "units", "term", "improvement", "most", "term_unit", "sure")
NAMED = 10  # numbers that are said for each term

#: How units are said; all others are those of the planner, or of nothing that has a name.
UNITS = {
    "points": "points",
    "more points": "points",
    "points per month": "monthly_points",
    "people": "people",
    "percent": "percent",
}


def binding(instance: Instance, found: Binding, language: str = "en") -> pd.DataFrame:
    """Return what more of each number brings, term after term, the most by one unit first.

    Parameters
    ----------
    instance : Instance
    found : Binding
        Of its answer.
    language : str
        Two letters, for what numbers are called.

    Returns
    -------
    DataFrame
        One row for each number, term and number of units: address, number (in words), unit, units; term, improvement,
        most (empty where unknown), term_unit; sure (``proven``, ``at least`` or ``unknown``). Numbers that are proven
        to be worth nothing to a term by so many units, and could not be so by any, have no row there.
    """
    levers, book = addresses(instance), Phrasebook.of(language)
    terms = [reason.term for reason in found.reasons]
    ranked = [row for term in terms for row in (*found.at(term), *_others(found, term))]
    rows = [
        (
            row.address,
            name(levers[row.address], book),
            row.unit,
            row.units,
            row.term,
            row.improvement,
            row.most,
            row.of,
            row.sure.value,
        )
        for row in ranked
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"units": "int64", "improvement": "int64", "most": "Int64"})


def _others(found: Binding, term: str) -> Iterator[Worth]:
    return (row for row in found.rows if row.term == term and row.improvement <= 0)


def sentences(instance: Instance, found: Binding, language: str = "en", most: int = NAMED) -> Iterator[str]:
    """Yield for each term what one more unit of a number would bring, and how many bring nothing.

    Parameters
    ----------
    most : int
        How many numbers are named for each term.
    """
    book, levers = Phrasebook.of(language), addresses(instance)
    for reason in found.reasons:
        term = book.say(f"term.{reason.term}")
        first: dict[str, Worth] = {}  # the least units that bring anything
        for row in found.at(reason.term):
            first.setdefault(row.address, row)
        rows = list(first.values())
        for row in rows[:most]:
            yield _bought(row, levers[row.address], instance, term, book)
        if len(rows) > most:
            yield book.say("binding.more", count=len(rows) - most, term=term)
        if reason.together:
            yield book.say("binding.together", count=len(reason.together), term=term, units=found.units)
        none = {row.address for row in found.rows if row.term == reason.term} - {row.address for row in rows}
        nothing = _proven_nothing(found, reason.term, none)
        if count := len(reason.alone) + len(nothing):
            yield book.say("binding.alone", count=count, term=term, units=found.units)
        if count := len(none - nothing):
            yield book.say("binding.unknown", count=count, term=term)
    for unproven in found.unproven:
        yield book.sentence("binding.unproven", term=book.say(f"term.{unproven}"))


def _proven_nothing(found: Binding, term: str, addresses: set[str]) -> set[str]:
    """Return the numbers of which as many units as were asked about are proven to be worth nothing."""
    sure: dict[str, bool] = dict.fromkeys(addresses, True)
    units: dict[str, int] = dict.fromkeys(addresses, 0)
    for row in found.rows:
        if row.term == term and row.address in addresses:
            sure[row.address] &= row.sure is Sure.PROVEN
            units[row.address] = max(units[row.address], row.units)
    return {address for address in addresses if sure[address] and units[address] == found.units}


def _bought(row: Worth, lever: Lever, instance: Instance, term: str, book: Phrasebook) -> str:
    """Return what so many units bring, the least that bring anything."""
    is_date = row.of == MONTH
    gain = book.say("word.months", count=row.improvement) if is_date else book.amount(row.improvement, row.of)
    return book.sentence(
        "binding.earlier" if is_date else "binding.smaller",
        number=name(lever, book),
        change=_change(row, lever, instance, book),
        address=row.address,
        term=term,
        gain=gain,
        sure=book.say("binding.proven" if row.sure is Sure.PROVEN else "binding.at_least"),
    )


def _change(row: Worth, lever: Lever, instance: Instance, book: Phrasebook) -> str:
    if lever.unit == MONTH:
        way = "binding.later" if lever.relax > 0 else "binding.sooner"
        return book.say(way, amount=book.say("word.months", count=row.units))
    if lever.unit in {"months", "lag"}:
        amount = book.say("word.months", count=row.units)
    elif lever.unit in {"money", "money per month"}:
        amount = words.amount(row.units, instance.plan.money_unit)
    else:
        amount = book.say(f"binding.unit.{UNITS.get(lever.unit, 'units')}", count=row.units)
    return book.say("binding.higher" if lever.relax > 0 else "binding.lower", amount=amount)


def name(lever: Lever, book: Phrasebook) -> str:
    """Return what a number is called: what it is about, and which number of it."""
    table = PLAN if lever.attribute == PLAN else lever.attribute
    return book.say(f"binding.of.{table}_{lever.field}", about=_about(lever))


def _about(lever: Lever) -> str:
    about = lever.address.partition(".")[2].removesuffix(f".{lever.field}")
    return about.replace("_", " ").replace("--", " / ").replace("@", ", ")

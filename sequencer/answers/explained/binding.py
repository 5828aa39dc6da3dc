"""What binds the optimum, as a frame and in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from sequencer import words
from sequencer.instance.instance import Instance
from sequencer.instance.levers import PLAN, Lever, addresses
from sequencer.phrases import Phrasebook
from sequencer.questions.worth import Binding, Reason, Sure, Within, Worth
from sequencer.vocabulary import MONTH

COLUMNS = (
    "address",
    "number",
    "unit",
    "units",
    "term",
    "improvement",
    "most",
    "term_unit",
    "sure",
    "lifted",
    "lifted_by",
    "without",
)
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
        most (empty where unknown), term_unit; sure (``proven``, ``at least`` or ``unknown``); lifted (``better``,
        ``no better`` or ``unknown``): what comes of lifting all that the number could relax, lifted_by: by how much
        better at least; without: for a term whose value is not proven best, how much of ``most`` may be had with
        nothing changed. Numbers that are proven to be worth nothing to a term by so many units, and could not be so by
        any, have no row there.
    """
    levers, book = addresses(instance), Phrasebook.of(language)
    rows: list[tuple[object, ...]] = []
    for reason in found.reasons:
        for row in (*found.at(reason.term), *_others(found, reason.term)):
            said = (row.term, row.improvement, row.most, row.of, row.sure.value, *_lifted(reason, row.address), None)
            rows.append((row.address, name(levers[row.address], book), row.unit, row.units, *said))
    for other in found.within:
        bounded = (other.term, 0, other.most, other.of, Sure.UNKNOWN.value, "", None, other.without)
        rows.append((other.address, name(levers[other.address], book), other.unit, other.units, *bounded))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = dict.fromkeys(("most", "lifted_by", "without"), "Int64")
    return frame.astype({"units": "int64", "improvement": "int64", **numbers})


def _lifted(reason: Reason, address: str) -> tuple[str, int | None]:
    """Return what comes of lifting all that a number could relax; of what the reason does not rest on, nothing."""
    if address not in reason.lifted:
        return ("no better", None) if reason.parts is not None else ("unknown", None)
    said = reason.lifted[address]
    word = {True: "better", False: "no better", None: "unknown"}[said.better]
    return word, said.improvement or None


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
        yield from _together(reason, levers, term, book)
    for unproven in found.unproven:
        yield book.sentence("binding.unproven", term=book.say(f"term.{unproven}"))
        yield from _within(found, unproven, instance, book, most)


def _together(reason: Reason, levers: Mapping[str, Lever], term: str, book: Phrasebook) -> Iterator[str]:
    """Yield what numbers bring together only, and what lifting rules brings."""
    for joint in reason.joint:
        numbers = book.many([f"{name(levers[address], book)} ({address})" for address in joint.addresses], NAMED)
        key = "binding.joint" if joint.sure else "binding.joint_unsure"
        gain = gained(joint.improvement, reason.unit, book)
        yield book.sentence(key, numbers=numbers, units=joint.units, term=term, gain=gain)
    if reason.nothing and reason.alone:
        yield book.say("binding.nothing", term=term)
    if reason.lifted:
        count = {
            better: sum(said.better is better for said in reason.lifted.values()) for better in (True, False, None)
        }
        yield book.say("binding.lifted", count=count[True], none=count[False], unknown=count[None], term=term)


def _within(found: Binding, unproven: str, instance: Instance, book: Phrasebook, most: int) -> Iterator[str]:
    """Yield what prices say of a term that is not proven best: the most that numbers could bring."""
    levers, term = addresses(instance), book.say(f"term.{unproven}")
    first: dict[str, Within] = {}
    for row in found.within:
        if row.term == unproven:
            first.setdefault(row.address, row)
    for row in list(first.values())[:most]:
        yield book.say(
            "binding.within",
            number=name(levers[row.address], book),
            change=turned(row.units, levers[row.address], instance, book),
            address=row.address,
            term=term,
            gain=gained(row.most, row.of, book),
            without=gained(row.without, row.of, book),
        )
    if first:
        yield book.say("binding.bounded", count=len(first), term=term)


def gained(amount: int, unit: str, book: Phrasebook) -> str:
    """Return by how much a term becomes better, with its unit; of dates in months."""
    return book.say("word.months", count=amount) if unit == MONTH else book.amount(amount, unit)


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
    return book.sentence(
        "binding.earlier" if is_date else "binding.smaller",
        number=name(lever, book),
        change=turned(row.units, lever, instance, book),
        address=row.address,
        term=term,
        gain=gained(row.improvement, row.of, book),
        sure=book.say("binding.proven" if row.sure is Sure.PROVEN else "binding.at_least"),
    )


def turned(units: int, lever: Lever, instance: Instance, book: Phrasebook) -> str:
    """Return how so many units turn a number, towards what is easier to keep: ``higher by 2 teams``."""
    if lever.unit == MONTH:
        way = "binding.later" if lever.relax > 0 else "binding.sooner"
        return book.say(way, amount=book.say("word.months", count=units))
    if lever.unit in {"months", "lag"}:
        amount = book.say("word.months", count=units)
    elif lever.unit in {"money", "money per month"}:
        amount = words.amount(units, instance.plan.money_unit)
    else:
        amount = book.say(f"binding.unit.{UNITS.get(lever.unit, 'units')}", count=units)
    return book.say("binding.higher" if lever.relax > 0 else "binding.lower", amount=amount)


def name(lever: Lever, book: Phrasebook) -> str:
    """Return what a number is called: what it is about, and which number of it."""
    table = PLAN if lever.attribute == PLAN else lever.attribute
    return book.say(f"binding.of.{table}_{lever.field}", about=_about(lever))


def _about(lever: Lever) -> str:
    about = lever.address.partition(".")[2].removesuffix(f".{lever.field}")
    return about.replace("_", " ").replace("--", " / ").replace("@", ", ")

"""Conditions, and who decides, in the words of a phrasebook."""

from __future__ import annotations

from collections.abc import Sequence

from sequencer import words
from sequencer.months import Calendar
from sequencer.phrases import Phrasebook
from sequencer.reasons.conditions import Condition, Kind
from sequencer.reasons.conditions.condition import MONTHS
from sequencer.reasons.deciders import Decider, Proven
from sequencer.vocabulary import MONTH, SCORE

NAMED = 3  # packages that a sentence names before it counts the rest
#: Conditions about how far another package must have got.
WAITING = frozenset({Kind.LINK, Kind.GATE, Kind.WIDTH, Kind.PLEDGE})


def sentence(condition: Condition, calendar: Calendar, book: Phrasebook) -> str:
    """Return what must be true, in a sentence."""
    event, pool = condition.event, words.spaced(condition.pool)
    about = book.package(condition.about) if condition.kind in WAITING else words.spaced(condition.about)
    if condition.kind is Kind.SUPPLY and pool:
        about = f"{about} ({pool})"
    return book.sentence(
        f"conditions.{_template(condition)}",
        packages=packages(condition.packages, book),
        about=about,
        pool=pool,
        event="" if event is None else book.say(f"event.{event.value}"),
        month="" if condition.month is None else book.month(calendar, condition.month),
        needed=value(condition, condition.needed, calendar, book),
        expected=value(condition, condition.expected, calendar, book),
        falls="" if condition.falls is None else value(condition, condition.falls, calendar, book),
        slack="" if condition.slack is None else book.say("word.months", count=condition.slack),
        when=_when(condition, calendar, book),
        fall=_fall(condition, calendar, book),
    )


def checked(condition: Condition, book: Phrasebook) -> str:
    """Return who finds out whether a condition holds, in a sentence; empty if nobody is named."""
    return book.say("conditions.checked", who=condition.checker) if condition.checker else ""


def value(condition: Condition, stored: int, calendar: Calendar, book: Phrasebook) -> str:
    """Return a value of a condition as people read it: months as words, points without their unit."""
    if condition.unit == MONTH:
        return book.month(calendar, stored)
    if condition.unit == MONTHS:
        return book.say("word.months", count=abs(stored))
    if condition.scale > 1:
        return book.decimal(stored, condition.scale)
    if condition.kind in {Kind.THREAT, Kind.TREND}:
        return str(stored)
    return words.amount(stored, condition.unit).strip()


def packages(names: Sequence[str], book: Phrasebook) -> str:
    """Return packages as a list, cut short with a count; names of packages hold commas.

    Without a name it is what was handed over already.
    """
    if not names:
        return book.say("conditions.past")
    shown = len(names) if len(names) <= NAMED + 1 else NAMED  # never only one more
    said = [book.package(name) for name in names[:shown]]
    said += [book.say("word.more", count=len(names) - shown)] if len(names) > shown else []
    return "; ".join(said)


def _template(condition: Condition) -> str:
    """Return the name of the template for a condition."""
    if condition.kind is Kind.CLOSURE:
        way = "later" if (condition.falls or 0) > 0 else "earlier"
        return f"closure.{way}" if condition.event is not None else f"closure.less_{way}"
    if condition.kind is Kind.MANDATE and condition.event is None:
        return "departure"
    return {Kind.PRESENCE: Kind.SUPPLY}.get(condition.kind, condition.kind).value


def _when(condition: Condition, calendar: Calendar, book: Phrasebook) -> str:
    first, last = book.month(calendar, condition.first), book.month(calendar, condition.last)
    if first == last:
        return book.say("conditions.when.month", first=first)
    return book.say("conditions.when.months", first=first, last=last)


def _fall(condition: Condition, calendar: Calendar, book: Phrasebook) -> str:
    """Return at which value a date falls, for kinds that have several ways to say it."""
    kind = "readiness" if condition.kind is Kind.READINESS else "level"
    if condition.falls is None or condition.stands is None:
        return book.say(f"conditions.fall.{kind}_never")
    return book.say(
        f"conditions.fall.{kind}{'_sooner' if condition.sooner else ''}",
        stands=value(condition, condition.stands, calendar, book),
        falls=value(condition, condition.falls, calendar, book),
    )


def decided(decider: Decider, calendar: Calendar, book: Phrasebook) -> str:
    """Return what the ends of a range do to the date of the package, in sentences."""
    low, score, high = (book.decimal(end, SCORE) for end in (decider.low, decider.score, decider.high))
    said = [
        book.sentence(
            "deciders.rated",
            package=book.package(decider.package),
            assessor=decider.assessor or book.say("deciders.nobody"),
            about=words.spaced(decider.criterion),
            score=score,
            low=low,
            high=high,
        )
    ]
    if decider.low != decider.score:
        name = "deciders.stands" if decider.stands else "deciders.falls"
        said.append(book.sentence(name, low=low, month=book.month(calendar, decider.transfer)))
    if decider.earliest is not None:
        first = book.month(calendar, decider.earliest)
        said.append(book.sentence("deciders.opens", high=high, count=decider.opened, first=first))
    elif decider.high != decider.score:
        said.append(book.sentence("deciders.same", high=high))
    return " ".join(said)


def moved(known: Proven, book: Phrasebook) -> str:
    """Return what the ends of a range do to the plan, in sentences."""
    ends = ((known.decider.low, known.low), (known.decider.high, known.high))
    return " ".join(
        book.sentence(f"deciders.move.{move.name.lower()}", value=book.decimal(end, SCORE))
        for end, move in ends
        if move is not None
    )

"""How values and answers are said to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sequencer.months import Calendar
from sequencer.vocabulary import MONTH, RISK, SCORE

if TYPE_CHECKING:
    from sequencer.outcome import Level, Outcome

#: Invisible characters that real names need: the joiners of Persian, Arabic and Indic scripts.
JOINERS = frozenset("\u200c\u200d")


def plain(text: str) -> str:
    """Return text with every character that could steer a terminal written out; line ends stay."""
    return "".join(
        c if c.isprintable() or c == "\n" or c in JOINERS else c.encode("unicode_escape").decode() for c in text
    )


def amount(number: int, unit: str) -> str:
    """Return a number and its unit as people read them, thousands apart; risk in points instead of thousandths."""
    if unit == RISK:
        return f"{number / SCORE:,.0f} people x level x points".replace(",", " ")
    if unit == MONTH:
        return f"{number} month{'' if number == 1 else 's'}"
    return f"{number:,} {unit}".replace(",", " ")


def value(number: int | None, unit: str, calendar: Calendar) -> str:
    """Return the value of a term as people read it: a date, or a number with its unit."""
    if number is None:
        return "unknown"
    return calendar.label(number) if unit == MONTH else amount(number, unit)


def gap(level: Level) -> str:
    """Return the gap of a level as a share of its value, or months where it is a date."""
    if level.gap is None or level.value is None or level.bound is None:
        return "unknown"
    return amount(level.value - level.bound, MONTH) if level.unit == MONTH else f"{100 * level.gap:.2f} %"


def level(known: Level, calendar: Calendar) -> str:
    """Return what is known of a level, in a line."""
    if known.value is None:
        return f"{known.term}: no plan found"
    said = f"{known.term}: {value(known.value, known.unit, calendar)}"
    if known.achieved is not None and known.achieved > known.value:
        allowed = amount(known.tolerance, known.unit)
        said += f" at best, {value(known.achieved, known.unit, calendar)} in this plan (tolerance {allowed})"
    if known.proven:
        return f"{said}, proven best"
    if known.bound is None:
        return f"{said}, not proven"
    return f"{said}, at least {value(known.bound, known.unit, calendar)}, gap {gap(known)}"


def headline(outcome: Outcome) -> str:
    """Return the answer in a sentence."""
    stopped = "; the search was interrupted" if outcome.interrupted else ""
    said = HEADLINES[outcome.status.value]
    if any(level.tolerance for level in outcome.levels):
        said = said.replace("of the objective", "of the objective and within its tolerances")
    return said + stopped


HEADLINES = {
    "OPTIMAL": "OPTIMAL: this timetable keeps every promise, and none is better in the order of the objective (proven)",
    "FEASIBLE": "FEASIBLE: this timetable keeps every promise; it is not proven best, more --seconds may help",
    "INFEASIBLE": "INFEASIBLE: no timetable keeps every promise (proven)",
    "UNKNOWN": "UNKNOWN: neither a timetable nor a proof that there is none was found in time; more --seconds may help",
}

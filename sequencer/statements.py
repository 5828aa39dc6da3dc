"""How answers are said to people: what is known of a level, and of the whole."""

from __future__ import annotations

from sequencer import words
from sequencer.months import Calendar
from sequencer.outcome import Level, Outcome
from sequencer.vocabulary import MONTH


def gap(level: Level) -> str:
    """Return the gap of a level as a share of its value, or months where it is a date."""
    if level.gap is None or level.value is None or level.bound is None:
        return "unknown"
    return words.amount(level.value - level.bound, MONTH) if level.unit == MONTH else f"{100 * level.gap:.2f} %"


def level(known: Level, calendar: Calendar) -> str:
    """Return what is known of a level, in a line."""
    if known.value is None:
        return f"{known.term}: no plan found"
    said = f"{known.term}: {words.value(known.value, known.unit, calendar)}"
    if known.achieved is not None and known.achieved > known.value:
        allowed = words.amount(known.tolerance, known.unit)
        said += f" at best, {words.value(known.achieved, known.unit, calendar)} in this plan (tolerance {allowed})"
    if known.proven:
        return f"{said}, proven best"
    if known.bound is None:
        return f"{said}, not proven"
    return f"{said}, at least {words.value(known.bound, known.unit, calendar)}, gap {gap(known)}"


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

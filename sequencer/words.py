"""How values and answers are said to people."""

from __future__ import annotations

from sequencer.months import Calendar
from sequencer.outcome import Level, Outcome, Status

#: Invisible characters that real names need: the joiners of Persian, Arabic and Indic scripts.
JOINERS = frozenset("\u200c\u200d")


def plain(text: str) -> str:
    """Return text with every character that could steer a terminal written out; line ends stay."""
    return "".join(
        c if c.isprintable() or c == "\n" or c in JOINERS else c.encode("unicode_escape").decode() for c in text
    )


def value(amount: int | None, unit: str, calendar: Calendar) -> str:
    """Return a value of a term as people read it: months as dates, other numbers with separators."""
    if amount is None:
        return "unknown"
    return calendar.label(amount) if unit == "month" else f"{amount:,}".replace(",", " ")


def gap(level: Level) -> str:
    """Return the gap of a level as a share of its value, or months where it is a date."""
    if level.gap is None or level.value is None or level.bound is None:
        return "unknown"
    return f"{level.value - level.bound} months" if level.unit == "month" else f"{100 * level.gap:.2f} %"


def level(known: Level, calendar: Calendar) -> str:
    """Return what is known of a level, in a line."""
    unit = "" if known.unit == "month" else f" {known.unit}"
    if known.value is None:
        return f"{known.term}: no plan found"
    said = f"{known.term}: {value(known.value, known.unit, calendar)}{unit}"
    if known.achieved is not None and known.achieved > known.value:
        said += f" at best, {value(known.achieved, known.unit, calendar)} in this plan (tolerance {known.tolerance})"
    if known.proven:
        return f"{said}, proven best"
    if known.bound is None:
        return f"{said}, not proven"
    return f"{said}, at least {value(known.bound, known.unit, calendar)}, gap {gap(known)}"


def headline(outcome: Outcome) -> str:
    """Return the answer in a sentence."""
    stopped = "; the search was interrupted" if outcome.interrupted else ""
    match outcome.status:
        case Status.OPTIMAL:
            return "OPTIMAL: this timetable keeps every promise, and none is better in the order of the objective"
        case Status.FEASIBLE:
            return f"FEASIBLE: this timetable keeps every promise; it is not proven best{stopped}"
        case Status.INFEASIBLE:
            return "INFEASIBLE: no timetable keeps every promise (proven)"
        case Status.UNKNOWN:
            return f"UNKNOWN: neither a timetable nor a proof that there is none was found in time{stopped}"

"""How values are said to people."""

from __future__ import annotations

from sequencer.months import Calendar
from sequencer.vocabulary import MONTH, RISK, SCORE

#: Invisible characters that real names need: the joiners of Persian, Arabic and Indic scripts.
JOINERS = frozenset("\u200c\u200d")


def plain(text: str) -> str:
    """Return text with every character that could steer a terminal written out; line ends stay."""
    if text.isprintable():  # almost always, and pages say very much
        return text
    return "".join(
        c if c.isprintable() or c == "\n" or c in JOINERS else c.encode("unicode_escape").decode() for c in text
    )


def spaced(name: str) -> str:
    """Return a planner's name, ``border_control``, as people read it: ``border control``."""
    return name.replace("_", " ")


def number(value: int) -> str:
    """Return a number as people read it, thousands apart."""
    return f"{value:,}".replace(",", " ")


def percent(part: float, whole: float = 1) -> str:
    """Return a share in whole percent; 0 and 100 stand only for none and all, so that little is not called nothing."""
    shown = f"{100 * part / whole:.0f} %" if whole else "0 %"
    if shown == "0 %" and part > 0:
        return "< 1 %"
    return "> 99 %" if shown == "100 %" and part < whole else shown


def count(how_many: int, thing: str) -> str:
    """Return how many there are of a thing that takes a plain s in the plural."""
    return f"{number(how_many)} {thing}{'' if how_many == 1 else 's'}"


def singular(unit: str) -> str:
    """Return what one of a unit is called: ``teams`` are counted as 1 team, ``thousand USD`` as 1 thousand USD."""
    plural = unit.islower() and unit.endswith("s") and not unit.endswith(("ss", "us", "is"))
    return unit.removesuffix("s") if plural else unit


def amount(value: int, unit: str) -> str:
    """Return a number and its unit as people read them, thousands apart; risk in points instead of thousandths."""
    if unit == RISK:
        return f"{number(round(value / SCORE))} people x level x points"
    if unit == MONTH:
        return count(value, "month")
    return f"{number(value)} {singular(unit) if value == 1 else unit}"


def value(known: int | None, unit: str, calendar: Calendar) -> str:
    """Return the value of a term as people read it: a date, or a number with its unit."""
    if known is None:
        return "unknown"
    return calendar.label(known) if unit == MONTH else amount(known, unit)

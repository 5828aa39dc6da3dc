"""How values are said to people."""

from __future__ import annotations

from sequencer.months import Calendar
from sequencer.vocabulary import MONTH, RISK, SCORE

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

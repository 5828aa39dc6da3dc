"""Text and dates as other programs take them."""

from __future__ import annotations

import re
from datetime import date

from sequencer.months import Calendar

#: What XML 1.0 forbids, and what turns the direction of text around: nothing of it can be part of a name.
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """Return text in one line, without characters that XML, spreadsheets or calendars cannot hold."""
    return " ".join(ILLEGAL.sub("", text).split())


def first_day(calendar: Calendar, month: int) -> date:
    """Return the first day of a month of the plan."""
    return date.fromisoformat(f"{calendar.label(month)}-01")

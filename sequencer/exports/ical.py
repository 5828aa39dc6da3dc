"""Transfers and exits as a calendar for Outlook, Google and others; only here icalendar is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sequencer import words
from sequencer.errors import UsageError
from sequencer.exports.shown import Line, Shown
from sequencer.exports.text import first_day, legal
from sequencer.phrases import Phrasebook
from sequencer.vocabulary import Event

if TYPE_CHECKING:
    from icalendar import Event as Entry

EVENTS = (Event.TRANSFER, Event.EXIT)


def calendar(shown: Shown) -> bytes:
    """Return the transfers and exits of a plan as iCalendar (RFC 5545).

    Parameters
    ----------
    shown : Shown
        Its language is that of summaries and descriptions.

    Returns
    -------
    bytes
        All-day events on the first of the month, in order of time. An event has the same UID whenever it is exported
        from a plan of this title, so that a calendar moves it and does not show it twice. Its DTSTAMP is the first day
        still to be planned and its SEQUENCE the number of months that have passed since the plan began: both rise from
        one plan to the one that replaces it, and the same plan gives the same bytes.

    Raises
    ------
    UsageError
        If icalendar is not installed.
    """
    try:
        from icalendar import Calendar as Book  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError("calendars need icalendar: pip install 'sequencer[files]'") from None
    title = legal(shown.instance.plan.title)
    made = Book()
    for name, value in (("prodid", "-//sequencer//EN"), ("version", "2.0"), ("calscale", "GREGORIAN")):
        made.add(name, value)
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    dated = sorted((line.dates[event], line.package, event, line) for line in shown.lines for event in EVENTS)
    for entry in _entries(shown, [(line, event) for _, _, event, line in dated]):
        made.add_component(entry)
    return bytes(made.to_ical())


def _entries(shown: Shown, dated: list[tuple[Line, Event]]) -> Iterator[Entry]:
    from icalendar import Event as Entry  # noqa: PLC0415 - an extra

    book, as_of = Phrasebook.of(shown.language), max(0, shown.instance.plan.as_of)
    stamp = datetime.combine(first_day(shown.calendar, as_of), time(), tzinfo=UTC)
    for line, event in dated:
        day = first_day(shown.calendar, line.dates[event])
        entry = Entry()
        values: dict[str, Any] = {
            "uid": _uid(shown.instance.plan.title, line.package, event),
            "dtstamp": stamp,
            "sequence": as_of,
            "dtstart": day,
            "dtend": day + timedelta(days=1),
            "summary": legal(book.sentence(f"exports.{event}", package=book.package(line.package))),
            "description": _description(shown, line, book),
            "location": legal(words.spaced(line.place)),
            "categories": [legal(words.spaced(line.function))],
            "transp": "TRANSPARENT",
        }
        for name, value in values.items():
            entry.add(name, value)
        yield entry


def _description(shown: Shown, line: Line, book: Phrasebook) -> str:
    """Return both dates, and who hands over to whom as far as that is said, a line each."""
    dates = {event.value: book.month(shown.calendar, line.dates[event]) for event in EVENTS}
    said = [book.say("report.told", package=book.package(line.package), **dates)]
    more = {name: getattr(line, name) for name in ("phase", "institution", "receiver")}
    said += [book.say(f"exports.{name}", said=value) for name, value in more.items() if value]
    return "\n".join(map(legal, said))


def _uid(title: str, package: str, event: Event) -> str:
    """Return a name that no other event has: of the plan's title, the package and the event, whatever the date."""
    return f"{sha256(repr((title, package, event.value)).encode()).hexdigest()[:32]}@sequencer"

"""The calendar: what another program reads in it, and what a second export changes."""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from exporting import HOSTILE, called, shown, solved
from icalendar import Calendar

from sequencer.errors import UsageError
from sequencer.exports import Shown, calendar
from sequencer.exports.text import legal
from sequencer.timetable import Choice


def entries(data: bytes) -> dict[str, Any]:  # of components, whose values have many types
    """Return the events of a calendar by UID."""
    found = list(Calendar.from_ical(data).walk("VEVENT"))
    by_uid = {str(entry["uid"]): entry for entry in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_every_transfer_and_exit_is_a_whole_day_on_the_first_of_its_month() -> None:
    plan = shown()
    found = entries(calendar(plan)).values()
    told = sorted((entry.decoded("dtstart"), str(entry["summary"])) for entry in found)
    wanted = [
        (date.fromisoformat(f"{row[event]}-01"), f"{event.capitalize()}: {row['function']}, {row['place']}")
        for row in plan.outcome.timetable.to_dict("records")
        for event in ("transfer", "exit")
    ]
    assert told == sorted(wanted)
    for entry in found:
        assert entry.decoded("dtend") - entry.decoded("dtstart") == timedelta(days=1)
        assert entry["dtstart"].params["VALUE"] == "DATE"


def test_place_function_and_both_dates_are_told() -> None:
    entry = next(iter(entries(calendar(shown())).values()))
    assert str(entry["location"]) == "arden"
    assert [str(category) for category in entry["categories"].cats] == ["policing"]
    assert "transfer in May 2030, exit in August 2030" in str(entry["description"])
    assert "phase: plan" in str(entry["description"])


def test_in_french() -> None:
    entry = next(iter(entries(calendar(shown(language="fr"))).values()))
    assert str(entry["summary"]) == "Transfert : policing, arden"
    assert "mai 2030" in str(entry["description"])


def test_the_same_plan_gives_the_same_bytes_and_a_moved_date_the_same_event() -> None:
    plan = solved("worked-example")
    assert calendar(Shown(plan)) == calendar(Shown(plan))
    assert plan.choices is not None
    moved = dict(plan.choices) | {"arden/clinics": Choice("none", 10)}
    later = entries(calendar(Shown(dataclasses.replace(plan, choices=moved))))
    before = entries(calendar(Shown(plan)))
    assert set(later) == set(before)
    assert sum(later[uid].decoded("dtstart") != before[uid].decoded("dtstart") for uid in before) == 2


def test_a_plan_made_later_supersedes_an_earlier_one() -> None:
    plan = solved("worked-example")
    setting = dataclasses.replace(plan.instance.plan, as_of=5)
    later = dataclasses.replace(plan, instance=dataclasses.replace(plan.instance, plan=setting))
    first, second = (next(iter(entries(calendar(Shown(each))).values())) for each in (plan, later))
    assert (first["sequence"], second["sequence"]) == (0, 5)
    stamps = first.decoded("dtstamp"), second.decoded("dtstamp")
    assert stamps == (datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    found = entries(calendar(called(text)))
    assert len(found) == 6
    if legal(text):
        assert all(legal(text) in str(entry["description"]) for entry in found.values())


def test_without_icalendar_one_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(UsageError, match=r"pip install 'sequencer\[files\]'"):
        calendar(shown())

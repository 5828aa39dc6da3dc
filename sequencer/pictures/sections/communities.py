"""What the plan means for communities: how long their people wait, and how long what they were given is fragile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sequencer import words
from sequencer.answers.frames import UNNAMED
from sequencer.pictures.summed.block import table
from sequencer.pictures.told import Told

COLUMNS = ("community", "people", "packages", "waiting", "fragile")
NUMBERS = ("people", "packages", "waiting_people_months", "fragile_people_months", "packages_without_population")


def communities(told: Told) -> Mapping[str, Any] | None:
    """Return people-months by community; None without a plan, or where no place has people or a community."""
    if told.outcome.choices is None:
        return None
    book, frame = told.book, told.outcome.communities
    rows, notes = list[tuple[str, ...]](), list[str]()
    for name, *numbers in zip(frame["community"], *(frame[each].tolist() for each in NUMBERS), strict=True):
        shown = book.say("communities.unnamed") if name == UNNAMED else words.spaced(name)
        people, packages, waiting, fragile, without = map(int, numbers)
        if name == UNNAMED and not people and without == packages:
            notes += [book.say("communities.nobody", count=packages)] * bool(packages)
            continue
        rows.append((shown, *map(words.number, (people, packages, waiting, fragile))))
        if without:
            notes.append(words.plain(book.say("communities.without", count=without, community=shown)))
    heads = [book.say(f"communities.column.{name}") for name in COLUMNS]
    made = table(book.say("communities.caption"), heads, rows)
    return {"table": made, "notes": notes} if made else None

"""What more of each number would bring: one, two, three units more, as steps, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sequencer import words
from sequencer.answers.explained.binding import gained, name, turned
from sequencer.instance.levers import Lever, addresses
from sequencer.pictures.summed.binds import against, counted, shown
from sequencer.pictures.summed.block import block
from sequencer.pictures.told import Told
from sequencer.questions.worth import Binding, Sure, Worth

MOST = 20  # numbers that are told for each thing the plan aims at
STEP, TALL = 18.0, 26.0  # width and height of the stairs, in pixels


def binding(told: Told) -> Mapping[str, Any] | None:
    """Return a table for each thing the plan aims at; None where it was not asked."""
    found = told.explanation.binding
    if found is None:
        return None
    found = shown(told, found)
    tables = [_table(told, found, reason.term) for reason in found.reasons if found.at(reason.term)]
    details = [line for reason in found.reasons for line in against(told, reason)]
    lines = [told.book.say("staircase.intro"), *counted(told, found), *details]
    made = block(told.book.say("staircase.title"), lines)
    return {
        "tables": tables,
        "units": list(range(1, found.units + 1)),
        "pieces": () if made is None else made.pieces,
        "width": STEP * found.units,
        "height": TALL,
    }


def _table(told: Told, found: Binding, term: str) -> dict[str, Any]:
    """Return the numbers that make a term better, the most by one unit first."""
    rows: dict[str, list[Worth]] = {}
    for row in found.at(term):
        rows.setdefault(row.address, [])
    for row in found.rows:  # those units, too, that bring nothing yet, or of which nothing is known
        if row.term == term and row.address in rows:
            rows[row.address].append(row)
    said, levers = told.book.say(f"term.{term}"), addresses(told.instance)
    return {
        "caption": told.book.sentence("staircase.caption", term=said),
        "rows": [_row(told, each, levers[address], found.units) for address, each in list(rows.items())[:MOST]],
        "rest": told.book.say("binding.more", count=len(rows) - MOST, term=said) if len(rows) > MOST else "",
    }


def _row(told: Told, worths: Sequence[Worth], lever: Lever, units: int) -> dict[str, Any]:
    book = told.book
    by_units = {row.units: row for row in worths}
    cells = [_cell(told, by_units.get(count)) for count in range(1, units + 1)]
    one = book.say("staircase.each", change=turned(1, lever, told.instance, book))
    gains = [by_units[count].improvement if count in by_units else None for count in range(1, units + 1)]
    return {
        "name": words.plain(f"{name(lever, book)} ({one})"),
        "cells": [words.plain(cell) for cell in cells],
        "path": "".join(_stairs(gains)),
        "told": words.plain(book.say("staircase.told", number=name(lever, book), steps="; ".join(cells))),
    }


def _cell(told: Told, worth: Worth | None) -> str:
    """Return what so many units bring: proven, at least, or unknown."""
    book = told.book
    if worth is None or (worth.sure is Sure.UNKNOWN and worth.improvement <= 0):
        return book.say("staircase.unknown")
    if worth.improvement <= 0:
        return book.say("staircase.nothing")
    gain = gained(worth.improvement, worth.of, book)
    return book.say(f"staircase.{'proven' if worth.sure is Sure.PROVEN else 'at_least'}", gain=gain)


def _stairs(gains: Sequence[int | None]) -> Iterator[str]:
    """Yield the path of a staircase; it ends where nothing more is known."""
    top = max(1, *(gain or 0 for gain in gains))
    yield f"M0 {TALL}"
    for count, gain in enumerate(gains):
        if gain is None:
            return
        y = round(TALL - (TALL - 2) * gain / top, 1)
        yield f"L{round(count * STEP, 1)} {y}L{round((count + 1) * STEP, 1)} {y}"

"""A plan as a workbook for Excel, LibreOffice and Numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from sequencer.exports.about import HEADINGS, about
from sequencer.exports.sheets import AMBER, GREY, PHASES, Sheet, Value, book
from sequencer.exports.shown import Line, Shown
from sequencer.exports.text import first_day
from sequencer.vocabulary import Event

BINDING = "binding: what one more unit of each number would bring (sequencer explain --binding)"
TIGHT = (
    "tight: what stands against each package one month earlier, all others staying; that more of it would help is not "
    "said (sequencer explain --binding says that)"
)
EVENTS = (Event.SUPPORT_START, Event.JOINT_START, Event.TRANSFER, Event.ADVISORY_START, Event.EXIT)
TOLD = ("package", "place", "function", "institution", "receiver", "option", "phase")


def workbook(shown: Shown) -> bytes:
    """Return a workbook (.xlsx) of a plan.

    Parameters
    ----------
    shown : Shown
        Its ``binding`` fills the last sheet; without it that sheet says what is tight.

    Returns
    -------
    bytes
        With the sheets about, timetable, phases, supplies, money (only with a money rule) and binding or tight.
        Months are dates (the first of the month, shown as ``yyyy-mm``), text is never a formula, and the same plan
        gives the same bytes.
    """
    holding = BINDING if shown.binding is not None else TIGHT
    sheets = [
        Sheet("about", HEADINGS, list(about(shown, holding))),
        _timetable(shown),
        _phases(shown),
        _supplies(shown),
        *_money(shown),
        _tight(shown) if shown.binding is None else _binding(shown, shown.binding),
    ]
    return book(shown.instance.plan.title, sheets)


def _timetable(shown: Shown) -> Sheet:
    """Return a row for each package, its phase coloured."""
    rows = [_line(shown, line) for line in shown.lines]
    colours = {phase.name: PHASES[number % len(PHASES)] for number, phase in enumerate(shown.instance.phases)}
    column = TOLD.index("phase")
    filled = {(row, column): colours[line.phase] for row, line in enumerate(shown.lines) if line.phase in colours}
    headings = [*TOLD, *(event.value for event in EVENTS), "preparation (months)", "fragile or advised (months)"]
    return Sheet("timetable", headings, rows, filled=filled)


def _line(shown: Shown, line: Line) -> tuple[Value, ...]:
    dates = (first_day(shown.calendar, line.dates[event]) for event in EVENTS)
    before = line.transfer - line.dates[Event.SUPPORT_START]
    return (*(getattr(line, name) for name in TOLD), *dates, before, line.exit - line.transfer)


def _phases(shown: Shown) -> Sheet:
    """Return a row for each phase."""
    rows: list[tuple[Value, ...]] = []
    for phase in shown.instance.phases:
        ends = (first_day(shown.calendar, month) for month in (phase.start, phase.end))
        admits = "all" if phase.admits is None else ", ".join(sorted(phase.admits))
        begun = sum(line.phase == phase.name for line in shown.lines)
        left = sum(phase.start <= line.exit <= phase.end for line in shown.lines)
        rows.append((phase.name, *ends, phase.end - phase.start + 1, admits, begun, left))
    filled = {(row, 0): PHASES[row % len(PHASES)] for row in range(len(rows))}
    headings = ["phase", "from", "to", "length (months)", "admits", "transfers (packages)", "exits (packages)"]
    return Sheet("phases", headings, rows, filled=filled)


def _supplies(shown: Shown) -> Sheet:
    """Return need and capacity of every pool that anybody needs; where nothing is left, the cell is coloured."""
    rows: list[tuple[Value, ...]] = [
        (
            stock.resource,
            stock.pool,
            stock.label,
            *(first_day(shown.calendar, month) for month in (stock.first, stock.last)),
            stock.need,
            stock.there,
            stock.there - stock.need,
            stock.unit,
        )
        for stock in shown.stocks
    ]
    headings = [
        "resource",
        "source",
        "period",
        "from",
        "to",
        "need (units)",
        "capacity (units)",
        "left (units)",
        "unit",
    ]
    return Sheet("supplies", headings, rows, warned={"left": ("AND({need}>0,{left}<=0)", AMBER)})


def _money(shown: Shown) -> Iterator[Sheet]:
    """Yield what each line pays in each fiscal year, what is used up and what pays nothing coloured."""
    frame = shown.outcome.funding
    if frame.empty:
        return
    unit = shown.instance.plan.money_unit
    paid, there, left = (f"{what} ({unit})" for what in ("paid", "there", "left"))
    rows: list[tuple[Value, ...]] = []
    for row in frame.to_dict("records"):
        first, last = row["months"].split("..")
        dates = (pd.Timestamp(f"{month}-01").date() for month in (first, last))
        amounts = int(row["amount"]), int(row["capacity"])
        rows.append((row["fiscal_year"], *dates, row["source"], row["donor"], *amounts, amounts[1] - amounts[0]))
    headings = ["fiscal year", "from", "to", "source", "donor (empty: the host)", paid, there, left]
    warned = {"paid": ("AND({paid}=0,{there}>0)", GREY), "left": ("AND({paid}>0,{left}<=0)", AMBER)}
    yield Sheet("money", headings, rows, warned=warned)


def _tight(shown: Shown) -> Sheet:
    """Return what holds each package; who said so is shown to the mission only."""
    rows: list[tuple[Value, ...]] = []
    for each in shown.held:
        month = first_day(shown.calendar, shown.choices[each.package].transfer)
        row: tuple[Value, ...] = (each.package, month, each.rule, each.text)
        if shown.is_mission:
            said = [(o.place, o.confidence, o.source, o.note) for o in each.origins]
            columns = zip(*said, strict=True) if said else [()] * 4
            row += tuple(" | ".join(dict.fromkeys(filter(None, column))) for column in columns)
        rows.append(row)
    more = ["rows", "confidence", "source", "note"] if shown.is_mission else []
    return Sheet("tight", ["package", "transfer", "rule", "one month earlier", *more], rows)


def _binding(shown: Shown, frame: pd.DataFrame) -> Sheet:
    """Return what one more unit of each number brings, as far as it may be shown."""
    told = frame[[shown.seen.address(str(address).removeprefix("'")) for address in frame["address"]]]
    rows = [tuple(_plain(cell) for cell in row) for row in told.itertuples(index=False)]
    return Sheet("binding", [str(name) for name in told.columns], rows)


def _plain(cell: Any) -> Value:  # noqa: ANN401 - a cell of a frame
    """Return a cell of a frame as a plain value; None where it is missing."""
    if isinstance(cell, str):
        return cell.removeprefix("'")
    if pd.isna(cell):
        return None
    return int(cell) if float(cell).is_integer() else float(cell)

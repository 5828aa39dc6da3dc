"""A plan as long tables that refer to each other, for Power BI, Tableau, R and pandas."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sequencer.answers.export import FORMULA
from sequencer.exports.schema import TABLES, Field
from sequencer.exports.shown import Shown
from sequencer.exports.text import first_day, legal
from sequencer.vocabulary import MONTH, RISK, SCORE, Stage

DESCRIPTION = "datapackage.json"
#: Stages in which a package is in local hands.
LOCAL = frozenset({Stage.MENTORED, Stage.ADVISORY, Stage.AUTONOMOUS})


def tables(shown: Shown) -> dict[str, bytes]:
    """Return a plan as tidy CSV files with a Table Schema.

    Parameters
    ----------
    shown : Shown

    Returns
    -------
    dict of str to bytes
        By file name: ``packages.csv`` and ``months.csv``, one row for each package and each month of the plan, to which
        the keys of the others refer; ``stages.csv``, ``events.csv``, ``status.csv`` (each package in each month),
        ``supplies.csv``, ``money.csv`` and ``levels.csv``; ``datapackage.json`` says what each column means. Dates are
        ISO dates, the first of their month; text is UTF-8, and none of it is a formula.
    """
    made = {
        "packages": _packages(shown),
        "months": _months(shown),
        "stages": _stages(shown),
        "events": _events(shown),
        "status": _status(shown),
        "supplies": _supplies(shown),
        "money": _money(shown),
        "levels": _levels(shown),
    }
    files = {f"{name}.csv": _csv(TABLES[name].fields, rows) for name, rows in made.items()}
    return files | {DESCRIPTION: _described(shown)}


def _csv(fields: Iterable[Field], rows: Iterable[tuple[object, ...]]) -> bytes:
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\n")
    writer.writerow([field.name for field in fields])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return kept.getvalue().encode()


def _cell(cell: object) -> object:
    """Return a cell; text that a spreadsheet would take for a formula begins with an apostrophe."""
    text = legal(cell) if isinstance(cell, str) else ""
    return (f"'{text}" if text.startswith(FORMULA) else text) if isinstance(cell, str) else cell


def _described(shown: Shown) -> bytes:
    """Return the Table Schema of the files."""
    said: dict[str, Any] = {
        "name": "sequencer-plan",
        "title": legal(shown.instance.plan.title),
        "audience": shown.audience.value,
        "resources": [table.described(shown.instance.plan.money_unit) for table in TABLES.values()],
    }
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _day(shown: Shown, month: int) -> str:
    return first_day(shown.calendar, month).isoformat()


def _packages(shown: Shown) -> Iterator[tuple[object, ...]]:
    for line in shown.lines:
        place = shown.instance.place[line.place]
        told = (line.institution, line.receiver, line.option, line.phase)
        yield line.package, line.place, place.region, line.function, *told, place.population


def _months(shown: Shown) -> Iterator[tuple[object, ...]]:
    for month in range(shown.instance.plan.months):
        phase = next((p.name for p in shown.instance.phases if p.start <= month <= p.end), "")
        yield _day(shown, month), month, shown.calendar.fiscal_year(month), phase


def _stages(shown: Shown) -> Iterator[tuple[object, ...]]:
    for line in shown.lines:
        for stage, first, end in line.stretches:
            last = date.fromordinal(first_day(shown.calendar, end).toordinal() - 1)
            yield line.package, stage.value, _day(shown, first), last.isoformat(), end - first


def _events(shown: Shown) -> Iterator[tuple[object, ...]]:
    for line in shown.lines:
        for event, month in line.dates.items():
            yield line.package, event.value, _day(shown, month)


def _status(shown: Shown) -> Iterator[tuple[object, ...]]:
    for line in shown.lines:
        for month in range(shown.instance.plan.months):
            stage = line.stage(month)
            yield line.package, _day(shown, month), stage.value, int(stage in LOCAL), int(month >= line.exit)


def _supplies(shown: Shown) -> Iterator[tuple[object, ...]]:
    for stock in shown.stocks:
        days = (_day(shown, month) for month in (stock.first, stock.last))
        yield stock.resource, stock.pool, stock.label, *days, stock.need, stock.there, stock.unit


def _money(shown: Shown) -> Iterator[tuple[object, ...]]:
    for row in shown.outcome.funding.to_dict("records"):
        year = int(str(row["fiscal_year"]).removeprefix("FY"))
        first, last = str(row["months"]).split("..")
        yield (
            year,
            f"{first}-01",
            f"{last}-01",
            row["source"],
            row["donor"],
            row["amount"],
            row["capacity"],
            row["unit"],
        )


def _levels(shown: Shown) -> Iterator[tuple[object, ...]]:
    for number, level in enumerate(shown.outcome.levels, start=1):
        reached = level.value if level.achieved is None else level.achieved
        known = [_shown(shown, each, level.unit) for each in (reached, level.bound)]
        dates = known if level.unit == MONTH else [None, None]
        numbers = [None, None] if level.unit == MONTH else known
        unit = "people x level x points" if level.unit == RISK else level.unit
        yield number, level.term, *numbers, *dates, unit, int(level.proven), level.proof or ""


def _shown(shown: Shown, value: int | None, unit: str) -> object:
    if value is None:
        return None
    if unit == MONTH:
        return _day(shown, value)
    return value / SCORE if unit == RISK else value

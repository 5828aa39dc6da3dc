"""A term by two numbers, or by one: the darker, the larger; what is not proven is hollow and says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sequencer import words
from sequencer.pictures.studies.drawing import LEFT, LINE, LISTED, RIGHT, WIDTH, Said, counted, cut
from sequencer.pictures.studies.kinds import Heat, Known, State
from sequencer.pictures.told import Told

SHADES = 6
NARROW = 66.0  # least width of a cell
TOP = 44.0


def drawn(study: Heat, told: Told) -> dict[str, Any]:
    """Return one map for each term of the objective, and what is said of all."""
    wide = max(NARROW, (RIGHT - LEFT) / len(study.columns))
    cells = [known for rows in next(iter(study.cells.values())) for known in rows]
    return {
        "name": words.plain(study.name),
        "across": words.plain(study.across),
        "up": words.plain(study.up),
        "width": max(WIDTH, round(LEFT + wide * len(study.columns) + 10, 1)),
        "height": TOP + LINE * len(study.rows) + 8,
        "columns": [(round(LEFT + wide * (at + 0.5), 1), words.plain(value)) for at, value in enumerate(study.columns)],
        "rows": [(TOP + LINE * at, cut(words.plain(value))) for at, value in enumerate(study.rows)],
        "maps": [_map(study, term, wide, told) for term in study.cells],
        "more": max(0, len(cells) - LISTED),
    }


def _map(study: Heat, term: str, wide: float, told: Told) -> dict[str, Any]:
    said, rows = Said(told, study.name, term), study.cells[term]
    values = [known.value for row in rows for known in row if known.state is State.PROVEN and known.value is not None]
    return {
        "axis": said.axis,
        "base": said.known(study.base[term]),
        "counts": counted(told, (known.state for row in rows for known in row)),
        "cells": list(_cells(study, rows, (min(values, default=0), max(values, default=0)), wide, said)),
        "table": [
            (words.plain(study.rows[y]), words.plain(study.columns[x]), said.known(known))
            for y, row in enumerate(rows)
            for x, known in enumerate(row)
        ][:LISTED],
    }


def _cells(
    study: Heat, rows: Sequence[Sequence[Known]], ends: tuple[int, int], wide: float, said: Said
) -> Iterator[dict[str, Any]]:
    for y, row in enumerate(rows):
        for x, known in enumerate(row):
            where = f"{study.across} = {study.columns[x]}"
            where += f", {study.up} = {study.rows[y]}" if study.up else ""
            left = round(LEFT + wide * x, 1)
            yield {
                "kind": _kind(known, ends),
                "x": left,
                "y": TOP + LINE * y,
                "width": round(wide - 2, 1),
                "middle": round(left + wide / 2 - 1, 1),
                "text": said.mark(known),
                "told": words.plain(f"{where}: {said.known(known)}"),
            }


def _kind(known: Known, ends: tuple[int, int]) -> str:
    """Return the classes of a cell: a shade only where a value is proven."""
    if known.state is not State.PROVEN or known.value is None:
        return f"cell {known.state.value}"
    low, high = ends
    return f"cell shade-{(SHADES - 1) * (known.value - low) // max(1, high - low)}"

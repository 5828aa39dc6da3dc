"""The sheet ``plan``: a row for each key of ``plan.toml``, with the columns ``key`` and ``value``.

It becomes TOML, each key on the line of its row, so that one reader understands and judges both. Several values in a
cell are separated by ``;`` as in the tables. A term of the objective may be ``exit:1``, a tolerance as on the command
line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from sequencer.tables.text import FileError, heading
from sequencer.tables.workbook.grid import Grid

COLUMNS = ("key", "value", "meaning")
WHOLE = frozenset({"months", "fiscal_year_start", "hold", "risk_months", "risk_margin"})
FLAGS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
FLAG = "announced_pledges"
TERMS, TABLES, ADDRESSES = "objective", "library", "negotiable"
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
GOAL = re.compile(r"([a-z_]+)\s*:\s*(-?[0-9]{1,18})")


def toml(found: Grid) -> str:
    """Return the sheet ``plan`` as TOML.

    Parameters
    ----------
    found : Grid
        Its cells.

    Raises
    ------
    FileError
        If it has no columns ``key`` and ``value``, a key stands there twice, or a value cannot be read.
    """
    lines = found.lines()
    if not lines:
        raise FileError("an empty sheet", "the columns key and value", hint="keys are those of plan.toml")
    first, names = lines[0][0], [heading(name) for name in lines[0][1]]
    if names.count("key") != 1 or names.count("value") != 1:
        raise FileError("no columns key and value", "a header with key and value", row=first)
    key_at, value_at = names.index("key"), names.index("value")
    meaning_at = names.index("meaning") if "meaning" in names else len(names)
    keys: dict[str, int] = {}
    text = {}
    for number, line in lines[1:]:
        cells = [*line, *[""] * (len(names) + 1)]
        spoilt = found.spoilt.get((number, key_at)) or found.spoilt.get((number, value_at))
        if spoilt:
            raise FileError(spoilt.found, spoilt.needed, row=number, hint=spoilt.hint)
        key = heading(cells[key_at])
        if not key and cells[value_at]:
            raise FileError("a value without a key", "a key of plan.toml", row=number)
        if key in keys:
            raise FileError(f"the key {key} twice", "each key once", row=number, hint=f"first in row {keys[key]}")
        if key and cells[value_at]:
            keys[key] = number
            name = key if re.fullmatch("[a-z_]+", key) else _quoted(key)
            meaning = " ".join(cells[meaning_at].split())
            text[number] = f"{name} = {_value(key, cells[value_at])}{meaning and f'  # {meaning}'}"
    return "\n".join(text.get(number, "") for number in range(1, max(text, default=0) + 1)) + "\n"


def _value(key: str, cell: str) -> str:
    """Return what a cell says as TOML; what cannot be meant is left as text for the reader of TOML to refuse."""
    if key in WHOLE and NUMBER.fullmatch(cell):
        return cell.removeprefix("+")
    if key == FLAG and cell.casefold() in FLAGS:
        return FLAGS[cell.casefold()]
    if key in (TERMS, TABLES, ADDRESSES):
        words = [word.strip() for word in re.split(";" if key == ADDRESSES else "[;,]", cell)]
        return f"[{', '.join(_term(word) if key == TERMS else _quoted(word) for word in words if word)}]"
    return _quoted(cell)


def _term(word: str) -> str:
    goal = GOAL.fullmatch(word)
    return f'{{term = "{goal[1]}", tolerance = {int(goal[2])}}}' if goal else _quoted(word)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def cell(value: object) -> str:
    """Return a value of ``plan.toml`` as it stands in the sheet.

    Raises
    ------
    ValueError
        If no cell can say it.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_listed(value))
    return str(value)


def _listed(entries: Sequence[object]) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, dict):
            yield f"{entry['term']}:{entry['tolerance']}" if entry.get("tolerance") else str(entry["term"])
        elif isinstance(entry, str) and ";" not in entry:
            yield entry
        else:
            raise ValueError("a list that no cell can hold")

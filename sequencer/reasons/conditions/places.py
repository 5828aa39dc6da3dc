"""The addresses of numbers, found from the facts that hold them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.instance.levers import TABLES, addresses


class Addresses:
    """Finds the address of a number of an instance; each table is listed once, when it is first asked about."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._listed: dict[str, Mapping[tuple[int, str], str]] = {}
        self._positions: dict[str, Mapping[int, int]] = {}
        self._alike: dict[str, dict[str, list[facts.Threat | facts.Pledge]]] = {}

    def of(self, word: str, fact: facts.Fact, field: str = "") -> str:
        """Return the address of a number of a fact of a table; without a field, of that which the row is about."""
        if word not in self._listed:
            levers = addresses(self._instance, word)
            self._listed[word] = {(lever.position, lever.field): name for name, lever in levers.items()}
            rows = getattr(self._instance, TABLES[word].attribute)
            self._positions[word] = {id(row): position for position, row in enumerate(rows)}
        return self._listed[word][self._positions[word][id(fact)], field or TABLES[word].main]

    def part(self, word: str, fact: facts.Threat | facts.Pledge, first: int, last: int | None) -> str:
        """Return the address of what a row says in some of its months; empty if it would mean another row, too."""
        if (first, last) == (fact.start, fact.end):
            return self.of(word, fact)
        table, calendar = TABLES[word], self._instance.calendar
        if word not in self._alike:
            groups = self._alike[word] = {}
            for row in getattr(self._instance, table.attribute):
                groups.setdefault(_base(table.name(row, calendar)), []).append(row)
        name = table.name(replace(fact, start=first, end=last), calendar)
        meant = [row for row in self._alike[word][_base(name)] if row.start <= first and _end(row) >= _until(last)]
        return f"{word}.{name}" if meant == [fact] else ""


def _base(name: str) -> str:
    return name.partition("@")[0]


def _end(row: facts.Threat | facts.Pledge) -> float:
    return _until(row.end)


def _until(month: int | None) -> float:
    return math.inf if month is None else month

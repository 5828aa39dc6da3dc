"""CPMpy's ``mus`` on an instance: a Boolean for each cell, dates as sums, rows of what is shared.

Dates of a place are one group, each shared rule is one; widths and gates are left out. Everything from making the model
on is timed.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from typing import Any

import cpmpy as cp
from cpmpy.tools.explain import mus

from sequencer import read
from sequencer.compile import compile_instance
from sequencer.places.divide import place_of
from sequencer.problem import Gate, Link, Width, Window
from sequencer.reasons.scarcity.shortfall import Shortfall
from sequencer.vocabulary import Event

Groups = dict[str, list[Any]]


def shared(short: Shortfall, x: Any, groups: Groups) -> None:  # noqa: ANN401 - CPMpy has no types
    """Add the rows of shared rules."""
    places = short.places
    split = places.split
    other = [cp.intvar(0, int(top)) for top in split.tops]
    terms: dict[int, list[Any]] = {}
    for columns, variables in ((split.cells, x), (split.others, other)):
        for j in range(len(columns.at) - 1):
            for e in range(columns.at[j], columns.at[j + 1]):
                terms.setdefault(int(columns.row[e]), []).append(int(columns.entry[e]) * variables[j])
    for row, entries in terms.items():
        side, total = int(places.sides[row]), cp.sum(entries)
        told = total == side if places.equalities[row] else total <= side
        groups.setdefault(str(short.rules[row]), []).append(told)


class Dates:
    """Windows and links over cells."""

    def __init__(self, short: Shortfall, x: Any) -> None:  # noqa: ANN401
        self.problem, self.places, self.x = short.problem, short.places, x
        cells = self.places.forest.cells
        self.of = {name: slice(*cells[p : p + 2].tolist()) for p, name in enumerate(self.places.names)}

    def date(self, name: str, event: Event) -> Any:  # noqa: ANN401
        """Return the month of an event as a sum."""
        cells, path = self.of[name], self.problem.paths[name]
        pairs = zip(self.places.transfer[cells].tolist(), self.places.option[cells].tolist(), strict=True)
        months = [month + path.options[option].offset(event) for month, option in pairs]
        return cp.sum([month * var for month, var in zip(months, self.x[cells], strict=True)])

    def tell(self, groups: Groups) -> None:
        """Add the windows and links, by place."""
        for rule in self.problem.rules:
            if isinstance(rule, Window):
                cells = self.of[rule.package]
                columns = self.places.transfer[cells] - self.problem.paths[rule.package].months.start
                shut = self.x[cells][rule.closed[self.places.option[cells], columns]]
                if len(shut):
                    groups.setdefault(place_of(rule.package), []).append(cp.sum(shut) == 0)
            elif isinstance(rule, Link):
                first, second = self.date(rule.before, rule.before_event), self.date(rule.after, rule.after_event)
                group = groups.setdefault(place_of(rule.before), [])
                if rule.minimum is not None:
                    group.append(first + rule.minimum <= second)
                if rule.maximum is not None:
                    group.append(second <= first + rule.maximum)


def ask(folder: str) -> dict[str, float]:
    """Return how long a minimal conflict took, and of how many groups it is."""
    problem = compile_instance(read(folder))
    began = time.perf_counter()
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, Width | Gate))
    short = Shortfall.of(replace(problem, rules=rules))
    if short is None:
        raise SystemExit("nothing is shared")
    x, groups = cp.boolvar(shape=len(short.places.var)), Groups()
    dates = Dates(short, x)
    shared(short, x, groups)
    dates.tell(groups)
    one = [cp.sum(x[cells]) == 1 for cells in dates.of.values()]
    found = mus([cp.all(group) for group in groups.values()], one, solver="ortools")
    return {"seconds": time.perf_counter() - began, "groups": len(found)}


print(json.dumps(ask(sys.argv[1])))  # noqa: T201

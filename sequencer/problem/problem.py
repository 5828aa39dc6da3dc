"""A whole problem: paths, rules, terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sequencer.months import Calendar
from sequencer.problem.breach import Breach
from sequencer.problem.bridge import Bridge
from sequencer.problem.link import Link
from sequencer.problem.path import Cell, Path
from sequencer.problem.reserve import Reserve
from sequencer.problem.rules import Rule
from sequencer.problem.schedule import Schedule
from sequencer.problem.supply import Supply
from sequencer.problem.together import Gate, Width
from sequencer.problem.window import Window
from sequencer.timetable import Choice, Choices, Uses


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """One objective term, always minimised: a sum or a maximum of tables over cells.

    Attributes
    ----------
    name, unit : str
        ``exit``, ``departure``, ``risk``, ``early_transfer``, ``cost`` or ``change``, and what its value counts.
    maximum : bool
        Whether the largest entry counts instead of the sum.
    tables : mapping of str to int array, shape (K, T)
        By package: what each of its cells contributes.
    """

    name: str
    unit: str
    maximum: bool
    tables: Mapping[str, NDArray[np.int64]]

    def value(self, schedule: Schedule) -> int:
        """Return the value of the term for a schedule, in ``unit``."""
        entries = (
            int(table[schedule.cells[name].option, schedule.paths[name].column(schedule.cells[name].transfer)])
            for name, table in self.tables.items()
        )
        return max(entries, default=0) if self.maximum else sum(entries)


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """Paths, rules and objective of one instance; see ``models/problem.md``.

    Attributes
    ----------
    horizon : int
        Number H of months; months run from 0 to H - 1.
    as_of : int
        The month before which all has happened.
    paths : mapping of str to Path
        By package.
    rules : tuple of Rule
        All rules; a schedule is a plan when it breaches none.
    terms : mapping of str to Term
        Every term the instance has data for, in the objective or not.
    """

    calendar: Calendar
    horizon: int
    paths: Mapping[str, Path]
    rules: tuple[Rule, ...]
    terms: Mapping[str, Term]
    as_of: int = 0

    @cached_property
    def windows(self) -> Mapping[str, tuple[Window, ...]]:
        """The windows of each package."""
        found: dict[str, list[Window]] = {name: [] for name in self.paths}
        for rule in self.rules:
            if isinstance(rule, Window):
                found[rule.package].append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def together_of(self) -> Mapping[str, tuple[Link | Width, ...]]:
        """The links and widths that bind each package; a package without any is left out."""
        found: dict[str, list[Link | Width]] = {}
        for rule in self.rules:
            if isinstance(rule, Link | Width):
                for name in rule.about:
                    found.setdefault(name, []).append(rule)
        return {name: tuple(rules) for name, rules in found.items()}

    @cached_property
    def gates(self) -> tuple[Gate, ...]:
        """All gates of phases."""
        return tuple(rule for rule in self.rules if isinstance(rule, Gate))

    @cached_property
    def reserves(self) -> tuple[Reserve, ...]:
        """All reserves."""
        return tuple(rule for rule in self.rules if isinstance(rule, Reserve))

    @cached_property
    def supplies(self) -> tuple[Supply, ...]:
        """All supplies."""
        return tuple(rule for rule in self.rules if isinstance(rule, Supply))

    @cached_property
    def bridge(self) -> Bridge | None:
        """The money rule; None where there is none."""
        return next((rule for rule in self.rules if isinstance(rule, Bridge)), None)

    def open_cells(self, package: str) -> NDArray[np.bool_]:
        """Return a mask, shape (K, T), of the cells of a package that no window closes."""
        mask = np.ones(self.paths[package].shape, dtype=bool)
        for window in self.windows[package]:
            mask &= ~window.closed
        return mask

    def cells(self, choices: Choices) -> dict[str, Cell]:
        """Return choices as cells; raises ``ValueError`` for an unknown option, ``KeyError`` for a missing package."""
        return {
            name: Cell([option.name for option in path.options].index(choices[name].option), choices[name].transfer)
            for name, path in self.paths.items()
        }

    def choices(self, cells: Mapping[str, Cell]) -> dict[str, Choice]:
        """Return cells as option names and transfer months."""
        return {name: Choice(self.paths[name].options[cell.option].name, cell.transfer) for name, cell in cells.items()}

    def breaches(self, cells: Mapping[str, Cell], uses: Uses | None = None) -> Iterator[Breach]:
        """Yield every breach of every rule by a schedule; with a money rule it must say what each line pays."""
        schedule = Schedule(self.calendar, self.paths, cells, uses or {})
        for rule in self.rules:
            yield from rule.breaches(schedule)

    def value(self, term: Term, cells: Mapping[str, Cell]) -> int:
        """Return the value of a term for a schedule."""
        return term.value(Schedule(self.calendar, self.paths, cells))

    def values(self, cells: Mapping[str, Cell]) -> dict[str, int]:
        """Return the value of every term for a schedule."""
        return {name: self.value(term, cells) for name, term in self.terms.items()}

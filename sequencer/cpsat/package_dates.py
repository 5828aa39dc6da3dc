"""The variables of one package over dates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Solution
from sequencer.problem import Cell, Demand, Path
from sequencer.vocabulary import Event


class PackageDates:
    """The variables of one package: the month of one event, a literal for each option, and what follows when asked for.

    Parameters
    ----------
    anchor : Event
        The event that has the variable; all other dates follow from it and the option.
    """

    def __init__(
        self, model: cp_model.CpModel, path: Path, mask: NDArray[np.bool_], anchor: Event = Event.TRANSFER
    ) -> None:
        self._model = model
        self.path = path
        months = np.array(path.months, dtype=np.int64)
        self._months = {k: months[row].tolist() for k, row in enumerate(mask) if row.any()}
        self.option = {k: model.new_bool_var("") for k in self._months}
        model.add_exactly_one(self.option.values())
        self._anchor = anchor
        self._lead = {k: path.options[k].offset(anchor) for k in self._months}
        shifted = {k: [month + self._lead[k] for month in open_] for k, open_ in self._months.items()}
        union = sorted({month for open_ in shifted.values() for month in open_}) or [0]
        self._anchored = model.new_int_var_from_domain(cp_model.Domain.from_values(union), "")
        for k, open_ in shifted.items():
            if open_ != union:
                domain = cp_model.Domain.from_values(open_)
                model.add_linear_expression_in_domain(self._anchored, domain).only_enforce_if(self.option[k])
        self._dates: dict[Event, cp_model.LinearExpr] = {}
        self._come: dict[tuple[Event, int, int | None], cp_model.IntVar] = {}
        self._cells: list[tuple[Cell, cp_model.IntVar]] | None = None

    def _offsets(self, event: Event) -> dict[int, int]:
        return {k: self.path.options[k].offset(event) for k in self.option}

    def span(self, event: Event) -> tuple[int, int]:
        """Return the first and last month in which an event can come."""
        offsets = self._offsets(event)
        dates = [month + offsets[k] for k, months in self._months.items() for month in (months[0], months[-1])]
        return min(dates), max(dates)

    def date(self, event: Event) -> cp_model.LinearExpr:
        """Return the month of an event: the transfer month and a constant, or a variable where options differ."""
        if event not in self._dates:
            self._dates[event] = self._ahead(self._offsets(event), self.span(event))
        return self._dates[event]

    def _after(self, option: int, months: int) -> cp_model.LinearExpr:
        """Return the month so many months after the transfer, if an option is taken."""
        return self._anchored + (months - self._lead[option])

    def _ahead(self, months: Mapping[int, int], span: tuple[int, int]) -> cp_model.LinearExpr:
        """Return the transfer month plus as many months as belong to the option taken."""
        ahead = {k: months[k] - self._lead[k] for k in months}
        if len(set(ahead.values())) == 1:
            return self._anchored + next(iter(ahead.values()))
        date = self._model.new_int_var(*span, "")
        chosen = cp_model.LinearExpr.weighted_sum([self.option[k] for k in ahead], list(ahead.values()))
        # One equation, not one for each option beside it: CP-SAT 9.15 aborts on some models that have both.
        self._model.add(date == self._anchored + chosen)
        return date

    def come_by(self, event: Event, month: int, option: int | None = None) -> cp_model.IntVar | bool:
        """Return whether an event comes in a month or earlier, and with an option: a literal, or the certain answer."""
        if option is not None:
            return self._come_with(option, month - self.path.options[option].offset(event))
        first, last = self.span(event)
        if month < first or month >= last:
            return month >= last
        if (event, month, None) not in self._come:
            literal = self._model.new_bool_var("")
            self._model.add(self.date(event) <= month).only_enforce_if(literal)
            self._model.add(self.date(event) >= month + 1).only_enforce_if(~literal)
            self._come[event, month, None] = literal
        return self._come[event, month, None]

    def _come_with(self, option: int, month: int) -> cp_model.IntVar | bool:
        """Return whether an option is taken and the transfer comes in a month or earlier."""
        if option not in self.option:
            return False
        come = self.come_by(Event.TRANSFER, month)
        if len(self.option) == 1 or come is False:
            return come
        if come is True:
            return self.option[option]
        if (Event.TRANSFER, month, option) not in self._come:
            both = self._model.new_bool_var("")
            self._model.add_bool_and(come, self.option[option]).only_enforce_if(both)
            self._model.add_bool_or(both, ~come, ~self.option[option])
            self._come[Event.TRANSFER, month, option] = both
        return self._come[Event.TRANSFER, month, option]

    def intervals(self, demand: Demand, horizon: int) -> list[cp_model.IntervalVar]:
        """Return the intervals of a need that lies within the plan: one, or one for each option."""
        lengths = self.lengths(demand)
        if lengths is None:
            begin = 0 if demand.begin is None else self.date(demand.begin)
            end = horizon if demand.end is None else self.date(demand.end)
            size = self._model.new_int_var(0, horizon, "")
            return [self._model.new_interval_var(begin, size, end, "")]
        if demand.begin is None:
            message = "a need with a length begins with an event"
            raise ValueError(message)
        offsets = self._offsets(demand.begin)
        if len(set(lengths.values())) == 1:
            return [self._model.new_fixed_size_interval_var(self.date(demand.begin), min(lengths.values()), "")]
        return [
            self._model.new_optional_fixed_size_interval_var(self._after(k, offsets[k]), length, self.option[k], "")
            for k, length in lengths.items()
            if length
        ]

    def lengths(self, demand: Demand) -> dict[int, int] | None:
        """Return for how many months something is needed in each option; None if that depends on the transfer month."""
        if demand.begin is None or (demand.end is None and demand.months is None):
            return None
        needed = {k: demand.option in {None, k} for k in self.option}
        if demand.months is not None or demand.end is None:
            return {k: (demand.months or 0) * needed[k] for k in self.option}
        opens, closes = self._offsets(demand.begin), self._offsets(demand.end)
        return {k: max(0, closes[k] - opens[k]) * needed[k] for k in self.option}

    def ends_by(self, demand: Demand, table: NDArray[np.int64]) -> bool:
        """Return whether nothing is needed from the month of the table's entry on, in whatever open cell."""
        lengths = self.lengths(demand)
        if lengths is None or demand.begin is None:
            return False
        opens = self._offsets(demand.begin)
        return all(
            not lengths[k] or month + opens[k] + lengths[k] <= int(table[k, self.path.column(month)])
            for k, months in self._months.items()
            for month in months
        )

    def cells(self) -> list[tuple[Cell, cp_model.IntVar]]:
        """Return every open cell and its literal, made when first asked for."""
        if self._cells is None:
            self._cells = [
                (Cell(k, month), self._model.new_bool_var("")) for k, open_ in self._months.items() for month in open_
            ]
            self._model.add_exactly_one(var for _, var in self._cells)
            for cell, var in self._cells:
                month = cell.transfer + self._lead[cell.option]
                self._model.add(self._anchored == month).only_enforce_if(var)
                self._model.add_implication(var, self.option[cell.option])
        return self._cells

    def keep_below(self, table: NDArray[np.int64], value: cp_model.IntVar) -> None:
        """Keep the entry of the chosen cell at most at a variable."""
        ahead = {
            k: {int(table[k, self.path.column(month)]) - month for month in open_} for k, open_ in self._months.items()
        }
        if all(len(values) == 1 for values in ahead.values()):  # a date: so many months after the transfer
            self._model.add(value >= self._dated({k: min(months) for k, months in ahead.items()}))
            return
        for cell, var in self.cells():
            entry = int(table[cell.option, self.path.column(cell.transfer)])
            self._model.add(value >= entry).only_enforce_if(var)

    def _dated(self, months: Mapping[int, int]) -> cp_model.LinearExpr:
        """Return the month so many months after the transfer, by option: the date of an event where it is one."""
        for event in Event:
            if self._offsets(event) == months:
                return self.date(event)
        dates = [month + months[k] for k, open_ in self._months.items() for month in (open_[0], open_[-1])]
        return self._ahead(months, (min(dates), max(dates)))

    def keep_open(self, mask: NDArray[np.bool_], literal: cp_model.IntVar) -> None:
        """Allow only the cells of a mask, shape (K, T), where a literal holds."""
        for k, months in self._months.items():
            allowed = [month + self._lead[k] for month in months if mask[k, self.path.column(month)]]
            if len(allowed) < len(months):
                domain = cp_model.Domain.from_values(allowed)
                self._model.add_linear_expression_in_domain(self._anchored, domain).only_enforce_if(
                    self.option[k], literal
                )

    def hint(self, cell: Cell) -> None:
        """Begin the search from a cell."""
        self._model.add_hint(self._anchored, cell.transfer + self.path.options[cell.option].offset(self._anchor))
        for k, literal in self.option.items():
            self._model.add_hint(literal, k == cell.option)

    def cell(self, solution: Solution) -> Cell:
        """Return the cell that was chosen."""
        option = next(k for k, literal in self.option.items() if solution.boolean_value(literal))
        return Cell(option, solution.value(self._anchored) - self._lead[option])

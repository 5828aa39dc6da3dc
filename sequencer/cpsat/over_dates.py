"""The problem over dates: a variable for each transfer month, intervals for what lasts. Strong for latest dates.

Needs that are the same in every month become intervals under ``cumulative``; others are sums over "has come by".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr, Literals, Masks, Solution, Terms, forbid_pairs, latest, weighted
from sequencer.cpsat.money import post_bridge
from sequencer.cpsat.relapses import post_reserve
from sequencer.cpsat.together import post_gate
from sequencer.problem import (
    Bridge,
    Cell,
    Demand,
    Gate,
    Link,
    Path,
    Problem,
    Reserve,
    Rule,
    Supply,
    Term,
    Width,
    Window,
)  # fmt: skip
from sequencer.vocabulary import Event

#: An event of a package that comes by a month, with an option if one is named.
Change: TypeAlias = tuple[str, Event, int, int | None]

LONGEST = 1200  # months that an event can lie beyond the plan, with the longest stages


class OverDates:
    """A formulation with a transfer month and an option for each package."""

    def __init__(self, problem: Problem, masks: Masks) -> None:
        self.model = cp_model.CpModel()
        self._paths = problem.paths
        self._horizon = problem.horizon
        self._packages = {name: PackageDates(self.model, path, masks[name]) for name, path in problem.paths.items()}

    def post(self, rule: Rule) -> None:
        """Add a rule."""
        match rule:
            case Window():
                pass  # closed months are outside the domains
            case Link():
                self._post_link(rule)
            case Supply():
                self._post_supply(rule)
            case Width():
                self._post_width(rule)
            case Gate():
                post_gate(self, rule)
            case Bridge():
                post_bridge(self, rule)
            case Reserve():
                post_reserve(self, rule)
            case _:
                assert_never(rule)

    def _post_link(self, rule: Link) -> None:
        before, after = self._packages[rule.before], self._packages[rule.after]
        if before.span(rule.before_event)[0] < 0 and after.span(rule.after_event)[0] < 0:
            forbid_pairs(rule, self.model, self._paths, self.literals)
            return
        lag = after.date(rule.after_event) - before.date(rule.before_event)
        if rule.minimum is not None:
            self.model.add(lag >= rule.minimum)
        if rule.maximum is not None:
            self.model.add(lag <= rule.maximum)

    def _post_supply(self, rule: Supply) -> None:
        monthly = all(len(months) == 1 for months in rule.buckets)
        if monthly and all(self._is_interval(demand) for demand in rule.demands):
            self._post_cumulative(rule)
            return
        for need, capacity in zip(self.sums(rule.demands, rule.buckets), rule.capacity, strict=True):
            self.model.add(need <= capacity)

    def _post_width(self, rule: Width) -> None:
        """Put an earliest and a latest date around all dates that lie in the plan."""
        first, last = (self.model.new_int_var(0, self._horizon + LONGEST, "") for _ in range(2))
        self.model.add(last - first <= rule.width)
        for name, event in rule.members:
            package = self._packages[name]
            past = package.come_by(event, -1)
            if past is True:
                continue
            date = package.date(event)
            for bound in (first <= date, date <= last):
                constraint = self.model.add(bound)
                if past is not False:
                    constraint.only_enforce_if(~past)

    def come_by(self, name: str, event: Event, month: int) -> Expr:
        """Return 1 if an event of a package comes in a month or earlier, else 0."""
        return self._packages[name].come_by(event, month)

    def sums(self, demands: Sequence[Demand], buckets: Sequence[range]) -> Sequence[Expr]:
        """Return what some demands come to in each bucket."""
        found = []
        for months in buckets:
            row: dict[Change, int] = {}
            constant = sum(_add_need(row, demand, months) for demand in demands)
            terms: Terms = []
            for (name, event, month, option), amount in row.items():
                come = self._packages[name].come_by(event, month, option)
                if isinstance(come, bool):
                    constant += amount * come
                elif amount:
                    terms.append((come, amount))
            found.append(weighted(terms) + constant)
        return found

    def _is_interval(self, demand: Demand) -> bool:
        """Return whether a need is the same in every month and always lies within the plan."""
        package = self._packages[demand.package]
        if demand.option is not None:
            return False
        first = 0 if demand.begin is None else package.span(demand.begin)[0]
        earliest, last = (0, self._horizon) if demand.end is None else package.span(demand.end)
        if demand.months is not None and demand.begin is not None:
            last = package.span(demand.begin)[1] + demand.months
        return min(first, earliest) >= 0 and last <= self._horizon and len(set(demand.amounts)) == 1

    def _post_cumulative(self, rule: Supply) -> None:
        most = max(rule.capacity)
        intervals, amounts = [], []
        for demand in rule.demands:
            intervals.append(self._packages[demand.package].interval(demand, self._horizon))
            amounts.append(demand.amounts[0])
        for month, capacity in enumerate(rule.capacity):
            if capacity < most:
                intervals.append(self.model.new_fixed_size_interval_var(month, 1, ""))
                amounts.append(most - capacity)
        self.model.add_cumulative(intervals, amounts, most)

    def minimise_latest(self, term: Term) -> None:
        """Make a maximum the objective."""
        value = latest(self.model, term)
        for name, table in term.tables.items():
            self._packages[name].keep_below(table, value)
        self.model.minimize(value)

    def hint(self, cells: Mapping[str, Cell]) -> None:
        """Begin the search from a schedule."""
        for name, cell in cells.items():
            self._packages[name].hint(cell)

    def chosen(self, solution: Solution) -> dict[str, Cell]:
        """Return the schedule that was found."""
        return {name: package.cell(solution) for name, package in self._packages.items()}

    def literals(self, name: str) -> Literals:
        """Return every open cell of a package and its literal."""
        return self._packages[name].cells()


class PackageDates:
    """The variables of one package: its transfer month, a literal for each option, and what follows when asked for."""

    def __init__(self, model: cp_model.CpModel, path: Path, mask: NDArray[np.bool_]) -> None:
        self._model = model
        self.path = path
        months = np.array(path.months, dtype=np.int64)
        self._months = {k: months[row].tolist() for k, row in enumerate(mask) if row.any()}
        union = sorted({month for open_ in self._months.values() for month in open_}) or [0]
        self.transfer = model.new_int_var_from_domain(cp_model.Domain.from_values(union), "")
        self.option = {k: model.new_bool_var("") for k in self._months}
        model.add_exactly_one(self.option.values())
        for k, open_ in self._months.items():
            if open_ != union:
                domain = cp_model.Domain.from_values(open_)
                model.add_linear_expression_in_domain(self.transfer, domain).only_enforce_if(self.option[k])
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

    def _ahead(self, months: Mapping[int, int], span: tuple[int, int]) -> cp_model.LinearExpr:
        """Return the transfer month plus as many months as belong to the option taken."""
        if len(set(months.values())) == 1:
            return self.transfer + next(iter(months.values()))
        date = self._model.new_int_var(*span, "")
        for k, ahead in months.items():
            self._model.add(date == self.transfer + ahead).only_enforce_if(self.option[k])
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

    def interval(self, demand: Demand, horizon: int) -> cp_model.IntervalVar:
        """Return the interval of a need that lies within the plan."""
        begin = 0 if demand.begin is None else self.date(demand.begin)
        if demand.months is not None:
            return self._model.new_fixed_size_interval_var(begin, demand.months, "")
        end = horizon if demand.end is None else self.date(demand.end)
        sizes = range(horizon + 1)
        if demand.begin is not None and demand.end is not None:
            opens, closes = self._offsets(demand.begin), self._offsets(demand.end)
            lengths = {closes[k] - opens[k] for k in opens}
            sizes = range(min(lengths), max(lengths) + 1)
        size = self._model.new_int_var(sizes[0], sizes[-1], "")
        return self._model.new_interval_var(begin, size, end, "")

    def cells(self) -> list[tuple[Cell, cp_model.IntVar]]:
        """Return every open cell and its literal, made when first asked for."""
        if self._cells is None:
            self._cells = [
                (Cell(k, month), self._model.new_bool_var("")) for k, open_ in self._months.items() for month in open_
            ]
            self._model.add_exactly_one(var for _, var in self._cells)
            for cell, var in self._cells:
                self._model.add(self.transfer == cell.transfer).only_enforce_if(var)
                self._model.add_implication(var, self.option[cell.option])
        return self._cells

    def keep_below(self, table: NDArray[np.int64], value: cp_model.IntVar) -> None:
        """Keep the entry of the chosen cell at most at a variable."""
        ahead = {
            k: {int(table[k, self.path.column(month)]) - month for month in open_} for k, open_ in self._months.items()
        }
        if all(len(values) == 1 for values in ahead.values()):  # a date: so many months after the transfer
            for k, months in ahead.items():
                self._model.add(value >= self.transfer + min(months)).only_enforce_if(self.option[k])
            return
        for cell, var in self.cells():
            entry = int(table[cell.option, self.path.column(cell.transfer)])
            self._model.add(value >= entry).only_enforce_if(var)

    def hint(self, cell: Cell) -> None:
        """Begin the search from a cell."""
        self._model.add_hint(self.transfer, cell.transfer)
        for k, literal in self.option.items():
            self._model.add_hint(literal, k == cell.option)

    def cell(self, solution: Solution) -> Cell:
        """Return the cell that was chosen."""
        option = next(k for k, literal in self.option.items() if solution.boolean_value(literal))
        return Cell(option, solution.value(self.transfer))


def _add_need(row: dict[Change, int], demand: Demand, months: range) -> int:
    """Add a need to the row of a bucket, as changes at "has come by"; return what is needed whatever is chosen.

    In month m the need is its amount times ([begin has come by m] - [end has come by m]).
    """
    constant = 0
    for month in months:
        amount = demand.amounts[month]
        if not amount:
            continue
        if demand.begin is None:
            constant += amount
        else:
            _change(row, (demand.package, demand.begin, month, demand.option), amount)
        if demand.months is not None and demand.begin is not None:
            _change(row, (demand.package, demand.begin, month - demand.months, demand.option), -amount)
        elif demand.end is not None:
            _change(row, (demand.package, demand.end, month, demand.option), -amount)
    return constant


def _change(row: dict[Change, int], key: Change, amount: int) -> None:
    row[key] = row.get(key, 0) + amount

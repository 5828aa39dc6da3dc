"""The problem over dates: a variable for each transfer month, intervals for what lasts. Strong for latest dates.

Needs that are the same in every month become intervals under ``cumulative``; others are sums over "has come by".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr, Literals, Solution, Terms, forbid_pairs, latest, weighted
from sequencer.cpsat.package_dates import PackageDates
from sequencer.cpsat.shared import Shared
from sequencer.engine.tables import Masks
from sequencer.problem import Cell, Demand, Link, Problem, Supply, Term, Width
from sequencer.vocabulary import Event

#: An event of a package that comes by a month, with an option if one is named.
Change: TypeAlias = tuple[str, Event, int, int | None]

LONGEST = 1200  # months that an event can lie beyond the plan, with the longest stages


class OverDates(Shared):
    """A formulation with a transfer month and an option for each package."""

    def __init__(self, problem: Problem, masks: Masks) -> None:
        self.model = cp_model.CpModel()
        self._paths = problem.paths
        self._horizon = problem.horizon
        self._pools: list[Supply] = []
        anchors = _anchors(problem)
        self._packages = {
            name: PackageDates(self.model, path, masks[name], anchors.get(name, Event.TRANSFER))
            for name, path in problem.paths.items()
        }

    def post_link(self, rule: Link) -> None:
        """Bound the lag between two dates."""
        before, after = self._packages[rule.before], self._packages[rule.after]
        if before.span(rule.before_event)[0] < rule.as_of and after.span(rule.after_event)[0] < rule.as_of:
            forbid_pairs(rule, self.model, self._paths, self.literals)
            return
        lag = after.date(rule.after_event) - before.date(rule.before_event)
        if rule.minimum is not None:
            self.model.add(lag >= rule.minimum)
        if rule.maximum is not None:
            self.model.add(lag <= rule.maximum)

    def post_supply(self, rule: Supply) -> None:
        """Lay intervals into the pool where needs are steady, else bound the sum of each bucket."""
        self._pools.append(rule)
        monthly = all(len(months) == 1 for months in rule.buckets)
        if monthly and all(self._is_interval(demand) for demand in rule.demands):
            self._post_cumulative(rule)
            return
        for need, capacity in zip(self.sums(rule.demands, rule.buckets), rule.capacity, strict=True):
            self.model.add(need <= capacity)

    def post_width(self, rule: Width) -> None:
        """Put an earliest and a latest date around all dates that are to come."""
        first, last = (self.model.new_int_var(0, self._horizon + LONGEST, "") for _ in range(2))
        self.model.add(last - first <= rule.width)
        for name, event in rule.members:
            package = self._packages[name]
            past = package.come_by(event, rule.as_of - 1)
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
            terms: Terms = []
            constant = 0
            for demand in demands:
                by_option = self._by_option(demand, months)
                if by_option is None:
                    constant += _add_need(row, demand, months)
                else:
                    terms += by_option
            for (name, event, month, option), amount in row.items():
                come = self._packages[name].come_by(event, month, option)
                if isinstance(come, bool):
                    constant += amount * come
                elif amount:
                    terms.append((come, amount))
            found.append(weighted(terms) + constant)
        return found

    def _by_option(self, demand: Demand, months: range) -> Terms | None:
        """Return a need that never leaves some months, and is the same in each, as a sum over options; else None."""
        package = self._packages[demand.package]
        lengths = package.lengths(demand)
        first, last = self._reach(demand)
        if lengths is None or first < months.start or last > months.stop:
            return None
        if len(set(demand.amounts[months.start : months.stop])) != 1:
            return None
        amount = demand.amounts[months.start]
        return [(package.option[k], amount * length) for k, length in lengths.items() if length]

    def _is_interval(self, demand: Demand) -> bool:
        """Return whether a need is the same in every month and always lies within the plan."""
        if demand.option is not None or len(set(demand.amounts)) != 1:
            return False
        first, last = self._reach(demand)
        return first >= 0 and last <= self._horizon

    def _reach(self, demand: Demand) -> tuple[int, int]:
        """Return the first month in which something can be needed, and the first from which on nothing can."""
        package = self._packages[demand.package]
        begins = (0, 0) if demand.begin is None else package.span(demand.begin)
        ends = (self._horizon, self._horizon) if demand.end is None else package.span(demand.end)
        if demand.months is not None:
            ends = (begins[0] + demand.months, begins[1] + demand.months)
        return min(begins[0], ends[0]), max(begins[1], ends[1])

    def _post_cumulative(self, rule: Supply) -> None:
        most = max(rule.capacity)
        intervals, amounts = [], []
        for demand in rule.demands:
            mine = self._packages[demand.package].intervals(demand, self._horizon)
            intervals += mine
            amounts += [demand.amounts[0]] * len(mine)
        for month, capacity in enumerate(rule.capacity):
            if capacity < most:
                intervals.append(self.model.new_fixed_size_interval_var(month, 1, ""))
                amounts.append(most - capacity)
        self.model.add_cumulative(intervals, amounts, most)

    def minimise_latest(self, term: Term, floor: int | None = None) -> None:
        """Make a maximum the objective; ``floor`` is what it is known to reach at least."""
        value = latest(self.model, term, floor)
        for name, table in term.tables.items():
            self._packages[name].keep_below(table, value)
        for rule in self._pools:
            self._bound_by_energy(rule, term, value)
        self.model.minimize(value)

    def _bound_by_energy(self, rule: Supply, term: Term, value: cp_model.IntVar) -> None:
        """Say that what a pool is asked for before the latest date is there before it (proposition 13)."""
        if not all(len(months) == 1 for months in rule.buckets):
            return
        terms: Terms = []
        for demand in rule.demands:
            package = self._packages[demand.package]
            by_option = self._by_option(demand, range(self._horizon))
            table = term.tables.get(demand.package)
            if by_option is not None and table is not None and package.ends_by(demand, table):
                terms += by_option
        if terms and all(int(table.min()) >= 0 for table in term.tables.values()):  # else all may lie before the plan
            self.model.add(weighted(terms) <= max(rule.capacity) * value)

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


def _anchors(problem: Problem) -> dict[str, Event]:
    """Return, for packages of which links name events, the first of these: the transfer if they name it."""
    named: dict[str, set[Event]] = {}
    for rule in problem.rules:
        if isinstance(rule, Link):
            named.setdefault(rule.before, set()).add(rule.before_event)
            named.setdefault(rule.after, set()).add(rule.after_event)
    return {
        name: Event.TRANSFER if Event.TRANSFER in events else next(event for event in Event if event in events)
        for name, events in named.items()
    }


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

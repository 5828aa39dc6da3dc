"""How CP-SAT is told each rule and term; ``models/problem.md`` has the statements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sequencer.cpsat.variables import PackageVariables, Terms
from sequencer.problem import Demand, Link, Path, Rule, Supply, Term, Window

Variables = Mapping[str, PackageVariables]


def post(rule: Rule, model: cp_model.CpModel, variables: Variables) -> None:
    """Add a rule to a model."""
    match rule:
        case Window():
            pass  # closed cells have no literal
        case Link():
            _post_link(rule, model, variables)
        case Supply():
            _post_supply(rule, model, variables)
        case _:
            assert_never(rule)


def _post_link(rule: Link, model: cp_model.CpModel, variables: Variables) -> None:
    """Whenever ``after`` has come by month m, ``before`` has come by m - minimum; the maximum mirrors it.

    Both sides are sums of literals of which at most one holds, which gives the strongest linear relaxation.
    """
    before, after = variables[rule.before], variables[rule.after]
    starts = before.dates(rule.before_event), after.dates(rule.after_event)
    if all(dates and dates[0] < 0 for dates in starts):
        _post_link_cells(rule, model, variables)
        return
    if rule.minimum is not None:
        for month in after.dates(rule.after_event):
            model.add(
                sum(after.happened(rule.after_event, month))
                <= sum(before.happened(rule.before_event, month - rule.minimum))
            )
    if rule.maximum is not None:
        for month in before.dates(rule.before_event):
            model.add(
                sum(before.happened(rule.before_event, month))
                <= sum(after.happened(rule.after_event, month + rule.maximum))
            )


def _post_link_cells(rule: Link, model: cp_model.CpModel, variables: Variables) -> None:
    """Forbid the pairs of cells that break the rule; used where both events may lie before the plan, which drops it."""
    before, after = variables[rule.before], variables[rule.after]
    for first, one in before.cells():
        for second, other in after.cells():
            start = before.path.date(first, rule.before_event)
            lag = after.path.date(second, rule.after_event) - start
            short = rule.minimum is not None and lag < rule.minimum
            long = rule.maximum is not None and lag > rule.maximum
            if (short or long) and not (start < 0 and start + lag < 0):
                model.add_bool_or(~one, ~other)


def _post_supply(rule: Supply, model: cp_model.CpModel, variables: Variables) -> None:
    rows: list[Terms] = [[] for _ in rule.buckets]
    for name, demands in rule.demands_of.items():
        needs = need_tables(rule, demands, variables[name].path)
        for b in np.flatnonzero(needs.any(axis=(1, 2))):
            rows[b] += variables[name].total(needs[b])
    for terms, capacity in zip(rows, rule.capacity, strict=True):
        if terms:
            model.add(weighted(terms) <= capacity)


def need_tables(rule: Supply, demands: tuple[Demand, ...], path: Path) -> NDArray[np.int64]:
    """Return what a package needs by bucket and cell, shape (B, K, T), from running sums of the monthly amounts."""
    tables = np.zeros((len(rule.buckets), *path.shape), dtype=np.int64)
    starts = np.array([months.start for months in rule.buckets])
    stops = np.array([months.stop for months in rule.buckets])
    transfer = np.array(path.months)[:, None]
    for demand in demands:
        horizon = len(demand.amounts)
        running = np.concatenate([[0], np.cumsum(demand.amounts)])
        for k, option in enumerate(path.options):
            begin = np.zeros_like(transfer) if demand.begin is None else transfer + option.offset(demand.begin)
            end = np.full_like(transfer, horizon) if demand.end is None else transfer + option.offset(demand.end)
            if demand.months is not None:
                end = begin + demand.months
            first, last = np.clip(begin, starts, stops), np.clip(end, starts, stops)
            tables[:, k, :] += (running[np.maximum(first, last)] - running[first]).T
    return tables


def bound_term(term: Term, most: int, model: cp_model.CpModel, variables: Variables) -> None:
    """Keep a term at most at a value."""
    if term.maximum:
        for name, table in term.tables.items():
            path = variables[name].path
            for cell, var in variables[name].cells():
                if table[cell.option, path.column(cell.transfer)] > most:
                    model.add(var == 0)
    else:
        model.add(weighted(_sum_terms(term, variables)) <= most)


def minimise(term: Term, model: cp_model.CpModel, variables: Variables) -> None:
    """Make a term the objective."""
    if not term.maximum:
        model.minimize(weighted(_sum_terms(term, variables)))
        return
    entries = [int(value) for table in term.tables.values() for value in (table.min(), table.max())]
    latest = model.new_int_var(min([0, *entries]), max([0, *entries]), "latest")
    for name, table in term.tables.items():
        model.add(latest >= weighted(variables[name].total(table)))
    model.minimize(latest)


def _sum_terms(term: Term, variables: Variables) -> Terms:
    """Return a sum over all cells; written over cells, where the relaxation sees each cell's own cost."""
    return [
        (var, value)
        for name, table in term.tables.items()
        for cell, var in variables[name].cells()
        if (value := int(table[cell.option, variables[name].path.column(cell.transfer)]))
    ]


def weighted(terms: Terms) -> cp_model.LinearExpr:
    """Return the linear expression of some terms."""
    return cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [value for _, value in terms])

"""The rows of the MILP formulation read back from PuLP, and timetables judged by them without a MILP solver."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pulp
from oracles import Plan
from ortools.sat.python import cp_model

from sequencer.binaries.over_binaries import OverBinaries
from sequencer.milp.rows import Rows
from sequencer.milp.search import tell
from sequencer.problem import Cell, Problem

#: A row over helpers: their coefficients by name, and the least and the most that the sum may be.
Left: TypeAlias = tuple[tuple[tuple[str, int], ...], int | None, int | None]


def exact(value: float) -> int:
    """Return a coefficient, which must be a whole number."""
    assert value == int(value), value
    return int(value)


@dataclass
class MilpRows:
    """All rules of a problem as rows, without an objective.

    Whether helpers exist for a timetable is asked in whole numbers: where they are continuous, models/milp.md proves
    that whole ones exist if any do.
    """

    model: OverBinaries
    rows: Rows
    known: dict[frozenset[Left], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.rows.problem
        self._tops = {var.name: exact(var.upBound) for var in problem.variables()}
        assert all(exact(var.lowBound) == 0 for var in problem.variables())
        self._cells = {
            name: {cell: self.rows.listed[var].name for cell, var in zip(package.cells, package.vars, strict=True)}
            for name, package in self.model.packages.items()
        }
        self._binaries = {variable for cells in self._cells.values() for variable in cells.values()}
        assert all(self._tops[variable] == 1 for variable in self._binaries)
        self._rows = [
            ({var.name: exact(value) for var, value in row.items()}, row.sense, -exact(row.constant))
            for row in problem.constraints()
        ]

    def admits(self, cells: Mapping[str, Cell]) -> bool:
        """Return whether a timetable keeps every row for some values of the helpers; a closed cell has no binary."""
        if any(cell not in self._cells[name] for name, cell in cells.items()):
            return False
        chosen = {self._cells[name][cell] for name, cell in cells.items()}
        left = []
        for row, sense, side in self._rows:
            value = sum(factor for variable, factor in row.items() if variable in chosen)
            least = None if sense == pulp.LpConstraintLE else side - value
            most = None if sense == pulp.LpConstraintGE else side - value
            helpers = tuple((variable, factor) for variable, factor in row.items() if variable not in self._binaries)
            if helpers:
                left.append((helpers, least, most))
            elif (least is not None and least > 0) or (most is not None and most < 0):
                return False
        return self._completed(left)

    def _completed(self, left: Sequence[Left]) -> bool:
        """Return whether whole values of the helpers keep the rows that are left."""
        key = frozenset(left)
        if key not in self.known:
            self.known[key] = not left or self._solved(left)
        return self.known[key]

    def _solved(self, left: Sequence[Left]) -> bool:
        model = cp_model.CpModel()
        names = sorted({name for helpers, _, _ in left for name, _ in helpers})
        found = {name: model.new_int_var(0, self._tops[name], name) for name in names}
        for helpers, least, most in left:
            total = sum(factor * found[name] for name, factor in helpers)
            if least is not None:
                model.add(total >= least)
            if most is not None:
                model.add(total <= most)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model)
        assert status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}, solver.status_name(status)
        return status == cp_model.OPTIMAL


def rows_of(problem: Problem) -> MilpRows | None:
    """Return the rows of a problem; None if a package has no open cell."""
    told = tell(problem, None, [])
    return None if told is None else MilpRows(told.model, told.rows)


def admitted_by_milp(problem: Problem) -> set[Plan]:
    """Return every timetable of open cells that the rows admit."""
    rows = rows_of(problem)
    if rows is None:
        return set()
    cells = [package.cells for package in rows.model.packages.values()]
    return {plan for plan in itertools.product(*cells) if rows.admits(dict(zip(problem.paths, plan, strict=True)))}

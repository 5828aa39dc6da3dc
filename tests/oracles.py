"""Slow and plain answers to compare the program with: every timetable, tried one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Formulation, open_masks
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.problem import Cell, Problem

#: A timetable as a hashable value: the cell of each package, in the order of the problem.
Plan = tuple[Cell, ...]


def cells_of(problem: Problem) -> list[list[Cell]]:
    """Return all cells of each package, open or closed."""
    return [
        [Cell(k, month) for k in range(len(path.options)) for month in path.months] for path in problem.paths.values()
    ]


def every_plan(problem: Problem) -> Iterator[Plan]:
    """Yield every timetable that breaches no rule, closed cells pruned package by package."""
    allowed = []
    for name, cells in zip(problem.paths, cells_of(problem), strict=True):
        path, windows = problem.paths[name], problem.windows[name]
        allowed.append([c for c in cells if not any(w.closed[c.option, path.column(c.transfer)] for w in windows)])
    for plan in itertools.product(*allowed):
        if not any(problem.breaches(dict(zip(problem.paths, plan, strict=True)))):
            yield plan


def best(problem: Problem, plans: Sequence[Plan], goals: Sequence[tuple[str, int]]) -> list[int]:
    """Return the best value of each level: level i over the plans that keep every earlier cap."""
    values = [problem.values(dict(zip(problem.paths, plan, strict=True))) for plan in plans]
    found = []
    for term, tolerance in goals:
        least = min(value[term] for value in values)
        found.append(least)
        values = [value for value in values if value[term] <= least + tolerance]
    return found


class _Collect(cp_model.CpSolverSolutionCallback):
    def __init__(self, told: Formulation) -> None:
        super().__init__()
        self._told = told
        self.plans: set[Plan] = set()

    def on_solution_callback(self) -> None:
        self.plans.add(tuple(self._told.chosen(self).values()))


def admitted_by_cpsat(problem: Problem, formulation: type[OverCells | OverDates]) -> set[Plan]:
    """Return every timetable that a CP-SAT formulation admits, by one enumeration of all its solutions."""
    masks = open_masks(problem, [])
    if not all(mask.any() for mask in masks.values()):
        return set()
    told = formulation(problem, masks)
    for rule in problem.rules:
        told.post(rule)
    collect = _Collect(told)
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    status = solver.solve(told.model, collect)
    assert status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}, solver.status_name(status)
    return collect.plans

"""Slow and plain answers to compare the program with: every timetable, tried one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from money_oracle import MoneyOracle
from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Formulation
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.over_dates import OverDates
from sequencer.engine.tables import open_masks
from sequencer.problem import Bridge, Cell, Problem, Reserve, Width

#: A timetable as a hashable value: the cell of each package, in the order of the problem.
Plan = tuple[Cell, ...]


def cells_of(problem: Problem) -> list[list[Cell]]:
    """Return all cells of each package, open or closed."""
    return [
        [Cell(k, month) for k in range(len(path.options)) for month in path.months] for path in problem.paths.values()
    ]


def every_plan(problem: Problem, money: MoneyOracle | None = None) -> Iterator[Plan]:
    """Yield every timetable that breaches no rule, closed cells pruned package by package.

    Where there is money, a timetable is a plan if ``money`` finds payments for it, and no rule is breached with them.
    """
    assert money is not None or problem.bridge is None
    allowed = []
    for name, cells in zip(problem.paths, cells_of(problem), strict=True):
        path, windows = problem.paths[name], problem.windows[name]
        allowed.append([c for c in cells if not any(w.closed[c.option, path.column(c.transfer)] for w in windows)])
    for plan in itertools.product(*allowed):
        chosen = dict(zip(problem.paths, plan, strict=True))
        uses = money.uses(problem.choices(chosen)) if money else {}
        if uses is not None and not any(problem.breaches(chosen, uses)):
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


def admitted_by_cpsat(problem: Problem, formulation: type[OverCells | OverDates], most: int) -> set[Plan]:
    """Return every timetable that a CP-SAT formulation admits; more than ``most`` are a mistake, and not waited for."""
    masks = open_masks(problem, [])
    if not all(mask.any() for mask in masks.values()):
        return set()
    told = formulation(problem, masks)
    for rule in problem.rules:
        told.post(rule)
    return _enumerated(told) if settled(problem) else _one_by_one(told, problem, most)


def settled(problem: Problem) -> bool:
    """Return whether a timetable settles every variable of a formulation, so that each is one solution of it."""
    return not any(isinstance(rule, Bridge | Reserve | Width) for rule in problem.rules)


def _enumerated(told: Formulation) -> set[Plan]:
    """Return the timetables of one enumeration of all solutions."""
    collect, solver = _Collect(told), cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    status = solver.solve(told.model, collect)
    assert status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}, solver.status_name(status)
    return collect.plans


def _one_by_one(told: Formulation, problem: Problem, most: int) -> set[Plan]:
    """Return the timetables of searches that each forbid those before."""
    literals = {name: dict(told.literals(name)) for name in problem.paths}
    found: set[Plan] = set()
    while len(found) <= most:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.cp_model_presolve = False
        status = solver.solve(told.model)
        if status == cp_model.INFEASIBLE:
            break
        assert status == cp_model.OPTIMAL, solver.status_name(status)
        cells = told.chosen(solver)
        found.add(tuple(cells.values()))
        told.model.add_bool_or([~literals[name][cell] for name, cell in cells.items()])
    return found

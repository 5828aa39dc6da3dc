"""Several problems in one model: each has a plan of its own, but some cells are taken alike in all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from ortools.sat.python import cp_model

from sequencer.cpsat.formulation import Expr, total, weighted
from sequencer.cpsat.over_cells import OverCells
from sequencer.cpsat.solver import integer, ready, solve
from sequencer.engine.run import Stoppable
from sequencer.engine.tables import open_masks
from sequencer.errors import Disagreement
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Problem

#: Of each package the cells that are taken in all problems or in none.
Common: TypeAlias = Mapping[str, frozenset[Cell]]


@dataclass(frozen=True, slots=True)
class Joint:
    """One level.

    Attributes
    ----------
    status : Status
        OPTIMAL: ``bound`` is reached.
    cells : tuple of mapping, or None
        A plan of each problem.
    bound : int or None
        No plans have a smaller aim.
    scale : Fraction
        What a mean or tail is multiplied by to be the whole number of the aim.
    """

    status: Status
    cells: tuple[Mapping[str, Cell], ...] | None
    bound: int | None
    scale: Fraction


def run(
    problems: Sequence[Problem],
    terms: Sequence[tuple[str, Fraction]],
    common: Common,
    *,
    limits: Limits,
    stop: Stoppable,
) -> list[Joint]:
    """Minimise terms over several problems, one after the other, each without giving up what is reached before.

    Parameters
    ----------
    problems : sequence of Problem, length N
        With the same paths.
    terms : sequence of (str, Fraction)
        Of each its name, and the share of the problems over whose largest values it is averaged: 1 is the mean.
    common : Common

    Returns
    -------
    list of Joint
        A level for each term; fewer where there is no plan, or none was found.
    """
    model = cp_model.CpModel()
    masks = [open_masks(problem, ()) for problem in problems]
    if not all(mask.any() for each in masks for mask in each.values()):
        return [Joint(Status.INFEASIBLE, None, None, Fraction(1))]
    copies = [OverCells(problem, mask, model) for problem, mask in zip(problems, masks, strict=True)]
    for problem, copy in zip(problems, copies, strict=True):
        for rule in problem.rules:
            copy.post(rule)
    _tie(model, copies, common)
    levels = list[Joint]()
    for name, share in terms:
        aim, scale = _aim(model, copies, problems, name, share)
        status, solver = _minimise(model, aim, limits, stop)
        limits = _left(limits, solver)
        if status not in {Status.OPTIMAL, Status.FEASIBLE}:
            return [*levels, Joint(status, None, None, scale)]
        cells = tuple(copy.chosen(solver) for copy in copies)
        levels.append(Joint(status, cells, integer(solver.best_objective_bound, 1), scale))
        model.add(aim <= solver.value(aim))
        model.proto.clear_solution_hint()
        for copy, chosen in zip(copies, cells, strict=True):
            copy.hint(chosen)
    return levels


def _tie(model: cp_model.CpModel, copies: Sequence[OverCells], common: Common) -> None:
    """Let cells be taken in all problems or in none; those closed in one are taken in none."""
    for name, cells in common.items():
        literals = [dict(copy.literals(name)) for copy in copies]
        for cell in sorted(cells):
            found = [each[cell] for each in literals if cell in each]
            if len(found) < len(copies):
                for literal in found:
                    model.add(literal == 0)
            else:
                for literal in found[1:]:
                    model.add(literal == found[0])


def _aim(
    model: cp_model.CpModel, copies: Sequence[OverCells], problems: Sequence[Problem], name: str, share: Fraction
) -> tuple[Expr, Fraction]:
    """Return the mean of the largest values of a term that make up a share of all, and what it is multiplied by.

    With a mass m of copies, it is the least over h of h + sum(max(0, value - h)) / m: above the best h lie so many.
    """
    values: list[Expr] = []
    for problem, copy in zip(problems, copies, strict=True):
        term = problem.terms[name]
        if term.maximum:
            values.append(copy.latest(term))
        else:
            entries, unit = total(term, problem.paths, copy.literals)
            values.append(weighted(entries) * unit)
    if share == 1:
        return sum(values), Fraction(len(copies))
    mass = share * len(copies)
    extents = [_extent(problem, name) for problem in problems]
    least, most = min(low for low, _ in extents), max(high for _, high in extents)
    height = model.new_int_var(least, most, "")
    above = [model.new_int_var(0, most - least, "") for _ in values]
    for value, over in zip(values, above, strict=True):
        model.add(over >= value - height)
    return mass.numerator * height + mass.denominator * sum(above), Fraction(mass.numerator)


def _extent(problem: Problem, name: str) -> tuple[int, int]:
    """Return between which values a term lies; one of what happened before the plan may be negative."""
    term = problem.terms[name]
    least, most = ([int(pick(table)) for table in term.tables.values()] for pick in (np.min, np.max))
    return (min([0, *least]), max([0, *most])) if term.maximum else (sum(least), sum(most))


def _minimise(model: cp_model.CpModel, aim: Expr, limits: Limits, stop: Stoppable) -> tuple[Status, cp_model.CpSolver]:
    """Minimise; that there is no plan is proven a second time, without letting the solver simplify the model."""
    model.minimize(aim)
    solver = ready(limits, limits.seconds, presolve=True, light=False)
    found = solve(solver, model, stop, None)
    if found == cp_model.MODEL_INVALID:
        raise Disagreement(f"CP-SAT calls the model invalid: {model.validate()}")
    if found == cp_model.INFEASIBLE:
        left = _left(limits, solver)
        again = ready(left.reseeded(), left.seconds, presolve=False, light=False)
        second = solve(again, model, stop, None)
        if second in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            raise Disagreement("CP-SAT proves that there is no plan for all scenarios, and finds one")
        return (Status.INFEASIBLE if second == cp_model.INFEASIBLE else Status.UNKNOWN), solver
    known = {cp_model.OPTIMAL: Status.OPTIMAL, cp_model.FEASIBLE: Status.FEASIBLE}
    return known.get(found, Status.UNKNOWN), solver


def _left(limits: Limits, solver: cp_model.CpSolver) -> Limits:
    """Return limits less what a solver has used of them."""
    spent = solver.deterministic_time if limits.deterministic else solver.wall_time
    return replace(limits, seconds=max(limits.seconds - spent, 0.01))

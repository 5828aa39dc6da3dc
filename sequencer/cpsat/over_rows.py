"""Rows of whole numbers told to CP-SAT as they are: what prices leave of a program is proven, or searched on.

Every variable is told as an integer. That leaves out nothing: where a program allows fractions, in payments that are
settled, in thresholds of reserves and in helpers of gates, integers that do as well exist for any choice of cells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from sequencer.binaries.matrix import Arrays
from sequencer.cpsat.formulation import weighted
from sequencer.cpsat.solver import Hearing, integer, ready, solve
from sequencer.engine.run import Stoppable
from sequencer.errors import Disagreement
from sequencer.outcome import Limits

#: Told of each better solution, as values of all variables, or of a bound.
Heard: TypeAlias = Callable[[NDArray[np.float64] | None, int | None], None]

WORK = "max_lp"  # of all ways CP-SAT works on a program of cells on one thread, the one that closes most


def run(
    program: Arrays,
    least: int,
    most: int,
    *,
    limits: Limits,
    stop: Stoppable,
    hear: Heard,
    work: str | None = WORK,
) -> int:
    """Look for the least objective between two numbers, on one thread; return what no solution is below.

    That is more than ``most`` where none is found because there is none.

    Parameters
    ----------
    least, most : int
        The objective is known not to be below ``least``; solutions above ``most`` do not count.
    hear : callable
        On a thread of the solver.
    work : str or None
        How CP-SAT works; None: as it sees fit, which ends sooner where there are few hundred cells.

    Raises
    ------
    Disagreement
        If the solver calls the model invalid.
    """
    if least > most:
        return least
    model = cp_model.CpModel()
    variables = [model.new_int_var(0, top, "") for top in program.tops.tolist()]
    _tell(program, model, variables)
    model.minimize(weighted(list(zip(variables, program.cost.tolist(), strict=True))))
    model.proto.objective.domain.extend([least, most])  # as a row of its own it would prune next to nothing
    solver = ready(limits, limits.seconds, presolve=True, light=False)
    solver.parameters.num_workers = 1
    if work is not None:
        solver.parameters.subsolvers.append(work)
    status = solve(solver, model, stop, _Watch(variables, hear))
    if status == cp_model.MODEL_INVALID:
        raise Disagreement(f"CP-SAT calls the model invalid: {model.validate()}")
    if status == cp_model.INFEASIBLE:
        return most + 1
    bound = integer(solver.best_objective_bound, 1)
    return least if bound is None else max(least, bound)


def _tell(program: Arrays, model: cp_model.CpModel, variables: list[cp_model.IntVar]) -> None:
    index, values = program.index.tolist(), program.value.tolist()
    starts, sides, equal = program.starts.tolist(), program.sides.tolist(), program.equalities.tolist()
    single = (program.tops <= 1).tolist()
    for row, side in enumerate(sides):
        entries = slice(starts[row], starts[row + 1])
        mine, needs = [variables[i] for i in index[entries]], values[entries]
        if side == 1 and all(need == 1 for need in needs) and all(single[i] for i in index[entries]):
            (model.add_exactly_one if equal[row] else model.add_at_most_one)(mine)
            continue
        total = weighted(list(zip(mine, needs, strict=True)))
        model.add(total == side if equal[row] else total <= side)


class _Watch(Hearing):
    """Passes on solutions and bounds."""

    def __init__(self, variables: list[cp_model.IntVar], hear: Heard) -> None:
        super().__init__()
        self._variables = variables
        self._hear = hear

    def on_solution_callback(self) -> None:
        """Pass on a solution."""
        self._hear(np.array([self.value(variable) for variable in self._variables], np.float64), None)

    def on_bound(self, bound: float) -> None:
        """Pass on a bound."""
        least = integer(bound, 1)
        if least is not None:
            self._hear(None, least)

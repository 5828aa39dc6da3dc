"""PyJobShop as a peer on files of the PSPLIB: its own model of the same project, solved by CP-SAT as it does it.

It is imported only when it is asked for; the project does not depend on it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sequencer.importing.project import Project

if TYPE_CHECKING:
    from pyjobshop import Model


@dataclass(frozen=True, slots=True)
class Answer:
    """What the peer answered.

    Attributes
    ----------
    status : str
        OPTIMAL, FEASIBLE, INFEASIBLE or UNKNOWN.
    value, bound : int or None
        The makespan of its schedule and what it has proven, in periods.
    seconds : float
        Wall time of building its model and solving it.
    """

    status: str
    value: int | None
    bound: int | None
    seconds: float


def solve_project(project: Project, *, seconds: float, workers: int, seed: int = 0) -> Answer:
    """Minimise the makespan of a project with PyJobShop on CP-SAT.

    Parameters
    ----------
    seconds : float
        Wall time of the solver; building the model comes on top, as for the program's own engines.
    """
    began = time.monotonic()
    result = model_of(project).solve(
        solver="ortools", time_limit=seconds, display=False, num_workers=workers, random_seed=seed
    )
    spent = time.monotonic() - began
    status = {"Optimal": "OPTIMAL", "Feasible": "FEASIBLE", "Infeasible": "INFEASIBLE"}.get(
        result.status.value, "UNKNOWN"
    )
    known = status in {"OPTIMAL", "FEASIBLE"}
    value = round(result.objective) if known else None
    bound = round(result.lower_bound) if known else None
    return Answer(status, value, bound, spent)


def model_of(project: Project) -> Model:
    """Return PyJobShop's model of a project."""
    from pyjobshop import Model  # noqa: PLC0415 - a peer, only where it is asked for

    model = Model()
    resources = [
        model.add_renewable(resource.capacity, name=resource.name)
        if resource.renewable
        else model.add_consumable(resource.capacity, name=resource.name)
        for resource in project.resources
    ]
    tasks = []
    for i, modes in enumerate(project.activities):
        task = model.add_task(latest_start=0) if i == 0 else model.add_task()
        tasks.append(task)
        for mode in modes:
            drawn = [(resources[r], need) for r, need in enumerate(mode.needs) if need]
            model.add_mode(task, [resource for resource, _ in drawn], mode.duration, [need for _, need in drawn])
    for first, second in project.precedences:
        model.add_end_before_start(tasks[first], tasks[second])
    for lag in project.lags:
        model.add_start_before_start(tasks[lag.before], tasks[lag.after], delay=lag.periods)
    return model

"""Plans in two stages: what is begun in the first phase is alike in every scenario, all else may wait and see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from sequencer.compile import compile_instance
from sequencer.errors import Disagreement, UsageError
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.interrupt import listening
from sequencer.outcome import Limits, Status
from sequencer.problem import Cell, Path, Problem
from sequencer.scenarios.scenario import Scenario
from sequencer.scenarios.shares import worst
from sequencer.sensitivity.sweeps import terms
from sequencer.solving.checker import judge
from sequencer.timetable import Choices
from sequencer.vocabulary import Event

if TYPE_CHECKING:
    from sequencer.cpsat.joint import Joint

LIMITS = Limits(seconds=120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedLevel:
    """What is known of one term; see ``Outcome.levels``.

    Attributes
    ----------
    term : str
    share : float
        Of the scenarios, those with the largest values, over which it is averaged: 1 is the mean, 0.1 the CVaR at 90 %.
    value : float or None
        In the plans returned.
    bound : float or None
        No plans that hold the terms before have less; proven where both are equal.
    proven : bool
    """

    term: str
    share: float
    value: float | None
    bound: float | None
    proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """Plans that agree on what is begun before a month.

    Attributes
    ----------
    instance : Instance
    status : Status
        OPTIMAL if every level is proven. INFEASIBLE: no beginning leaves a plan in every scenario, be it because one of
        them has no plan at all (see ``Optimum.feasible``).
    levels : tuple of StagedLevel
    until : int
        The month before which what is begun is common.
    scenarios : tuple of Scenario
    plans : tuple of Choices, or None
        Of the instance as it is, then of each scenario.
    """

    instance: Instance
    status: Status
    levels: tuple[StagedLevel, ...]
    until: int
    scenarios: tuple[Scenario, ...]
    plans: tuple[Choices, ...] | None

    @property
    def choices(self) -> Choices | None:
        """The plan to publish: the common beginning, gone on with as if all came as the instance says."""
        return None if self.plans is None else self.plans[0]

    @property
    def begun(self) -> Choices | None:
        """What is begun before ``until``, alike in all plans."""
        if self.plans is None:
            return None
        problem = compile_instance(self.instance)
        common, cells = _common(problem, self.until), problem.cells(self.plans[0])
        return {name: self.plans[0][name] for name, cell in cells.items() if cell in common[name]}

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each plan: scenario (0: the instance as it is), each term's value, exit_date; empty without."""
        rows = []
        for number, world, choices in self._worlds():
            problem = compile_instance(world)
            values = problem.values(problem.cells(choices))
            date = world.calendar.label(values["exit"])
            rows.append((number, *(values[level.term] for level in self.levels), date))
        return pd.DataFrame(rows, columns=["scenario", *(level.term for level in self.levels), "exit_date"])

    def _worlds(self) -> Iterable[tuple[int, Instance, Choices]]:
        if self.plans is not None:
            yield 0, self.instance, self.plans[0]
            for scenario, choices in zip(self.scenarios, self.plans[1:], strict=True):
                yield scenario.number, scenario.instance(self.instance), choices


def staged(
    instance: Instance,
    scenarios: Iterable[Scenario],
    *,
    share: float = 1.0,
    until: int | None = None,
    objective: Sequence[Goal | str] = ("exit", "early_transfer"),
    limits: Limits = LIMITS,
) -> Staged:
    """Find the beginning that leaves the best plans, on average or in the worst of the scenarios.

    Parameters
    ----------
    instance : Instance
        As it is, it counts as one scenario more.
    scenarios : iterable of Scenario
        A few: all are in one model.
    share : float
        Of the scenarios, those with the largest values of the first term, over which it is averaged: 1 minimises its
        mean, 0.1 the mean of the worst tenth (CVaR at 90 %). Further terms are averaged over all.
    until : int, optional
        The month from which plans may differ: from then on it is known which scenario it is. Default: the end of the
        first phase that has not ended before ``as_of``.
    objective : sequence of Goal or str
        Tolerances must be 0.
    limits : Limits
        For all terms together.

    Returns
    -------
    Staged
        Each plan judged by rules and audit in its own scenario. What is begun: support or, without any, the joint stage
        or, without that, the transfer itself lies before ``until``.

    Raises
    ------
    UsageError
        If there is no scenario, no first phase, or a scenario changes what options there are.
    """
    from sequencer.cpsat import joint  # noqa: PLC0415 - the solver is loaded when it is needed

    given = tuple(scenarios)
    goals = terms(instance, objective)
    if not given or any(goal.tolerance for goal in goals):
        raise UsageError("at least one scenario is needed, and terms without tolerance")
    until = _first_phase(instance) if until is None else until
    worlds = [instance, *(each.instance(instance) for each in given)]
    problems = [compile_instance(world) for world in worlds]
    if any(problem.paths != problems[0].paths for problem in problems):
        raise UsageError("scenarios must leave the options, stages and months of the plan as they are")
    aims = [(goal.term, Fraction(str(share)) if i == 0 else Fraction(1)) for i, goal in enumerate(goals)]
    if not 0 < aims[0][1] <= 1:
        raise UsageError(f"a share of scenarios lies above 0 and up to 1, not {share}")
    with listening() as stop:
        levels = joint.run(problems, aims, _common(problems[0], until), limits=limits, stop=stop)
    cells = next((level.cells for level in reversed(levels) if level.cells is not None), None)
    plans = None if cells is None else tuple(p.choices(c) for p, c in zip(problems, cells, strict=True))
    for world, choices in zip(worlds, plans or (), strict=bool(plans)):
        if broken := judge(world, choices).broken:
            raise Disagreement(f"a plan made for several scenarios breaks a promise in its own: {broken[0][1]}")
    told = tuple(_told(problems, cells, aim, level) for aim, level in zip(aims, levels, strict=False))
    proven = len(levels) == len(aims) and all(level.proven for level in told)
    status = levels[0].status if cells is None else Status.OPTIMAL if proven else Status.FEASIBLE
    return Staged(instance=instance, status=status, levels=told, until=until, scenarios=given, plans=plans)


def _told(
    problems: Sequence[Problem],
    cells: tuple[Mapping[str, Cell], ...] | None,
    aim: tuple[str, Fraction],
    level: Joint,
) -> StagedLevel:
    """Return what is known of a term, its value taken from the plans anew: the solver's bound must agree with it."""
    name, share = aim
    values = [p.value(p.terms[name], c) for p, c in zip(problems, cells, strict=True)] if cells else []
    value = worst(values, share)
    bound = None if level.bound is None else level.bound / level.scale
    proven = level.status is Status.OPTIMAL and bound is not None
    if value is not None and bound is not None and (bound > value or (proven and bound < value)):
        raise Disagreement(f"CP-SAT bounds {name} of several scenarios by {bound}, but its plans have {value}")
    return StagedLevel(
        term=name,
        share=float(share),
        value=None if value is None else float(value),
        bound=None if bound is None else float(bound),
        proven=proven,
    )


def _first_phase(instance: Instance) -> int:
    """Return the month after the first phase that had not ended by ``as_of``: what is begun before it is common."""
    if not instance.phases:
        raise UsageError("the instance has no phases: say until which month what is begun is common")
    return min(phase.end for phase in instance.phases if phase.end >= instance.plan.as_of) + 1


def _common(problem: Problem, until: int) -> Mapping[str, frozenset[Cell]]:
    """Return the cells of each package that begin before a month."""
    return {
        name: frozenset(
            cell
            for option in range(len(path.options))
            for month in path.months
            if _begins(path, cell := Cell(option, month)) < until
        )
        for name, path in problem.paths.items()
    }


def _begins(path: Path, cell: Cell) -> int:
    """Return the month in which something is first done."""
    supported = path.options[cell.option].support > 0
    return path.date(cell, Event.SUPPORT_START if supported else Event.JOINT_START)

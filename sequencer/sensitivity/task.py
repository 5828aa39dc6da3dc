"""One solve of many, wherever it is done: what it is asked, and what other runs have found that helps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sequencer.compile import compile_instance
from sequencer.instance.changes import Value, but
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.problem import Problem
from sequencer.sensitivity.answer import Answer
from sequencer.sensitivity.binds import binds
from sequencer.sensitivity.easier import no_dearer
from sequencer.solving.informed import Known, Least, keep, proven
from sequencer.solving.solver import solve
from sequencer.timetable import Choices

Changes: TypeAlias = tuple[tuple[str, Value], ...]

KEPT = 4  # compiled instances that a worker keeps: neighbours ask about the same ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all runs have in common: the instance before changes, and how it is solved."""

    instance: Instance
    objective: tuple[Goal, ...]
    limits: Limits
    engine: str = "auto"
    reasons: bool = False  # whether each run says what binds it


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A run that is sure to be no harder than the one asked about; ``by``: its name, in words."""

    by: str
    changes: Changes
    caps: tuple[tuple[str, int], ...]
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run.

    Attributes
    ----------
    setting : Setting
    changes : tuple of (str, value)
        Addresses and what they are changed to; see ``Instance.but``.
    caps : tuple of (str, int)
        Terms that are held, and the most each may reach.
    objective : tuple of Goal
        Empty: the setting's.
    easier : sequence of Other
        Runs whose bounds hold here, too, where no timetable counts more there.
    plans : sequence of (str, Choices)
        Timetables that may be plans here, with the names of their runs.
    """

    setting: Setting
    changes: Changes
    caps: tuple[tuple[str, int], ...] = ()
    objective: tuple[Goal, ...] = ()
    easier: Sequence[Other] = ()
    plans: Sequence[tuple[str, Choices]] = ()

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Its terms in order."""
        return self.objective or self.setting.objective


def work(task: Task) -> Mapping[str, Any]:
    """Solve; return the answer as JSON, so that it can be sent and kept anywhere."""
    setting = task.setting
    instance = but(setting.instance, task.changes)
    found = _leasts(task, compile_instance(instance)) if task.easier else ()
    if isinstance(found, Answer):
        return found.as_json()
    outcome = solve(
        instance,
        objective=task.goals,
        limits=setting.limits,
        engine=setting.engine,
        haste=False,
        ties=False,
        caps=dict(task.caps),
        known=Known(found, task.plans),
    )
    told = binds(outcome, setting.limits) if setting.reasons and not task.caps else None
    return Answer.of(outcome, told).as_json()


def _leasts(task: Task, problem: Problem) -> tuple[Least, ...] | Answer:
    """Return what easier runs prove; an answer where one of them proves that there is no plan."""
    leasts: tuple[Least, ...] = ()
    terms = {*(goal.term for goal in task.goals), *(name for name, _ in task.caps)}
    for other in task.easier:
        if not no_dearer(_compiled(task.setting.instance, other.changes), problem, terms):
            continue
        if other.answer.status is not Status.INFEASIBLE:
            leasts += proven(other.answer.levels, other.by, other.caps)
        elif keep(dict(task.caps), other.caps):
            return _impossible(other.by, deterministic=task.setting.limits.deterministic)
    return leasts


def _impossible(by: str, *, deterministic: bool) -> Answer:
    """Return the answer where an easier run has no plan."""
    return Answer(
        status=Status.INFEASIBLE,
        levels=(),
        values=None,
        choices=None,
        exits={},
        notes=(f"there is no plan: {by} has none, and no rule is easier to keep here",),
        seconds=None if deterministic else 0.0,
    )


@lru_cache(maxsize=KEPT)
def _compiled(instance: Instance, changes: Changes) -> Problem:
    return compile_instance(but(instance, changes))

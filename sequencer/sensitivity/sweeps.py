"""Sweeps: an instance solved for many values of its numbers, and what came of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sequencer.errors import UsageError
from sequencer.instance.changes import Value
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.interrupt import listening
from sequencer.outcome import Limits
from sequencer.running.bar import Bar
from sequencer.sensitivity.answer import Answer
from sequencer.sensitivity.design import Factors, doubling, grid
from sequencer.sensitivity.study import Question, Study
from sequencer.sensitivity.task import Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LIMITS = Limits(seconds=60.0, workers=1)  # many solves share the cores better than the threads of one
BASE = "the instance as it is"


@dataclass(frozen=True, slots=True)
class Run:
    """One solve of a study.

    Attributes
    ----------
    number : int
        From 1; 0 is the instance as it is.
    factors : mapping of str to value
        What was turned, by address, as it was given.
    answer : Answer or None
        None where the study ended before it.
    lost : bool
        Whether it took every process down that tried it.
    """

    number: int
    factors: Factors
    answer: Answer | None
    lost: bool = False

    @property
    def status(self) -> str:
        """``OPTIMAL``, ``FEASIBLE``, ``INFEASIBLE``, ``UNKNOWN``; ``LOST`` or ``NOT RUN`` without an answer."""
        if self.answer is None:
            return "LOST" if self.lost else "NOT RUN"
        return self.answer.status.value


@dataclass(frozen=True)
class Sweep:
    """Runs with other values of some numbers, beside the instance as it is.

    Attributes
    ----------
    instance : Instance
        As it is.
    objective : tuple of Goal
    base : Run
    runs : tuple of Run
    reasons : bool
        Whether runs were asked what binds them.
    """

    instance: Instance
    objective: tuple[Goal, ...]
    base: Run
    runs: tuple[Run, ...]
    reasons: bool = False

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each run, the instance as it is first; see ``sequencer.sensitivity.frames.frame``."""
        from sequencer.sensitivity.frames import frame  # noqa: PLC0415 - pandas is imported when first asked for

        return frame(self.instance, self.objective, (self.base, *self.runs))

    def plot_lines(self, factor: str, term: str, ax: Axes | None = None) -> Axes:
        """Draw a term against a factor; needs matplotlib (``sequencer[plots]``)."""
        from sequencer.sensitivity.plots import lines  # noqa: PLC0415 - optional

        return lines(self, factor, term, ax)

    def plot_heat(self, across: str, up: str, term: str, ax: Axes | None = None) -> Axes:
        """Draw a term by two factors as a heat map; needs matplotlib (``sequencer[plots]``)."""
        from sequencer.sensitivity.plots import heat  # noqa: PLC0415 - optional

        return heat(self, across, up, term, ax)

    @property
    def complete(self) -> bool:
        """Whether every run has an answer that is proven."""
        return all(run.answer is not None and run.answer.proven for run in (self.base, *self.runs))


def sweep(
    instance: Instance,
    factors: Mapping[str, Iterable[Value]],
    *,
    objective: Sequence[Goal | str] | None = None,
    limits: Limits = LIMITS,
    engine: str = "auto",
    path: Path | str | None = None,
    executor: Executor | None = None,
    bar: bool = False,
    reasons: bool = False,
) -> Sweep:
    """Solve an instance for every combination of values of some numbers.

    Parameters
    ----------
    instance : Instance
    factors : mapping of str to values
        By address, as ``Instance.but`` takes them; ``"capacity.mentors.north"`` without months means all its rows.
    objective : sequence of Goal or str, optional
        Default: the plan's.
    limits : Limits
        Of each run. Default: 60 seconds, one thread. Only with ``deterministic`` are answers sure to repeat.
    engine : str
        See ``solve``.
    path : Path or str, optional
        File of answers, JSON by line: written as they come, and gone on with if it is there.
    executor : Executor, optional
        What does the work, such as a pool of processes or a Dask client's. Default: a pool with a process for each
        core and thread of ``limits``. Runs in threads share one interpreter, and cannot be stopped.
    bar : bool
        Whether progress is shown on stderr.
    reasons : bool
        Whether each proven run says what binds it: what stands against a better value of each term, by place and
        resource, in up to as long again for each term.

    Returns
    -------
    Sweep
        After Ctrl-C with the runs that were done; what was under way is given up.

    Raises
    ------
    UsageError
        If a value cannot be, before anything is solved; if ``path`` holds answers to another question.

    Notes
    -----
    Runs find the best values, not the cheapest among equally good timetables: those of two runs may differ although
    each would do for both. A run begins from timetables of others, and what is proven of runs whose rules are no
    harder to keep holds for it, too; where both meet nothing is searched.
    """
    runs, waves = grid(factors)
    return study(
        instance,
        runs,
        waves,
        objective=objective,
        limits=limits,
        engine=engine,
        path=path,
        executor=executor,
        bar=bar,
        reasons=reasons,
    )


def study(
    instance: Instance,
    runs: Sequence[Factors],
    waves: Sequence[int] | None = None,
    *,
    objective: Sequence[Goal | str] | None = None,
    limits: Limits = LIMITS,
    engine: str = "auto",
    path: Path | str | None = None,
    executor: Executor | None = None,
    bar: bool = False,
    reasons: bool = False,
) -> Sweep:
    """Solve an instance for given values of some numbers; see ``sweep``. ``waves``: which runs come before which."""
    goals = terms(instance, objective)
    setting = Setting(instance=instance, objective=goals, limits=limits, engine=engine, reasons=reasons)
    questions = [Question(name=f"run {i}", changes=tuple(factors.items())) for i, factors in enumerate(runs, 1)]
    waves = doubling(len(runs)) if waves is None else waves
    order = sorted(set(waves))
    with (
        listening() as stop,
        Bar("runs") if bar else nullcontext() as hear,
        Study(setting, stop, None if path is None else Path(path), executor, hear) as studied,
    ):
        base = Question(name=BASE)
        answers = studied.ask(
            [[base], *([q for q, wave in zip(questions, waves, strict=True) if wave == each] for each in order)]
        )
    return Sweep(
        instance=instance,
        objective=setting.objective,
        base=Run(0, {}, answers.get(base.key), base.key in studied.lost),
        runs=tuple(
            Run(i, factors, answers.get(question.key), question.key in studied.lost)
            for i, (factors, question) in enumerate(zip(runs, questions, strict=True), 1)
        ),
        reasons=reasons,
    )


def terms(instance: Instance, objective: Sequence[Goal | str] | None) -> tuple[Goal, ...]:
    """Return the terms of an objective, in order; raises UsageError if there is none of that name here."""
    from sequencer.compile import compile_instance  # noqa: PLC0415 - takes time to import
    from sequencer.solving.objective import goals  # noqa: PLC0415

    given = instance.plan.objective if objective is None else tuple(objective)
    if isinstance(objective, str):
        raise UsageError(f"the objective is a list of terms, not {objective!r}")
    found = goals(compile_instance(instance), given)
    return tuple(Goal(term=term.name, tolerance=tolerance) for term, tolerance in found)

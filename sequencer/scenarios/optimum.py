"""The plan made anew in each scenario: how the optimum is distributed, and which packages are critical in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from sequencer.compile import compile_instance
from sequencer.errors import UsageError
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits, Status
from sequencer.scenarios.frames import QUANTILES
from sequencer.scenarios.scenario import Scenario
from sequencer.scenarios.shares import between, quantile
from sequencer.scenarios.slack import critical
from sequencer.sensitivity import Run, Sweep, study
from sequencer.sensitivity.sweeps import LIMITS


@dataclass(frozen=True)
class Optimum:
    """An instance solved in many scenarios, beside the instance as it is.

    Attributes
    ----------
    scenarios : tuple of Scenario
    sweep : Sweep
        Its ``runs`` are the scenarios in their order, ``base`` is the instance as it is.
    """

    scenarios: tuple[Scenario, ...]
    sweep: Sweep

    @property
    def objective(self) -> tuple[Goal, ...]:
        """The terms minimised."""
        return self.sweep.objective

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each run, the instance as it is first: columns as of ``Sweep.frame``, without what was turned."""
        table = self.sweep.frame.drop(columns=list({address for each in self.scenarios for address in each.factors}))
        table.insert(1, "scenario", [0, *(each.number for each in self.scenarios)])
        return table

    @property
    def feasible(self) -> tuple[Scenario, ...]:
        """The scenarios in which a plan was found."""
        runs = zip(self.scenarios, self.sweep.runs, strict=True)
        return tuple(each for each, run in runs if run.answer is not None and run.answer.choices is not None)

    def proven(self, term: str) -> list[int]:
        """Return the optima of a term, of the scenarios in which it is proven, all terms before it included.

        Raises
        ------
        UsageError
            If the term is none of the objective's.
        """
        names = [goal.term for goal in self.objective]
        if term not in names:
            raise UsageError(f"{term!r} was not minimised; there are: {', '.join(names)}")
        last = names.index(term)
        return [value for run in self.sweep.runs if (value := _proven(run, last)) is not None]

    @cached_property
    def terms(self) -> pd.DataFrame:
        """One row for each term of the objective.

        Columns term, as_it_is (its value in the instance as it is, if proven), proven (scenarios in which its optimum
        is), infeasible (in which it is proven that there is no plan), unproven (whose search ended without a proof),
        lost (of which there is no answer, as every process that tried died), waiting (not tried, since it was
        interrupted), least, P50, P80, P95, most. The numbers of the last five are over the proven ones alone, and say
        nothing of the others.
        """
        runs = self.sweep.runs
        none = sum(run.answer is not None and run.answer.status is Status.INFEASIBLE for run in runs)
        lost = sum(run.answer is None and run.lost for run in runs)
        waiting = sum(run.answer is None and not run.lost for run in runs)
        rows = []
        for position, goal in enumerate(self.objective):
            values = self.proven(goal.term)
            left = len(runs) - len(values) - none - lost - waiting
            quantiles = [quantile(values, share) for share in QUANTILES]
            ends = min(values, default=None), max(values, default=None)
            base = _proven(self.sweep.base, position)
            counts = len(values), none, left, lost, waiting
            rows.append((goal.term, base, *counts, ends[0], *quantiles, ends[1]))
        names = [f"P{share * 100:g}" for share in QUANTILES]
        whole = ["as_it_is", "least", *names, "most"]
        counted = ["proven", "infeasible", "unproven", "lost", "waiting"]
        columns = ["term", "as_it_is", *counted, "least", *names, "most"]
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(whole, "Int64"))

    @cached_property
    def critical(self) -> pd.DataFrame:
        """One row for each package, the most often critical first.

        Columns package, critical (share of the runs counted in which it is; see ``scenarios.slack.critical``; empty
        where none counts), low and high (between which the chance lies, with 95 %), runs (those counted: the first term
        is proven, so that there is a best plan to speak of). Of several plans equally good it speaks of the one found:
        name a further term, such as ``early_transfer``, to have all others as early as they can be.
        """
        runs = [
            (scenario, run)
            for scenario, run in zip(self.scenarios, self.sweep.runs, strict=True)
            if _proven(run, 0) is not None
        ]
        count, many = len(runs), Counter[str]()
        for scenario, run in runs:
            many.update(self._critical(scenario, run))
        rows = []
        for package in self.sweep.instance.packages:
            low, high = between(many[package.name], count) or (None, None)
            rows.append((package.name, many[package.name] / count if count else None, low, high, count))
        table = pd.DataFrame(rows, columns=["package", "critical", "low", "high", "runs"])
        return table.sort_values("critical", ascending=False, kind="stable", ignore_index=True)

    def _critical(self, scenario: Scenario, run: Run) -> Iterable[str]:
        """Return the packages without slack in the plan of a run."""
        if run.answer is None or run.answer.choices is None:
            return ()
        problem = compile_instance(scenario.instance(self.sweep.instance))
        return critical(problem, problem.cells(run.answer.choices), problem.terms[self.objective[0].term])


def _proven(run: Run, last: int) -> int | None:
    """Return the optimum of a term, by its position; None unless it and all before it are proven."""
    levels = () if run.answer is None else run.answer.levels[: last + 1]
    if len(levels) <= last or run.answer is None or run.answer.choices is None:
        return None
    return (
        levels[last].value if all(level.value is not None and level.value == level.bound for level in levels) else None
    )


def reoptimise(
    instance: Instance,
    scenarios: Iterable[Scenario],
    *,
    objective: Sequence[Goal | str] | None = None,
    limits: Limits = LIMITS,
    engine: str = "auto",
    path: Path | str | None = None,
    executor: Executor | None = None,
    bar: bool = False,
) -> Optimum:
    """Solve an instance anew in each scenario, as if all were known from the beginning.

    Parameters are those of ``sensitivity.study``. As nobody knows the scenario in time, what comes out is the least
    that any plan could reach in it: a bound, not a promise.

    Raises
    ------
    UsageError
        If there is no scenario, or one changes what cannot be, before anything is solved.
    """
    given = tuple(scenarios)
    if not given:
        raise UsageError("at least one scenario is needed")
    factors = [each.factors for each in given]
    swept = study(
        instance, factors, objective=objective, limits=limits, engine=engine, path=path, executor=executor, bar=bar
    )
    return Optimum(given, swept)

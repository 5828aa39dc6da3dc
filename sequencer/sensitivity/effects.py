"""Global sensitivity by SALib: which numbers a term depends on over a whole range, alone and together.

SALib draws the samples and works out the indices; each sample is a run of a study. Indices are worked out over whole
trajectories or blocks in which every run is proven to have a best plan: one without is never given a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sequencer.errors import UsageError
from sequencer.instance.changes import Value, meant
from sequencer.instance.facts import MONTH, Goal
from sequencer.instance.instance import Instance
from sequencer.instance.levers import Lever
from sequencer.months import Calendar
from sequencer.outcome import Limits
from sequencer.sensitivity.design import Factors
from sequencer.sensitivity.sweeps import LIMITS, Run, Sweep, study

if TYPE_CHECKING:
    import pandas as pd

Problem = Mapping[str, Any]
Numbers = NDArray[np.float64]

FEWEST = 2  # trajectories or blocks from which indices can be worked out
SHIFT = 0.01  # of a step between levels: by how much rounding may move a level, so that effects are for the right step


@dataclass(frozen=True)
class Effects:
    """What a term depends on.

    Attributes
    ----------
    term : str
    frame : DataFrame
        One row for each factor. Of Morris: ``mu``, ``mu_star``, ``sigma``, ``mu_star_conf``, in the term's unit for
        the whole range of the factor; of Sobol: ``S1``, ``S1_conf``, ``ST``, ``ST_conf``, shares of the variance.
        Empty cells where too few blocks are whole, or the term is the same in all.
    studied : Sweep
        The runs, each set of values once.
    blocks, left_out : int
        Trajectories or blocks drawn, and how many of them have a run that is infeasible or unproven: indices then hold
        for the part of the range in which there are proven plans, and no further.
    """

    term: str
    frame: pd.DataFrame
    studied: Sweep
    blocks: int
    left_out: int


def morris(instance: Instance, problem: Problem, *, trajectories: int = 10, levels: int = 4, **given: Any) -> Effects:  # noqa: ANN401
    """Return elementary effects (Morris): which factors matter at all, in few runs.

    Parameters
    ----------
    instance : Instance
    problem : mapping
        SALib's: ``num_vars``, ``names`` (addresses) and ``bounds``, in the unit shown by ``sequencer levers``; months
        are counted from the start of the plan.
    trajectories, levels : int
        How many trajectories of ``num_vars`` + 1 runs, and values of each factor, its bounds among them; each must be
        one that the number can have.
    **given
        ``term``, ``seed``, and ``limits``, ``engine``, ``path``, ``executor``, ``bar`` of ``sweep``.

    Raises
    ------
    UsageError
        If SALib is not installed, the problem is none, or a level is no value of its number; see ``sweep``.
    """
    asked = _Asked(instance, problem, **given)
    asked.check_levels(levels)
    analyze, sample = _salib("morris")
    drawn = sample.sample(asked.problem, trajectories, num_levels=levels, seed=asked.seed)

    def indices(values: Numbers, whole: Numbers) -> Mapping[str, Any]:
        return analyze.analyze(asked.problem, whole, values, num_levels=levels, seed=asked.seed)  # type: ignore[no-any-return]

    return asked.effects(drawn, asked.count + 1, indices, ("mu", "mu_star", "sigma", "mu_star_conf"))


def sobol(instance: Instance, problem: Problem, *, samples: int = 64, **given: Any) -> Effects:  # noqa: ANN401
    """Return Sobol indices of first order and in total: which part of the variance each factor explains.

    Parameters
    ----------
    instance, problem, **given
        See ``morris``.
    samples : int
        Blocks of ``num_vars`` + 2 runs; a power of two. What is drawn is rounded to what the number can be, each value
        from bound to bound as likely as any other; of other distributions (``dists``) as SALib draws them.

    Raises
    ------
    UsageError
        See ``morris``.
    """
    asked = _Asked(instance, problem, **given)
    analyze, sample = _salib("sobol")
    if samples < FEWEST or samples & (samples - 1):
        raise UsageError(f"Sobol's sequence needs a power of two as the number of samples, not {samples}")
    drawn = asked.inside(sample.sample(asked.widened, samples, calc_second_order=False, seed=asked.seed))

    def indices(values: Numbers, whole: Numbers) -> Mapping[str, Any]:  # noqa: ARG001 - values are enough
        return analyze.analyze(asked.problem, values, calc_second_order=False, seed=asked.seed)  # type: ignore[no-any-return]

    return asked.effects(drawn, asked.count + 2, indices, ("S1", "S1_conf", "ST", "ST_conf"))


class _Asked:
    """What is asked, by either method."""

    def __init__(
        self,
        instance: Instance,
        problem: Problem,
        *,
        term: str | None = None,
        seed: int = 0,
        limits: Limits = LIMITS,
        engine: str = "auto",
        path: Path | str | None = None,
        executor: Executor | None = None,
        bar: bool = False,
    ) -> None:
        names, bounds = list(problem.get("names", ())), list(problem.get("bounds", ()))
        if not names or len(names) != len(bounds) or problem.get("num_vars", len(names)) != len(names):
            raise UsageError("a problem of SALib has num_vars, as many names, and a low and a high bound for each")
        if problem.get("groups"):
            raise UsageError("groups of factors are not supported: turn several numbers by an address with a *")
        if not problem.get("dists") and not all(low < high for low, high in bounds):
            raise UsageError("the low bound of each factor lies below its high bound")
        self.instance, self.seed = instance, seed
        self.problem = {**problem, "num_vars": len(names)}
        self.count = len(names)
        self.term = term or instance.plan.objective[0].term
        self._levers = {name: meant(instance, name) for name in names}
        self._given = {"limits": limits, "engine": engine, "path": path, "executor": executor, "bar": bar}

    def check_levels(self, levels: int) -> None:
        """Raise UsageError where a level is no value that its number can have, or levels are not even."""
        if any(dist not in {None, "unif"} for dist in self.problem.get("dists") or ()):
            raise UsageError("Morris steps evenly from bound to bound: leave out dists")
        for (name, levers), (low, high) in zip(self._levers.items(), self.problem["bounds"], strict=True):
            unit, step = _unit(levers), (high - low) / max(1, levels - 1)
            values = [low + step * level for level in range(levels)]
            if levels < FEWEST or any(abs(value - unit * round(value / unit)) > SHIFT * step for value in values):
                shown = ", ".join(f"{value:g}" for value in values)
                raise UsageError(
                    f"{levels} levels of {name} are {shown}, which it cannot have: choose bounds or levels so that"
                    f" all are multiples of {unit:g}"
                )

    @property
    def widened(self) -> Problem:
        """The problem with bounds half a unit further out, so that bounds are as likely as what lies between."""
        if self.problem.get("dists"):
            return self.problem
        pairs = zip(self._levers.values(), self.problem["bounds"], strict=True)
        return {**self.problem, "bounds": [[low - _unit(v) / 2, high + _unit(v) / 2] for v, (low, high) in pairs]}

    def inside(self, drawn: Numbers) -> Numbers:
        """Return what was drawn with nothing beyond the bounds."""
        if self.problem.get("dists"):
            return drawn
        low, high = np.asarray(self.problem["bounds"], dtype=np.float64).T
        return np.clip(drawn, low, high)

    def effects(self, drawn: Numbers, size: int, indices: Any, columns: tuple[str, ...]) -> Effects:  # noqa: ANN401
        """Make the runs, and have the indices worked out over the blocks of ``size`` runs that are whole."""
        import pandas as pd  # noqa: PLC0415 - takes time to import

        factors = [self._factors(row) for row in drawn]
        once = list({_key(each): each for each in factors}.values())
        studied = study(self.instance, once, objective=[Goal(term=self.term)], **self._given)  # type: ignore[arg-type]
        found = {_key(run.factors): self._value(run) for run in studied.runs}
        values = np.array([found[_key(each)] for each in factors], dtype=np.float64)
        blocks = values.reshape(-1, size)
        whole = ~np.isnan(blocks).any(axis=1)
        table = pd.DataFrame({"factor": list(self.problem["names"])})
        kept = blocks[whole].ravel()
        told = whole.sum() >= FEWEST and np.ptp(kept) > 0
        said = indices(kept, drawn.reshape(len(blocks), size, -1)[whole].reshape(-1, self.count)) if told else {}
        for column in columns:
            table[column] = np.asarray(said[column], dtype=float) if told else np.nan
        return Effects(self.term, table, studied, len(blocks), int((~whole).sum()))

    def _factors(self, row: Numbers) -> Factors:
        calendar = self.instance.calendar
        pairs = zip(self._levers.items(), row, strict=True)
        return {name: _shown(levers, float(number), calendar) for (name, levers), number in pairs}

    def _value(self, run: Run) -> float:
        """Return the best value of a run, nothing where it is not proven."""
        if run.answer is None or run.status != "OPTIMAL" or run.answer.values is None:
            return float("nan")
        return float(run.answer.values[self.term])


def _unit(levers: list[Lever]) -> float:
    """Return the least step between values that all levers of an address can have."""
    return 1 / min(lever.scale for lever in levers)


def _shown(levers: list[Lever], number: float, calendar: Calendar) -> Value:
    """Return a number as a value that all levers of an address can have."""
    if all(lever.unit == MONTH for lever in levers):
        return calendar.label(round(number))
    scale = min(lever.scale for lever in levers)
    return round(number) if scale == 1 else round(number * scale) / scale


def _key(factors: Factors) -> tuple[tuple[str, Value], ...]:
    return tuple(factors.items())


def _salib(method: str) -> tuple[Any, Any]:
    """Return SALib's modules that analyse and sample by a method."""
    try:
        from importlib import import_module  # noqa: PLC0415

        return import_module(f"SALib.analyze.{method}"), import_module(f"SALib.sample.{method}")
    except ImportError:
        raise UsageError("global sensitivity needs SALib: pip install 'sequencer[global]'") from None

"""Tornado: numbers turned one at a time, down and up, and what each does to one term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sequencer.errors import UsageError
from sequencer.instance.changes import Value
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import Limits
from sequencer.sensitivity.sweeps import LIMITS, Run, Sweep, study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

DOWN, UP = "-1", "+1"


@dataclass(frozen=True)
class Tornado:
    """What turning each number alone does to a term.

    Attributes
    ----------
    term : str
    studied : Sweep
        The runs: for each number first the low value, then the high one.
    """

    term: str
    studied: Sweep

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each number, the widest swing first, what is not proven at the end.

        Returns
        -------
        DataFrame
            factor; low and high, as given; low_status, low_value, low_bound and the same for high; base (the best
            value as it is); swing (the difference between the two best values, in the term's unit; empty unless both
            are proven); term, and base_status and base_bound of the instance as it is.
        """
        import pandas as pd  # noqa: PLC0415 - takes time to import

        (base_status, base, base_bound), runs = self._told(self.studied.base), self.studied.runs
        rows = []
        for low, high in zip(runs[::2], runs[1::2], strict=True):
            row: dict[str, Any] = {"factor": next(iter(low.factors))}
            for side, run in (("low", low), ("high", high)):
                row[side] = next(iter(run.factors.values()))
                row[f"{side}_status"], row[f"{side}_value"], row[f"{side}_bound"] = self._told(run)
            proven = low.status == high.status == "OPTIMAL"
            row |= {"base": base, "swing": abs(row["high_value"] - row["low_value"]) if proven else None}
            row |= {"term": self.term, "base_status": base_status, "base_bound": base_bound}
            rows.append(row)
        columns = [
            "factor",
            *(f"{side}{what}" for side in ("low", "high") for what in ("", "_status", "_value", "_bound")),
        ]
        table = pd.DataFrame(rows, columns=[*columns, "base", "swing", "term", "base_status", "base_bound"])
        whole = ["low_value", "low_bound", "high_value", "high_bound", "base", "swing", "base_bound"]
        table = table.astype(dict.fromkeys(whole, "Int64"))
        return table.sort_values("swing", ascending=False, kind="stable", na_position="last", ignore_index=True)

    def _told(self, run: Run) -> tuple[str, int | None, int | None]:
        """Return the status of a run, and value and bound of the term."""
        levels = () if run.answer is None else run.answer.levels
        level = next((level for level in levels if level.term == self.term), None)
        return run.status, None if level is None else level.value, None if level is None else level.bound

    def plot_tornado(self, ax: Axes | None = None) -> Axes:
        """Draw a bar for each number; needs matplotlib (``sequencer[plots]``)."""
        from sequencer.sensitivity.plots import tornado as draw  # noqa: PLC0415 - optional

        return draw(self, ax)


def tornado(
    instance: Instance,
    factors: Mapping[str, tuple[Value, Value]] | Sequence[str],
    *,
    term: str | None = None,
    limits: Limits = LIMITS,
    engine: str = "auto",
    path: Path | str | None = None,
    executor: Executor | None = None,
    bar: bool = False,
) -> Tornado:
    """Turn numbers one at a time and say what each does to one term.

    Parameters
    ----------
    instance : Instance
    factors : mapping of str to (low, high), or sequence of str
        By address, as ``Instance.but`` takes them; addresses alone are turned by one unit down and up.
    term : str, optional
        The one that is minimised. Default: the first of the plan's objective.
    limits, engine, path, executor, bar
        See ``sweep``.

    Raises
    ------
    UsageError
        If there is no factor, or a value cannot be; see ``sweep``.
    """
    if isinstance(factors, str):
        raise UsageError(f"factors are addresses with a low and a high value, or a list of addresses, not {factors!r}")
    turned = dict(factors) if isinstance(factors, Mapping) else dict.fromkeys(factors, (DOWN, UP))
    if not turned:
        raise UsageError("a tornado needs at least one number to turn")
    term = term or instance.plan.objective[0].term
    runs = [{address: value} for address, (low, high) in turned.items() for value in (low, high)]
    studied = study(
        instance,
        runs,
        [0] * len(runs),
        objective=[Goal(term=term)],
        limits=limits,
        engine=engine,
        path=path,
        executor=executor,
        bar=bar,
    )
    return Tornado(term, studied)

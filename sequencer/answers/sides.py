"""A comparison as text, JSON and CSV: a plan and a record side by side."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sequencer import words
from sequencer.answers import export
from sequencer.answers.comparison import Comparison
from sequencer.answers.terminal import Terminal
from sequencer.errors import UsageError


def show(comparison: Comparison) -> None:
    """Print a comparison: how far order and months agree, then package by package, by place and by function."""
    out = Terminal()
    for line in summary(comparison):
        out.say(line)
    out.title("Package by package, in the order of the plan")
    shown = comparison.packages[["package", "plan", "record", "months_later", "compared"]]
    rows = (
        (name, plan, record, _signed(later), "" if pd.notna(later) else why)
        for name, plan, record, later, why in shown.itertuples(index=False)
    )
    out.table(("package", "plan", "record", "months later", ""), rows, whole=("plan", "record"))
    for what, frame in (("place", comparison.places), ("function", comparison.functions)):
        out.title(f"By {what}")
        averages = (
            (name, packages, compared, _signed(mean), _signed(median))
            for name, packages, compared, mean, median in frame.itertuples(index=False)
        )
        out.table((what, "packages", "compared", "mean months later", "median"), averages)


def summary(comparison: Comparison) -> list[str]:
    """Return how far plan and record agree, and who is left out, in sentences."""
    return list(_summary(comparison))


def _summary(comparison: Comparison) -> Iterator[str]:
    total = words.count(len(comparison.packages), "package")
    yield f"Compared: {comparison.compared} of {total}, those with a month in both plan and record"
    for why, names in comparison.left_out.items():
        yield f"  {why}: {', '.join(names)}"
    for name, hint in comparison.unknown.items():
        yield f"  the instance has no package {name}" + (f" ({hint})" if hint else "")
    yield f"Order of transfers: {_order(comparison)}"
    mean, median = comparison.mean_months_later, comparison.median_months_later
    if mean is None or median is None:
        yield "Months: nothing to compare"
    else:
        yield f"Months: the record is {_later(mean)} the plan in the mean, {_later(median)} it in the median"


def _order(comparison: Comparison) -> str:
    if comparison.rank_correlation is not None:
        return f"rank correlation {comparison.rank_correlation:.2f} (Spearman; 1: the same order, -1: the reverse)"
    if comparison.compared < 2:  # noqa: PLR2004 - an order needs two
        return "no rank correlation, since fewer than 2 packages are compared"
    return "no rank correlation, since all compared fall into one month of the plan or of the record"


def _later(months: float) -> str:
    if not round(months, 1):
        return "as early as"
    return f"{abs(months):.1f} months {'later' if months > 0 else 'earlier'} than"


def _signed(months: Any) -> str:  # noqa: ANN401 - a cell of a frame: a number, or missing
    """Return months with their sign and at most one decimal, nothing where they are missing."""
    if pd.isna(months):
        return ""
    return f"{months:+.1f}".removesuffix(".0") if round(months, 1) else "0"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as one JSON object; keys are stable, unknown values are null.

    Returns
    -------
    dict
        ``packages``, ``places`` and ``functions`` (rows as in the frames), ``compared``, ``rank_correlation``,
        ``mean_months_later``, ``median_months_later``, ``left_out`` (packages by the reason) and ``unknown``.
    """
    return {
        "compared": comparison.compared,
        "rank_correlation": comparison.rank_correlation,
        "mean_months_later": comparison.mean_months_later,
        "median_months_later": comparison.median_months_later,
        "left_out": comparison.left_out,
        "unknown": dict(comparison.unknown),
        "packages": _records(comparison.packages),
        "places": _records(comparison.places),
        "functions": _records(comparison.functions),
    }


def _records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows of a frame; what is missing is None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def write(comparison: Comparison, path: Path, *, overwrite: bool) -> None:
    """Write the comparison of the packages as CSV.

    Raises
    ------
    UsageError
        If there is such a file and ``overwrite`` is off, or it cannot be written.
    """
    if path.exists() and not overwrite:
        raise UsageError(f"{path} is there already; choose another name, or --overwrite")
    try:
        path.write_text(export.csv_text(comparison.packages), encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error

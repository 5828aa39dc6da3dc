"""Two timetables side by side: how far a plan and what was recorded agree, in order and in months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sequencer.instance.instance import Instance
from sequencer.tables.faults import nearest
from sequencer.tables.record import read_record
from sequencer.timetable import Choice

PACKAGES = ("package", "place", "function", "plan", "record", "months_later", "plan_rank", "record_rank", "compared")
TIMETABLE = "timetable.csv"

#: What is known of a package that cannot be compared.
NO_PLAN, NO_RECORD, NEITHER = "not in the plan", "not in the record", "in neither"
NO_PLANNED, NO_RECORDED = "no month in the plan", "no month in the record"
BOTH = "yes"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A plan and a record, side by side. Later and earlier always mean: the record than the plan.

    Attributes
    ----------
    packages : DataFrame
        One row for each package of the plan, the record or the instance, in order of the plan: package, place,
        function; plan and record (``YYYY-MM`` or empty); months_later (negative: earlier); plan_rank and record_rank
        of the transfer among those compared, equals sharing their mean rank; compared (``yes``, or why not).
    places, functions : DataFrame
        One row for each: its name, packages, compared, mean_months_later, median_months_later.
    rank_correlation : float or None
        Spearman's, of the order of transfers; None where there is no order to compare.
    mean_months_later, median_months_later : float or None
        Over the packages compared; None without any.
    unknown : mapping of str to str
        Packages that the instance lacks, with the nearest name it has, if any is near.
    """

    packages: pd.DataFrame
    places: pd.DataFrame
    functions: pd.DataFrame
    rank_correlation: float | None
    mean_months_later: float | None
    median_months_later: float | None
    unknown: Mapping[str, str]

    @property
    def compared(self) -> int:
        """The number of packages with a month in both."""
        return int((self.packages["compared"] == BOTH).sum())

    @property
    def left_out(self) -> dict[str, list[str]]:
        """The packages that are not compared, by the reason."""
        rest = self.packages[self.packages["compared"] != BOTH]
        return {str(why): list(map(str, rows["package"])) for why, rows in rest.groupby("compared", sort=True)}


def compare(instance: Instance, plan: str | Path | Mapping[str, Choice], record: str | Path) -> Comparison:
    """Set a plan and a record side by side.

    Parameters
    ----------
    instance : Instance
        What they are about: its packages are listed even where neither names them.
    plan : str, Path, or mapping of str to Choice
        A timetable as CSV, a folder written by ``solve --out``, or the choices of an outcome.
    record : str or Path
        A CSV file with ``package``, or ``place`` and ``function``, and ``transfer``.

    Returns
    -------
    Comparison

    Raises
    ------
    InstanceError
        If a file cannot be understood; it holds every fault found.
    """
    months = {
        "plan": {name: choice.transfer for name, choice in plan.items()}
        if isinstance(plan, Mapping)
        else read_record(_file(Path(plan)), instance),
        "record": read_record(_file(Path(record)), instance),
    }
    frame = _side_by_side(instance, months["plan"], months["record"])
    both = frame[frame["compared"] == BOTH]
    later = both["months_later"].astype(float)
    return Comparison(
        packages=frame,
        places=_by(frame, "place"),
        functions=_by(frame, "function"),
        rank_correlation=_spearman(both),
        mean_months_later=float(later.mean()) if len(later) else None,
        median_months_later=float(later.median()) if len(later) else None,
        unknown={name: nearest(name, instance.package) for name in frame["package"] if name not in instance.package},
    )


def _file(path: Path) -> Path:
    return path / TIMETABLE if path.is_dir() else path


def _side_by_side(instance: Instance, plan: Mapping[str, int | None], record: Mapping[str, int | None]) -> pd.DataFrame:
    label = instance.calendar.label
    rows: list[tuple[Any, ...]] = []
    for name in sorted({*plan, *record, *instance.package}, key=lambda name: _order(plan, record, name)):
        planned, recorded = plan.get(name), record.get(name)
        known = planned is not None and recorded is not None
        place, _, function = name.partition("/")
        rows.append(
            (
                name,
                place,
                function,
                "" if planned is None else label(planned),
                "" if recorded is None else label(recorded),
                recorded - planned if planned is not None and recorded is not None else None,
                planned if known else None,
                recorded if known else None,
                _compared(plan, record, name),
            )
        )
    frame = pd.DataFrame(rows, columns=list(PACKAGES))
    frame["months_later"] = frame["months_later"].astype("Int64")
    for column in ("plan_rank", "record_rank"):
        frame[column] = frame[column].astype(float).rank()
    return frame


def _order(plan: Mapping[str, int | None], record: Mapping[str, int | None], name: str) -> tuple[Any, ...]:
    """Order by the month planned, then by the month recorded, what has neither at the end."""
    planned, recorded = plan.get(name), record.get(name)
    return (planned is None, planned or 0, recorded is None, recorded or 0, name)


def _compared(plan: Mapping[str, int | None], record: Mapping[str, int | None], name: str) -> str:
    if name not in plan:
        return NO_PLAN if name in record else NEITHER
    if name not in record:
        return NO_RECORD
    return NO_PLANNED if plan[name] is None else NO_RECORDED if record[name] is None else BOTH


def _by(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return how much later the record is for each place or function."""
    rows = [
        (
            name,
            len(group),
            int((group["compared"] == BOTH).sum()),
            float(group["months_later"].astype(float).mean()),
            float(group["months_later"].astype(float).median()),
        )
        for name, group in frame.groupby(column, sort=True)
    ]
    return pd.DataFrame(rows, columns=[column, "packages", "compared", "mean_months_later", "median_months_later"])


def _spearman(both: pd.DataFrame) -> float | None:
    """Return the correlation of the ranks; None where one side has no order."""
    if min(both["plan_rank"].nunique(), both["record_rank"].nunique()) < 2:  # noqa: PLR2004 - an order needs two
        return None
    return float(both["plan_rank"].corr(both["record_rank"]))

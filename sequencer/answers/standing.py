"""A plan that was made before, taken up again as an answer: checked once more, with what is on record about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sequencer.answers import export
from sequencer.errors import UsageError
from sequencer.instance.digest import digest
from sequencer.instance.instance import Instance
from sequencer.outcome import Haste, Level, Outcome, Status
from sequencer.problem import Problem
from sequencer.solving.checker import judge
from sequencer.solving.solver import recheck
from sequencer.tables.timetable import read_timetable
from sequencer.timetable import Uses

#: What is said where nothing is on record, so that nobody takes a plan for the best there is.
UNKNOWN = "this plan was checked, not made, by this run: whether a better one exists is not known"

#: What of a level is in the record, as it was told.
KNOWN = ("term", "unit", "value", "bound", "tolerance", "achieved", "proof", "found_by", "bounded_by")


def standing(instance: Instance, plan: str | Path) -> Outcome:
    """Return the answer that a timetable is.

    Parameters
    ----------
    instance : Instance
    plan : str or Path
        A folder of ``solve --out``, or a CSV file with package, option and transfer.

    Returns
    -------
    Outcome
        What a folder says of bounds, proofs, payments and haste is taken over only if it speaks of this very instance
        and nothing in the folder was changed since; else values have no bounds and the status is FEASIBLE.

    Raises
    ------
    InstanceError
        If the file is not in order.
    UsageError
        If there is no such file, or the timetable breaks a promise: a plan that cannot be kept is not passed on.
    """
    path = Path(plan)
    folder = path if path.is_dir() else path.parent
    path = path / export.TABLES[0] if path.is_dir() else path
    if not path.is_file():
        raise UsageError(f"there is no timetable {path}")
    choices = read_timetable(path, instance)
    judged = judge(instance, choices)
    if judged.broken:
        lines = "\n".join(f"  {breach}" for _, breach in judged.broken)
        raise UsageError(f"{path} breaks promises; sequencer check says more\n{lines}")
    problem = judged.problem
    record = export.record(folder) if path.name == export.TABLES[0] else {}
    ours = bool(record) and record["digest"] == digest(instance)
    uses = (_uses(record, problem) if ours else None) or judged.uses
    values = recheck(instance, problem, judged.cells, uses)
    return Outcome(
        status=Status(record["status"]) if ours else Status.FEASIBLE,
        instance=instance,
        problem=problem,
        choices=choices,
        levels=tuple(_level(each) for each in record["levels"]) if ours else _plain(instance, problem, values),
        values=values,
        engine=record["engine"] if ours else "none",
        seconds=record["seconds"] if ours else None,
        interrupted=record["interrupted"] if ours else False,
        notes=tuple(record["notes"]) if ours else (UNKNOWN,),
        uses=uses or None,
        haste=tuple(Haste(**each) for each in record["haste"]) if ours else (),
    )


def _level(known: Mapping[str, Any]) -> Level:
    return Level(**{name: known[name] for name in KNOWN})


def _plain(instance: Instance, problem: Problem, values: Mapping[str, int]) -> tuple[Level, ...]:
    """Return the terms of the plan's own objective as they are, with no bound."""
    return tuple(
        Level(
            term=goal.term,
            unit=problem.terms[goal.term].unit,
            value=values[goal.term],
            bound=None,
            tolerance=goal.tolerance,
            achieved=values[goal.term],
            proof=None,
        )
        for goal in instance.plan.objective
    )


def _uses(record: Mapping[str, Any], problem: Problem) -> Uses | None:
    """Return what each line paid in each fiscal year by the record; None where it says nothing about money."""
    bridge, rows = problem.bridge, record["funding"]
    if bridge is None or not rows:
        return None
    by_line: dict[str, list[int]] = {line.name: [] for line in bridge.lines}
    for row in rows:  # in order of the years
        by_line[str(row["source"]).removeprefix("'")].append(int(row["amount"]))
    return {name: tuple(amounts) for name, amounts in by_line.items()}

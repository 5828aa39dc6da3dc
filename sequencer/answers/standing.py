"""A plan that was made before, taken up again as an answer: checked once more, with what is on record about it.

What a record claims of bounds and proofs cannot be checked without proving it again, so a record is believed as a whole
or not at all: only where it is as this program writes it, speaks of this very instance, and says of the plan what a new
check says of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sequencer import words
from sequencer.answers import export
from sequencer.compile import compile_instance
from sequencer.errors import UsageError
from sequencer.instance.digest import digest
from sequencer.instance.instance import Instance
from sequencer.outcome import CHECKED, Haste, Level, Outcome, Reproof, Status
from sequencer.problem import Problem
from sequencer.solving.checker import Judged, judge
from sequencer.solving.engines import ENGINES
from sequencer.solving.solver import recheck
from sequencer.tables.timetable import read_timetable
from sequencer.timetable import Choices, Uses

#: What is said where nothing is on record, so that nobody takes a plan for the best there is.
UNKNOWN = "this plan was checked, not made, by this run: whether a better one exists is not known"

#: What is said where a record contradicts what a new check gives.
UNBELIEVED = f"{export.OUTCOME} does not say of this plan what a new check says, and nothing is taken over from it"

#: What is said where there is a record in order, but of other numbers.
OTHERS = "the instance is not the one that this plan was made of: what was proven then is not taken over"

#: What of a level is in the record, as it was told.
KNOWN = ("term", "unit", "value", "bound", "tolerance", "achieved", "proof", "found_by", "bounded_by")

#: What a record may say otherwise than a new check: how a search went, words and counts of rows, and versions.
FREE = frozenset({"tight", "evidence", "idle", "versions", "files"})
FREE_OF_LEVEL = frozenset({"steps", "prices"})

#: What reading a record that somebody else has made can end in.
MALFORMED = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError)


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
        What a folder says of bounds, proofs, payments and haste is taken over only if it speaks of this very instance,
        nothing in the folder was changed since, and a new check says the same of the plan; else values have no bounds
        and the status is FEASIBLE. A folder of this very instance that has no plan gives an outcome without one.

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
    is_folder = path.name == export.TABLES[0]
    record = _record(folder) if is_folder else {}
    ours = bool(record) and record.get("digest") == digest(instance)
    if not path.is_file():
        found = _without(instance, record) if ours else None
        if found is None:
            raise UsageError(f"there is no timetable {path}")
        return found
    choices = read_timetable(path, instance)
    judged = judge(instance, choices)
    if judged.broken:
        lines = "\n".join(f"  {breach}" for _, breach in judged.broken)
        raise UsageError(f"{path} breaks promises; sequencer check says more\n{lines}")
    known = _known(instance, judged, choices, record) if ours else None
    why = (UNBELIEVED,) if ours else (OTHERS,) if record else ()
    return known or _plain(instance, judged, choices, (UNKNOWN, *why))


def aloud(outcome: Outcome) -> Outcome:
    """Return a plan that was taken up again, having said on stderr why nothing is taken over, where that is so."""
    if outcome.engine == CHECKED:
        for note in outcome.notes:
            sys.stderr.write(words.plain(f"sequencer: {note}") + "\n")
    return outcome


def _record(folder: Path) -> Mapping[str, Any]:
    try:
        return export.record(folder)
    except OSError as error:
        raise UsageError(f"cannot read {folder}: {error.strerror}") from error


def _plain(instance: Instance, judged: Judged, choices: Choices, notes: tuple[str, ...]) -> Outcome:
    """Return the plan with the terms of its own objective as they are, with no bound."""
    problem = judged.problem
    values = recheck(instance, problem, judged.cells, judged.uses)
    levels = tuple(
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
    return Outcome(
        status=Status.FEASIBLE,
        instance=instance,
        problem=problem,
        choices=choices,
        levels=levels,
        values=values,
        engine=CHECKED,
        seconds=None,
        notes=notes,
        uses=judged.uses or None,
    )


def _known(instance: Instance, judged: Judged, choices: Choices, record: Mapping[str, Any]) -> Outcome | None:
    """Return the answer on record; None if it is malformed, or a new check of the plan says otherwise."""
    try:
        uses = _uses(record, judged.problem) or judged.uses
        if next(judged.problem.breaches(judged.cells, uses), None) is not None:
            return None
        values = recheck(instance, judged.problem, judged.cells, uses)
        bare = _answer(instance, judged.problem, record)
        found = replace(bare, choices=choices, values=values, uses=uses or None)
        return found if _agrees(found, record) and _possible(found) else None
    except MALFORMED:
        return None


def _without(instance: Instance, record: Mapping[str, Any]) -> Outcome | None:
    """Return the answer on record that there is no plan, or none was found; None if it is malformed."""
    try:
        found = _answer(instance, compile_instance(instance), record)
        is_answer = found.status in {Status.INFEASIBLE, Status.UNKNOWN} and not found.haste
        return found if is_answer and _agrees(found, record) and _searched(found) else None
    except MALFORMED:
        return None


def _answer(instance: Instance, problem: Problem, record: Mapping[str, Any]) -> Outcome:
    """Return what a record says, as it says it, with no plan yet."""
    verified = record["verified"]
    return Outcome(
        status=Status(record["status"]),
        instance=instance,
        problem=problem,
        choices=None,
        levels=tuple(Level(**{name: each[name] for name in KNOWN}) for each in record["levels"]),
        values=None,
        engine=record["engine"],
        seconds=record["seconds"],
        interrupted=record["interrupted"],
        notes=tuple(record["notes"]),
        haste=tuple(Haste(**each) for each in record["haste"]),
        verified=None if verified is None else tuple(Reproof(**each) for each in verified["claims"]),
    )


def _agrees(found: Outcome, record: Mapping[str, Any]) -> bool:
    """Return whether a record is what would be written of an answer, but for what is free."""

    def told(what: Mapping[str, Any]) -> str:
        levels = [{k: v for k, v in level.items() if k not in FREE_OF_LEVEL} for level in what["levels"]]
        rest = {name: value for name, value in what.items() if name not in FREE}
        return json.dumps(rest | {"levels": levels}, sort_keys=True, allow_nan=False)

    fresh = export.as_json(found)
    return record.keys() == {*fresh, "files"} and told(fresh) == told(record)


def _possible(found: Outcome) -> bool:
    """Return whether what is claimed of a plan can be: values that it has, and bounds that do not exceed them."""
    terms, values = found.problem.terms, found.values or {}
    goals = [level.term for level in found.levels]
    all_proven = all(level.proven for level in found.levels)
    return (
        _searched(found)
        and found.status in ({Status.OPTIMAL} if all_proven else {Status.FEASIBLE})
        and bool(goals)
        and len(set(goals)) == len(goals)
        and all(_sound(level, terms[level.term].unit, values[level.term]) for level in found.levels)
        and all(_later(entry, found.haste[0], values) for entry in found.haste)
        and all(_claimed(claim, found.levels) for claim in found.verified or ())
    )


def _searched(found: Outcome) -> bool:
    """Return whether what is told of the search can be."""
    is_timed = found.seconds is None or found.seconds >= 0
    return is_timed and found.engine in ENGINES and _are(bool, found.interrupted) and _are(str, *found.notes)


def _sound(level: Level, unit: str, value: int) -> bool:
    """Return whether a level can be: its value that of the plan within its tolerance, its bound none greater."""
    numbers = (level.value, level.achieved, level.tolerance, *(() if level.bound is None else (level.bound,)))
    if level.value is None or not _are(int, *numbers) or level.tolerance < 0:
        return False
    return (
        (level.unit, level.achieved) == (unit, value)
        and level.value <= value <= level.value + level.tolerance
        and (level.bound is None or level.bound <= level.value)
        and level.proof in ({None} if level.bound is None else {"exact", "numeric"})
        and _are(str, *(name for name in (level.found_by, level.bounded_by) if name is not None))
    )


def _later(entry: Haste, now: Haste, values: Mapping[str, int]) -> bool:
    """Return whether a plan with a later exit can be: the first is the plan itself, others exit in time."""
    numbers = (entry.later, entry.exit, *(n for n in (entry.achieved, entry.risk, entry.cost) if n is not None))
    if not _are(int, *numbers) or not _are(bool, entry.proven, entry.cheapest):
        return False
    if entry is now:
        here = tuple(values.get(name) for name in ("exit", "exit", "risk", "cost"))
        shown = (entry.exit, entry.achieved, entry.risk, entry.cost)
        return entry.later == 0 and all(told in {None, known} for told, known in zip(shown, here, strict=True))
    return entry.later > 0 and entry.exit >= now.exit and (entry.achieved is None or entry.achieved <= entry.exit)


def _are(kind: type, *values: object) -> bool:
    """Return whether values are of a kind, and not of one that counts as it."""
    return all(type(value) is kind for value in values)


def _claimed(claim: Reproof, levels: tuple[Level, ...]) -> bool:
    """Return whether a claim that is said to be proven again is one of the answer."""
    told = _are(bool, claim.confirmed) and _are(str, claim.by)
    return told and any((level.term, level.value) == (claim.term, claim.value) and level.proven for level in levels)


def _uses(record: Mapping[str, Any], problem: Problem) -> Uses | None:
    """Return what each line paid in each fiscal year by the record; None where it says nothing about money."""
    bridge, rows = problem.bridge, record["funding"]
    if bridge is None or not rows:
        return None
    by_line: dict[str, list[int]] = {line.name: [] for line in bridge.lines}
    for row in rows:  # in order of the years
        by_line[str(row["source"]).removeprefix("'")].append(int(row["amount"]))
    return {name: tuple(amounts) for name, amounts in by_line.items()}

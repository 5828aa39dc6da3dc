"""Why there is no plan, and what would make one possible, as far as an audience may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sequencer.answers.discretion import Discretion
from sequencer.answers.explained.repairs import Says, repairs_lines
from sequencer.answers.explained.sentences import conflict
from sequencer.outcome import Status
from sequencer.pictures.summed.block import Block, block, points
from sequencer.pictures.told import Told
from sequencer.problem import Problem
from sequencer.questions.repairs import Repairs
from sequencer.reasons.conflicts import Conflict


def missing(told: Told) -> Block | None:
    """Return which promises cannot all be kept; None with a plan."""
    if told.outcome.choices is not None:
        return None
    return block(told.book.say("summary.missing"), _missing(told))


def _missing(told: Told) -> Iterator[str]:
    explanation = told.explanation
    for found in explanation.conflicts:
        yield from contradiction(told, found, told.outcome.problem)
    if told.outcome.status is Status.INFEASIBLE and not explanation.conflicts:
        yield told.book.say("conflict.none")


def _hidden(told: Told, found: Conflict, problem: Problem) -> int:
    """Return how many promises of a contradiction are not told to this audience."""
    return len(found.parts) - len(Discretion(told.instance, problem, told.audience).parts(found.parts))


def contradiction(told: Told, found: Conflict, problem: Problem) -> Iterator[str]:
    """Yield a contradiction, and how many of its promises are not told to this audience."""
    parts = Discretion(told.instance, problem, told.audience).parts(found.parts)
    hidden = _hidden(told, found, problem)
    if parts or not hidden:
        lines = list(conflict(replace(found, parts=parts, scope="" if hidden else found.scope), problem, told.book))
        points_end = max((at + 1 for at, line in enumerate(lines) if line.startswith("- ")), default=len(lines))
        yield from lines[:points_end]
        if hidden:
            yield from points([told.book.say("summary.withheld", count=hidden)])
        yield from lines[points_end:]
    else:
        yield told.book.say("summary.withheld_all", count=hidden)


def ways(told: Told) -> Block | None:
    """Return the cheapest changes with which there is a plan; None with a plan, or where they were not looked for."""
    found = told.explanation.repairs
    if told.outcome.choices is not None or found is None:
        return None
    is_proven = told.outcome.status is Status.INFEASIBLE
    is_open = all(told.seen.address(change.address) for repair in found.found for change in repair.changes)
    if is_open and not any(_hidden(told, one, found.problem) for one in found.uncured):
        lines = repairs_lines(found, told.instance, told.book, is_proven=is_proven)
    else:
        lines = _open(told, found)
    return block(told.book.say("summary.ways"), lines)


def _open(told: Told, found: Repairs) -> Iterator[str]:
    """Yield the changes that may be told: nothing is said of whether others are cheaper, as some are not told."""
    book, says = told.book, Says(told.instance, told.book)
    shown = [one for one in found.found if all(told.seen.address(change.address) for change in one.changes)]
    for repair in shown:
        name = f"repairs.{'risk' if repair.accepts_risk else 'plan'}"
        yield book.say(name, changes=says.repair(repair))
    if shown:
        yield book.say("repairs.solved")
    if found.uncured:
        yield book.say("repairs.uncured")
        for one in found.uncured:
            yield from contradiction(told, one, found.problem)
    if hidden := len(found.found) - len(shown):
        yield book.say("summary.withheld_ways", count=hidden)

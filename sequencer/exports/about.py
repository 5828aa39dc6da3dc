"""What is known of a plan as a whole, row by row: the first sheet of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

from sequencer.answers import statements
from sequencer.answers.evidence import evidence
from sequencer.exports.sheets import Value
from sequencer.exports.shown import Shown
from sequencer.exports.text import first_day
from sequencer.instance.digest import digest
from sequencer.outcome import PARTS
from sequencer.vocabulary import MONTH, RISK, SCORE

HEADINGS = ("what", "said", "value", "bound", "unit")
#: What may be shown of a plan to each audience.
AUDIENCES = {
    "public": "the public: nothing of readiness, threat, forces, reserves and who assessed",
    "partners": "partners: nothing of threat, forces, reserves and who assessed",
    "mission": "the mission only: with readiness, threat, forces, reserves and who assessed",
}


def about(shown: Shown, holding: str) -> Iterator[tuple[Value, ...]]:
    """Yield rows under ``HEADINGS``; ``holding`` says what the last sheet is."""
    outcome, instance, calendar = shown.outcome, shown.instance, shown.calendar
    yield _said("title", instance.plan.title)
    first, last = (first_day(calendar, month) for month in (0, instance.plan.months - 1))
    yield "first month", None, first, None, "month"
    yield "last month", None, last, None, "month"
    yield _said("shown to", AUDIENCES[shown.audience.value])
    yield _said("status", statements.headline(outcome))
    for note in outcome.notes:
        yield _said("note", note)
    for number, level in enumerate(outcome.levels, start=1):
        said = statements.level(level, calendar)
        reached = level.value if level.achieved is None else level.achieved
        values = (_value(shown, known, level.unit) for known in (reached, level.bound))
        yield (f"aim {number}: {level.term}", said, *values, _unit(level.unit))
    aims = {level.term for level in outcome.levels}
    for term, number in (outcome.values or {}).items():
        if term not in aims:
            unit = shown.problem.terms[term].unit
            yield f"also: {term}", "no aim of this plan", _value(shown, number, unit), None, _unit(unit)
    for line in statements.haste(outcome):
        yield _said("price of haste", line.strip())
    yield _said("evidence", statements.evidence(shown.seen.evidence(evidence(instance))).removeprefix("Evidence: "))
    for line in statements.verified(outcome):
        yield _said("second proof", line.removeprefix("Second proof: "))
    yield from _changes(shown)
    yield _said("last sheet", holding)
    yield _said("engine", outcome.engine)
    yield _said("digest of the input", digest(instance))
    for part in PARTS:
        yield _said(f"version of {part}", version(part))


def _changes(shown: Shown) -> Iterator[tuple[Value, ...]]:
    """Yield the numbers changed for this run, and how many of them may not be shown."""
    told = [change for change in shown.instance.changes if shown.seen.address(change.partition(": ")[0])]
    for change in told:
        yield _said("changed for this run", change)
    if hidden := len(shown.instance.changes) - len(told):
        yield "changed for this run", "numbers that are not shown to this audience", hidden, None, "numbers"
    if not shown.instance.changes:
        yield _said("changed for this run", "nothing")


def _said(what: str, said: str) -> tuple[Value, ...]:
    return what, said, None, None, None


def _value(shown: Shown, number: int | None, unit: str) -> Value:
    """Return a value as a spreadsheet counts: a month as its date, risk in points."""
    if number is None:
        return None
    if unit == MONTH:
        return first_day(shown.calendar, number)
    return number / SCORE if unit == RISK else number


def _unit(unit: str) -> str:
    return "people x level x points" if unit == RISK else unit

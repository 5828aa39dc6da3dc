"""A plan made again as text, JSON and CSV: what has happened, what moved, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from sequencer import words
from sequencer.answers import export, report
from sequencer.answers.terminal import Terminal
from sequencer.outcome import Status
from sequencer.replanning.beginnings import forbidden
from sequencer.replanning.moves import Dated, Kind, Move, Reason
from sequencer.replanning.replanning import Replan
from sequencer.replanning.settling import Standing

COLUMNS = (
    "package", "standing", "said_by", "published_option", "option", "published_phase", "phase", "published_transfer",
    "transfer", "months_later", "published_exit", "exit", "how_known", "rules", "why", "rows", "levers",
)  # fmt: skip
MOST = 3  # reasons of one package in the terminal; replan.csv has them all

SAID = {
    Kind.RECORDED: "",
    Kind.BROKEN: "its published month would break: ",
    Kind.TOGETHER: "not proven to be why; the published plan, with what has happened, breaks: ",
    Kind.ALONE: "not proven to be why; going back alone, it would break: ",
    Kind.OTHER: "not proven why: ",
}
MONEY = frozenset({"budget.csv", "pledges.csv", "donors.csv"})
WORSE = "not proven to be why; going back alone: "  # where a term, not a promise, speaks against it


def show(replan: Replan) -> None:
    """Print the answer, then what has happened, what moved, and why."""
    report.show(replan.outcome)
    out = Terminal()
    for line in summary(replan):
        out.say(line)
    if not replan.moved:
        return
    out.title("What moved since the published plan")
    out.table(
        ("package", "published", "now", "months later", "phase", "option"),
        (_shown(replan, move) for move in replan.moved),
        whole=("published", "now"),
    )
    out.title("Why")
    for move in replan.moved:
        out.say(f"  {move.package}")
        for line in _why(move.reasons):
            out.say(f"    {line}", "quiet")


def _shown(replan: Replan, move: Move) -> tuple[str, ...]:
    label, before, after = replan.outcome.instance.calendar.label, move.before, move.after
    return (
        move.package,
        label(before.transfer),
        label(after.transfer),
        f"{move.months:+d}" if move.months else "0",
        after.phase if before.phase == after.phase else f"{before.phase or '-'} -> {after.phase or '-'}",
        after.option if before.option == after.option else f"{before.option} -> {after.option}",
    )


def _why(reasons: Sequence[Reason]) -> Iterator[str]:
    """Yield reasons, the first few of many, with rows and addresses."""
    for reason in reasons[:MOST]:
        rows = " | ".join(dict.fromkeys(origin.place for origin in reason.origins))
        levers = f" (lever: {', '.join(reason.levers)})" if reason.levers else ""
        yield f"{_lead(reason)}{reason.text}{f' [{rows}]' if rows else ''}{levers}"
    if len(reasons) > MOST:
        yield f"and {len(reasons) - MOST} more"


def _lead(reason: Reason) -> str:
    """Return how it is known what a reason says."""
    is_rule = reason.rule[:1].isupper()
    return WORSE if reason.kind is Kind.ALONE and not is_rule else SAID[reason.kind]


def summary(replan: Replan) -> list[str]:
    """Return what has happened and how much moved, in sentences."""
    return list(_summary(replan))


def _summary(replan: Replan) -> Iterator[str]:
    counts = {each: sum(s.standing is each for s in replan.standing.values()) for each in Standing}
    month = replan.outcome.instance.calendar.label(replan.as_of)
    yield (
        f"\nPlanned again as of {month}: {words.count(counts[Standing.HAPPENED], 'package')} handed over,"
        f" {counts[Standing.UNDER_WAY]} under way, {counts[Standing.OPEN]} open"
    )
    if replan.assumed:
        yield f"  taken to go as published, since nothing else is recorded: {', '.join(replan.assumed)}"
    if replan.broken:
        broken = words.count(len(replan.broken), "promise")
        yield f"  the published plan, with what has happened, breaks {broken}"
    if replan.outcome.choices is not None:
        recorded = sum(abs(move.months) for move in replan.diff if move.settled.standing is not Standing.OPEN)
        yield (
            f"  {words.count(len(replan.moved), 'package')} moved, by {words.count(replan.months, 'month')} in all"
            f" ({recorded} of them recorded or under way), {replan.phases} into another phase"
        )
    yield from (f"  {note}" for note in notes(replan))


def notes(replan: Replan) -> list[str]:
    """Return what may stand behind it where there is no plan."""
    if replan.outcome.status is not Status.INFEASIBLE:
        return []
    found = []
    if replan.most_change is not None:
        found.append(f"no plan moves what is to come by {words.count(replan.most_change, 'month')} or less in all")
    pinned = [name for name, settled in replan.standing.items() if settled.standing is Standing.UNDER_WAY]
    if pinned:
        said = "go on from where they are; in the actuals, the stage international lets one begin again"
        found.append(f"under way, so that their months are settled: {', '.join(pinned)}; they {said}")
    found += list(_beginnings(replan))
    bridge = replan.outcome.problem.bridge
    over = {months.start for months in bridge.buckets if months.stop <= replan.as_of} if bridge else set()
    told = [b.text for b in replan.broken if b.month in over and any(row.file in MONEY for row in b.origins)]
    found += [f"of years that are over, their money is not enough as the files say it: {said}" for said in told]
    return found


def _beginnings(replan: Replan) -> Iterator[str]:
    """Yield what to do about stages recorded to begin in the month as of which is planned, if a promise forbids it."""
    instance = replan.outcome.instance
    label = instance.calendar.label
    for name in forbidden(instance, replan.outcome.problem):
        said = "; ".join(breach.text for breach in replan.broken if breach.about == (name,))
        yield (
            f"{name}, {instance.package[name].current_stage} since {label(replan.as_of)}: what begins in that month is"
            f" still tested like a plan{f' ({said})' if said else ''}, so that there is none; if it has happened all"
            f" the same, write {label(replan.as_of - 1)} as since, or plan again as of a later month"
        )


def frame(replan: Replan) -> pd.DataFrame:
    """Return the diff.

    Returns
    -------
    DataFrame, shape (packages, 17)
        One row for each package in order of the new transfer; dates are ``YYYY-MM``. ``standing`` is ``happened``,
        ``under way`` or ``open``, as ``said_by`` says. ``how_known`` is the kind of each reason of a package that
        moved: ``recorded``, ``broken`` (its published month breaks the promise), ``together`` (the published plan
        breaks it, with others; not proven to be why), ``alone`` (going back alone would; not proven to be why) or
        ``other``; ``rules``, ``why``, ``rows`` and ``levers`` go with it, ``|`` between.
    """
    return pd.DataFrame([_row(replan, move) for move in replan.diff], columns=list(COLUMNS))


def _row(replan: Replan, move: Move) -> tuple[object, ...]:
    label, before, after = replan.outcome.instance.calendar.label, move.before, move.after
    return (
        move.package,
        move.settled.standing.value,
        move.settled.source,
        before.option,
        after.option,
        before.phase,
        after.phase,
        label(before.transfer),
        label(after.transfer),
        move.months,
        label(before.exit),
        label(after.exit),
        _joined(reason.kind.value for reason in move.reasons),
        _joined(reason.rule for reason in move.reasons),
        _joined(reason.text for reason in move.reasons),
        _joined(origin.place for reason in move.reasons for origin in reason.origins),
        _joined(lever for reason in move.reasons for lever in reason.levers),
    )


def _joined(parts: Iterator[str]) -> str:
    return " | ".join(dict.fromkeys(part for part in parts if part))


def as_json(replan: Replan) -> dict[str, Any]:
    """Return the answer as one JSON object; keys are stable.

    Returns
    -------
    dict
        As ``export.as_json``, and ``replan``: ``as_of``, ``packages_moved``, ``months_moved``, ``phases_changed``,
        ``assumed`` (packages taken to go as published), ``broken`` (what the published plan breaks with what has
        happened: rule, packages, text), ``notes`` and ``packages``: ``package``, ``standing``, ``said_by``,
        ``published`` and ``now`` (option, phase, transfer, exit), ``months_later`` and ``reasons`` (kind, rule, text,
        rows, levers).
    """
    label = replan.outcome.instance.calendar.label
    return export.as_json(replan.outcome) | {
        "replan": {
            "as_of": label(replan.as_of),
            "packages_moved": len(replan.moved),
            "months_moved": replan.months,
            "phases_changed": replan.phases,
            "assumed": list(replan.assumed),
            "broken": [{"rule": b.rule, "packages": list(b.about), "text": b.text} for b in replan.broken],
            "notes": notes(replan),
            "packages": [_package(replan, move) for move in replan.diff],
        }
    }


def _package(replan: Replan, move: Move) -> dict[str, Any]:
    label = replan.outcome.instance.calendar.label

    def plan(at: Dated) -> dict[str, str]:
        return {"option": at.option, "phase": at.phase, "transfer": label(at.transfer), "exit": label(at.exit)}

    return {
        "package": move.package,
        "standing": move.settled.standing.value,
        "said_by": move.settled.source,
        "published": plan(move.before),
        "now": plan(move.after),
        "months_later": move.months,
        "reasons": [
            {
                "kind": reason.kind.value,
                "rule": reason.rule,
                "text": reason.text,
                "rows": [origin.place for origin in reason.origins],
                "levers": list(reason.levers),
            }
            for reason in move.reasons
        ],
    }

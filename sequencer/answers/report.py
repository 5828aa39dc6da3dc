"""An answer as text for the terminal; words and tables only, it computes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sequencer import words
from sequencer.answers import statements
from sequencer.answers.evidence import evidence
from sequencer.answers.frames import UNNAMED
from sequencer.answers.statements import IDLE
from sequencer.answers.terminal import Terminal
from sequencer.instance.idle import idle
from sequencer.outcome import Outcome

MOST = 12  # changes listed in the terminal; outcome.json has them all
DATES = ("support", "joint", "transfer", "exit")

SHOWN = {
    "package": "package",
    "receiver": "to",
    "option": "option",
    "support_start": "support",
    "joint_start": "joint",
    "transfer": "transfer",
    "exit": "exit",
}


def show(outcome: Outcome, moved: Sequence[str] | None = None) -> None:
    """Print an answer: how good it is, the timetable by phase, and what holds each package.

    Parameters
    ----------
    outcome : Outcome
    moved : sequence of str, optional
        What changed since an earlier plan, a line each; None when there is none to compare with.
    """
    out = Terminal()
    calendar = outcome.instance.calendar
    out.say(outcome.instance.plan.title, "title")
    _listed(out, "Changed for this run, not in the files:", outcome.instance.changes)
    out.verdict(outcome.status.value, statements.headline(outcome))
    for level in outcome.levels:
        out.say(f"  {statements.level(level, calendar)}")
    for note in (*outcome.notes, *statements.verified(outcome)):
        out.say(f"  {note}")
    out.say(statements.evidence(evidence(outcome.instance)))
    _listed(out, IDLE, idle(outcome.instance))
    if outcome.choices is None or outcome.values is None:
        return
    wanted = {level.term for level in outcome.levels}
    others = [name for name in sorted(outcome.values) if name not in wanted and outcome.problem.terms[name].tables]
    if others:
        out.say("  also: " + ", ".join(_price(outcome, name) for name in others))
    for line in statements.haste(outcome):
        out.say(line)
    _timetable(out, outcome.timetable)
    _tight(out, outcome)
    _funding(out, outcome)
    _communities(out, outcome.communities)
    if moved is not None:
        out.title("Changed since the earlier plan" + ("" if moved else ": nothing"))
        for line in moved:
            out.say(f"  {line}")


def _listed(out: Terminal, title: str, lines: Sequence[str]) -> None:
    """Print lines under a title, the first few of many; nothing where there are none."""
    if lines:
        out.say(title)
    for line in lines[:MOST]:
        out.say(f"  {line}")
    if len(lines) > MOST:
        out.say(f"  and {len(lines) - MOST} more")


def _price(outcome: Outcome, name: str) -> str:
    values = outcome.values or {}
    return f"{name} {words.value(values[name], outcome.problem.terms[name].unit, outcome.instance.calendar)}"


def _timetable(out: Terminal, frame: pd.DataFrame) -> None:
    for phase in dict.fromkeys(map(str, frame["phase"])):
        rows = frame[frame["phase"] == phase]
        out.title(f"Phase {phase}" if phase else "Before the plan")
        out.table(list(SHOWN.values()), rows[list(SHOWN)].itertuples(index=False), whole=DATES)


def _tight(out: Terminal, outcome: Outcome) -> None:
    out.title(
        "What holds each package at its month (tight: broken if it alone moved one month earlier with its option;"
    )
    out.say("that more of it would bring the plan forward is not said)", "title")
    reasons: dict[str, list[str]] = {}
    for held in outcome.held:
        rests = " | ".join(
            " ".join(filter(None, (o.place, o.confidence and f"({o.confidence})"))) for o in held.origins
        )
        reasons.setdefault(held.package, []).append(f"{held.text} [{rests}]" if rests else held.text)
    frame = outcome.timetable
    for name, month in zip(frame["package"], frame["transfer"], strict=True):
        out.say(f"  {name} {month}")
        for reason in reasons.get(name, [FREE]):
            out.say(f"    {reason}", "quiet")
    said = {origin.place: origin for held in outcome.held for origin in held.origins if origin.source or origin.note}
    if said:
        out.title("Where these rows come from")
    for origin in sorted(said.values(), key=lambda origin: (origin.file, origin.row or 0)):
        out.say(f"  {origin}", "quiet")


FREE = "nothing: it could transfer a month earlier on its own, and the objective would not change"


def _funding(out: Terminal, outcome: Outcome) -> None:
    """Say who pays how much in each fiscal year, where there is a money rule."""
    if outcome.uses is None:
        return
    out.title("Who pays in each fiscal year")
    frame, unit = outcome.funding, outcome.instance.plan.money_unit
    for (year, months), rows in frame.groupby(["fiscal_year", "months"], sort=False):
        paid = {str(line): int(amount) for line, amount in zip(rows["source"], rows["amount"], strict=True) if amount}
        total = words.amount(sum(paid.values()), unit)
        lines = ", ".join(f"{line} {words.number(amount)}" for line, amount in paid.items())
        out.say(f"  {year} ({months}): {total}" + (f", from {lines}" if lines else ""))


def _communities(out: Terminal, frame: pd.DataFrame) -> None:
    """Show how long communities wait, where any is named."""
    if set(frame["community"]) <= {UNNAMED}:
        return
    out.title("What it means for communities (people-months: waiting before the transfer, then fragile)")
    columns = ("people", "packages", "waiting_people_months", "fragile_people_months")
    numbers = [[words.number(number) for number in frame[column].tolist()] for column in columns]
    out.table(("community", "people", "packages", "waiting", "fragile"), zip(frame["community"], *numbers, strict=True))
    without = int(frame["packages_without_population"].sum())
    if without:
        are = "is" if without == 1 else "are"
        out.say(f"  {words.count(without, 'package')} in places without a population {are} not counted")

"""The minister's brief: when, how sure, what holds it, what to decide soonest, the price of haste, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sequencer import words
from sequencer.answers.discretion import ELSE
from sequencer.answers.evidence import CHANGED, UNSAID, evidence
from sequencer.outcome import Haste, Level
from sequencer.pictures.briefs import short
from sequencer.pictures.summed.binds import alone
from sequencer.pictures.told import Told
from sequencer.reasons.conditions import Condition, Kind
from sequencer.vocabulary import MONTH

SHOWN = 3  # of what holds, of decisions, and of what may fall
HEIGHT = 74.0  # of the curve
WIDTH = 700.0

#: What somebody can decide to give, or to have done.
DECIDED = frozenset({Kind.MONEY, Kind.PLEDGE, Kind.SUPPLY, Kind.MANDATE})


def minister(told: Told) -> dict[str, Any]:
    """Return what stands on the page."""
    rows, book, calendar = told.scene.rows, told.book, told.calendar
    decisions = list(_decisions(told))
    return {
        "when": [book.say("briefs.exit", exit=book.month(calendar, max(row.exit for row in rows))), _ahead(told)],
        "curve": _curve(told),
        "sure": list(_sure(told)),
        "holds": list(_holds(told)),
        "decisions": decisions,
        "haste": list(_haste(told)),
        "rests": [_evidence(told), *_closest(told, {said for _, said in decisions})],
    }


def _ahead(told: Told) -> str:
    """Return how many functions are still to be handed over, where and when."""
    ahead = [row for row in told.scene.rows if row.transfer >= told.outcome.problem.as_of]
    if not ahead:
        return told.book.say("briefs.done")
    months = sorted(row.transfer for row in ahead)
    first, last = (told.book.month(told.calendar, month) for month in (months[0], months[-1]))
    places = len({row.place for row in ahead})
    return told.book.say("briefs.transfers", count=len(ahead), places=places, first=first, last=last)


def _curve(told: Told) -> dict[str, Any]:
    """Return the share of functions in local hands, as steps over the months of the plan."""
    rows, months = told.scene.rows, told.scene.months

    def x(month: int) -> float:
        return round(WIDTH * month / months, 1)

    parts = [f"M0 {HEIGHT}"]
    for month in sorted({max(0, row.transfer) for row in rows}):
        share = sum(row.transfer <= month for row in rows) / len(rows)
        parts.append(f"H{x(month)}V{round(HEIGHT - (HEIGHT - 12) * share, 1)}")
    label = told.calendar.label
    years = [month for month in range(months) if label(month).endswith("-01")]
    every = max(1, len(years) // 12 + 1)
    return {
        "line": "".join([*parts, f"H{WIDTH}"]),
        "area": "".join([*parts, f"H{WIDTH}V{HEIGHT}Z"]),
        "ticks": [(x(month), label(month)[:4]) for month in years[::every]],
    }


def _sure(told: Told) -> Iterator[str]:
    """Yield what is known of the aims, and that nothing was tried."""
    for position, level in enumerate(told.outcome.levels[:SHOWN]):
        yield short.cut(_level(level, "then" if position else "first", told))
    yield told.book.say("briefs.untried")


def _level(level: Level, place: str, told: Told) -> str:
    """Return what is known of an aim; what is proven of a later one is so with those before it as they are."""
    term = told.book.sentence(f"term.{level.term}")
    if level.achieved is None:
        return told.book.say("briefs.level.unknown", term=term)
    value = _value(level.achieved, level.unit, told)
    if level.proven and level.achieved == level.value:
        name = "proven" if level.proof == "exact" else "numeric"
        return told.book.say(f"briefs.level.{name}.{place}", term=term, value=value)
    if level.bound is None:
        return told.book.say("briefs.level.found", term=term, value=value)
    bound = _value(level.bound, level.unit, told)
    return told.book.say(f"briefs.level.bounded.{place}", term=term, value=value, bound=bound)


def _value(value: int, unit: str, told: Told) -> str:
    return told.book.month(told.calendar, value) if unit == MONTH else told.book.amount(value, unit)


def _holds(told: Told) -> Iterator[str]:
    """Yield what stands against packages coming earlier, those that exit last first, the same only once."""
    exits = {row.package: row.exit for row in told.scene.rows}
    order = sorted(told.explanation.local, key=lambda local: (-exits[local.package], local.transfer, local.package))
    found: dict[str, list[str]] = {}
    for local in order:
        if local.transfer >= told.outcome.problem.as_of:
            said, name = alone(told, local), told.book.package(local.package)
            found.setdefault(said.casefold().replace(name.casefold(), "", 1), []).append(said)
    for same in list(found.values())[:SHOWN]:
        more = told.book.say("briefs.same", count=len(same) - 1) if len(same) > 1 else ""
        yield short.cut(f"{same[0]} {more}".strip())


def _decisions(told: Told) -> Iterator[tuple[str, str]]:
    """Yield by when somebody must decide what, the soonest first; then the next transfers."""
    calendar, as_of = told.calendar, told.outcome.problem.as_of
    wanted = [each for each in short.shown(told) if each.kind in DECIDED and each.first >= as_of]
    first: dict[tuple[Kind, str, str], Condition] = {}
    for each in sorted(wanted, key=lambda each: (each.first, each.order)):
        first.setdefault((each.kind, each.about, each.pool), each)
    found = [(each.first, short.said(each, told)) for each in list(first.values())[:SHOWN]]
    rows = sorted((row for row in told.scene.rows if row.transfer >= as_of), key=lambda row: row.transfer)
    for row in rows[: SHOWN - len(found)]:
        said = told.book.say("briefs.hand_over", package=told.book.package(row.package))
        found.append((row.transfer, words.plain(said)))
    for month, said in sorted(found):
        yield told.book.month(calendar, month), said


def _haste(told: Told) -> Iterator[str]:
    """Yield what a later exit would change."""
    if len(told.outcome.haste) < 2:  # noqa: PLR2004 - this plan, and one with a later exit
        yield told.book.say("briefs.haste.unasked")
        return
    now, *later = told.outcome.haste
    entries = {each.exit: each for each in later if each.exit > now.exit}  # not beyond the end of the plan
    if not entries:
        yield told.book.say("briefs.haste.none")
    for entry in entries.values():
        months = told.book.say("word.months", count=entry.exit - now.exit)
        yield told.book.say("briefs.haste.line", months=months, change=_change(now, entry, told))


def _change(now: Haste, then: Haste, told: Told) -> str:
    say, terms = told.book.say, told.outcome.problem.terms
    if then.achieved is None:
        return say("briefs.haste.unknown")
    pairs = (("risk", now.risk, then.risk), ("cost", now.cost, then.cost))
    parts = []
    for term, before, after in pairs:
        if before is None or after is None:
            continue
        name = say(f"term.{term}")
        if before == after:
            parts.append(say("briefs.haste.same", term=name))
        else:
            unit = terms[term].unit
            values = {"after": told.book.amount(after, unit), "before": told.book.amount(before, unit)}
            parts.append(say("briefs.haste.else", term=name, **values))
    if not parts:
        return say("briefs.haste.nothing")
    if not then.proven:
        parts.append(say("briefs.haste.unproven"))
    return words.plain(say("earlier.between").join(parts))


def _evidence(told: Told) -> str:
    """Return how sure the inputs are, as the planner says of each."""
    counts = told.seen.evidence(evidence(told.instance))
    ours = {
        UNSAID: told.book.say("briefs.unsaid"),
        CHANGED: told.book.say("briefs.changed"),
        ELSE: told.book.say("briefs.else"),
    }
    parts = [f"{ours.get(word, word)} ({words.number(count)})" for word, count in list(counts.items())[:SHOWN]]
    unsaid = [ours[UNSAID] + f" ({words.number(counts[UNSAID])})"] if UNSAID in list(counts)[SHOWN:] else []
    return words.plain(told.book.say("briefs.evidence", count=sum(counts.values()), parts=", ".join(parts + unsaid)))


def _closest(told: Told, others: set[str]) -> list[str]:
    """Return the conditions closest to falling, one of each kind and subject, without what is said already."""
    first: dict[tuple[Kind, str], str] = {}
    for each in short.shown(told):
        if each.room is not None and (said := short.said(each, told)) not in others:
            first.setdefault((each.kind, each.about), said)
            if len(first) == SHOWN:
                break
    return list(first.values())
